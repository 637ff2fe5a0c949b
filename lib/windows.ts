/** Where in the day are we: which named stretches of New York time does a trade date have? */

import { assert } from "#lib/assert.ts";
import { weekday } from "#lib/civil.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { isTradeDate, rthOf, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import { RTH_HOURS, type RthTable } from "#lib/session-hours.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

export type WindowId =
  | "overnight"
  | "asia"
  | "london"
  | "newYork"
  | "killzoneLondon"
  | "killzoneNyAm"
  | "killzoneNyPm"
  | "initialBalance"
  | "openingRange5"
  | "openingRange15"
  | "openingRange30";

/** Open inclusive, close exclusive. */
export type TradingWindow = { readonly id: WindowId; readonly openMs: EpochMs; readonly closeMs: EpochMs };

/** Minutes of the New York day of the trade date; negative ones are the evening before. */
export type MinuteSpan = { readonly fromMinute: number; readonly toMinute: number };

/** Every span that a user may move; lengths from the RTH open in minutes. */
export type WindowConfig = {
  readonly asia: MinuteSpan;
  readonly london: MinuteSpan;
  readonly newYork: MinuteSpan;
  readonly killzoneLondon: MinuteSpan;
  readonly killzoneNyAm: MinuteSpan;
  /** FX trades the New York morning earlier. */
  readonly killzoneNyAmFx: MinuteSpan;
  readonly killzoneNyPm: MinuteSpan;
  readonly initialBalanceMinutes: number;
  readonly rth: RthTable;
};

export const DEFAULT_WINDOWS: WindowConfig = {
  asia: { fromMinute: -5 * 60, toMinute: 2 * 60 },
  london: { fromMinute: 2 * 60, toMinute: 8 * 60 },
  newYork: { fromMinute: 8 * 60, toMinute: 16 * 60 },
  killzoneLondon: { fromMinute: 2 * 60, toMinute: 5 * 60 },
  killzoneNyAm: { fromMinute: 8 * 60 + 30, toMinute: 11 * 60 },
  killzoneNyAmFx: { fromMinute: 7 * 60, toMinute: 10 * 60 },
  killzoneNyPm: { fromMinute: 13 * 60 + 30, toMinute: 16 * 60 },
  initialBalanceMinutes: 60,
  rth: RTH_HOURS,
};

/**
 * The windows of a trade date, cut at its close; one that an early close leaves nothing of is missing, and those of
 * RTH are missing without RTH. Overnight runs from the session's open, so behind a holiday it holds the holiday's
 * segment. ES 2026-11-20: asia = 19:00 ET of the 19th to 02:00 ET. Empty on a day that is no trade date.
 */
export function windowsOf(
  root: string,
  date: TradeDate,
  config: WindowConfig = DEFAULT_WINDOWS,
): readonly TradingWindow[] {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `windowsOf: root was ${root}, expected one that we list`);
  const { calendar } = instrument;
  if (!isTradeDate(calendar, date)) return [];
  const rth = rthOf(root, date, config.rth);
  const endMs = sessionCloseMs(calendar, date);
  const found: TradingWindow[] = [];
  const add = (id: WindowId, openMs: EpochMs, closeMs: EpochMs): void => {
    const cutMs = closeMs < endMs ? closeMs : endMs;
    if (openMs < cutMs) found.push({ id, openMs, closeMs: cutMs });
  };
  const addSpan = (id: WindowId, span: MinuteSpan): void =>
    add(id, newYorkMinute(date, span.fromMinute), newYorkMinute(date, span.toMinute));
  add("overnight", sessionOpenMs(calendar, date), rth?.openMs ?? endMs);
  addSpan("asia", config.asia);
  addSpan("london", config.london);
  addSpan("newYork", config.newYork);
  addSpan("killzoneLondon", config.killzoneLondon);
  addSpan("killzoneNyAm", calendar === "fx" ? config.killzoneNyAmFx : config.killzoneNyAm);
  addSpan("killzoneNyPm", config.killzoneNyPm);
  if (rth === null) return found;
  const afterOpenMs = (minutes: number): EpochMs =>
    epochMs(Math.min(rth.openMs + minutes * MS_PER_MINUTE, rth.closeMs));
  add("initialBalance", rth.openMs, afterOpenMs(config.initialBalanceMinutes));
  add("openingRange5", rth.openMs, afterOpenMs(5));
  add("openingRange15", rth.openMs, afterOpenMs(15));
  add("openingRange30", rth.openMs, afterOpenMs(30));
  return found;
}

/** When the week of a trade date began: Sunday 18:00 New York. 2026-11-20 → 2026-11-15T23:00Z. */
export function weekStartMs(date: TradeDate): EpochMs {
  return newYorkMinute(date - weekday(date), 18 * 60);
}

function newYorkMinute(day: number, minute: number): EpochMs {
  return utcMsFromLocal("America/New_York", day, minute * MS_PER_MINUTE);
}
