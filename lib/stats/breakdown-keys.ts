/** By what can trades be told apart: setup, instrument, hour, weekday, session, time held, tag, side? */
import { weekday } from "#lib/civil.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";
import { DEFAULT_WINDOWS, type MinuteSpan } from "#lib/windows.ts";
import type { TradeRow } from "./trade-row.ts";

export type BreakdownId = "setup" | "instrument" | "side" | "hour" | "weekday" | "session" | "holding" | "tag";

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/** Upper ends in minutes, exclusive. */
const HOLDING: readonly (readonly [number, string])[] = [
  [1, "under 1 min"],
  [5, "1–5 min"],
  [15, "5–15 min"],
  [60, "15–60 min"],
  [240, "1–4 h"],
  [Number.POSITIVE_INFINITY, "4 h and more"],
];

/**
 * The groups that a trade belongs to: one of each, but of tags as many as it has, so groups of tags overlap and do not
 * sum to the whole. Hours and sessions go by New York's clock at the entry, weekdays by the trade date.
 */
export const BREAKDOWN_KEYS: Readonly<Record<BreakdownId, (row: TradeRow) => readonly string[]>> = {
  setup: ({ setup }) => [setup ?? "no setup"],
  instrument: ({ root }) => [root],
  side: ({ side }) => [side],
  hour: ({ entryMs }) => [HOURS[newYorkHour(entryMs)]],
  weekday: ({ tradeDate }) => [WEEKDAYS[weekday(tradeDate)]],
  session: ({ entryMs }) => [sessionOf(entryMs)],
  holding: ({ entryMs, exitMs }) => [holdingOf(exitMs - entryMs)],
  tag: ({ tags }) => (tags.length < 2 ? tags : [...new Set(tags)]),
};

/** 0 to 23. 2026-11-20T14:30Z → 9. */
export function newYorkHour(ms: number): number {
  return Math.floor(localParts("America/New_York", ms).msOfDay / MS_PER_HOUR);
}

/** The windows of lib/windows.ts; between them "off hours" (16:00 to 19:00). */
function sessionOf(ms: number): string {
  const minute = localParts("America/New_York", ms).msOfDay / MS_PER_MINUTE;
  if (isWithin(minute, DEFAULT_WINDOWS.newYork)) return "New York";
  if (isWithin(minute, DEFAULT_WINDOWS.london)) return "London";
  return isWithin(minute, DEFAULT_WINDOWS.asia) ? "Asia" : "off hours";
}

/** A span may begin on the evening before: its minutes are negative then. */
function isWithin(minute: number, { fromMinute, toMinute }: MinuteSpan): boolean {
  const before = minute - 24 * 60;
  return (minute >= fromMinute && minute < toMinute) || (before >= fromMinute && before < toMinute);
}

function holdingOf(ms: number): string {
  const minutes = ms / MS_PER_MINUTE;
  for (const [end, name] of HOLDING) if (minutes < end) return name;
  return HOLDING[HOLDING.length - 1][1];
}
