/** Which calendar day is this? Days since 1970-01-01 in the Gregorian calendar, by arithmetic alone. */

import { type CivilDay, civilDay } from "#lib/units.ts";

export type CivilParts = { readonly year: number; readonly month: number; readonly day: number };

/**
 * Days since 1970-01-01 of a date (month 1–12). A day past the month's end runs into the next month, as 31 + 1.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. 2000-03-01 → 11017.
 */
export function civilDayFrom(year: number, month: number, day: number): CivilDay {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return civilDay(era * 146_097 + dayOfEra - 719_468);
}

/** Year, month (1–12) and day of month. Source: Hinnant, civil_from_days. 11017 → 2000-03-01. */
export function civilParts(day: CivilDay | number): CivilParts {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** Year of a day, without allocating. 11017 → 2000. */
export function civilYear(day: CivilDay | number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return yearOfEra + era * 400 + (dayOfYear >= 306 ? 1 : 0);
}

/** Day of the week, 0 = Sunday … 6 = Saturday. 0 (1970-01-01) → 4, a Thursday. */
export function weekday(day: CivilDay | number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The n-th given weekday (0 = Sunday) of a month, n from 1. The third Friday of 2023-12 → 2023-12-15. */
export function nthWeekday(month: { year: number; month: number }, dayOfWeek: number, nth: number): CivilDay {
  const first = civilDayFrom(month.year, month.month, 1);
  return civilDay(first + ((dayOfWeek - weekday(first) + 7) % 7) + (nth - 1) * 7);
}

/** The last given weekday (0 = Sunday) of a month. The last Monday of 2026-05 → 2026-05-25. */
export function lastWeekday(month: { year: number; month: number }, dayOfWeek: number): CivilDay {
  const last = lastDayOfMonth(month.year, month.month);
  return civilDay(last - ((weekday(last) - dayOfWeek + 7) % 7));
}

/** The last day of a month. (2024, 2) → 2024-02-29. */
export function lastDayOfMonth(year: number, month: number): CivilDay {
  const first = month === 12 ? civilDayFrom(year + 1, 1, 1) : civilDayFrom(year, month + 1, 1);
  return civilDay(first - 1);
}

/** "YYYY-MM-DD" of a day, years 0 to 9999. 11017 → "2000-03-01". Takes a TradeDate as well. */
export function civilDayIso(day: CivilDay | number): string {
  const { year, month, day: dayOfMonth } = civilParts(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** The day of a "YYYY-MM-DD" or "YYYYMMDD" text, or null where no such day exists. "2023-02-29" → null. */
export function parseCivilDay(iso: string): CivilDay | null {
  const match = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(iso);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = Number(match[3]);
  const dayOfMonth = Number(match[4]);
  if (month < 1 || month > 12 || dayOfMonth < 1) return null;
  const day = civilDayFrom(year, month, dayOfMonth);
  return day <= lastDayOfMonth(year, month) ? day : null;
}
