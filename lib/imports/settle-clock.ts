/** In which zone and date order is a file written: proven by itself, or to be asked? Never guessed. */

import type { ZoneFinding } from "#lib/imports/import-record.ts";
import type { TableInput } from "#lib/imports/read-table.ts";
import {
  type DateOrder,
  instantOfWall,
  parseWallTime,
  type WallZone,
  wallOffsetMs,
  wallZone,
} from "#lib/imports/wall-zone.ts";
import { sessionAt } from "#lib/session.ts";
import { MS_PER_DAY, MS_PER_MINUTE } from "#lib/units.ts";

/** Abbreviations in a header that mean one zone alone, and their distance from UTC. "CST" is China's as well. */
const HEADER_ZONES: ReadonlyMap<string, readonly [zone: string, minutes: number]> = new Map([
  ["EDT", ["America/New_York", -240]],
  ["EST", ["America/New_York", -300]],
  ["CDT", ["America/Chicago", -300]],
  ["MDT", ["America/Denver", -360]],
  ["PDT", ["America/Los_Angeles", -420]],
  ["PST", ["America/Los_Angeles", -480]],
  ["CEST", ["Europe/Berlin", 120]],
  ["CET", ["Europe/Berlin", 60]],
  ["UTC", ["UTC", 0]],
]);

export type SettledZone = { readonly zone: WallZone | null; readonly finding: ZoneFinding };

/**
 * The zone of a file's times: none is needed where each cell says its offset; else the header's abbreviation, when all
 * times lie in that half of the year; else what was answered; null: it must be asked.
 */
export function findZone(input: TableInput, times: readonly string[]): SettledZone | null {
  const walls = times.map((text) => parseWallTime(text, "mdy") ?? parseWallTime(text, "dmy"));
  const readable = walls.filter((wall) => wall !== null);
  if (readable.length > 0 && readable.every((wall) => wall.offsetMinutes !== null)) {
    return { zone: null, finding: { kind: "proven", by: "the offset beside every time" } };
  }
  const named = zoneInHeader(input.table[input.headerAt]);
  if (named !== null && readable.every((wall) => isAtOffset(named, wall.wallMs))) {
    return { zone: named.zone, finding: { kind: "proven", by: `"${named.label}" in the header` } };
  }
  const { zone } = input.answers;
  return zone === null ? null : { zone, finding: { kind: "asked", zone: zone.name } };
}

type HeaderZone = { readonly zone: WallZone; readonly minutes: number; readonly label: string };

function zoneInHeader(header: readonly string[]): HeaderZone | null {
  for (const name of header) {
    const label = /\btime\s*\(([A-Z]{3,4})\)\s*$/i.exec(name)?.[1].toUpperCase() ?? "";
    const known = HEADER_ZONES.get(label);
    const zone = known === undefined ? null : wallZone(known[0]);
    if (known !== undefined && zone !== null) return { zone, minutes: known[1], label };
  }
  return null;
}

function isAtOffset({ zone, minutes }: HeaderZone, wallMs: number): boolean {
  const atMs = instantOfWall(zone, wallMs);
  return atMs !== null && wallOffsetMs(zone, atMs) === minutes * MS_PER_MINUTE;
}

export type SettledOrder = { readonly order: DateOrder; readonly by: string };

/**
 * Month first or day first: fixed by the format, shown by the year in front, or proven because the other way round
 * more rows name a day that does not exist, a weekend or holiday, or the future. Null: it must be asked.
 */
export function findDateOrder(
  input: TableInput & { readonly times: readonly string[]; readonly zone: WallZone | null },
): SettledOrder | null {
  const { format, answers, times } = input;
  if (format.dateOrder === "mdy") return { order: "mdy", by: `${format.name} writes month/day/year` };
  if (times.every((text) => /^\s*\d{4}/.test(text))) return { order: "mdy", by: "the year stands in front" };
  const monthFirst = times.filter((text) => !isPossible(text, "mdy", input)).length;
  const dayFirst = times.filter((text) => !isPossible(text, "dmy", input)).length;
  if (monthFirst < dayFirst) return { order: "mdy", by: `day first, ${dayFirst} of its times are impossible` };
  if (dayFirst < monthFirst) return { order: "dmy", by: `month first, ${monthFirst} of its times are impossible` };
  return answers.dateOrder === null ? null : { order: answers.dateOrder, by: "asked" };
}

function isPossible(
  text: string,
  order: DateOrder,
  { zone, nowMs }: { readonly zone: WallZone | null; readonly nowMs: number },
): boolean {
  const wall = parseWallTime(text, order);
  if (wall === null) return false;
  const atMs =
    wall.offsetMinutes !== null
      ? wall.wallMs - wall.offsetMinutes * MS_PER_MINUTE
      : zone === null
        ? null
        : instantOfWall(zone, wall.wallMs);
  if (atMs === null) return true;
  if (atMs > nowMs + MS_PER_DAY) return false;
  const state = sessionAt("equity", atMs);
  return state.state === "open" || (state.reason !== "weekend" && state.reason !== "holiday");
}
