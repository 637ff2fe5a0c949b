/** Where did yesterday, last week and last month end, turn high and turn low? Over all hours and over RTH, apart. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { civilParts } from "#lib/civil.ts";
import { MS_PER_MINUTE, tradeDate } from "#lib/units.ts";
import { weekStartMs } from "#lib/windows.ts";
import { kindsBy, type PeriodId } from "./level-kinds.ts";
import { type LevelList, pushLine } from "./level-list.ts";

/** High, low and close of a stretch; `endMs`: end of its last bar, when it is known. */
export type PeriodRange = { highTicks: number; lowTicks: number; closeTicks: number; endMs: number };

/** A period that runs, over all hours and over RTH; `isWhole`: seen from its beginning on. */
type Running = { id: number; isWhole: boolean; full: PeriodRange | null; rth: PeriodRange | null };

export type PriorPeriodsState = {
  day: Running;
  week: Running;
  month: Running;
  prior: Record<PeriodId, PeriodRange | null>;
};

const PERIODS = ["priorDay", "priorDayRth", "priorWeek", "priorWeekRth", "priorMonth", "priorMonthRth"] as const;
const KINDS = kindsBy(PERIODS, ["high", "low", "close"], (id, part) => `${id}.${part}`);

/** A first bar within this time of the session's open has seen the session: nothing traded before it. */
const LATE_MS_MAX = 30 * MS_PER_MINUTE;

export function createPriorPeriods(): PriorPeriodsState {
  const running = (): Running => ({ id: Number.NaN, isWhole: false, full: null, rth: null });
  return {
    day: running(),
    week: running(),
    month: running(),
    prior: {
      priorDay: null,
      priorDayRth: null,
      priorWeek: null,
      priorWeekRth: null,
      priorMonth: null,
      priorMonthRth: null,
    },
  };
}

/**
 * Takes the next closed bar. Periods are of trade dates: the week of Sunday 17:00 CT, the calendar month of the date. A
 * period that was not seen from its beginning gives no levels: half a day's high is none. A date, week or month
 * without RTH leaves the RTH levels of the one before.
 */
export function addPriorPeriodsBar(state: PriorPeriodsState, bar: AnalysisBar): void {
  const { prior } = state;
  if (bar.tradeDate !== state.day.id) {
    const date = tradeDate(bar.tradeDate);
    const { year, month } = civilParts(date);
    const isEarly = bar.openMs - bar.sessionOpenMs <= LATE_MS_MAX;
    const isFirst = Number.isNaN(state.day.id);
    const weekMs = weekStartMs(date);
    turn(state.day, bar.tradeDate, isEarly, prior, "priorDay", "priorDayRth");
    turn(
      state.week,
      weekMs,
      isFirst ? bar.openMs - weekMs <= LATE_MS_MAX : isEarly,
      prior,
      "priorWeek",
      "priorWeekRth",
    );
    turn(state.month, year * 12 + month, !isFirst && isEarly, prior, "priorMonth", "priorMonthRth");
  }
  const isRth = bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs;
  for (const running of [state.day, state.week, state.month]) {
    running.full = widened(running.full, bar);
    if (isRth) running.rth = widened(running.rth, bar);
  }
}

/** Adds the levels of what is over, each where it is known. */
export function pushPriorLevels(state: PriorPeriodsState, levels: LevelList): void {
  for (const id of PERIODS) {
    const range = state.prior[id];
    if (range === null) continue;
    const { high, low, close } = KINDS[id];
    pushLine(levels, high, range.highTicks, range.endMs);
    pushLine(levels, low, range.lowTicks, range.endMs);
    pushLine(levels, close, range.closeTicks, range.endMs);
  }
}

function turn(
  running: Running,
  id: number,
  isWhole: boolean,
  prior: PriorPeriodsState["prior"],
  full: PeriodId,
  rth: PeriodId,
): void {
  if (running.id === id) return;
  if (running.full !== null) {
    prior[full] = running.isWhole ? running.full : null;
    if (running.rth !== null) prior[rth] = running.isWhole ? running.rth : null;
  }
  running.id = id;
  running.isWhole = isWhole;
  running.full = null;
  running.rth = null;
}

function widened(range: PeriodRange | null, bar: AnalysisBar): PeriodRange {
  const { highTicks, lowTicks, closeTicks, endMs } = bar;
  if (range === null) return { highTicks, lowTicks, closeTicks, endMs };
  range.highTicks = Math.max(range.highTicks, highTicks);
  range.lowTicks = Math.min(range.lowTicks, lowTicks);
  range.closeTicks = closeTicks;
  range.endMs = endMs;
  return range;
}
