/** Where does a bar begin and end? Windows of every time interval, in the exchange's session. */
import { sessionAt, sessionCloseMs, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "#lib/units.ts";

/** Kept by the engine for every followed contract; all other time intervals are folded from these on demand. */
export const KEPT_INTERVALS = ["1s", "1m", "5m", "15m", "1h", "1d"] as const;
export type KeptInterval = (typeof KEPT_INTERVALS)[number];

/** Length of each kept interval, in the same order; 0: a trade date, whose length the calendar knows. */
export const KEPT_INTERVAL_MS: readonly number[] = [
  MS_PER_SECOND,
  MS_PER_MINUTE,
  5 * MS_PER_MINUTE,
  15 * MS_PER_MINUTE,
  MS_PER_HOUR,
  0,
];
/** Position of "1d" among the kept intervals. */
export const DAY_SERIES = 5;

/** The trade date that a contract is in, looked up once a day instead of once a tick. */
export type TradingDay = {
  tradeDate: number;
  openMs: number;
  closeMs: number;
  /** Open of the next trade date: until then, late prints after the close belong to this one. */
  untilMs: number;
};

/** The trading day of an instant. */
export function tradingDayAt(calendar: CalendarId, ms: number): TradingDay {
  const tradeDate = tradeDateAt(calendar, ms);
  const closeMs = sessionCloseMs(calendar, tradeDate);
  return { tradeDate, openMs: sessionOpenMs(calendar, tradeDate), closeMs, untilMs: nextDayOpenMs(calendar, closeMs) };
}

function nextDayOpenMs(calendar: CalendarId, closeMs: number): number {
  const closed = sessionAt(calendar, closeMs);
  return closed.state === "closed" ? closed.nextOpenMs : closed.openMs;
}

/** Start of the kept bar that holds `ms`. 5m, 10:07:30 → 10:05:00; 1d → the open of the trade date. */
export function windowOpenMs(calendar: CalendarId, day: TradingDay, kept: number, ms: number): number {
  const length = KEPT_INTERVAL_MS[kept];
  if (length > 0) return Math.floor(ms / length) * length;
  if (ms >= day.openMs && ms < day.untilMs) return day.openMs;
  return tradingDayAt(calendar, ms).openMs;
}

/** End, exclusive, of the kept bar that starts at `openMs`. */
export function windowEndMs(calendar: CalendarId, day: TradingDay, kept: number, openMs: number): number {
  const length = KEPT_INTERVAL_MS[kept];
  if (length > 0) return openMs + length;
  return openMs === day.openMs ? day.closeMs : tradingDayAt(calendar, openMs).closeMs;
}
