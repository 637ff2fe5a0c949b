/** How far does a trade date usually reach, how much of that is used up, how much is left? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { trueRangeOf } from "#lib/indicators/atr.ts";
import type { EmaState } from "#lib/indicators/ema.ts";
import { addRma, createRma } from "#lib/indicators/rma.ts";

export type DayRangeState = {
  tradeDate: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  /** Close of the trade date before; NaN: not seen. */
  priorCloseTicks: number;
  /** Seen from its open on: a part of a date is no range of it. */
  isWhole: boolean;
  /** Wilder's average of the true ranges of completed trade dates. */
  average: EmaState;
};

export type DayRange =
  | Warming
  | {
      status: "ready";
      /** ATR14 of the completed trade dates, the running one not among them. */
      atrTicks: number;
      /** High − low of the running trade date, and what share of the ATR that is. */
      rangeTicks: number;
      usedShare: number;
      /** What the range has yet to grow to reach the ATR; 0 when it has. */
      remainingTicks: number;
      n: number;
    };

/** Domain: ATR14 of completed trade dates. */
const DATES = 14;

export function createDayRange(): DayRangeState {
  const nan = Number.NaN;
  const prices = { highTicks: nan, lowTicks: nan, closeTicks: nan, priorCloseTicks: nan };
  return { tradeDate: 0, ...prices, isWhole: false, average: createRma({ period: DATES }) };
}

export function addDayRangeBar(day: DayRangeState, bar: AnalysisBar): void {
  if (bar.tradeDate !== day.tradeDate) beginDate(day, bar);
  day.highTicks = Math.max(day.highTicks, bar.highTicks);
  day.lowTicks = Math.min(day.lowTicks, bar.lowTicks);
  day.closeTicks = bar.closeTicks;
}

/** Holidays and early closes count: their true ranges are part of what a date does. */
function beginDate(day: DayRangeState, bar: AnalysisBar): void {
  const isFirst = day.tradeDate === 0;
  if (!isFirst && day.isWhole) addRma(day.average, trueRangeOf(day.highTicks, day.lowTicks, day.priorCloseTicks));
  day.isWhole = !isFirst || bar.openMs === bar.sessionOpenMs;
  day.priorCloseTicks = day.closeTicks;
  day.tradeDate = bar.tradeDate;
  day.highTicks = bar.highTicks;
  day.lowTicks = bar.lowTicks;
}

/** ATR used % = range of this trade date ÷ ATR14 of completed ones (domain): 150 of 200 ticks → 0.75, 50 left. */
export function dayRangeOf(day: DayRangeState): DayRange {
  const { count: n, value: atrTicks } = day.average;
  if (n < DATES) return warming(n, DATES);
  const rangeTicks = day.highTicks - day.lowTicks;
  const usedShare = atrTicks > 0 ? rangeTicks / atrTicks : 1;
  return { status: "ready", atrTicks, rangeTicks, usedShare, remainingTicks: Math.max(0, atrTicks - rangeTicks), n };
}
