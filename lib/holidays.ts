/** Which exchange holiday is this day? By rule, for any year: Easter, n-th Mondays, observed dates. */

import { civilDayFrom, civilParts, weekday } from "#lib/civil.ts";
import type { CivilDay } from "#lib/units.ts";

export type Holiday =
  | "newYear"
  | "mlk"
  | "presidents"
  | "goodFriday"
  | "memorial"
  | "juneteenth"
  | "julyFourth"
  | "labor"
  | "thanksgiving"
  | "christmas"
  /** Early closes with a trade date of their own. */
  | "dayBeforeJulyFourth"
  | "dayAfterThanksgiving"
  | "christmasEve";

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;
/** The exchange keeps Juneteenth from this year. */
const JUNETEENTH_FROM_YEAR = 2022;

/**
 * Easter Sunday of the Gregorian calendar.
 * Source: the anonymous algorithm of Nature (1876), as in Meeus, "Astronomical Algorithms", ch. 8. 2024 → 2024-03-31.
 */
export function easterSunday(year: number): CivilDay {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const leapSkips = Math.floor(century / 4);
  const lunarShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapSkips - lunarShift + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const monthAndDay = epact + toSunday - 7 * late + 114;
  return civilDayFrom(year, Math.floor(monthAndDay / 31), (monthAndDay % 31) + 1);
}

/**
 * The holiday or early close that falls on a weekday, or null. A fixed date on a Saturday is kept on the Friday
 * before, on a Sunday on the Monday after; New Year on a Saturday is not kept (2021-12-31 traded in full).
 * 2026-07-03 → "julyFourth"; 2023-07-03 → "dayBeforeJulyFourth"; 2021-12-24 → "christmas".
 */
export function holidayOn(day: CivilDay): Holiday | null {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === SUNDAY || dayOfWeek === SATURDAY) return null;
  const { year, month, day: date } = civilParts(day);
  switch (month) {
    case 1:
      if (isKeptOn(date, dayOfWeek, 1)) return "newYear";
      return dayOfWeek === MONDAY && date >= 15 && date <= 21 ? "mlk" : null;
    case 2:
      return dayOfWeek === MONDAY && date >= 15 && date <= 21 ? "presidents" : null;
    case 3:
    case 4:
      return dayOfWeek === FRIDAY && day === easterSunday(year) - 2 ? "goodFriday" : null;
    case 5:
      return dayOfWeek === MONDAY && date >= 25 ? "memorial" : null;
    case 6:
      return year >= JUNETEENTH_FROM_YEAR && isKeptOn(date, dayOfWeek, 19) ? "juneteenth" : null;
    case 7:
      if (isKeptOn(date, dayOfWeek, 4)) return "julyFourth";
      return date === 3 ? "dayBeforeJulyFourth" : null;
    case 9:
      return dayOfWeek === MONDAY && date <= 7 ? "labor" : null;
    case 11:
      if (dayOfWeek === THURSDAY && date >= 22 && date <= 28) return "thanksgiving";
      return dayOfWeek === FRIDAY && date >= 23 && date <= 29 ? "dayAfterThanksgiving" : null;
    case 12:
      if (isKeptOn(date, dayOfWeek, 25)) return "christmas";
      return date === 24 ? "christmasEve" : null;
    default:
      return null;
  }
}

/** Is a fixed date of this month kept on this weekday: on itself, the Friday before or the Monday after? */
function isKeptOn(date: number, dayOfWeek: number, fixedDate: number): boolean {
  if (date === fixedDate) return true;
  if (dayOfWeek === FRIDAY) return date === fixedDate - 1;
  return dayOfWeek === MONDAY && date === fixedDate + 1;
}

/** Is this Good Friday the first Friday of its month, when payrolls come out and some markets open for a while? */
export function isFirstFriday(day: CivilDay): boolean {
  return weekday(day) === FRIDAY && civilParts(day).day <= 7;
}
