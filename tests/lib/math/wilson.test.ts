/** Does Wilson's interval give Newcombe's published figures? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "#lib/math/wilson.ts";

/** Newcombe (1998), Statistics in Medicine 17, table I, method 3. */
const PUBLISHED: readonly [number, number, number, number][] = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
];

test("the interval is the published one to four digits", () => {
  for (const [successes, n, low, high] of PUBLISHED) {
    const found = wilsonInterval(successes, n);
    assert.deepEqual(
      [Number(found.low.toFixed(4)), Number(found.high.toFixed(4))],
      [low, high],
      `${successes} of ${n}`,
    );
  }
});

test("it is mirrored for the other outcome and unknown without a trial", () => {
  const [few, many] = [wilsonInterval(3, 10), wilsonInterval(7, 10)];
  assert.ok(Math.abs(few.low - (1 - many.high)) < 1e-12);
  assert.deepEqual(wilsonInterval(0, 0), { low: Number.NaN, high: Number.NaN });
});
