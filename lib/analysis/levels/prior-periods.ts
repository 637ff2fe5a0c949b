/** Where did yesterday, last week and last month end, turn high and turn low? Over all hours and over RTH, apart. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { MS_PER_MINUTE, tradeDate } from "#lib/units.ts";
import { weekStartMs } from "#lib/windows.ts";
import { kindsBy, type PeriodId } from "./level-kinds.ts";
import { type LevelList, pushLine } from "./level-list.ts";
import {
  addMonthRth,
  createMonthRanges,
  type LackingMonth,
  lackingOf,
  type MonthRangesState,
  monthBefore,
  type PeriodRange,
  wholeRange,
} from "./month-ranges.ts";

/** A period that runs, over all hours and over RTH; `isWhole`: seen from its beginning on. */
type Running = { id: number; isWhole: boolean; full: PeriodRange | null; rth: PeriodRange | null };

export type PriorPeriodsState = {
  day: Running;
  week: Running;
  months: MonthRangesState;
  prior: Record<PeriodId, PeriodRange | null>;
  /** Why the month before has no levels. */
  lacking: LackingMonth[];
};

const PERIODS = ["priorDay", "priorDayRth", "priorWeek", "priorWeekRth", "priorMonth", "priorMonthRth"] as const;
const KINDS = kindsBy(PERIODS, ["high", "low", "close"], (id, part) => `${id}.${part}`);

/** A first bar within this time of the session's open has seen the session: nothing traded before it. */
const LATE_MS_MAX = 30 * MS_PER_MINUTE;

export function createPriorPeriods(root: string): PriorPeriodsState {
  const running = (): Running => ({ id: Number.NaN, isWhole: false, full: null, rth: null });
  return {
    day: running(),
    week: running(),
    months: createMonthRanges(root),
    prior: {
      priorDay: null,
      priorDayRth: null,
      priorWeek: null,
      priorWeekRth: null,
      priorMonth: null,
      priorMonthRth: null,
    },
    lacking: [],
  };
}

/**
 * Takes the next closed bar. Periods are of trade dates: the week of Sunday 17:00 CT, the calendar month of the date. A
 * period that was not seen from its beginning gives no levels: half a day's high is none; a month is whole when none of
 * its trade dates is missing. A date or week without RTH leaves the RTH levels of the one before.
 */
export function addPriorPeriodsBar(state: PriorPeriodsState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.day.id) enterDate(state, bar);
  const isRth = bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs;
  for (const running of [state.day, state.week]) {
    running.full = widened(running.full, bar);
    if (isRth) running.rth = widened(running.rth, bar);
  }
}

function enterDate(state: PriorPeriodsState, bar: AnalysisBar): void {
  const { day, week, months, prior } = state;
  const weekMs = weekStartMs(tradeDate(bar.tradeDate));
  const isEarly = bar.openMs - bar.sessionOpenMs <= LATE_MS_MAX;
  const isWeekSeen = Number.isNaN(day.id) ? bar.openMs - weekMs <= LATE_MS_MAX : isEarly;
  if (day.isWhole && day.rth !== null) addMonthRth(months, day.id, day.rth);
  turn(day, bar.tradeDate, isEarly, prior, "priorDay", "priorDayRth");
  turn(week, weekMs, isWeekSeen, prior, "priorWeek", "priorWeekRth");
  const before = monthBefore(months, bar.tradeDate);
  prior.priorMonth = wholeRange(before.full);
  prior.priorMonthRth = wholeRange(before.rth);
  state.lacking = lackingOf(before);
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
