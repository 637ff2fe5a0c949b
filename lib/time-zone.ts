/** What do the clocks in New York and Chicago show? The US daylight-saving rule since 2007, by arithmetic alone. */

import { civilDayFrom, civilYear, weekday } from "#lib/civil.ts";
import { type CivilDay, civilDay, type EpochMs, epochMs, MS_PER_DAY, MS_PER_HOUR } from "#lib/units.ts";

export type Zone = "America/New_York" | "America/Chicago" | "UTC";
export type LocalParts = { readonly day: CivilDay; readonly msOfDay: number };

/** Milliseconds from UTC to standard time: New York −5 h, Chicago −6 h. */
function standardOffsetMs(zone: Zone): number {
  if (zone === "America/Chicago") return -6 * MS_PER_HOUR;
  return zone === "America/New_York" ? -5 * MS_PER_HOUR : 0;
}

/** The second Sunday of March: clocks go from 02:00 standard to 03:00. 2026 → 2026-03-08. */
export function dstStartDay(year: number): CivilDay {
  const first = civilDayFrom(year, 3, 1);
  return civilDay(first + ((7 - weekday(first)) % 7) + 7);
}

/** The first Sunday of November: clocks go from 02:00 daylight to 01:00. 2026 → 2026-11-01. */
export function dstEndDay(year: number): CivilDay {
  const first = civilDayFrom(year, 11, 1);
  return civilDay(first + ((7 - weekday(first)) % 7));
}

/**
 * Local clock minus UTC at an instant, in ms; right for 2007 and later (Energy Policy Act of 2005).
 * Chicago on 2026-07-01 → −18,000,000.
 */
export function zoneOffsetMs(zone: Zone, utcMs: number): number {
  if (zone === "UTC") return 0;
  const standardMs = standardOffsetMs(zone);
  const standardClockMs = utcMs + standardMs;
  const year = civilYear(Math.floor(standardClockMs / MS_PER_DAY));
  const startMs = dstStartDay(year) * MS_PER_DAY + 2 * MS_PER_HOUR;
  const endMs = dstEndDay(year) * MS_PER_DAY + MS_PER_HOUR;
  return standardClockMs >= startMs && standardClockMs < endMs ? standardMs + MS_PER_HOUR : standardMs;
}

/** The local calendar day and the milliseconds since its 00:00 by the clock on the wall (0 to 86,399,999). */
export function localParts(zone: Zone, utcMs: number): LocalParts {
  const localMs = utcMs + zoneOffsetMs(zone, utcMs);
  const day = Math.floor(localMs / MS_PER_DAY);
  return { day: civilDay(day), msOfDay: localMs - day * MS_PER_DAY };
}

/**
 * The instant at which a wall clock shows this. An hour that spring skips moves forward (02:30 → 03:30 daylight);
 * of an hour that autumn repeats it is the first (01:30 daylight). msOfDay may run over the day, −1 h is 23:00
 * of the day before. Chicago 2026-07-01 17:00 → 2026-07-01T22:00Z.
 */
export function utcMsFromLocal(zone: Zone, day: CivilDay | number, msOfDay: number): EpochMs {
  const localMs = day * MS_PER_DAY + msOfDay;
  if (zone === "UTC") return epochMs(localMs);
  const standardMs = standardOffsetMs(zone);
  const year = civilYear(Math.floor(localMs / MS_PER_DAY));
  const skippedMs = dstStartDay(year) * MS_PER_DAY + 2 * MS_PER_HOUR;
  const repeatedMs = dstEndDay(year) * MS_PER_DAY + 2 * MS_PER_HOUR;
  // In the skipped hour the standard offset stays: 02:30 standard is the instant at which clocks show 03:30 daylight.
  const isDaylight = localMs >= skippedMs + MS_PER_HOUR && localMs < repeatedMs;
  return epochMs(localMs - standardMs - (isDaylight ? MS_PER_HOUR : 0));
}
