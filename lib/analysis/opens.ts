/** At which price did the day, the week, the month begin? Opens that traders measure from, on New York time. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { civilParts } from "#lib/civil.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, tradeDate } from "#lib/units.ts";
import { weekStartMs } from "#lib/windows.ts";

/** Opens of the clock are of the trade date's New York day; `session` is its first bar, `rth` the root's own. */
export const OPEN_IDS = ["session", "midnight", "et0830", "et0930", "rth", "week", "month"] as const;
export type OpenId = (typeof OPEN_IDS)[number];

export type Open = { priceTicks: number; atMs: number };

/** Prices in ticks and times; NaN: not known. */
export type OpensState = {
  tradeDate: number;
  formerMs: number;
  /** Instants at which the clock opens of this trade date are due, as CLOCK_OPENS. */
  dueMs: number[];
  weekMs: number;
  month: number;
  opens: Record<OpenId, Open | null>;
};

const CLOCK_OPENS = ["midnight", "et0830", "et0930", "rth"] as const;
/** The bar that opens so late after the instant is no open of it: data are missing. */
const LATE_MS_MAX = 30 * MS_PER_MINUTE;

export function createOpens(): OpensState {
  const none = { session: null, midnight: null, et0830: null, et0930: null, rth: null, week: null, month: null };
  return { tradeDate: -1, formerMs: Number.NEGATIVE_INFINITY, dueMs: [], weekMs: -1, month: -1, opens: none };
}

/**
 * Takes the next closed bar. An open is the open price of the first bar at or after its instant, when that bar is the
 * next one known and no more than 30 min late: after a start at 10:00 the 09:30 open stays unknown. The
 * week begins with the first session from Sunday 18:00 on, the month with the first bar of their first trade date.
 */
export function addOpensBar(state: OpensState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) enterTradeDate(state, bar);
  if (bar.openMs >= state.weekMs && state.formerMs < state.weekMs) {
    const isSession = bar.openMs - bar.sessionOpenMs <= LATE_MS_MAX && state.formerMs > Number.NEGATIVE_INFINITY;
    const isInWeek = isSession || bar.openMs - state.weekMs <= LATE_MS_MAX;
    state.opens.week = isInWeek ? { priceTicks: bar.openTicks, atMs: bar.openMs } : null;
  }
  for (const [index, id] of CLOCK_OPENS.entries()) {
    const dueMs = state.dueMs[index];
    if (state.opens[id] === null && bar.openMs >= dueMs && state.formerMs < dueMs && isInTime(bar, dueMs, state)) {
      state.opens[id] = { priceTicks: bar.openTicks, atMs: bar.openMs };
    }
  }
  state.formerMs = bar.openMs;
}

/** A first bar of all counts only where it opens on the instant itself. */
function isInTime(bar: AnalysisBar, dueMs: number, state: OpensState): boolean {
  if (state.formerMs === Number.NEGATIVE_INFINITY) return bar.openMs === dueMs;
  return bar.openMs - dueMs <= LATE_MS_MAX;
}

function enterTradeDate(state: OpensState, bar: AnalysisBar): void {
  const date = tradeDate(bar.tradeDate);
  const isFirst = state.formerMs === Number.NEGATIVE_INFINITY;
  const isWhole = bar.openMs - bar.sessionOpenMs <= LATE_MS_MAX;
  const open = isWhole ? { priceTicks: bar.openTicks, atMs: bar.openMs } : null;
  const { year, month } = civilParts(date);
  const monthNumber = year * 12 + month;
  const { opens } = state;
  if (monthNumber !== state.month) opens.month = isFirst ? null : open;
  opens.session = open;
  for (const id of CLOCK_OPENS) opens[id] = null;
  const newYork = (minutes: number): number => utcMsFromLocal("America/New_York", date, minutes * MS_PER_MINUTE);
  state.dueMs = [newYork(0), newYork(8 * 60 + 30), newYork(9 * 60 + 30), bar.rthOpenMs];
  state.tradeDate = bar.tradeDate;
  state.weekMs = weekStartMs(date);
  state.month = monthNumber;
}
