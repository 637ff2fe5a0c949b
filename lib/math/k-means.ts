/** Into which k groups do numbers on a line fall? Lloyd's k-means in one dimension, without chance. */
import { assert } from "#lib/assert.ts";
import { quantileOf } from "#lib/math/quantiles.ts";

/** Ascending centroids and how many values are nearest to each. */
export type Clusters = { centroids: number[]; counts: number[] };

/** Rounds of Lloyd's method; on a line it settles within a few, and a stop here is a grouping almost as good. */
const ROUNDS_MAX = 32;

/**
 * k-means (Lloyd, 1982) of values in any order. It begins at the quantiles (i + ½) ÷ k and ends when no value changes
 * its group, so equal values give equal groups; a value midway belongs to the upper one; a group that runs empty keeps
 * its centroid. 1, 2, 3, 10, 11, 30 in three → centroids 2, 10.5, 30 with 3, 2, 1.
 */
export function kMeansOf(values: Float64Array, k: number): Clusters {
  assert(values.length > 0 && k > 0, `k-means: was k = ${k} of ${values.length} values, expected some`);
  const sorted = values.slice().sort();
  const sums = sumsOf(sorted);
  const centroids = Array.from({ length: k }, (_, group) => quantileOf(sorted, (group + 0.5) / k));
  let edges = edgesOf(sorted, centroids);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    for (let group = 0; group < k; group += 1) {
      const size = edges[group + 1] - edges[group];
      if (size > 0) centroids[group] = (sums[edges[group + 1]] - sums[edges[group]]) / size;
    }
    const next = edgesOf(sorted, centroids);
    if (next.every((edge, at) => edge === edges[at])) break;
    edges = next;
  }
  return { centroids, counts: centroids.map((_, group) => edges[group + 1] - edges[group]) };
}

/** The number of the group whose centroid is nearest; midway is the upper one's. 6 of 2, 10 → 1. */
export function nearestOf(centroids: readonly number[], value: number): number {
  let group = 0;
  while (group < centroids.length - 1 && value >= (centroids[group] + centroids[group + 1]) / 2) group += 1;
  return group;
}

/** sums[i]: of the first i values. */
function sumsOf(sorted: Float64Array): Float64Array {
  const sums = new Float64Array(sorted.length + 1);
  for (let at = 0; at < sorted.length; at += 1) sums[at + 1] = sums[at] + sorted[at];
  return sums;
}

/** Where each group begins in the sorted values; one more for the end. */
function edgesOf(sorted: Float64Array, centroids: readonly number[]): number[] {
  const edges = [0];
  for (let group = 1; group < centroids.length; group += 1) {
    edges.push(firstAtOrAbove(sorted, (centroids[group - 1] + centroids[group]) / 2));
  }
  return [...edges, sorted.length];
}

function firstAtOrAbove(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
