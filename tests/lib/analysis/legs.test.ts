/** Are legs counted once each, from crossing to crossing, with medians and their numbers? */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addToLegs,
  createLegs,
  currentLegOf,
  type LegsState,
  legStatisticsOf,
  strengthOf,
} from "#lib/analysis/legs.ts";

/** Runs each leg of these sizes (up positive, down negative) in two bars, the second of which comes half way back. */
function legsOf(sizes: readonly number[]): LegsState {
  const legs = createLegs();
  let path = 0;
  for (const size of sizes) {
    addToLegs(legs, { beforeAtr: path, afterAtr: path + size, side: Math.sign(size) });
    addToLegs(legs, { beforeAtr: path + size, afterAtr: path + size / 2, side: Math.sign(size) });
    path += size / 2;
  }
  return legs;
}

const alternating = (ups: readonly number[], downs: readonly number[]): number[] =>
  ups.flatMap((up, at) => [up, -downs[at]]);

test("the worked example, repeated until there are enough: medians 2 and 1, ratio 2, bullish", () => {
  const cycle = alternating([1, 2, 6], [1, 1, 2]);
  // The first leg is not counted, so it is one of its own.
  const statistics = legStatisticsOf(legsOf([-9, ...cycle, ...cycle, ...cycle, 3]));
  assert.ok(statistics.status === "ready");
  assert.deepEqual(statistics.up, { medianAtr: 2, maxAtr: 6, n: 9 });
  assert.deepEqual(statistics.down, { medianAtr: 1, maxAtr: 2, n: 9 });
  assert.deepEqual([statistics.ratio, statistics.dominance, statistics.bias], [2, 1 / 3, "bullish"]);
  assert.deepEqual([statistics.currentRatio, statistics.strength], [1.5, "moderate"]);
  assert.equal(statistics.currentPercentile, 6 / 9);
});

test("the leg that runs is no completed one, and the first is never counted", () => {
  const statistics = legStatisticsOf(legsOf([5, -1, 2, -3]));
  assert.deepEqual(statistics, { status: "not-enough-legs", up: 1, down: 1, need: 8 });
  assert.deepEqual(currentLegOf(legsOf([5, -1, 2, -3])), { direction: "down", sizeAtr: 3, bars: 2 });
  assert.equal(currentLegOf(createLegs()).direction, "none");
});

test("eight legs of each direction are enough, seven are not", () => {
  const legs = alternating(Array(8).fill(1), Array(8).fill(1));
  assert.equal(legStatisticsOf(legsOf([-1, ...legs])).status, "not-enough-legs");
  assert.equal(legStatisticsOf(legsOf([-1, ...legs, 1])).status, "ready");
});

test("the bias is what dominance says, and neutral near 0", () => {
  const biasOf = (up: number, down: number): string => {
    const statistics = legStatisticsOf(legsOf([-1, ...alternating(Array(9).fill(up), Array(9).fill(down)), 1]));
    return statistics.status === "ready" ? statistics.bias : statistics.status;
  };
  assert.deepEqual(
    [biasOf(2, 1), biasOf(1, 2), biasOf(1.04, 1), biasOf(1, 1)],
    ["bullish", "bearish", "neutral", "neutral"],
  );
});

test("a close on the average changes no leg", () => {
  const legs = legsOf([-1, 2]);
  addToLegs(legs, { beforeAtr: 1, afterAtr: 4, side: 0 });
  assert.deepEqual(currentLegOf(legs), { direction: "up", sizeAtr: 4.5, bars: 3 });
});

test("only the last hundred legs of a direction count", () => {
  const old = alternating(Array(120).fill(50), Array(120).fill(50));
  const statistics = legStatisticsOf(legsOf([...old, ...alternating(Array(100).fill(1), Array(100).fill(2)), 1, -1]));
  assert.ok(statistics.status === "ready");
  assert.deepEqual([statistics.up.maxAtr, statistics.down.maxAtr, statistics.up.n], [1, 2, 100]);
});

test("each strength is reached", () => {
  assert.deepEqual([0.5, 1, 1.5, 2, 2.1].map(strengthOf), ["very weak", "weak", "moderate", "strong", "very strong"]);
});
