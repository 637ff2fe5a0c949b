/** Do prices leave in points and distances in ticks, whatever the shape they stand in? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inPoints } from "#lib/wire/in-points.ts";

const ES_TICK = 0.25;

test("a price loses the ending and becomes points, a distance keeps both", () => {
  assert.deepEqual(inPoints({ pocTicks: 17_000, distanceTicks: 3, volume: 5 }, ES_TICK), {
    poc: 4250,
    distanceTicks: 3,
    volume: 5,
  });
});

test("the stop of a bracket is a price, how far it lies is not", () => {
  const bracket = { entryLowTicks: 24_001, stopTicks: 23_970, stopDistanceTicks: 31, rewardRisk1: 1.2 };
  const expected = { entryLow: 6000.25, stop: 5992.5, stopDistanceTicks: 31, rewardRisk1: 1.2 };
  assert.deepEqual(inPoints(bracket, ES_TICK), expected);
});

test("lists and records of prices are points throughout", () => {
  const tree = { resistancesTicks: [24_000, 24_004], centroidsTicks: { low: 8, high: 20 }, counts: { low: 3 } };
  assert.deepEqual(inPoints(tree, ES_TICK), {
    resistances: [6000, 6001],
    centroids: { low: 2, high: 5 },
    counts: { low: 3 },
  });
});

test("what is no number is null, and words stay", () => {
  const tree = { atrTicks: Number.NaN, source: "aggressor", deltas: Float64Array.of(1, Number.NaN), none: null };
  assert.deepEqual(inPoints(tree, ES_TICK), { atr: null, source: "aggressor", deltas: [1, null], none: null });
});
