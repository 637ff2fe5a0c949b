/** Does a baseline hold the same clock time of the last 20 full sessions, and nothing else? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addToBaseline, createClockBaseline, slotOf, usualAt } from "#lib/analysis/clock-baseline.ts";
import { createRandom } from "#lib/prng.ts";
import { MS_PER_DAY, MS_PER_MINUTE } from "#lib/units.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { barsOf, barsPerDay, gappedWalk, walkShapes } from "#tests/support/shaped-bars.ts";

const SLOT = 5 * MS_PER_MINUTE;
const FLAT = { open: 100, high: 101, low: 99, close: 100 };

type Reading = { n: number; rank: number; mean: number; median: number };

const rangesBy = (slotMs: number): Driven<ReturnType<typeof start>, AnalysisBar, Reading> => ({
  create: () => start(slotMs),
  add(state, bar) {
    state.value = bar.highTicks - bar.lowTicks;
    state.slot = slotOf(state.baseline, bar);
    addToBaseline(state.baseline, bar, state.value);
  },
  read: ({ baseline, slot, value }) => usualAt(baseline, slot, value),
});

function start(slotMs: number) {
  return { baseline: createClockBaseline(slotMs), value: 0, slot: 0 };
}

function runRanges(bars: readonly AnalysisBar[], slotMs = SLOT): Reading[] {
  return published(rangesBy(slotMs), bars);
}

/** The slow version: for each bar it searches all bars before it. */
function searchedRanges(bars: readonly AnalysisBar[]): Reading[] {
  return bars.map((bar) => {
    const clock = (one: AnalysisBar): number => (one.openMs - one.sessionOpenMs) % MS_PER_DAY;
    const earlier = bars.filter((one) => one.tradeDate < bar.tradeDate && one.isFullSession);
    const dates = [...new Set(earlier.map((one) => one.tradeDate))].slice(-20);
    const past = earlier
      .filter((one) => dates.includes(one.tradeDate) && clock(one) === clock(bar))
      .map((one) => one.highTicks - one.lowTicks)
      .sort((a, b) => a - b);
    const value = bar.highTicks - bar.lowTicks;
    const below = past.filter((one) => one < value).length + past.filter((one) => one === value).length / 2;
    const n = past.length;
    const median = (past[Math.floor((n - 1) / 2)] + past[Math.ceil((n - 1) / 2)]) / 2;
    return { n, rank: below / n, mean: past.reduce((sum, one) => sum + one, 0) / n, median };
  });
}

test("the worked example: 3 against 1, 2, 3, 4 at the same clock time", () => {
  const day = barsPerDay(5);
  const shapes = [1, 2, 3, 4, 3].flatMap((range) => Array(day).fill({ ...FLAT, high: 99 + range }));
  const readings = runRanges(barsOf(shapes));
  assert.deepEqual(readings[4 * day + 7], { n: 4, rank: 0.625, mean: 2.5, median: 2.5 });
});

for (const seed of testSeeds("clock-baseline")) {
  test(`equals the slow search over 26 sessions of an hour's bars, holidays between, seed ${seed}`, () => {
    // From Monday 2026-11-09: Thanksgiving's halt and early close lie between; some bars have no trade.
    const shapes = walkShapes(createRandom(seed), 26 * barsPerDay(30));
    const bars = barsOf(shapes, { from: "2026-11-09", minutes: 30 }).filter((_, at) => at % 17 !== 5);
    assert.deepEqual(runRanges(bars, 30 * MS_PER_MINUTE), searchedRanges(bars));
  });
}

test("holiday and early-close dates are no part of it: Thanksgiving 2026", () => {
  const day = barsPerDay(5);
  // Mon, Tue, Wed are full; Friday's trade date holds Thanksgiving; the Monday behind looks back on three.
  const bars = barsOf(Array(4 * day + 500).fill(FLAT), { from: "2026-11-23" });
  const readings = runRanges(bars);
  const monday = bars.findIndex((bar) => bar.tradeDate > bars[3 * day].tradeDate);
  assert.equal(bars[3 * day].isFullSession, false);
  assert.equal(readings[3 * day].n, 3);
  assert.equal(readings[monday].n, 3);
});

test("nothing published depends on later bars; a look at the next bar is found", () => {
  const bars = gappedWalk(7, 6 * barsPerDay(5));
  assertNoLookAhead((cut) => runRanges(cut), bars);
  const peeking = (inputs: readonly AnalysisBar[]): Reading[] => {
    const own = runRanges(inputs);
    return inputs.map((_, at) => own[Math.min(at + 1, own.length - 1)]);
  };
  assert.throws(() => assertNoLookAhead(peeking, bars), /cut behind input/);
});

test("a restored baseline goes on as if nothing had been, and is small", () => {
  const bars = gappedWalk(3, 5 * barsPerDay(5));
  assertRestores(rangesBy(SLOT), bars);
  assert.ok(snapshotBytes(createClockBaseline(SLOT)) < 26_000);
});
