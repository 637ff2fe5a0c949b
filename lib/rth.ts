/** When are a product's regular trading hours on a trade date? */

import { assert } from "#lib/assert.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import { isTradeDate, type Segment, sessionCloseMs } from "#lib/session.ts";
import { RTH_HOURS, type RthHours, type RthTable } from "#lib/session-hours.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

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
  const openMs = utcMsFromLocal("America/Chicago", date, hours.openMinute * MS_PER_MINUTE);
  const endMs = utcMsFromLocal("America/Chicago", date, hours.closeMinute * MS_PER_MINUTE);
  const sessionEndMs = sessionCloseMs(instrument.calendar, date);
  const closeMs = sessionEndMs < endMs ? sessionEndMs : endMs;
  return openMs < closeMs ? { openMs, closeMs } : null;
}

function hoursInForce(instrument: Instrument, date: TradeDate, table: RthTable): RthHours | null {
  const rows = table[instrument.root] ?? (instrument.mini === null ? undefined : table[instrument.mini]);
  if (rows === undefined) return null;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    if (date >= rows[index].fromDay) return rows[index];
  }
  return null;
}
