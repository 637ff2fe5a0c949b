/** Do our clocks in New York and Chicago show what the platform shows? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { civilDayFrom, civilDayIso } from "#lib/civil.ts";
import { dstEndDay, dstStartDay, localParts, utcMsFromLocal, type Zone, zoneOffsetMs } from "#lib/time-zone.ts";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";

const ZONES: readonly Zone[] = ["America/New_York", "America/Chicago", "UTC"];
const FIRST_MS = Date.UTC(2007, 3, 1);
const LAST_MS = Date.UTC(2040, 0, 1);

/** The platform's own time-zone data: an oracle that shares nothing with our rule. */
function platformClock(zone: Zone): (ms: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
    hourCycle: "h23",
  });
  return (ms) => format.format(ms);
}

function ourClock(zone: Zone, ms: number): string {
  const { day, msOfDay } = localParts(zone, ms);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = [msOfDay / MS_PER_HOUR, (msOfDay / MS_PER_MINUTE) % 60, (msOfDay / 1_000) % 60].map(two).join(":");
  return `${civilDayIso(day)} ${time}`;
}

test("shows the platform's clock in every half hour of the days around each change, 2013–2035", () => {
  let compared = 0;
  for (const zone of ZONES) {
    const platform = platformClock(zone);
    for (let year = 2013; year <= 2035; year += 1) {
      for (const change of [dstStartDay(year), dstEndDay(year)]) {
        for (let ms = (change - 1) * MS_PER_DAY; ms < (change + 2) * MS_PER_DAY; ms += MS_PER_HOUR / 2) {
          assert.equal(ourClock(zone, ms), platform(ms));
          assert.equal(ourClock(zone, ms - 1), platform(ms - 1));
          compared += 2;
        }
      }
    }
  }
  assert.equal(compared, 3 * 23 * 2 * 144 * 2);
});

for (const [name, seed] of [["fixed", 20_260_308] as const, ["fresh", Math.floor(Math.random() * 1e9)] as const]) {
  test(`round trips any instant but the repeated hour (${name} seed ${seed})`, () => {
    const instant = fc.integer({ min: FIRST_MS / 1_000, max: LAST_MS / 1_000 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instant, (zone, second) => {
        const ms = second * 1_000;
        const { day, msOfDay } = localParts(zone, ms);
        const back = utcMsFromLocal(zone, day, msOfDay);
        // A clock in the repeated hour shows the same twice; ours takes the first.
        const isRepeated = zoneOffsetMs(zone, ms - MS_PER_HOUR) - zoneOffsetMs(zone, ms) === MS_PER_HOUR;
        assert.equal(back, isRepeated ? ms - MS_PER_HOUR : ms);
        assert.ok(msOfDay >= 0 && msOfDay < MS_PER_DAY);
      }),
      { seed, numRuns: 2_000 },
    );
  });
}

test("round trips every hour of each day of a change, 2013–2035", () => {
  for (const zone of ["America/New_York", "America/Chicago"] as const) {
    for (let year = 2013; year <= 2035; year += 1) {
      for (let hour = 0; hour < 24; hour += 1) {
        const spring = localParts(zone, utcMsFromLocal(zone, dstStartDay(year), hour * MS_PER_HOUR));
        assert.equal(spring.msOfDay / MS_PER_HOUR, hour === 2 ? 3 : hour, `${zone} spring ${year} hour ${hour}`);
        const autumn = utcMsFromLocal(zone, dstEndDay(year), hour * MS_PER_HOUR);
        assert.equal(localParts(zone, autumn).msOfDay / MS_PER_HOUR, hour, `${zone} autumn ${year} hour ${hour}`);
      }
    }
  }
});

test("moves the skipped hour forward and takes the first of the repeated one", () => {
  const skipped = utcMsFromLocal("America/Chicago", civilDayFrom(2026, 3, 8), 2.5 * MS_PER_HOUR);
  assert.equal(new Date(skipped).toISOString(), "2026-03-08T08:30:00.000Z");
  assert.equal(ourClock("America/Chicago", skipped), "2026-03-08 03:30:00");
  const repeated = utcMsFromLocal("America/Chicago", civilDayFrom(2026, 11, 1), 1.5 * MS_PER_HOUR);
  assert.equal(new Date(repeated).toISOString(), "2026-11-01T06:30:00.000Z");
});

test("takes minutes beyond the day", () => {
  const evening = utcMsFromLocal("America/Chicago", civilDayFrom(2026, 7, 2), -7 * MS_PER_HOUR);
  assert.equal(new Date(evening).toISOString(), "2026-07-01T22:00:00.000Z");
});
