/** Does k-means on a line find the groups that are there, always the same ones? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kMeansOf, nearestOf } from "#lib/math/k-means.ts";
import { createRandom } from "#lib/prng.ts";
import { testSeeds } from "../../support/seeds.ts";

/** Σ of squared distances to the means of the best three groups: every pair of cuts is tried. */
function bestThreeGroups(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const costOf = (group: number[]): number => {
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    return group.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  };
  let best = Number.POSITIVE_INFINITY;
  for (let first = 1; first < sorted.length - 1; first += 1) {
    for (let second = first + 1; second < sorted.length; second += 1) {
      const groups = [sorted.slice(0, first), sorted.slice(first, second), sorted.slice(second)];
      best = Math.min(
        best,
        groups.reduce((sum, group) => sum + costOf(group), 0),
      );
    }
  }
  return best;
}

function costOf(values: readonly number[], centroids: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.min(...centroids.map((one) => (one - value) * (one - value))), 0);
}

test("the worked example falls into its three groups, in any order", () => {
  for (const values of [
    [1, 2, 3, 10, 11, 30],
    [30, 3, 11, 1, 10, 2],
  ]) {
    assert.deepEqual(kMeansOf(Float64Array.from(values), 3), { centroids: [2, 10.5, 30], counts: [3, 2, 1] });
  }
});

test("equal values are one group; the others are empty and keep their place", () => {
  assert.deepEqual(kMeansOf(Float64Array.of(4, 4, 4, 4), 3), { centroids: [4, 4, 4], counts: [0, 0, 4] });
});

test("the nearest centroid, and midway the upper one", () => {
  assert.deepEqual(
    [1, 5.9, 6, 99].map((value) => nearestOf([2, 10], value)),
    [0, 0, 1, 1],
  );
});

for (const seed of testSeeds("k-means")) {
  test(`three planted groups are found as well as by trying every cut, seed ${seed}`, () => {
    const random = createRandom(seed);
    for (let run = 0; run < 20; run += 1) {
      // Apart by more than they are wide: where groups touch, Lloyd's method may stop at a grouping near the best.
      const values = Array.from({ length: 45 }, (_, at) => [5, 11, 18][at % 3] + 2 * (random() + random() - 1));
      const { centroids, counts } = kMeansOf(Float64Array.from(values), 3);
      assert.ok(costOf(values, centroids) <= (1 + 1e-9) * bestThreeGroups(values), `run ${run}`);
      assert.equal(counts[0] + counts[1] + counts[2], 45);
      assert.ok(centroids[0] < centroids[1] && centroids[1] < centroids[2]);
    }
  });
}
