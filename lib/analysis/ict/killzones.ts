/** Is this one of the hours in which the day's moves are made? The killzones of a root, on New York time. */
import { assert } from "#lib/assert.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { nextTradeDate, tradeDateAt } from "#lib/session.ts";
import { type TradingWindow, windowsOf } from "#lib/windows.ts";

/** The killzone that runs, else the next one. */
export type Killzone = { status: "in" | "next"; id: string; openMs: number; closeMs: number };

/** Trade dates that an early close may leave without killzones, in a row. */
const SEARCH_DATES_MAX = 5;

/** Killzones of the trade date of an instant that are not over, and those of the next date that has any. */
export function killzonesFrom(root: string, ms: number): Killzone[] {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `killzonesFrom: root was ${root}, expected one that we list`);
  let date = tradeDateAt(instrument.calendar, ms);
  for (let step = 0; step < SEARCH_DATES_MAX; step += 1) {
    const found = windowsOf(root, date).filter((window) => isKillzone(window) && window.closeMs > ms);
    if (found.length > 0) return found.map(({ id, openMs, closeMs }) => ({ status: "next", id, openMs, closeMs }));
    date = nextTradeDate(instrument.calendar, date);
  }
  throw new Error(`killzonesFrom: ${root} has no killzone within ${SEARCH_DATES_MAX} trade dates of ${ms}`);
}

/**
 * Of killzones in time order, the one that runs at an instant, else the next; null where all are over (ask anew).
 * ES 2026-11-20 09:00 ET → in killzoneNyAm (08:30–11:00); 11:00 → next killzoneNyPm (13:30–16:00).
 */
export function killzoneAt(zones: readonly Killzone[], ms: number): Killzone | null {
  const zone = zones.find(({ closeMs }) => closeMs > ms);
  return zone === undefined ? null : { ...zone, status: zone.openMs <= ms ? "in" : "next" };
}

function isKillzone({ id }: TradingWindow): boolean {
  return id === "killzoneLondon" || id === "killzoneNyAm" || id === "killzoneNyPm";
}
