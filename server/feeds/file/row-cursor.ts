/** In which order do a file's rows come? As they stand, or sorted by time where the file lists contract by contract. */
import { LATE_TRADE_MS_MAX, REPLAY_SORT_ROWS_MAX } from "#lib/limits.ts";
import { type ContractBook, UNKNOWN_SLOT } from "./contract-book.ts";
import type { FileHead } from "./detect-format.ts";
import { FileFeedError } from "./file-feed-error.ts";
import { BATCH_ROWS, readRows } from "./read-rows.ts";
import { copyRow, copyRows, createRowBatch, type RowBatch } from "./row-batch.ts";
import { type RejectListener, RowGuard } from "./row-guard.ts";

/** What a whole pass over a file found out; only files with a contract column need one. */
export type FileScan = { readonly isSorted: boolean; readonly rows: number; readonly slots: ReadonlySet<number> };

/**
 * Reads a file with a contract column once and publishes nothing. Sorted: no row is due more than LATE_TRADE_MS_MAX
 * before an earlier row of any contract. Throws FileFeedError for a file that breaks off.
 */
export async function scanFile(head: FileHead, contracts: ContractBook): Promise<FileScan> {
  const guard = new RowGuard(head.file, null);
  const slots = new Set<number>();
  let newestMs = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  let rows = 0;
  let before = UNKNOWN_SLOT;
  for await (const batch of readRows({ head, contracts, guard })) {
    rows += batch.count;
    for (let index = 0; index < batch.count; index += 1) {
      if (batch.slot[index] !== before) slots.add(batch.slot[index]);
      before = batch.slot[index];
      if (batch.dueMs[index] < newestMs - LATE_TRADE_MS_MAX) isSorted = false;
      else newestMs = Math.max(newestMs, batch.dueMs[index]);
    }
  }
  return { isSorted, rows, slots };
}

export type CursorSource = {
  readonly head: FileHead;
  readonly contracts: ContractBook;
  readonly isSorted: boolean;
  readonly listener: RejectListener;
};

/** One file's rows in the order of their due times; equal times keep the row order. */
export class RowCursor {
  readonly fileIndex: number;
  batch: RowBatch = createRowBatch(0);
  /** Row of the batch that comes next. */
  index = 0;
  /** When the next row is due: its own time, or that of the row before where it is late. */
  dueMs = Number.NEGATIVE_INFINITY;
  readonly #batches: AsyncGenerator<RowBatch>;

  constructor(fileIndex: number, source: CursorSource) {
    this.fileIndex = fileIndex;
    const { head, contracts, listener } = source;
    const guard = new RowGuard(head.file, listener);
    const rows = readRows({ head, contracts, guard });
    this.#batches = source.isSorted ? rows : sortedRows(head.file, rows);
  }

  /** Steps to the next row of this batch; false where `refill` has to be awaited first. */
  advance(): boolean {
    this.index += 1;
    return this.#settle();
  }

  /** Fetches the next batch; false at the end of the file. */
  async refill(): Promise<boolean> {
    const next = await this.#batches.next();
    if (next.done === true) return false;
    this.batch = next.value;
    this.index = 0;
    return this.#settle();
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }

  #settle(): boolean {
    if (this.index >= this.batch.count) return false;
    const rowDueMs = this.batch.dueMs[this.index];
    if (rowDueMs > this.dueMs) this.dueMs = rowDueMs;
    return true;
  }
}

/** All rows held as columns (about 90 bytes each), then handed out by time: for files listed contract by contract. */
async function* sortedRows(file: string, rows: AsyncGenerator<RowBatch>): AsyncGenerator<RowBatch> {
  let all = createRowBatch(BATCH_ROWS);
  for await (const batch of rows) {
    if (all.count + batch.count > REPLAY_SORT_ROWS_MAX) throw tooManyToSort(file);
    if (all.count + batch.count > all.capacity) {
      const wider = createRowBatch(Math.max(all.capacity * 2, all.count + batch.count));
      copyRows(all, wider);
      all = wider;
    }
    copyRows(batch, all);
  }
  const { dueMs } = all;
  const order = new Uint32Array(all.count).map((_, index) => index);
  order.sort((a, b) => dueMs[a] - dueMs[b] || a - b);
  const out = createRowBatch(BATCH_ROWS);
  for (const index of order) {
    if (out.count === BATCH_ROWS) {
      yield out;
      out.count = 0;
    }
    copyRow(all, index, out);
  }
  if (out.count > 0) yield out;
}

function tooManyToSort(file: string): FileFeedError {
  const expected = `at most ${REPLAY_SORT_ROWS_MAX}: sort the file by time, or split it by contract`;
  return new FileFeedError({ file, line: 0, field: "rows", was: "more rows than can be sorted by time", expected });
}
