/** How does one trade, or one vendor bar, change the bars of a time interval? The hot path: no allocation. */
import type { BarSeries } from "./bar-series.ts";
import { edgeOf, MADE_OF, moveRows, noteChange, reserveRows, rowAtOrAfter, rowCount } from "./bar-series.ts";

/** Sides as the bars count them. */
export const SIDE = { unsigned: 0, buy: 1, sell: 2 } as const;
export type Side = (typeof SIDE)[keyof typeof SIDE];

/** A trade after its side was decided; one object a contract, reused. */
export type SignedTrade = {
  priceTicks: number;
  size: number;
  side: Side;
  deltaSource: number;
  exchangeMs: number;
};

/** Begins the forming bar [openMs, endMs) with nothing in it; the former one must be closed. */
export function openBar(series: BarSeries, openMs: number, endMs: number): number {
  const row = series.length;
  reserveRows(series, row + 1);
  blankRow(series, row, openMs);
  series.isForming = true;
  series.formingEndMs = endMs;
  return row;
}

function blankRow(series: BarSeries, row: number, openMs: number): void {
  series.openMs[row] = openMs;
  series.volume[row] = 0;
  series.buyVolume[row] = 0;
  series.sellVolume[row] = 0;
  series.trades[row] = 0;
  series.vwapSum[row] = 0;
  series.revision[row] = 0;
  series.deltaSource[row] = 0;
  series.madeOf[row] = 0;
  const edge = edgeOf(series, row);
  series.edgeMs[edge] = Number.POSITIVE_INFINITY;
  series.edgeMs[edge + 1] = Number.NEGATIVE_INFINITY;
}

/**
 * Adds a trade to a row. Open and close go by exchange time, not by arrival: a trade that arrives late changes the
 * close only when it is the newest of its bar (at equal times the later arrival is the close).
 */
export function addTrade(series: BarSeries, row: number, trade: SignedTrade): void {
  const price = trade.priceTicks;
  const ms = trade.exchangeMs;
  const edge = edgeOf(series, row);
  if (series.madeOf[row] === 0) {
    series.openTicks[row] = price;
    series.highTicks[row] = price;
    series.lowTicks[row] = price;
    series.closeTicks[row] = price;
    series.edgeMs[edge] = ms;
    series.edgeMs[edge + 1] = ms;
  } else {
    if (price > series.highTicks[row]) series.highTicks[row] = price;
    if (price < series.lowTicks[row]) series.lowTicks[row] = price;
    if (ms >= series.edgeMs[edge + 1]) {
      series.closeTicks[row] = price;
      series.edgeMs[edge + 1] = ms;
    } else if (ms < series.edgeMs[edge]) {
      series.openTicks[row] = price;
      series.edgeMs[edge] = ms;
    }
  }
  series.madeOf[row] |= MADE_OF.trades;
  const size = trade.size;
  if (size === 0) return;
  series.volume[row] += size;
  series.trades[row] += 1;
  series.vwapSum[row] += price * size;
  if (trade.side === SIDE.buy) series.buyVolume[row] += size;
  else if (trade.side === SIDE.sell) series.sellVolume[row] += size;
  if (trade.deltaSource > series.deltaSource[row]) series.deltaSource[row] = trade.deltaSource;
}

/**
 * Adds row `from` of `finer` to a row: the one way in which bars become longer bars. Rows must be added in time order.
 * 5m = 10:00 … 10:04 of 1m added one after the other.
 */
export function addRow(series: BarSeries, row: number, finer: BarSeries, from: number): void {
  if (series.madeOf[row] === 0) {
    series.openTicks[row] = finer.openTicks[from];
    series.highTicks[row] = finer.highTicks[from];
    series.lowTicks[row] = finer.lowTicks[from];
  } else {
    if (finer.highTicks[from] > series.highTicks[row]) series.highTicks[row] = finer.highTicks[from];
    if (finer.lowTicks[from] < series.lowTicks[row]) series.lowTicks[row] = finer.lowTicks[from];
  }
  series.closeTicks[row] = finer.closeTicks[from];
  const edge = edgeOf(series, row);
  series.edgeMs[edge] = Number.NEGATIVE_INFINITY;
  series.edgeMs[edge + 1] = finer.openMs[from];
  series.volume[row] += finer.volume[from];
  series.buyVolume[row] += finer.buyVolume[from];
  series.sellVolume[row] += finer.sellVolume[from];
  series.trades[row] += finer.trades[from];
  series.vwapSum[row] += finer.vwapSum[from];
  if (finer.revision[from] > series.revision[row]) series.revision[row] = finer.revision[from];
  if (finer.deltaSource[from] > series.deltaSource[row]) series.deltaSource[row] = finer.deltaSource[from];
  series.madeOf[row] |= finer.madeOf[from];
}

/**
 * Puts a late trade into the closed bar that opens at `openMs` and raises its revision; a window that had no trade
 * gets its bar. Returns the row.
 */
export function amendWithTrade(series: BarSeries, openMs: number, trade: SignedTrade): number {
  const row = insertableRow(series, openMs);
  if (series.revision[row] < 65_535) series.revision[row] += 1;
  addTrade(series, row, trade);
  return row;
}

/** The row that opens at `openMs`, to be changed by the caller; made if it is missing: rows behind it move up. */
export function insertableRow(series: BarSeries, openMs: number): number {
  const row = rowAtOrAfter(series, openMs);
  const rows = rowCount(series);
  noteChange(series, row);
  if (row < rows && series.openMs[row] === openMs) return row;
  reserveRows(series, rows + 1);
  if (row < rows) {
    moveRows(series, row + 1, row, rows);
    shiftEdges(series, row, rows);
  }
  series.length += 1;
  blankRow(series, row, openMs);
  return row;
}

/** Keeps the edge times with their rows when rows from `row` on move up by one. */
function shiftEdges(series: BarSeries, row: number, rows: number): void {
  const { edgeMs } = series;
  for (let at = rows - 1; at >= Math.max(row, rows - 3); at--) {
    const from = edgeOf(series, at);
    const to = edgeOf(series, at + 1);
    edgeMs[to] = edgeMs[from];
    edgeMs[to + 1] = edgeMs[from + 1];
  }
}
