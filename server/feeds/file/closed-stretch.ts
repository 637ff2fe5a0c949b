/** Does nothing trade from here on, and how far may a replay's clock jump? */
import { type CalendarId, sessionAt } from "#lib/session.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

/** The clock stops this far before what comes next, so that the screen shows the market opening. */
const LEAD_MS = MS_PER_MINUTE;
/** A first row this soon behind the open belongs to it: the clock jumps to the open, else to the row. */
const OPENING_MS = 15 * MS_PER_MINUTE;

export type Jump = { readonly toMs: number; readonly reason: string };

/**
 * Where to jump when nothing trades at `nowMs` in any calendar: 60 s before the next open or, where the first row
 * comes more than 15 min behind it, 60 s before that row. Null: something trades, or that is no step forward.
 * ES on Friday 16:00 CT, next row on Sunday 17:00:03 → Sunday 16:59.
 */
export function jumpOver(calendars: Iterable<CalendarId>, nowMs: number, nextRowMs: number): Jump | null {
  let nextOpenMs = Number.POSITIVE_INFINITY;
  let why = "";
  for (const calendar of calendars) {
    const state = sessionAt(calendar, nowMs);
    if (state.state === "open") return null;
    if (state.nextOpenMs < nextOpenMs) {
      nextOpenMs = state.nextOpenMs;
      why = state.reason;
    }
  }
  if (why === "") return null;
  const isAtOpen = nextRowMs <= nextOpenMs + OPENING_MS;
  const toMs = Math.min(nextRowMs, isAtOpen ? nextOpenMs : nextRowMs) - LEAD_MS;
  return toMs > nowMs ? { toMs, reason: `${why}: on to 60 s before ${isAtOpen ? "the open" : "the next row"}` } : null;
}
