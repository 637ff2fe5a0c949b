/** Which part of the trading day is it for a product, and how long until the next? */

import { assert } from "#lib/assert.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { type CalendarId, nextTradeDate, rthOf, sessionAt, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { RTH_HOURS, type RthTable } from "#lib/session-hours.ts";
import { type EpochMs, MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

export type Phase = "overnight" | "pre-market" | "open" | "midday" | "wind-down" | "closed";

/** Lengths in minutes; the rest of RTH is midday. */
export type PhaseConfig = {
  readonly preMarketMinutes: number;
  readonly openMinutes: number;
  readonly windDownMinutes: number;
  readonly rth: RthTable;
};

export const DEFAULT_PHASES: PhaseConfig = {
  preMarketMinutes: 90,
  openMinutes: 60,
  windDownMinutes: 60,
  rth: RTH_HOURS,
};

/** The instants that the session clock counts down to, each later than now. */
export type Countdowns = {
  readonly nextRthOpenMs: EpochMs;
  readonly nextRthCloseMs: EpochMs;
  /** The next change of the trade date: 17:00 CT, over a weekend Sunday's. */
  readonly nextRollMs: EpochMs;
};

/** Trade dates without RTH in a row are days of mourning: one. */
const RTH_SEARCH_DATES_MAX = 10;

/**
 * The phase of a root at an instant. On a holiday's segment all is overnight, as its RTH is the next day's.
 * RTH that an early close cuts short keeps its open first, then its wind-down.
 * ES 2026-11-20: 06:59 CT overnight, 07:00 pre-market, 08:30 open, 09:30 midday, 14:00 wind-down, 15:00 overnight.
 */
export function phaseAt(root: string, ms: number, config: PhaseConfig = DEFAULT_PHASES): Phase {
  const session = sessionAt(calendarOf(root), ms);
  if (session.state === "closed") return "closed";
  const rth = rthOf(root, session.tradeDate, config.rth);
  if (rth === null || ms >= rth.closeMs) return "overnight";
  if (ms < rth.openMs - config.preMarketMinutes * MS_PER_MINUTE) return "overnight";
  if (ms < rth.openMs) return "pre-market";
  if (ms < rth.openMs + config.openMinutes * MS_PER_MINUTE) return "open";
  return ms >= rth.closeMs - config.windDownMinutes * MS_PER_MINUTE ? "wind-down" : "midday";
}

/** What the clock counts down to. ES, Friday 2026-11-20 14:00 CT: RTH open Monday, close in 1 h, roll Sunday. */
export function countdowns(root: string, ms: number, table: RthTable = RTH_HOURS): Countdowns {
  const calendar = calendarOf(root);
  const date = tradeDateAt(calendar, ms);
  const nextRollMs = sessionOpenMs(calendar, nextTradeDate(calendar, date));
  return {
    nextRthOpenMs: nextRthEdge({ root, calendar, table, from: date }, "openMs", ms),
    nextRthCloseMs: nextRthEdge({ root, calendar, table, from: date }, "closeMs", ms),
    nextRollMs,
  };
}

type RthSearch = { root: string; calendar: CalendarId; table: RthTable; from: TradeDate };

function nextRthEdge({ root, calendar, table, from }: RthSearch, edge: "openMs" | "closeMs", ms: number): EpochMs {
  let date = from;
  for (let step = 0; step < RTH_SEARCH_DATES_MAX; step += 1) {
    const rth = rthOf(root, date, table);
    if (rth !== null && rth[edge] > ms) return rth[edge];
    date = nextTradeDate(calendar, date);
  }
  throw new Error(`countdowns: ${root} has no RTH within ${RTH_SEARCH_DATES_MAX} trade dates of ${ms}`);
}

function calendarOf(root: string): CalendarId {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `phase: root was ${root}, expected one that we list`);
  return instrument.calendar;
}
