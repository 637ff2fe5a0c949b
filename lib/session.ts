/** Is the market open, and to which trade date does this moment belong? */

import { assert } from "#lib/assert.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import {
  type CalendarId,
  type DayPlan,
  dayPlan,
  OPEN_MINUTE,
  RTH_HOURS,
  type RthHours,
  type RthTable,
  type TradingDay,
} from "#lib/session-hours.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { civilDay, type EpochMs, MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";

export type { CalendarId } from "#lib/session-hours.ts";

/** A stretch of trading without a stop: open inclusive, close exclusive. */
export type Segment = { readonly openMs: EpochMs; readonly closeMs: EpochMs };

/** Why nothing trades: daily break, halt within a trade date, weekend, holiday. */
export type ClosedReason = "break" | "halt" | "weekend" | "holiday";

export type SessionState =
  | { readonly state: "open"; readonly tradeDate: TradeDate; readonly openMs: EpochMs; readonly closeMs: EpochMs }
  | {
      readonly state: "closed";
      readonly reason: ClosedReason;
      /** The trade date that the next trading belongs to. */
      readonly tradeDate: TradeDate;
      readonly nextOpenMs: EpochMs;
    };

/** No stop is longer than this: the longest is four days (Good Friday or Christmas and a weekend). */
const GAP_DAYS_MAX = 7;

/** Does the exchange clear on this day: has it a settlement and a trade date of its own? */
export function isTradeDate(calendar: CalendarId, day: TradeDate): boolean {
  const { kind } = dayPlan(calendar, civilDay(day));
  return kind === "full" || kind === "early";
}

/** The first trade date after a day. Equity, Friday 2026-01-16 → Tuesday 2026-01-20. */
export function nextTradeDate(calendar: CalendarId, day: TradeDate): TradeDate {
  for (let step = 1; step <= GAP_DAYS_MAX; step += 1) {
    const candidate = tradeDate(day + step);
    if (isTradeDate(calendar, candidate)) return candidate;
  }
  throw new Error(`nextTradeDate: no trade date of ${calendar} within ${GAP_DAYS_MAX} days after day ${day}`);
}

/** The last trade date before a day. Equity, Tuesday 2026-01-20 → Friday 2026-01-16. */
export function previousTradeDate(calendar: CalendarId, day: TradeDate): TradeDate {
  for (let step = 1; step <= GAP_DAYS_MAX; step += 1) {
    const candidate = tradeDate(day - step);
    if (isTradeDate(calendar, candidate)) return candidate;
  }
  throw new Error(`previousTradeDate: no trade date of ${calendar} within ${GAP_DAYS_MAX} days before day ${day}`);
}

/** A trade date of ordinary length: no holiday segment in front, no early close. What 20-session baselines use. */
export function isFullTradeDate(calendar: CalendarId, date: TradeDate): boolean {
  if (dayPlan(calendar, civilDay(date)).kind !== "full") return false;
  for (let day = previousTradeDate(calendar, date) + 1; day < date; day += 1) {
    if (isTrading(dayPlan(calendar, civilDay(day)))) return false;
  }
  return true;
}

/**
 * The stretches of trading of a trade date, oldest first; none where the day is no trade date.
 * Equity 2026-01-20: Sunday 17:00–Monday 12:00 CT (MLK), Monday 17:00–Tuesday 16:00 CT.
 */
export function segmentsOf(calendar: CalendarId, date: TradeDate): readonly Segment[] {
  if (!isTradeDate(calendar, date)) return [];
  const segments: Segment[] = [];
  for (let day = previousTradeDate(calendar, date) + 1; day <= date; day += 1) {
    const plan = dayPlan(calendar, civilDay(day));
    if (!isTrading(plan)) continue;
    const openMs = openOfDay(day);
    const closeMs = minuteOfDay(day, plan.closeMinute);
    if (plan.pause === null) {
      segments.push({ openMs, closeMs });
    } else {
      segments.push({ openMs, closeMs: minuteOfDay(day, plan.pause.fromMinute) });
      segments.push({ openMs: minuteOfDay(day, plan.pause.toMinute), closeMs });
    }
  }
  return segments;
}

/** When the first segment of a trade date opens. Equity 2026-01-20 → Sunday 2026-01-18 17:00 CT. */
export function sessionOpenMs(calendar: CalendarId, date: TradeDate): EpochMs {
  assert(isTradeDate(calendar, date), `sessionOpenMs: day ${date} is no trade date of ${calendar}`);
  for (let day = previousTradeDate(calendar, date) + 1; day < date; day += 1) {
    if (isTrading(dayPlan(calendar, civilDay(day)))) return openOfDay(day);
  }
  return openOfDay(date);
}

/** When the last segment of a trade date closes. Equity 2026-01-20 → Tuesday 16:00 CT. */
export function sessionCloseMs(calendar: CalendarId, date: TradeDate): EpochMs {
  const plan = dayPlan(calendar, civilDay(date));
  assert(plan.kind === "full" || plan.kind === "early", `sessionCloseMs: day ${date} is no trade date of ${calendar}`);
  return minuteOfDay(date, plan.closeMinute);
}

/** Open or closed at an instant; an instant at which a segment opens is open, one at which it closes is closed. */
export function sessionAt(calendar: CalendarId, ms: number): SessionState {
  const day = sessionDay(ms);
  const plan = dayPlan(calendar, civilDay(day));
  if (!isTrading(plan)) return closed(calendar, day, plan.kind);
  const openMs = openOfDay(day);
  const closeMs = minuteOfDay(day, plan.closeMinute);
  if (ms >= closeMs) return closed(calendar, day, reasonAfterClose(calendar, day, plan.kind));
  const date = plan.kind === "halt" ? nextTradeDate(calendar, tradeDate(day)) : tradeDate(day);
  if (plan.pause === null) return { state: "open", tradeDate: date, openMs, closeMs };
  const pauseFromMs = minuteOfDay(day, plan.pause.fromMinute);
  if (ms < pauseFromMs) return { state: "open", tradeDate: date, openMs, closeMs: pauseFromMs };
  const pauseToMs = minuteOfDay(day, plan.pause.toMinute);
  if (ms >= pauseToMs) return { state: "open", tradeDate: date, openMs: pauseToMs, closeMs };
  return { state: "closed", reason: "halt", tradeDate: date, nextOpenMs: pauseToMs };
}

/**
 * The trade date of an instant: that of the last segment opened at or before it. A trade at 16:00:00.5 belongs to
 * the day that just closed; 17:00 CT begins the next. Equity, Monday 2026-01-19 10:00 CT (MLK) → 2026-01-20.
 */
export function tradeDateAt(calendar: CalendarId, ms: number): TradeDate {
  for (let day = sessionDay(ms), step = 0; step <= GAP_DAYS_MAX; day -= 1, step += 1) {
    const plan = dayPlan(calendar, civilDay(day));
    if (plan.kind === "full" || plan.kind === "early") return tradeDate(day);
    if (plan.kind === "halt") return nextTradeDate(calendar, tradeDate(day));
  }
  throw new Error(`tradeDateAt: no session of ${calendar} within ${GAP_DAYS_MAX} days before ${ms}`);
}

/**
 * RTH of a root on a trade date, ended by an early close; null on a day that is no trade date and where the close
 * comes before RTH would open. Throws for a root that we do not list.
 * ES 2023-11-24 → 08:30–12:15 CT; ES 2018-12-05 (closed 08:30) → null; GC 2026-11-20 → 07:20–12:30 CT.
 */
export function rthOf(root: string, date: TradeDate, table: RthTable = RTH_HOURS): Segment | null {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `rthOf: root was ${root}, expected one that we list`);
  if (!isTradeDate(instrument.calendar, date)) return null;
  const hours = hoursInForce(instrument, date, table);
  if (hours === null) return null;
  const openMs = minuteOfDay(date, hours.openMinute);
  const endMs = minuteOfDay(date, hours.closeMinute);
  const sessionEndMs = sessionCloseMs(instrument.calendar, date);
  const closeMs = sessionEndMs < endMs ? sessionEndMs : endMs;
  return openMs < closeMs ? { openMs, closeMs } : null;
}

function isTrading(plan: DayPlan): plan is TradingDay {
  return plan.kind !== "holiday" && plan.kind !== "weekend";
}

/** The civil day whose plan covers an instant: from 17:00 CT on it is tomorrow's. */
function sessionDay(ms: number): number {
  const { day, msOfDay } = localParts("America/Chicago", ms);
  return msOfDay >= OPEN_MINUTE * MS_PER_MINUTE ? day + 1 : day;
}

function openOfDay(day: number): EpochMs {
  return minuteOfDay(day - 1, OPEN_MINUTE);
}

function minuteOfDay(day: number, minute: number): EpochMs {
  return utcMsFromLocal("America/Chicago", day, minute * MS_PER_MINUTE);
}

/** Between the close of a day that traded and its 17:00. */
function reasonAfterClose(calendar: CalendarId, day: number, kind: TradingDay["kind"]): ClosedReason {
  if (kind === "halt") return "halt";
  if (kind === "early") return "holiday";
  return dayPlan(calendar, civilDay(day + 1)).kind === "weekend" ? "weekend" : "break";
}

function closed(calendar: CalendarId, day: number, reason: ClosedReason): SessionState {
  for (let next = day + 1; next <= day + GAP_DAYS_MAX; next += 1) {
    const plan = dayPlan(calendar, civilDay(next));
    if (!isTrading(plan)) continue;
    const date = plan.kind === "halt" ? nextTradeDate(calendar, tradeDate(next)) : tradeDate(next);
    return { state: "closed", reason, tradeDate: date, nextOpenMs: openOfDay(next) };
  }
  throw new Error(`sessionAt: no session of ${calendar} within ${GAP_DAYS_MAX} days after day ${day}`);
}

function hoursInForce(instrument: Instrument, date: TradeDate, table: RthTable): RthHours | null {
  const rows = table[instrument.root] ?? (instrument.mini === null ? undefined : table[instrument.mini]);
  if (rows === undefined) return null;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    if (date >= rows[index].fromDay) return rows[index];
  }
  return null;
}
