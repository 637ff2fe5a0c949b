/** Is the calendar arithmetic right on every day of two centuries? */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  civilDayFrom,
  civilDayIso,
  civilParts,
  civilYear,
  lastDayOfMonth,
  lastWeekday,
  nthWeekday,
  parseCivilDay,
  weekday,
} from "#lib/civil.ts";

test("agrees with the platform's calendar on every day of 1900–2099", () => {
  const first = civilDayFrom(1900, 1, 1);
  const last = civilDayFrom(2099, 12, 31);
  assert.equal(last - first + 1, 73_049);
  for (let day = first as number; day <= last; day += 1) {
    const date = new Date(day * 86_400_000);
    const { year, month, day: dayOfMonth } = civilParts(day);
    const isSame =
      year === date.getUTCFullYear() && month === date.getUTCMonth() + 1 && dayOfMonth === date.getUTCDate();
    assert.ok(isSame && civilYear(day) === year && weekday(day) === date.getUTCDay(), `day ${day}`);
    assert.equal(civilDayFrom(year, month, dayOfMonth), day);
  }
});

test("writes and reads dates, and refuses days that do not exist", () => {
  assert.equal(civilDayFrom(2000, 3, 1), 11_017);
  assert.equal(civilDayIso(11_017), "2000-03-01");
  assert.equal(parseCivilDay("2000-03-01"), 11_017);
  assert.equal(parseCivilDay("20000301"), 11_017);
  assert.equal(parseCivilDay("2024-02-29"), civilDayFrom(2024, 2, 29));
  for (const wrong of ["2023-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "2023-04-00", "2023-4-1", "", "x"]) {
    assert.equal(parseCivilDay(wrong), null, wrong);
  }
});

test("finds n-th and last weekdays of a month", () => {
  assert.equal(civilDayIso(nthWeekday({ year: 2023, month: 12 }, 5, 3)), "2023-12-15");
  assert.equal(civilDayIso(nthWeekday({ year: 2026, month: 5 }, 5, 1)), "2026-05-01");
  assert.equal(civilDayIso(lastWeekday({ year: 2026, month: 5 }, 1)), "2026-05-25");
  assert.equal(civilDayIso(lastWeekday({ year: 2026, month: 7 }, 5)), "2026-07-31");
  assert.equal(civilDayIso(lastDayOfMonth(2024, 2)), "2024-02-29");
  assert.equal(civilDayIso(lastDayOfMonth(2023, 12)), "2023-12-31");
});
