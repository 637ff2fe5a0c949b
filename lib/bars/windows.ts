/** Where do the bars of any time interval begin and end, in the whole session or in regular hours only? */
import { weekday } from "#lib/civil.ts";
import { isTradeDate, rthOf, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { civilDay, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND, type TradeDate, tradeDate } from "#lib/units.ts";
import { type TradingDay, tradingDayAt } from "./interval.ts";

/** Lengths of the intervals that are shorter than a day. */
const LENGTH_MS: Readonly<Record<string, number>> = {
  "1s": MS_PER_SECOND,
  "5s": 5 * MS_PER_SECOND,
  "15s": 15 * MS_PER_SECOND,
  "30s": 30 * MS_PER_SECOND,
  "1m": MS_PER_MINUTE,
  "2m": 2 * MS_PER_MINUTE,
  "3m": 3 * MS_PER_MINUTE,
  "5m": 5 * MS_PER_MINUTE,
  "10m": 10 * MS_PER_MINUTE,
  "15m": 15 * MS_PER_MINUTE,
  "30m": 30 * MS_PER_MINUTE,
  "1h": MS_PER_HOUR,
  "4h": 4 * MS_PER_HOUR,
};

export type Windows = {
  /** Start of the bar that holds `ms`; null outside the hours. */
  openMs(ms: number): number | null;
  /** End, exclusive, of the bar that starts at `openMs`. */
  endMs(openMs: number): number;
};

/** Length in ms of an interval below a day; null for 1d and 1w, whose length the calendar knows. */
export function intervalLengthMs(interval: string): number | null {
  return LENGTH_MS[interval] ?? null;
}

/**
 * Windows of an interval. Bars are counted from the open of the session (RTH: of regular hours) and the last one ends
 * with it: 4h of ES runs 17:00, 21:00, 01:00, 05:00, 09:00, 13:00–16:00 CT; RTH 1h runs 08:30, 09:30 … 14:30–15:00.
 */
export function createWindows(interval: string, hours: "eth" | "rth", root: string, calendar: CalendarId): Windows {
  const lengthMs = intervalLengthMs(interval);
  let day: TradingDay = { tradeDate: 0, openMs: 0, closeMs: 0, untilMs: 0 };
  let span: { openMs: number; closeMs: number } | null = null;
  const enter = (ms: number): void => {
    if (ms >= day.openMs && ms < day.untilMs) return;
    day = tradingDayAt(calendar, ms);
    span = hours === "rth" ? rthOf(root, tradeDate(day.tradeDate)) : day;
  };
  return {
    openMs(ms) {
      enter(ms);
      if (span === null) return null;
      if (hours === "rth" && (ms < span.openMs || ms >= span.closeMs)) return null;
      if (interval === "1w") return weekSpan(calendar, tradeDate(day.tradeDate)).openMs;
      if (lengthMs === null) return span.openMs;
      return span.openMs + Math.floor((ms - span.openMs) / lengthMs) * lengthMs;
    },
    endMs(openMs) {
      enter(openMs);
      if (interval === "1w") return weekSpan(calendar, tradeDate(day.tradeDate)).closeMs;
      if (span === null) return openMs;
      if (lengthMs === null) return span.closeMs;
      const endMs = openMs + lengthMs;
      return lengthMs > MS_PER_HOUR || hours === "rth" ? Math.min(endMs, Math.max(span.closeMs, openMs + 1)) : endMs;
    },
  };
}

/** From the open of the first trade date of a Monday–Friday week to the close of its last one. */
function weekSpan(calendar: CalendarId, date: TradeDate): { openMs: number; closeMs: number } {
  const monday = date - ((weekday(civilDay(date)) + 6) % 7);
  let first: TradeDate = date;
  let last: TradeDate = date;
  for (let day = monday; day < monday + 5; day++) {
    if (!isTradeDate(calendar, tradeDate(day))) continue;
    if (day < first) first = tradeDate(day);
    if (day > last) last = tradeDate(day);
  }
  return { openMs: sessionOpenMs(calendar, first), closeMs: sessionCloseMs(calendar, last) };
}
