/** Which events is this row? Turns the rows of the merge into the feed's events, in ticks and with their due times. */
import { AGGRESSOR, type Aggressor, SOURCE } from "#lib/events/market.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import { NO_PRICE } from "#lib/units.ts";
import type { FeedResume, FeedSink } from "#server/feeds/feed.ts";
import type { ContractBook } from "./contract-book.ts";
import { ROW_KIND, ROW_WIDTH } from "./row-batch.ts";
import type { RowCursor } from "./row-cursor.ts";

/** Room of a file in `sourceSeq`: file 0 has rows 1, 2, …, file 1 has 2^32 + 1, … */
export const FILE_SEQ_STEP = 4_294_967_296;

export type PublishCounts = { trades: number; quotes: number; bars: number; skipped: number };

/** Last published book of each contract: bid, ask, bidSize, askSize. */
const BOOK_WIDTH = 4;

export class RowPublisher {
  readonly counts: PublishCounts = { trades: 0, quotes: 0, bars: 0, skipped: 0 };
  readonly #sink: FeedSink;
  readonly #contracts: ContractBook;
  readonly #fromMs: number;
  readonly #resume: FeedResume | null;
  readonly #intervalsMs: readonly number[];
  readonly #numbers = new Int32Array(CONTRACTS_MAX).fill(-1);
  readonly #books = new Float64Array(CONTRACTS_MAX * BOOK_WIDTH).fill(Number.NaN);

  constructor(given: {
    sink: FeedSink;
    contracts: ContractBook;
    fromMs: number | null;
    resume: FeedResume | null;
    intervalsMs: readonly number[];
  }) {
    this.#sink = given.sink;
    this.#contracts = given.contracts;
    this.#fromMs = given.fromMs ?? Number.NEGATIVE_INFINITY;
    this.#resume = given.resume;
    this.#intervalsMs = given.intervalsMs;
  }

  /** Is the cursor's row not to be published: due before `fromMs`, or logged before the restart? */
  isSkipped(cursor: RowCursor): boolean {
    if (cursor.dueMs >= this.#fromMs && (this.#resume === null || !this.#isLogged(cursor, this.#resume))) return false;
    this.counts.skipped += 1;
    return true;
  }

  publish(cursor: RowCursor): void {
    const kind = cursor.batch.kind[cursor.index];
    if (kind === ROW_KIND.bar) {
      this.#publishBar(cursor);
      return;
    }
    if (kind === ROW_KIND.quote) this.#publishQuote(cursor);
    else {
      if (kind === ROW_KIND.tradeWithBook && this.#hasBookChanged(cursor)) this.#publishQuote(cursor);
      this.#publishTrade(cursor);
    }
  }

  /**
   * Before the recovered clock everything is logged (the feed's clock never runs ahead of its next row). At that very
   * millisecond the row numbers decide, file by file: those up to the largest logged one of the contract.
   */
  #isLogged(cursor: RowCursor, resume: FeedResume): boolean {
    if (cursor.dueMs < resume.nowMs) return true;
    const { contract } = this.#contracts.entries[cursor.batch.slot[cursor.index]];
    const lastSeq = resume.lastSourceSeq(contract);
    return Math.floor(lastSeq / FILE_SEQ_STEP) === cursor.fileIndex && this.#seq(cursor) <= lastSeq;
  }

  #seq(cursor: RowCursor): number {
    return cursor.fileIndex * FILE_SEQ_STEP + cursor.batch.row[cursor.index];
  }

  #contractNumber(slot: number): number {
    if (this.#numbers[slot] < 0) {
      this.#numbers[slot] = this.#sink.contractNumber(this.#contracts.entries[slot].contract);
    }
    return this.#numbers[slot];
  }

  #hasBookChanged({ batch, index }: RowCursor): boolean {
    const books = this.#books;
    const book = batch.slot[index] * BOOK_WIDTH;
    const at = index * ROW_WIDTH;
    return !(
      books[book] === batch.ticks[at + 1] &&
      books[book + 1] === batch.ticks[at + 2] &&
      books[book + 2] === batch.amounts[at + 1] &&
      books[book + 3] === batch.amounts[at + 2]
    );
  }

  #publishQuote(cursor: RowCursor): void {
    const { batch, index } = cursor;
    const at = index * ROW_WIDTH;
    const slot = batch.slot[index];
    const bidTicks = batch.ticks[at + 1];
    const askTicks = batch.ticks[at + 2];
    // An absent side has no size, whatever its column says.
    const bidSize = bidTicks === NO_PRICE ? 0 : batch.amounts[at + 1];
    const askSize = askTicks === NO_PRICE ? 0 : batch.amounts[at + 2];
    this.#books.set([bidTicks, askTicks, bidSize, askSize], slot * BOOK_WIDTH);
    this.counts.quotes += 1;
    this.#sink.publish({
      type: "QuoteChanged",
      seq: 0,
      nowMs: cursor.dueMs,
      receivedMs: 0,
      contract: this.#contractNumber(slot),
      bidTicks,
      bidSize,
      askTicks,
      askSize,
      exchangeMs: batch.timeMs[index],
      source: SOURCE.file,
      sourceSeq: this.#seq(cursor),
    });
  }

  #publishTrade(cursor: RowCursor): void {
    const { batch, index } = cursor;
    this.counts.trades += 1;
    this.#sink.publish({
      type: "TradePrinted",
      seq: 0,
      nowMs: cursor.dueMs,
      receivedMs: 0,
      contract: this.#contractNumber(batch.slot[index]),
      priceTicks: batch.ticks[index * ROW_WIDTH],
      size: batch.amounts[index * ROW_WIDTH],
      aggressor: aggressorFrom(batch.aggressor[index]),
      exchangeMs: batch.timeMs[index],
      source: SOURCE.file,
      sourceSeq: this.#seq(cursor),
    });
  }

  #publishBar(cursor: RowCursor): void {
    const { batch, index } = cursor;
    const at = index * ROW_WIDTH;
    this.counts.bars += 1;
    this.#sink.publish({
      type: "BarReceived",
      seq: 0,
      nowMs: cursor.dueMs,
      receivedMs: 0,
      contract: this.#contractNumber(batch.slot[index]),
      intervalMs: this.#intervalsMs[cursor.fileIndex],
      openMs: batch.timeMs[index],
      openTicks: batch.ticks[at],
      highTicks: batch.ticks[at + 1],
      lowTicks: batch.ticks[at + 2],
      closeTicks: batch.ticks[at + 3],
      volume: batch.amounts[at],
      buyVolume: batch.amounts[at + 1],
      sellVolume: batch.amounts[at + 2],
      trades: batch.amounts[at + 3],
      vwapTicks: null,
      source: SOURCE.file,
      sourceSeq: this.#seq(cursor),
    });
  }
}

/** The column holds only what the trade parser put in, one of the four codes. */
function aggressorFrom(code: number): Aggressor {
  if (code === AGGRESSOR.buy) return AGGRESSOR.buy;
  if (code === AGGRESSOR.sell) return AGGRESSOR.sell;
  return code === AGGRESSOR.none ? AGGRESSOR.none : AGGRESSOR.unknown;
}
