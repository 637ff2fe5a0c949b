/** Does a wall clock anywhere mean the instant that the zone's own rules say? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instantOfWall, parseWallTime, WALL_ZONES, wallOffsetMs, wallZone } from "#lib/imports/wall-zone.ts";
import { checkTwice } from "../../support/property-runs.ts";

/** The wall clock by the zone database that Node carries: the independent witness. */
function wallByIntl(name: string, utcMs: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(utcMs);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(value("year"), value("month") - 1, value("day"), value("hour"), value("minute"), value("second"));
}

/** The days before the clocks change in the US, Europe and Australia in 2026. */
const CHANGE_DAYS = ["03-07", "10-31", "03-28", "10-24", "04-04", "10-03"].map((day) =>
  Date.parse(`2026-${day}T00:00Z`),
);

test("every listed zone agrees with the zone database, 2020 to 2027, each hour about a change of clocks too", () => {
  // Sao Paulo gave summer time up in 2019.
  for (const zone of WALL_ZONES) {
    for (let ms = Date.UTC(2020, 0, 1); ms < Date.UTC(2028, 0, 1); ms += 11 * 3_600_000) {
      assert.equal(
        ms + wallOffsetMs(zone, ms),
        wallByIntl(zone.name, ms),
        `${zone.name} ${new Date(ms).toISOString()}`,
      );
    }
    for (const day of CHANGE_DAYS) {
      for (let ms = day; ms < day + 2 * 86_400_000; ms += 1_800_000) {
        assert.equal(
          ms + wallOffsetMs(zone, ms),
          wallByIntl(zone.name, ms),
          `${zone.name} ${new Date(ms).toISOString()}`,
        );
      }
    }
  }
});

test("any instant comes back from its wall clock, but for the hour that is shown twice", (t) => {
  const instants = fc.record({
    zone: fc.constantFrom(...WALL_ZONES),
    utcMs: fc.integer({ min: Date.UTC(2009, 0, 3), max: Date.UTC(2035, 0, 1) }),
  });
  const property = fc.property(instants, ({ zone, utcMs }) => {
    const wallMs = utcMs + wallOffsetMs(zone, utcMs);
    const back = instantOfWall(zone, wallMs);
    const twin = [utcMs - 3_600_000, utcMs + 3_600_000].some((ms) => ms + wallOffsetMs(zone, ms) === wallMs);
    assert.equal(back, twin ? null : utcMs);
  });
  checkTwice(property, { runs: 500, print: (line) => t.diagnostic(line) });
});

test("a time that the clocks skip, show twice, or showed by an older rule is refused", () => {
  const zone = wallZone("America/New_York");
  assert.ok(zone !== null);
  assert.equal(instantOfWall(zone, Date.UTC(2026, 2, 8, 2, 30)), null);
  assert.equal(instantOfWall(zone, Date.UTC(2026, 10, 1, 1, 30)), null);
  assert.equal(instantOfWall(zone, Date.UTC(2006, 6, 3, 10)), null);
  assert.equal(instantOfWall(zone, Date.UTC(2026, 10, 1, 2, 0)), Date.UTC(2026, 10, 1, 7));
});

test("names and fixed offsets are zones, other texts are none", () => {
  assert.equal(wallZone("UTC+05:30")?.standardMinutes, 330);
  assert.equal(wallZone("UTC-03:00")?.standardMinutes, -180);
  for (const text of ["", "EST", "UTC+5", "UTC+15:00", "Mars/Olympus"]) assert.equal(wallZone(text), null, text);
});

const TIMES: readonly [text: string, order: "mdy" | "dmy", iso: string, offset: number | null, stepMs: number][] = [
  ["7/2/2026 9:12", "mdy", "2026-07-02T09:12:00Z", null, 60_000],
  ["7/2/2026 9:12", "dmy", "2026-02-07T09:12:00Z", null, 60_000],
  ["06/10/2026 16:00:05", "mdy", "2026-06-10T16:00:05Z", null, 1000],
  ["12/5/2024 12:01:03 AM", "mdy", "2024-12-05T00:01:03Z", null, 1000],
  ["12/5/2024 12:01:03 PM", "mdy", "2024-12-05T12:01:03Z", null, 1000],
  ["12/5/2024 9:01:03 p. m.", "mdy", "2024-12-05T21:01:03Z", null, 1000],
  ["02.07.2026 15:31:02", "dmy", "2026-07-02T15:31:02Z", null, 1000],
  ["2026-06-17 13:29:32.166Z", "dmy", "2026-06-17T13:29:32.166Z", 0, 1],
  ["2026-01-09T14:30:00Z", "mdy", "2026-01-09T14:30:00Z", 0, 1000],
  ["10/08/2025 18:23:28 +02:00", "mdy", "2025-10-08T18:23:28Z", 120, 1000],
  ["07/10/2026 17:00:02 -0500", "mdy", "2026-07-10T17:00:02Z", -300, 1000],
];

for (const [text, order, iso, offsetMinutes, stepMs] of TIMES) {
  test(`reads "${text}" (${order}) as ${iso}`, () => {
    assert.deepEqual(parseWallTime(text, order), { wallMs: Date.parse(iso), offsetMinutes, stepMs });
  });
}

test("what is no time of a day is refused", () => {
  const wrong = [
    "",
    "x",
    "7/2/2026",
    "13/13/2026 9:12",
    "2/30/2026 9:12",
    "7/2/2026 24:00",
    "7/2/2026 13:00 PM",
    "7/2 9:12",
  ];
  for (const text of wrong) assert.equal(parseWallTime(text, "mdy"), null, text);
});
