/** Is volatility measured against itself, its clock time and the day, with factors that agree? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { stopAndSizeOf } from "#lib/analysis/stop-and-size.ts";
import {
  addVolatilityBar,
  createVolatility,
  type Volatility,
  type VolatilityState,
  volatilityLevelOf,
  volatilityOf,
} from "#lib/analysis/volatility.ts";
import { createRandom } from "#lib/prng.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { barsOf, barsPerDay, gappedWalk, walkShapes } from "#tests/support/shaped-bars.ts";

const volatility: Driven<VolatilityState, AnalysisBar, Volatility> = {
  create: () => createVolatility({ intervalMs: 5 * MS_PER_MINUTE }),
  add: addVolatilityBar,
  read: volatilityOf,
};

const DAY = barsPerDay(5);

/** One trade date of bars that each range so many ticks about 1000. */
const dateOfRange = (ticks: number) =>
  Array.from({ length: DAY }, () => ({ open: 1000, high: 1000 + ticks, low: 1000, close: 1000 }));

function last(bars: readonly AnalysisBar[]): Volatility {
  const readings = published(volatility, bars);
  return readings[readings.length - 1];
}

test("the worked examples of stop and size, and of the levels", () => {
  assert.deepEqual(stopAndSizeOf(30, 20), { stopFactor: 1.5, sizeFactor: 1 / 1.5 });
  assert.deepEqual(stopAndSizeOf(30, 0), { stopFactor: 1, sizeFactor: 1 });
  assert.deepEqual([0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9].map(volatilityLevelOf), [
    "very-low",
    "low",
    "low",
    "normal",
    "normal",
    "high",
    "very-high",
  ]);
});

test("I-5 wider stops go with smaller size: the risk stays the same, in any volatility", (t) => {
  const ticks = fc.double({ min: 0.01, max: 1000, noNaN: true });
  const constantRisk = fc.property(ticks, ticks, ticks, (one, other, usual) => {
    const [calm, wild] = [Math.min(one, other), Math.max(one, other)].map((atr) => stopAndSizeOf(atr, usual));
    assert.ok(calm.stopFactor <= wild.stopFactor && calm.sizeFactor >= wild.sizeFactor);
    assert.ok(Math.abs(wild.stopFactor * wild.sizeFactor - 1) < 1e-12);
  });
  checkTwice(constantRisk, { print: (line) => t.diagnostic(line) });
});

test("I-5 the words on the card say the same as the factors", () => {
  const wild = last(
    barsOf([...Array.from({ length: 6 }, () => dateOfRange(10)).flat(), ...dateOfRange(15).slice(0, 200)]),
  );
  assert.ok(wild.status === "ready" && wild.sameClock.status === "ready");
  assert.ok(Math.abs(wild.sameClock.stopFactor - 1.5) < 1e-4);
  assert.match(wild.reasons.join("; "), /very high: above 100 % of 6 sessions.*same risk: stop × 1\.50, size × 0\.67/);
});

test("I-30 reading twice, or after a restore, multiplies nothing", () => {
  const state = volatility.create();
  for (const bar of gappedWalk(4, 8 * DAY)) volatility.add(state, bar);
  const once = volatilityOf(state);
  assert.deepEqual(volatilityOf(state), once);
  assert.deepEqual(volatilityOf(deserialize(serialize(state))), once);
  assert.ok(once.status === "ready" && once.sameClock.status === "ready");
  const { stopFactor, sizeFactor, usualTicks } = once.sameClock;
  assert.deepEqual({ stopFactor, sizeFactor }, stopAndSizeOf(once.sessionAtrTicks, usualTicks));
});

test("I-2 both ATRs are Wilder's: the slow recursion gives them", () => {
  const bars = gappedWalk(9, 3 * DAY);
  const wilder = (ranges: number[]): number =>
    ranges.slice(14).reduce((atr, range) => (atr * 13 + range) / 14, ranges.slice(0, 14).reduce((a, b) => a + b) / 14);
  const ranges = (hasGaps: boolean): number[] =>
    bars.map((bar, at) => {
      const prior = at === 0 || (!hasGaps && bar.isAfterBreak) ? bar.openTicks : bars[at - 1].closeTicks;
      return Math.max(bar.highTicks, prior) - Math.min(bar.lowTicks, prior);
    });
  const reading = last(bars);
  assert.ok(reading.status === "ready");
  assert.ok(Math.abs(reading.atrTicks - wilder(ranges(true))) < 1e-9);
  assert.ok(Math.abs(reading.sessionAtrTicks - wilder(ranges(false))) < 1e-9);
  assert.ok(reading.atrTicks > reading.sessionAtrTicks);
});

test("I-1 a forming bar changes nothing that was published", () => {
  const bars = gappedWalk(2, 6 * DAY);
  const state = volatility.create();
  for (const bar of bars.slice(0, -1)) volatility.add(state, bar);
  const closed = volatilityOf(state);
  const taken = JSON.stringify(closed);
  const provisional = deserialize(serialize(state)) as VolatilityState;
  volatility.add(provisional, { ...bars[bars.length - 1], highTicks: 90_000 });
  assert.notDeepEqual(volatilityOf(provisional), closed);
  assert.deepEqual(volatilityOf(state), closed);
  assert.equal(JSON.stringify(closed), taken);
});

test("I-31 each closed bar is a new value, of that bar", () => {
  const bars = gappedWalk(2, 3 * DAY);
  assert.deepEqual(
    published(volatility, bars).map((reading) => reading.atMs),
    bars.map((bar) => bar.endMs),
  );
});

test("the percentile is against the same clock time: a wild open is normal at the open", () => {
  // Each date: quiet bars of 10 ticks, and an hour of 60 from bar 186 (08:30 CT) on.
  const date = dateOfRange(10).map((bar, at) => (at >= 186 && at < 198 ? { ...bar, high: 1060 } : bar));
  const jittered = Array.from({ length: 9 }, (_, day) => date.map((bar) => ({ ...bar, high: bar.high + (day % 3) })));
  const readings = published(volatility, barsOf(jittered.flat()));
  const atOpen = readings[8 * DAY + 190];
  const atNight = readings[8 * DAY + 60];
  assert.ok(atOpen.status === "ready" && atOpen.sameClock.status === "ready");
  assert.ok(atNight.status === "ready" && atNight.sameClock.status === "ready");
  assert.ok(atOpen.sessionAtrTicks > 2 * atNight.sessionAtrTicks);
  assert.ok(atOpen.sameClock.percentile > 0.5 && atOpen.sameClock.percentile < 1, "between the others of its minute");
  assert.equal(atOpen.sameClock.n, 8);
  assert.ok(atOpen.clusters.status === "ready");
  assert.equal(atOpen.clusters.cluster, "high");
});

test("gaps of session breaks move neither percentile nor clusters", () => {
  const still = last(barsOf(walkShapes(createRandom(5), 7 * DAY + 20)));
  const gapped = last(gappedWalk(5, 7 * DAY + 20));
  assert.ok(still.status === "ready" && gapped.status === "ready");
  assert.deepEqual([gapped.sameClock, gapped.clusters], [still.sameClock, still.clusters]);
  assert.ok(gapped.atrTicks > still.atrTicks);
});

test("three clusters of the last 250 bars, and one in a market that never changes", () => {
  const calm = last(barsOf(dateOfRange(10)));
  assert.ok(calm.status === "ready" && calm.clusters.status === "ready");
  assert.deepEqual([calm.clusters.cluster, calm.clusters.counts.medium, calm.clusters.n], ["medium", 250, 250]);
  const steps = [...dateOfRange(10).slice(0, 120), ...dateOfRange(20).slice(0, 100), ...dateOfRange(40).slice(0, 80)];
  const wild = last(barsOf(steps));
  assert.ok(wild.status === "ready" && wild.clusters.status === "ready");
  const { low, medium, high } = wild.clusters.centroidsTicks;
  assert.equal(wild.clusters.cluster, "high");
  for (const [centroid, planted] of [
    [low, 10],
    [medium, 20],
    [high, 40],
  ]) {
    assert.ok(Math.abs(centroid - planted) < 0.15 * planted, `${centroid} for ${planted}`);
  }
});

test("each part says how much is still missing", () => {
  const first = last(gappedWalk(1, 5));
  assert.deepEqual([first.status, first.reasons], ["warming", ["5 of 14 bars seen"]]);
  const some = last(gappedWalk(1, 30));
  assert.ok(some.status === "ready");
  assert.deepEqual(some.sameClock, { status: "warming", have: 0, need: 5 });
  assert.deepEqual(some.clusters, { status: "warming", have: 17, need: 50 });
  assert.deepEqual(some.day, { status: "warming", have: 0, need: 14 });
});

test("nothing published depends on later bars; a look at the next bar is found", () => {
  const bars = gappedWalk(8, 7 * DAY);
  assertNoLookAhead((inputs) => published(volatility, inputs), bars);
  const peeking = (inputs: readonly AnalysisBar[]): Volatility[] => {
    const state = volatility.create();
    return inputs.map((bar, at) => {
      const next = inputs[Math.min(at + 1, inputs.length - 1)];
      volatility.add(state, { ...bar, highTicks: Math.max(bar.highTicks, next.highTicks) });
      return volatility.read(state);
    });
  };
  assert.throws(() => assertNoLookAhead(peeking, bars), /cut behind input/);
});

test("a restored state goes on as if nothing had been, and is below 30 kB", () => {
  assertRestores(volatility, gappedWalk(6, 6 * DAY));
  assert.ok(snapshotBytes(volatility.create()) < 30_000);
});
