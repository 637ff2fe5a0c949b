/** Where does a new simulated run stand, and what does it load? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayFrom, civilDayIso } from "#lib/civil.ts";
import { closedStretchAt, jumpWords } from "#lib/simulator/closed-stretch.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { historyBlocks, newRunStartMs, tapeFromMs } from "#lib/simulator/start-rule.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";

function newYork(iso: string, hour: number, minute: number): number {
  const [year, month, day] = iso.split("-").map(Number);
  return utcMsFromLocal(
    "America/New_York",
    civilDayFrom(year, month, day),
    hour * MS_PER_HOUR + minute * MS_PER_MINUTE,
  );
}

const STARTS: readonly [title: string, wall: string, hour: number, minute: number, start: string][] = [
  ["a Friday after 09:25", "2026-11-20", 15, 0, "2026-11-20"],
  ["exactly 09:25", "2026-11-20", 9, 25, "2026-11-20"],
  ["a minute before 09:25", "2026-11-20", 9, 24, "2026-11-19"],
  ["a Monday before 09:25", "2026-11-23", 8, 0, "2026-11-20"],
  ["Saturday", "2026-11-21", 12, 0, "2026-11-20"],
  ["Sunday evening", "2026-11-22", 20, 0, "2026-11-20"],
  ["Thanksgiving, a halt", "2026-11-26", 11, 0, "2026-11-25"],
  ["the day after Thanksgiving, an early close", "2026-11-27", 18, 0, "2026-11-25"],
  ["the weekend after it", "2026-11-28", 18, 0, "2026-11-25"],
  ["Christmas Day", "2026-12-25", 12, 0, "2026-12-23"],
  ["New Year's Day", "2027-01-01", 12, 0, "2026-12-31"],
  ["Good Friday", "2026-04-03", 12, 0, "2026-04-02"],
  ["MLK Monday", "2026-01-19", 12, 0, "2026-01-16"],
  ["the Tuesday after MLK, whose trade date holds a holiday's segment", "2026-01-20", 12, 0, "2026-01-16"],
  ["a summer day, by daylight time", "2026-07-08", 9, 26, "2026-07-08"],
];

for (const [title, wall, hour, minute, start] of STARTS) {
  test(`a new run on ${title} stands at 09:25 ET of ${start}`, () => {
    const startMs = newRunStartMs(newYork(wall, hour, minute));
    const { day, msOfDay } = localParts("America/New_York", startMs);
    assert.equal(civilDayIso(day), start);
    assert.equal(msOfDay, (9 * 60 + 25) * MS_PER_MINUTE);
  });
}

test("trades begin 30 minutes before the minute of the start", () => {
  assert.equal(tapeFromMs(newYork("2026-11-20", 9, 25) + 40_000), newYork("2026-11-20", 8, 55));
});

test("history is the 20 trade dates before the current one and the current one, oldest last", () => {
  const steps = historyBlocks(["ES"], newYork("2026-11-20", 8, 55));
  const dates = steps.map((blocks) => civilDayIso(blocks[0].date));
  assert.equal(dates.length, 21);
  assert.equal(dates[0], "2026-10-23");
  assert.equal(dates[19], "2026-11-19");
  assert.equal(dates[20], "2026-11-20");
});

test("a contract that became front lately has blocks on the dates before, too", () => {
  const steps = historyBlocks(["CL"], newYork("2026-12-02", 8, 55));
  for (const blocks of steps) {
    assert.ok(
      blocks.some(({ contract }) => contract.year === 2027 && contract.month === 1),
      civilDayIso(blocks[0].date),
    );
  }
  assert.ok(steps[0].some(({ contract }) => contract.year === 2026 && contract.month === 12));
});

test("closed stretches are told by name, and end when the first product opens", () => {
  const table: readonly [number, string, number][] = [
    [newYork("2026-11-19", 17, 30), "break", newYork("2026-11-19", 18, 0)],
    [newYork("2026-11-20", 17, 30), "weekend", newYork("2026-11-22", 18, 0)],
    [newYork("2026-12-25", 12, 0), "holiday", newYork("2026-12-27", 18, 0)],
    [newYork("2026-11-26", 14, 45), "halt", newYork("2026-11-26", 18, 0)],
  ];
  for (const [ms, reason, nextOpenMs] of table) {
    assert.deepEqual(closedStretchAt(DEFAULT_ROOTS, ms), { reason, nextOpenMs });
  }
  assert.equal(
    closedStretchAt(DEFAULT_ROOTS, newYork("2026-11-26", 13, 30)),
    null,
    "metals trade on while equities halt",
  );
  assert.equal(
    jumpWords({ reason: "break", nextOpenMs: 0 }),
    "Daily break: the simulated clock jumps to 60 s before the next open",
  );
});
