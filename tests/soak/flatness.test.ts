/** Does the soak tell memory that grows from memory that only breathes? */
import assert from "node:assert/strict";
import test from "node:test";
import { flatnessOf } from "./flatness.ts";

const MB = 1_000_000;
/** A heap that fills by 40 MB and is collected every seventh sample. */
const sawtooth = (base: (at: number) => number) => Array.from({ length: 200 }, (_, at) => base(at) + (at % 7) * 6 * MB);

test("a heap that is filled and collected is flat, whatever its first quarter did", () => {
  const warmed = flatnessOf(sawtooth((at) => (at < 50 ? at * MB : 60 * MB)));
  assert.ok(warmed.isFlat);
  assert.ok(Math.abs(warmed.growth) < 0.01, `growth ${warmed.growth}`);
  assert.equal(warmed.peakBytes, 96 * MB);
});

test("the same heap with a slow leak is not flat, and its growth is told", () => {
  // Behind the warm-up it goes from 60 to 90 MB: the line spans 14 of 15 windows.
  const leaking = flatnessOf(sawtooth((at) => 60 * MB + (Math.max(0, at - 50) / 150) * 30 * MB));
  assert.equal(leaking.isFlat, false);
  assert.ok(leaking.growth > 0.4 && leaking.growth < 0.52, `growth ${leaking.growth}`);
});

test("too few samples are refused", () => {
  assert.throws(() => flatnessOf([1, 2, 3]), /too few/);
});
