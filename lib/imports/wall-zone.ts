/** Which instant does a wall clock somewhere mean? Zones that files may be written in, by rule. */

import { civilDayFrom, civilYear, lastWeekday, nthWeekday } from "#lib/civil.ts";
import { dstEndDay, dstStartDay } from "#lib/time-zone.ts";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";

/** `saving` names the rule of summer time: US since 2007, EU since 1996, south-east Australia since 2008. */
export type WallZone = {
  readonly name: string;
  readonly standardMinutes: number;
  readonly saving: "us" | "eu" | "au" | "none";
};

function zone(name: string, hours: number, saving: WallZone["saving"] = "none"): WallZone {
  return { name, standardMinutes: hours * 60, saving };
}

/** What a person may choose from; a fixed offset ("UTC+05:30") is understood too. */
export const WALL_ZONES: readonly WallZone[] = [
  zone("America/New_York", -5, "us"),
  zone("America/Chicago", -6, "us"),
  zone("America/Denver", -7, "us"),
  zone("America/Phoenix", -7),
  zone("America/Los_Angeles", -8, "us"),
  zone("America/Sao_Paulo", -3),
  zone("UTC", 0),
  zone("Europe/London", 0, "eu"),
  zone("Europe/Berlin", 1, "eu"),
  zone("Europe/Athens", 2, "eu"),
  zone("Europe/Istanbul", 3),
  zone("Asia/Dubai", 4),
  zone("Asia/Kolkata", 5.5),
  zone("Asia/Bangkok", 7),
  zone("Asia/Singapore", 8),
  zone("Asia/Tokyo", 9),
  zone("Australia/Sydney", 10, "au"),
];

/** Before this year one of the rules was another. */
const RULES_SINCE_YEAR = 2009;

/** The zone of a name or of a fixed offset; null for any other text. "UTC+05:30" → 330 minutes, no summer time. */
export function wallZone(name: string): WallZone | null {
  const listed = WALL_ZONES.find((entry) => entry.name === name);
  if (listed !== undefined) return listed;
  const fixed = /^UTC([+-])(\d{2}):([0-5]\d)$/.exec(name);
  if (fixed === null || Number(fixed[2]) > 14) return null;
  const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
  return { name, standardMinutes: fixed[1] === "-" ? -minutes : minutes, saving: "none" };
}

/**
 * The instant at which the clocks of a zone show `wallMs` (its day × 86,400,000 + ms of the day). Null where the clocks
 * never show it (spring), show it twice (autumn), or ran by another rule (before 2009).
 * Berlin 2026-07-02 15:12 → 13:12Z; New York 2026-11-01 01:30 → null.
 */
export function instantOfWall(place: WallZone, wallMs: number): number | null {
  if (place.saving !== "none" && civilYear(Math.floor(wallMs / MS_PER_DAY)) < RULES_SINCE_YEAR) return null;
  const standardMs = wallMs - place.standardMinutes * MS_PER_MINUTE;
  const candidates = [standardMs, standardMs - MS_PER_HOUR].filter((ms) => ms + wallOffsetMs(place, ms) === wallMs);
  return candidates.length === 1 ? candidates[0] : null;
}

/** Local clock minus UTC at an instant. Sydney on 2026-01-10 → +11 h. */
export function wallOffsetMs(place: WallZone, utcMs: number): number {
  const standardMs = place.standardMinutes * MS_PER_MINUTE;
  return isSummer(place, utcMs, standardMs) ? standardMs + MS_PER_HOUR : standardMs;
}

function isSummer(place: WallZone, utcMs: number, standardMs: number): boolean {
  const year = civilYear(Math.floor((utcMs + standardMs) / MS_PER_DAY));
  switch (place.saving) {
    case "none":
      return false;
    case "us":
      return within(utcMs + standardMs, atHour(dstStartDay(year), 2), atHour(dstEndDay(year), 1));
    case "eu":
      return within(
        utcMs,
        atHour(lastWeekday({ year, month: 3 }, 0), 1),
        atHour(lastWeekday({ year, month: 10 }, 0), 1),
      );
    case "au":
      return !within(
        utcMs + standardMs,
        atHour(nthWeekday({ year, month: 4 }, 0, 1), 2),
        atHour(nthWeekday({ year, month: 10 }, 0, 1), 2),
      );
  }
}

function within(ms: number, fromMs: number, toMs: number): boolean {
  return ms >= fromMs && ms < toMs;
}

function atHour(day: number, hour: number): number {
  return day * MS_PER_DAY + hour * MS_PER_HOUR;
}

export type DateOrder = "mdy" | "dmy";

/** What a cell shows: the clock, and its distance from UTC where the cell says it. `stepMs`: the finest unit shown. */
export type WallTime = { readonly wallMs: number; readonly offsetMinutes: number | null; readonly stepMs: number };

const DATE_THEN_TIME =
  /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([AP])\.?\s?M\.?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * The clock time of a cell, null where it is none. Year-first dates need no order; a time of day is needed.
 * "7/2/2026 9:12 PM" as mdy → 2026-07-02 21:12; "10/08/2025 18:23:28 +02:00" has its offset.
 */
export function parseWallTime(text: string, order: DateOrder): WallTime | null {
  const match = DATE_THEN_TIME.exec(text.trim().replace(/[\u00a0\u202f]/g, " "));
  if (match === null || match[4] === undefined) return null;
  const day = civilDayOf([match[1], match[2], match[3]], order);
  const hour = hourOf(Number(match[4]), match[8]);
  const [minute, second] = [Number(match[5]), Number(match[6] ?? 0)];
  if (day === null || hour === null || minute > 59 || second > 59) return null;
  const fraction = match[7] ?? "";
  const fractionMs = Math.floor(Number(`0.${fraction || "0"}`) * 1000 + 1e-6);
  const wallMs = day * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * 1000 + fractionMs;
  return { wallMs, offsetMinutes: offsetOf(match[9]), stepMs: stepOf(match[6], fraction) };
}

/** The day of three written numbers; one of four digits in front is the year, else it stands last (2 digits: 20yy). */
function civilDayOf(parts: readonly [string, string, string], order: DateOrder): number | null {
  const yearFirst = parts[0].length === 4;
  if (!yearFirst && parts[2].length !== 4 && parts[2].length !== 2) return null;
  const yearText = yearFirst ? parts[0] : parts[2];
  const year = Number(yearText.length === 2 ? `20${yearText}` : yearText);
  const month = Number(yearFirst ? parts[1] : order === "mdy" ? parts[0] : parts[1]);
  const day = Number(yearFirst ? parts[2] : order === "mdy" ? parts[1] : parts[0]);
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1970) return null;
  const civil = civilDayFrom(year, month, day);
  return civil < civilDayFrom(month === 12 ? year + 1 : year, (month % 12) + 1, 1) ? civil : null;
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour < 24 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toUpperCase() === "P" ? 12 : 0);
}

function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}

function stepOf(second: string | undefined, fraction: string): number {
  if (second === undefined) return MS_PER_MINUTE;
  return fraction === "" ? 1000 : 1;
}
