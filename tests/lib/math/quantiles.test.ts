/** Are quantiles, medians and ranks those of the textbook? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { medianOf, quantileOf, rankOf } from "#lib/math/quantiles.ts";
import { checkTwice } from "../../support/property-runs.ts";

test("a quantile is type 7's: the worked numbers, the ends, one value, none", () => {
  assert.equal(quantileOf([1, 2, 3, 10], 0.25), 1.75);
  assert.equal(quantileOf([1, 2, 3, 10], 0), 1);
  assert.equal(quantileOf([1, 2, 3, 10], 1), 10);
  assert.equal(quantileOf([7], 0.9), 7);
  assert.ok(Number.isNaN(quantileOf([], 0.5)));
  // NumPy: quantile([2, 4, 4, 5, 9, 12, 30], [.1, .33, .9]) gives 3.2, 4, 19.2.
  const example = [2, 4, 4, 5, 9, 12, 30];
  assert.deepEqual(
    [0.1, 0.33, 0.9].map((p) => quantileOf(example, p).toFixed(2)),
    ["3.20", "4.00", "19.20"],
  );
});

test("a median does not disturb its values", () => {
  const values = Float64Array.of(9, 1, 4, 2);
  assert.equal(medianOf(values), 3);
  assert.deepEqual([...values], [9, 1, 4, 2]);
});

test("a rank counts what is below, and half of what is equal", () => {
  assert.equal(rankOf([1, 2, 3, 4], 3), 0.625);
  assert.equal(rankOf([5, 5, 5], 5), 0.5);
  assert.equal(rankOf([1, 2], 0), 0);
  assert.equal(rankOf([1, 2], 3), 1);
  assert.ok(Number.isNaN(rankOf([], 3)));
});

test("ranks of x above and below mirror each other", (t) => {
  const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 30 });
  const mirrored = fc.property(numbers, fc.integer({ min: -9, max: 9 }), (values, x) => {
    const flipped = values.map((value) => -value);
    assert.ok(Math.abs(rankOf(values, x) + rankOf(flipped, -x) - 1) < 1e-12);
  });
  checkTwice(mirrored, { print: (line) => t.diagnostic(line) });
});
