/** How do trades and quotes line up in columns while a minute's tape is written? */
import { AGGRESSOR, type Aggressor } from "#lib/events/market.ts";

/**
 * A minute's trades and quotes in time order. Row i is a trade where isTrade[i] is 1 (priceTicks, size, aggressor
 * count), else a quote (bid and ask count).
 */
export type MinuteTape = {
  readonly count: number;
  readonly isTrade: Uint8Array;
  readonly exchangeMs: Float64Array;
  readonly priceTicks: Int32Array;
  readonly size: Uint32Array;
  readonly aggressor: Uint8Array;
  readonly bidTicks: Int32Array;
  readonly bidSize: Uint32Array;
  readonly askTicks: Int32Array;
  readonly askSize: Uint32Array;
};

/** Rows of one contract and minute: 16 bits of sourceSeq. Quotes that only refresh sizes stop far below. */
export const TAPE_ROWS_MAX = 65_536;

/** The tape under construction and the book as last shown. */
export type TapeWriter = {
  count: number;
  openMs: number;
  isTrade: Uint8Array;
  exchangeMs: Float64Array;
  priceTicks: Int32Array;
  size: Uint32Array;
  aggressor: Uint8Array;
  bidTicks: Int32Array;
  bidSize: Uint32Array;
  askTicks: Int32Array;
  askSize: Uint32Array;
  /** Rows in each second so far. */
  perSecond: Uint16Array;
  bid: number;
  ask: number;
  bidDepth: number;
  askDepth: number;
  /** Time of the newest row, ms of the minute. */
  lastMs: number;
};

export function createTapeWriter(): TapeWriter {
  return {
    count: 0,
    openMs: 0,
    isTrade: new Uint8Array(TAPE_ROWS_MAX),
    exchangeMs: new Float64Array(TAPE_ROWS_MAX),
    priceTicks: new Int32Array(TAPE_ROWS_MAX),
    size: new Uint32Array(TAPE_ROWS_MAX),
    aggressor: new Uint8Array(TAPE_ROWS_MAX),
    bidTicks: new Int32Array(TAPE_ROWS_MAX),
    bidSize: new Uint32Array(TAPE_ROWS_MAX),
    askTicks: new Int32Array(TAPE_ROWS_MAX),
    askSize: new Uint32Array(TAPE_ROWS_MAX),
    perSecond: new Uint16Array(61),
    bid: 0,
    ask: 0,
    bidDepth: 0,
    askDepth: 0,
    lastMs: 0,
  };
}

/** Begins an empty tape; the book of whatever was written before is forgotten. */
export function beginTape(writer: TapeWriter, openMs: number): void {
  writer.count = 0;
  writer.bid = 0;
  writer.ask = 0;
  writer.bidDepth = 0;
  writer.askDepth = 0;
  writer.openMs = openMs;
  writer.lastMs = 0;
  writer.perSecond.fill(0);
}

/** Appends the book as it stands now. Time never runs back; it is kept in whole milliseconds. */
export function writeQuote(writer: TapeWriter, ms: number): void {
  const row = beginRow(writer, ms, 0);
  writer.bidTicks[row] = writer.bid;
  writer.bidSize[row] = writer.bidDepth;
  writer.askTicks[row] = writer.ask;
  writer.askSize[row] = writer.askDepth;
  writer.priceTicks[row] = 0;
  writer.size[row] = 0;
  writer.aggressor[row] = AGGRESSOR.none;
}

export type TapeTrade = { priceTicks: number; size: number; aggressor: Aggressor };

/** Appends a trade; the book is written beside it for whoever reads the columns. */
export function writeTrade(writer: TapeWriter, ms: number, trade: TapeTrade): void {
  const row = beginRow(writer, ms, 1);
  writer.priceTicks[row] = trade.priceTicks;
  writer.size[row] = trade.size;
  writer.aggressor[row] = trade.aggressor;
  writer.bidTicks[row] = writer.bid;
  writer.bidSize[row] = writer.bidDepth;
  writer.askTicks[row] = writer.ask;
  writer.askSize[row] = writer.askDepth;
}

function beginRow(writer: TapeWriter, ms: number, isTrade: 0 | 1): number {
  const row = writer.count;
  const wholeMs = Math.max(writer.lastMs, Math.floor(ms));
  writer.lastMs = wholeMs;
  writer.isTrade[row] = isTrade;
  writer.exchangeMs[row] = writer.openMs + wholeMs;
  writer.perSecond[Math.floor(wholeMs / 1000)] += 1;
  writer.count = row + 1;
  return row;
}

/** The finished tape in arrays of its own size. */
export function finishTape(writer: TapeWriter): MinuteTape {
  const { count } = writer;
  return {
    count,
    isTrade: writer.isTrade.slice(0, count),
    exchangeMs: writer.exchangeMs.slice(0, count),
    priceTicks: writer.priceTicks.slice(0, count),
    size: writer.size.slice(0, count),
    aggressor: writer.aggressor.slice(0, count),
    bidTicks: writer.bidTicks.slice(0, count),
    bidSize: writer.bidSize.slice(0, count),
    askTicks: writer.askTicks.slice(0, count),
    askSize: writer.askSize.slice(0, count),
  };
}
