/** How are the bars of one contract and interval kept? Columns on typed arrays: closed rows, then the forming one. */
import { assert } from "../assert.ts";
import { CLOSED_BARS_MAX, SECOND_BARS_MAX } from "../limits.ts";

/** How a delta was known, from best to worst; a bar keeps the worst that went into it. */
export const DELTA_SOURCE = { none: 0, aggressor: 1, quote: 2, tick: 3, estimate: 4 } as const;

/** What a bar was made of; bits, because a day may hold both. */
export const MADE_OF = { trades: 1, vendorBars: 2 } as const;

/**
 * Rows 0 … length − 1 are closed and in order of openMs; row `length` is the forming bar while `isForming`.
 * Prices in ticks, volumes in contracts, `vwapSum` = Σ price × size (NaN: a part had no VWAP).
 * One plain record: it can be snapshotted, digested and shared as it is.
 */
export type BarSeries<Name extends string = string> = {
  interval: Name;
  length: number;
  isForming: boolean;
  /** End of the forming bar, exclusive; Infinity when nothing forms. */
  formingEndMs: number;
  /** Rows that went at the front since the start; keeps `edgeMs` in step. */
  droppedRows: number;
  /** Rows below have not changed since the digest last took them up; no part of the state, see `noteChange`. */
  hashedRows: number;
  /** Rows below stand in the column files as they are here; no part of the state, see `noteChange`. */
  storedRows: number;
  openMs: Float64Array;
  openTicks: Int32Array;
  highTicks: Int32Array;
  lowTicks: Int32Array;
  closeTicks: Int32Array;
  volume: Uint32Array;
  buyVolume: Uint32Array;
  sellVolume: Uint32Array;
  trades: Uint32Array;
  vwapSum: Float64Array;
  revision: Uint16Array;
  deltaSource: Uint8Array;
  madeOf: Uint8Array;
  /** First and last exchange time of the newest four rows: decides which late trade is an open or a close. */
  edgeMs: Float64Array;
};

/** The columns that hold one value a row, widest first. */
export const BAR_COLUMNS = [
  "openMs",
  "vwapSum",
  "openTicks",
  "highTicks",
  "lowTicks",
  "closeTicks",
  "volume",
  "buyVolume",
  "sellVolume",
  "trades",
  "revision",
  "deltaSource",
  "madeOf",
] as const;

const FIRST_CAPACITY = 64;

/** An empty series of an interval, named as on the wire ("1m"), with room for so many rows before it grows. */
export function createBarSeries<Name extends string>(interval: Name, rows = FIRST_CAPACITY): BarSeries<Name> {
  return {
    interval,
    length: 0,
    isForming: false,
    formingEndMs: Number.POSITIVE_INFINITY,
    droppedRows: 0,
    hashedRows: 0,
    storedRows: 0,
    openMs: new Float64Array(rows),
    openTicks: new Int32Array(rows),
    highTicks: new Int32Array(rows),
    lowTicks: new Int32Array(rows),
    closeTicks: new Int32Array(rows),
    volume: new Uint32Array(rows),
    buyVolume: new Uint32Array(rows),
    sellVolume: new Uint32Array(rows),
    trades: new Uint32Array(rows),
    vwapSum: new Float64Array(rows),
    revision: new Uint16Array(rows),
    deltaSource: new Uint8Array(rows),
    madeOf: new Uint8Array(rows),
    edgeMs: new Float64Array(8),
  };
}

/** Rows that can be read: the closed ones and the forming one. */
export function rowCount(series: BarSeries): number {
  return series.isForming ? series.length + 1 : series.length;
}

/** Closed rows kept at most. */
export function rowsMax(interval: string): number {
  return interval === "1s" ? SECOND_BARS_MAX : CLOSED_BARS_MAX;
}

/** Every change of a row that may be closed says so: what was taken up of this row and those behind it is stale. */
export function noteChange(series: BarSeries, row: number): void {
  if (row < series.hashedRows) series.hashedRows = row;
  if (row < series.storedRows) series.storedRows = row;
}

/** Makes room for `rows` rows; grows by a quarter, so that memory stays near what is used. */
export function reserveRows(series: BarSeries, rows: number): void {
  const capacity = series.openMs.length;
  if (rows <= capacity) return;
  const next = Math.max(rows, Math.ceil(capacity * 1.25));
  series.openMs = grown(series.openMs, new Float64Array(next));
  series.openTicks = grown(series.openTicks, new Int32Array(next));
  series.highTicks = grown(series.highTicks, new Int32Array(next));
  series.lowTicks = grown(series.lowTicks, new Int32Array(next));
  series.closeTicks = grown(series.closeTicks, new Int32Array(next));
  series.volume = grown(series.volume, new Uint32Array(next));
  series.buyVolume = grown(series.buyVolume, new Uint32Array(next));
  series.sellVolume = grown(series.sellVolume, new Uint32Array(next));
  series.trades = grown(series.trades, new Uint32Array(next));
  series.vwapSum = grown(series.vwapSum, new Float64Array(next));
  series.revision = grown(series.revision, new Uint16Array(next));
  series.deltaSource = grown(series.deltaSource, new Uint8Array(next));
  series.madeOf = grown(series.madeOf, new Uint8Array(next));
}

function grown<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

/** Copies row `from` of `source` over row `to` of `target`, with all its columns. */
export function copyRow(source: BarSeries, from: number, target: BarSeries, to: number): void {
  target.openMs[to] = source.openMs[from];
  target.openTicks[to] = source.openTicks[from];
  target.highTicks[to] = source.highTicks[from];
  target.lowTicks[to] = source.lowTicks[from];
  target.closeTicks[to] = source.closeTicks[from];
  target.volume[to] = source.volume[from];
  target.buyVolume[to] = source.buyVolume[from];
  target.sellVolume[to] = source.sellVolume[from];
  target.trades[to] = source.trades[from];
  target.vwapSum[to] = source.vwapSum[from];
  target.revision[to] = source.revision[from];
  target.deltaSource[to] = source.deltaSource[from];
  target.madeOf[to] = source.madeOf[from];
}

/** Moves rows [from, end) so that they begin at `to`; columns of one series, as Array.copyWithin. */
export function moveRows(series: BarSeries, to: number, from: number, end: number): void {
  series.openMs.copyWithin(to, from, end);
  series.openTicks.copyWithin(to, from, end);
  series.highTicks.copyWithin(to, from, end);
  series.lowTicks.copyWithin(to, from, end);
  series.closeTicks.copyWithin(to, from, end);
  series.volume.copyWithin(to, from, end);
  series.buyVolume.copyWithin(to, from, end);
  series.sellVolume.copyWithin(to, from, end);
  series.trades.copyWithin(to, from, end);
  series.vwapSum.copyWithin(to, from, end);
  series.revision.copyWithin(to, from, end);
  series.deltaSource.copyWithin(to, from, end);
  series.madeOf.copyWithin(to, from, end);
}

/** Where a row's first and last exchange times stand in `edgeMs`. */
export function edgeOf(series: BarSeries, row: number): number {
  return ((series.droppedRows + row) & 3) << 1;
}

/**
 * After rows were replaced: no late trade may become the open or close of a closed row, whose trades' times are not
 * known any more; the forming row gets the times given.
 */
export function sealEdges(series: BarSeries, formingFirstMs: number, formingLastMs: number): void {
  for (let slot = 0; slot < series.edgeMs.length; slot += 2) {
    series.edgeMs[slot] = Number.NEGATIVE_INFINITY;
    series.edgeMs[slot + 1] = Number.POSITIVE_INFINITY;
  }
  if (!series.isForming) return;
  const edge = edgeOf(series, series.length);
  series.edgeMs[edge] = formingFirstMs;
  series.edgeMs[edge + 1] = formingLastMs;
}

/** Counts the forming bar among the closed ones. */
export function closeForming(series: BarSeries): void {
  assert(series.isForming, `${series.interval}: closed a bar while none was forming`);
  series.length++;
  series.isForming = false;
  series.formingEndMs = Number.POSITIVE_INFINITY;
  trimRows(series);
}

/** When the series is full, its oldest tenth goes. */
export function trimRows(series: BarSeries): void {
  const max = rowsMax(series.interval);
  if (series.length < max) return;
  const drop = series.length - max + Math.ceil(max / 10);
  moveRows(series, 0, drop, rowCount(series));
  series.length -= drop;
  series.droppedRows += drop;
  series.hashedRows = 0;
  series.storedRows = Math.max(0, series.storedRows - drop);
}

/** The row whose bar opens at `openMs`, the forming one included, or −1. Newest rows are looked at first. */
export function rowAt(series: BarSeries, openMs: number): number {
  const row = rowAtOrAfter(series, openMs);
  return row < rowCount(series) && series.openMs[row] === openMs ? row : -1;
}

/** The first row that opens at or after `openMs`, or rowCount when there is none: O(1) near the end, else bisection. */
export function rowAtOrAfter(series: BarSeries, openMs: number): number {
  let high = rowCount(series);
  let low = Math.max(0, high - 4);
  if (low > 0 && series.openMs[low - 1] >= openMs) low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (series.openMs[middle] < openMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
