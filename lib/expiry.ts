/** When does a contract end: its last trade date and the first day on which a long may be told to take delivery? */

import { assert, unreachable } from "#lib/assert.ts";
import { civilDayFrom, lastDayOfMonth, lastWeekday, nthWeekday } from "#lib/civil.ts";
import type { Contract } from "#lib/contract.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import { type CalendarId, isTradeDate, previousTradeDate } from "#lib/session.ts";
import { type CivilDay, type TradeDate, tradeDate } from "#lib/units.ts";

const WEDNESDAY = 3;
const FRIDAY = 5;

/**
 * The last trade date of a contract, by its product's rule; throws for a root that we do not list.
 * ES Mar 2024 → Friday 2024-03-15; ES Jun 2026 → Thursday 2026-06-18 (the third Friday is Juneteenth).
 */
export function lastTradeDate(contract: Contract): TradeDate {
  const { calendar, lastTrade: rule } = listed(contract);
  const month = { year: contract.year, month: contract.month };
  switch (rule.kind) {
    case "thirdFriday":
      return onOrBefore(calendar, nthWeekday(month, FRIDAY, 3));
    case "lastFriday":
      return onOrBefore(calendar, lastWeekday(month, FRIDAY));
    case "beforeThirdWednesday":
      return clearingDaysBefore(calendar, nthWeekday(month, WEDNESDAY, 3), rule.clearingDays);
    case "nthLastClearingDay": {
      const { year, month: end } = rule.monthsBefore === 1 ? monthBefore(contract) : month;
      const last = onOrBefore(calendar, lastDayOfMonth(year, end));
      return clearingDaysBefore(calendar, last, rule.nth - 1);
    }
    case "beforeThe25th": {
      const before = monthBefore(contract);
      const the25th = onOrBefore(calendar, civilDayFrom(before.year, before.month, 25));
      return clearingDaysBefore(calendar, the25th, rule.clearingDays);
    }
    default:
      return unreachable(rule);
  }
}

/**
 * The first notice date of a contract that delivers while it trades, else null.
 * GC Dec 2013 → Friday 2013-11-29; ZN Mar 2024 → Thursday 2024-02-29; ES → null.
 */
export function firstNoticeDate(contract: Contract): TradeDate | null {
  const { calendar, firstNotice: rule } = listed(contract);
  if (rule === null) return null;
  const { year, month } = monthBefore(contract);
  return onOrBefore(calendar, lastDayOfMonth(year, month));
}

function listed(contract: Contract): Instrument {
  const instrument = instrumentOf(contract.root);
  assert(instrument !== null, `expiry: root was ${contract.root}, expected one that we list`);
  return instrument;
}

function monthBefore({ year, month }: Contract): { year: number; month: number } {
  return month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
}

function onOrBefore(calendar: CalendarId, day: CivilDay): TradeDate {
  const date = tradeDate(day);
  return isTradeDate(calendar, date) ? date : previousTradeDate(calendar, date);
}

function clearingDaysBefore(calendar: CalendarId, day: CivilDay | TradeDate, count: number): TradeDate {
  let date = tradeDate(day);
  for (let step = 0; step < count; step += 1) date = previousTradeDate(calendar, date);
  return date;
}
