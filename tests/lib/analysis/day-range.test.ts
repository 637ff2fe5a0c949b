/** Is the day measured against the ATR14 of completed trade dates? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addDayRangeBar, createDayRange, type DayRange, dayRangeOf } from "#lib/analysis/day-range.ts";
import { type Driven, published } from "#tests/support/publishing.ts";
import { barsOf, barsPerDay, gappedWalk } from "#tests/support/shaped-bars.ts";

const dayRange: Driven<ReturnType<typeof createDayRange>, AnalysisBar, DayRange> = {
  create: createDayRange,
  add: addDayRangeBar,
  read: dayRangeOf,
};

const HOURS = barsPerDay(60);

/** Trade dates of 23 hourly bars between these lows and highs, closing in their middle. */
function datesOf(ranges: readonly (readonly [low: number, high: number])[], minutes = 60): AnalysisBar[] {
  const shapes = ranges.flatMap(([low, high]) => {
    const middle = (low + high) / 2;
    return Array.from({ length: HOURS }, () => ({ open: middle, high, low, close: middle }));
  });
  return barsOf(shapes, { minutes });
}

test("the worked example: 150 of 200 ticks are 75 %, 50 are left", () => {
  const bars = datesOf([...Array(14).fill([900, 1100]), [950, 1100]]);
  const last = published(dayRange, bars).at(-1);
  assert.deepEqual(last, {
    status: "ready",
    atrTicks: 200,
    rangeTicks: 150,
    usedShare: 0.75,
    remainingTicks: 50,
    n: 14,
  });
});

test("the gap to the former date's close belongs to a date's true range", () => {
  // Closes 1000; the last completed date lies 300 higher: its true range is 400, not 200.
  const bars = datesOf([...Array(13).fill([900, 1100]), [1200, 1400], [1300, 1310]]);
  const last = published(dayRange, bars).at(-1);
  assert.ok(last?.status === "ready");
  assert.equal(last.atrTicks, (13 * 200 + 400) / 14);
});

test("a day that has gone further than usual has nothing left", () => {
  const bars = datesOf([...Array(14).fill([900, 1100]), [700, 1200]]);
  const last = published(dayRange, bars).at(-1);
  assert.ok(last?.status === "ready");
  assert.deepEqual([last.usedShare, last.remainingTicks], [2.5, 0]);
});

test("the running date is not in the ATR, and a date joined in its middle never is", () => {
  const ranges = [[0, 5000], ...Array(15).fill([900, 1100])] as [number, number][];
  const readings = published(dayRange, datesOf(ranges).slice(5));
  assert.deepEqual(readings[15 * HOURS - 6], { status: "warming", have: 13, need: 14 });
  const ready = readings[15 * HOURS - 5];
  assert.ok(ready.status === "ready");
  assert.equal(ready.n, 14);
  // The gap from the joined date's close (2500) makes the first whole one's true range 1600.
  assert.ok(Math.abs(ready.atrTicks - (1600 + 13 * 200) / 14) < 1e-9);
});

test("equals the slow way: Wilder over the dates' own highs, lows and closes", () => {
  const bars = gappedWalk(21, 18 * HOURS + 7, 60);
  const dates = [...new Set(bars.map((bar) => bar.tradeDate))];
  const daily = dates.map((date) => {
    const own = bars.filter((bar) => bar.tradeDate === date);
    const high = Math.max(...own.map((bar) => bar.highTicks));
    return { high, low: Math.min(...own.map((bar) => bar.lowTicks)), close: own[own.length - 1].closeTicks };
  });
  const trueRanges = daily.map(({ high, low }, at) => {
    const prior = at === 0 ? low : daily[at - 1].close;
    return Math.max(high - low, Math.abs(high - prior), Math.abs(low - prior));
  });
  let atr = trueRanges.slice(0, 14).reduce((sum, one) => sum + one, 0) / 14;
  for (let at = 14; at < daily.length - 1; at += 1) atr = (atr * 13 + trueRanges[at]) / 14;
  const last = published(dayRange, bars).at(-1);
  assert.ok(last?.status === "ready");
  assert.ok(Math.abs(last.atrTicks - atr) < 1e-9 * atr);
});
