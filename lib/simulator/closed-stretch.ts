/** Is every followed product shut, why, and when does the first open again? */
import { instrumentOf } from "#lib/instrument.ts";
import { type CalendarId, type ClosedReason, sessionAt } from "#lib/session.ts";

export type ClosedStretch = { readonly reason: ClosedReason; readonly nextOpenMs: number };

/** The weightiest reason is the one that is told. */
const REASON_ORDER: readonly ClosedReason[] = ["holiday", "weekend", "halt", "break"];
const REASON_WORDS: Readonly<Record<ClosedReason, string>> = {
  holiday: "exchange holiday",
  weekend: "weekend",
  halt: "trading halt",
  break: "daily break",
};

/** Null while any of the roots trades at this instant, or where none is known. */
export function closedStretchAt(roots: readonly string[], ms: number): ClosedStretch | null {
  const calendars = new Set<CalendarId>();
  for (const root of roots) {
    const calendar = instrumentOf(root)?.calendar;
    if (calendar !== undefined) calendars.add(calendar);
  }
  let nextOpenMs = Number.POSITIVE_INFINITY;
  let reason: ClosedReason = "break";
  for (const calendar of calendars) {
    const session = sessionAt(calendar, ms);
    if (session.state === "open") return null;
    nextOpenMs = Math.min(nextOpenMs, session.nextOpenMs);
    if (REASON_ORDER.indexOf(session.reason) < REASON_ORDER.indexOf(reason)) reason = session.reason;
  }
  return calendars.size === 0 ? null : { reason, nextOpenMs };
}

/** What the jump over it says. break → "Daily break: the simulated clock jumps to 60 s before the next open". */
export function jumpWords({ reason }: ClosedStretch): string {
  const words = REASON_WORDS[reason];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: the simulated clock jumps to 60 s before the next open`;
}
