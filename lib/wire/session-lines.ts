/** Where did VWAP, its bands and CVD run over the bars of a chart? Sums since each trade date's open, or an anchor. */
import type { CalendarId } from "../session.ts";
import { sessionCloseMs, tradeDateAt } from "../session.ts";
import type { BarTuple } from "./stream.ts";

/** One entry a bar, in step with the chart's bars; `from` is the first bar of its trade date. */
export type SessionLines = {
  from: number[];
  /** Points; NaN before the date's first contract. */
  vwap: number[];
  sigma: number[];
  /** Contracts since the date's open: deltas of the bars (estimates where no side is known), all, without a side. */
  cvd: number[];
  volume: number[];
  unsigned: number[];
  /** Of price − the date's first close, so that squares stay small. */
  sum: number[];
  squares: number[];
};

export type LineMarket = { calendar: CalendarId; tickSize: number };

export function createSessionLines(): SessionLines {
  return { from: [], vwap: [], sigma: [], cvd: [], volume: [], unsigned: [], sum: [], squares: [] };
}

/**
 * Takes bars from index `first` on anew, in place: O(bars behind it). VWAP = Σ bar VWAP × volume ÷ Σ volume (typical
 * price where a bar has none); sigma² = Σ (bar VWAP − VWAP)² × volume ÷ Σ volume, and within each bar the variance
 * (rows² − 1) ÷ 12 ticks² of an even spread over its range, as the analysis estimates bars without their trades.
 * One contract at 100, three at 104 → VWAP 103, sigma √3. Bars of RTH alone give the lines of RTH.
 */
export function extendSessionLines(
  lines: SessionLines,
  bars: readonly BarTuple[],
  first: number,
  market: LineMarket,
): void {
  for (const column of Object.values(lines)) column.length = Math.min(column.length, first);
  let index = lines.from.length;
  let endMs = index === 0 ? Number.NEGATIVE_INFINITY : dateEndMs(market.calendar, bars[index - 1][0]);
  for (; index < bars.length; index += 1) {
    const isNewDate = !(bars[index][0] < endMs);
    if (isNewDate) endMs = dateEndMs(market.calendar, bars[index][0]);
    addBar(lines, bars, index, isNewDate ? index : lines.from[index - 1], market.tickSize);
  }
}

/** Opens of the first bar of the anchor's sums, and what a tick of the product is. */
export type LineAnchor = { anchorMs: number; tickSize: number };

/**
 * As `extendSessionLines`, but summed from the first bar that opens at or after the anchor over all that follow; NaN
 * before it. Bars that begin behind the anchor do not tell the sum: all NaN.
 */
export function extendAnchoredLines(
  lines: SessionLines,
  bars: readonly BarTuple[],
  first: number,
  { anchorMs, tickSize }: LineAnchor,
): void {
  for (const column of Object.values(lines)) column.length = Math.min(column.length, first);
  const isKnown = bars.length > 0 && bars[0][0] <= anchorMs;
  for (let index = lines.from.length; index < bars.length; index += 1) {
    const isIn = isKnown && bars[index][0] >= anchorMs;
    const wasIn = isIn && index > 0 && bars[index - 1][0] >= anchorMs;
    if (isIn) addBar(lines, bars, index, wasIn ? lines.from[index - 1] : index, tickSize);
    else for (const [name, column] of Object.entries(lines)) column[index] = name === "from" ? index : Number.NaN;
  }
}

function dateEndMs(calendar: CalendarId, ms: number): number {
  return sessionCloseMs(calendar, tradeDateAt(calendar, ms));
}

function addBar(lines: SessionLines, bars: readonly BarTuple[], index: number, from: number, tickSize: number): void {
  const [, , high, low, close, volume, buy, sell, , barVwap, , , delta] = bars[index];
  const before = index > from ? index - 1 : -1;
  const reference = bars[from][4];
  const away = (barVwap ?? (high + low + close) / 3) - reference;
  const rows = Math.round((high - low) / tickSize) + 1;
  const within = (tickSize * tickSize * (rows * rows - 1)) / 12;
  const total = (before < 0 ? 0 : lines.volume[before]) + volume;
  const sum = (before < 0 ? 0 : lines.sum[before]) + away * volume;
  const squares = (before < 0 ? 0 : lines.squares[before]) + (away * away + within) * volume;
  const mean = sum / total;
  lines.from[index] = from;
  lines.volume[index] = total;
  lines.sum[index] = sum;
  lines.squares[index] = squares;
  lines.vwap[index] = total > 0 ? reference + mean : Number.NaN;
  lines.sigma[index] = total > 0 ? Math.sqrt(Math.max(0, squares / total - mean * mean)) : Number.NaN;
  lines.cvd[index] = (before < 0 ? 0 : lines.cvd[before]) + delta;
  lines.unsigned[index] = (before < 0 ? 0 : lines.unsigned[before]) + volume - buy - sell;
}
