/** How do parsed rows of a file travel to the merge? Columns on typed arrays, reused from batch to batch. */

export const ROW_KIND = { trade: 0, tradeWithBook: 1, quote: 2, bar: 3 } as const;

/** Numbers that a row has of each sort: a bar's four prices (open, high, low, close) and four amounts. */
export const ROW_WIDTH = 4;

/**
 * Row i. `dueMs`: when it is published, never falling within a contract (a bar: its END). `timeMs`: the exchange's
 * time of a trade or quote, the OPEN of a bar. `ticks` and `amounts` hold ROW_WIDTH numbers a row:
 * trade, quote: [price, bid, ask, –] and [size, bidSize, askSize, –];
 * bar: [open, high, low, close] and [volume, buyVolume, sellVolume, trades].
 */
export type RowBatch = {
  count: number;
  capacity: number;
  kind: Uint8Array;
  aggressor: Uint8Array;
  /** Slot in the ContractBook. */
  slot: Uint16Array;
  dueMs: Float64Array;
  timeMs: Float64Array;
  /** Data row from 1. */
  row: Float64Array;
  ticks: Int32Array;
  amounts: Float64Array;
};

export function createRowBatch(capacity: number): RowBatch {
  return {
    count: 0,
    capacity,
    kind: new Uint8Array(capacity),
    aggressor: new Uint8Array(capacity),
    slot: new Uint16Array(capacity),
    dueMs: new Float64Array(capacity),
    timeMs: new Float64Array(capacity),
    row: new Float64Array(capacity),
    ticks: new Int32Array(capacity * ROW_WIDTH),
    amounts: new Float64Array(capacity * ROW_WIDTH),
  };
}

/** Index of a new last row; doubles the columns where they are full (only rows that were held back need that). */
export function addRow(batch: RowBatch): number {
  if (batch.count === batch.capacity) widen(batch);
  batch.count += 1;
  return batch.count - 1;
}

function widen(batch: RowBatch): void {
  const wider = createRowBatch(batch.capacity * 2);
  copyRows(batch, wider);
  Object.assign(batch, wider);
}

/** Appends all rows of `from` to `to`, which must have room. */
export function copyRows(from: RowBatch, to: RowBatch): void {
  const { count } = from;
  to.kind.set(from.kind.subarray(0, count), to.count);
  to.aggressor.set(from.aggressor.subarray(0, count), to.count);
  to.slot.set(from.slot.subarray(0, count), to.count);
  to.dueMs.set(from.dueMs.subarray(0, count), to.count);
  to.timeMs.set(from.timeMs.subarray(0, count), to.count);
  to.row.set(from.row.subarray(0, count), to.count);
  to.ticks.set(from.ticks.subarray(0, count * ROW_WIDTH), to.count * ROW_WIDTH);
  to.amounts.set(from.amounts.subarray(0, count * ROW_WIDTH), to.count * ROW_WIDTH);
  to.count += count;
}

/** Appends one row of `from`. */
export function copyRow(from: RowBatch, index: number, to: RowBatch): void {
  const target = addRow(to);
  to.kind[target] = from.kind[index];
  to.aggressor[target] = from.aggressor[index];
  to.slot[target] = from.slot[index];
  to.dueMs[target] = from.dueMs[index];
  to.timeMs[target] = from.timeMs[index];
  to.row[target] = from.row[index];
  for (let part = 0; part < ROW_WIDTH; part += 1) {
    to.ticks[target * ROW_WIDTH + part] = from.ticks[index * ROW_WIDTH + part];
    to.amounts[target * ROW_WIDTH + part] = from.amounts[index * ROW_WIDTH + part];
  }
}
