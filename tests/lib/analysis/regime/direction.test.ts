/** Does a direction need its confidence and its three bars, and does it count the bars it has held? */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barsUntilConfirmed,
  confirmDirection,
  createDirection,
  mostProbable,
  type Probabilities,
} from "#lib/analysis/regime/direction.ts";

const UP: Probabilities = { up: 0.8, down: 0.05, range: 0.15 };
const RANGE: Probabilities = { up: 0.2, down: 0.1, range: 0.7 };
const UNSURE: Probabilities = { up: 0.4, down: 0.2, range: 0.4 };

test("the most probable, and unknown below one half", () => {
  assert.deepEqual([mostProbable(UP), mostProbable(RANGE), mostProbable(UNSURE)], ["up", "range", "unknown"]);
  assert.equal(mostProbable({ up: 0.2, down: 0.5, range: 0.3 }), "down");
  assert.equal(mostProbable({ up: 0.499, down: 0.002, range: 0.499 }), "unknown");
});

test("three bars in a row confirm, two and one do not", () => {
  const state = createDirection();
  const seen = [RANGE, RANGE, RANGE, UP, UP, RANGE, UP, UP, UP].map((probabilities, at) => {
    confirmDirection(state, probabilities, at * 1000);
    return [state.label, state.bars, barsUntilConfirmed(state)];
  });
  assert.deepEqual(seen, [
    ["unknown", 1, 2],
    ["unknown", 2, 1],
    ["range", 1, 0],
    ["range", 2, 2],
    ["range", 3, 1],
    ["range", 4, 0],
    ["range", 5, 2],
    ["range", 6, 1],
    ["up", 1, 0],
  ]);
  assert.equal(state.sinceMs, 8000);
});

test("a lasting lack of confidence is unknown, a short one is not", () => {
  const state = createDirection();
  for (const probabilities of [UP, UP, UP, UNSURE, UNSURE]) confirmDirection(state, probabilities, 0);
  assert.equal(state.label, "up");
  confirmDirection(state, UNSURE, 0);
  assert.equal(state.label, "unknown");
});
