/** Does the session's path leave out the gaps of breaks, and only those? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addSessionPathBar, createSessionPath, moveInAtr, type SessionPath } from "#lib/analysis/session-path.ts";
import { createRandom } from "#lib/prng.ts";
import { barsOf, barsPerDay, gappedWalk, walkShapes } from "#tests/support/shaped-bars.ts";

function pathOf(bars: readonly AnalysisBar[]): SessionPath {
  const path = createSessionPath();
  for (const bar of bars) addSessionPathBar(path, bar);
  return path;
}

test("the worked example: behind a break a bar moves from its own open", () => {
  const [before, behind] = barsOf([
    { open: 100, high: 101, low: 99, close: 100 },
    { open: 110, high: 112, low: 110, close: 111 },
  ]);
  const open = pathOf([before, behind]);
  assert.deepEqual([open.moveTicks, open.gapTicks, open.atr.average], [11, 0, (2 + 12) / 2]);
  const broken = pathOf([before, { ...behind, isAfterBreak: true }]);
  assert.deepEqual([broken.moveTicks, broken.gapTicks, broken.atr.average], [1, 10, 2]);
});

test("a session break is no move: gaps of 40 ticks change neither the ATR nor the path", () => {
  const count = 3 * barsPerDay(5) + 50;
  const still = pathOf(barsOf(walkShapes(createRandom(11), count)));
  const gapped = pathOf(gappedWalk(11, count));
  assert.equal(gapped.gapTicks, 3 * 40);
  assert.equal(gapped.closeTicks - gapped.gapTicks, still.closeTicks);
  assert.equal(gapped.atr.value, still.atr.value);
});

test("a move counts in ATRs, and is 0 in a market that stands still", () => {
  const flat = Array.from({ length: 20 }, () => ({ open: 100, high: 100, low: 100, close: 100 }));
  assert.equal(moveInAtr(pathOf(barsOf(flat))), 0);
  assert.ok(Number.isNaN(moveInAtr(pathOf(barsOf(flat.slice(0, 13))))));
  // The ATR of 20 flat bars and one of 14 ticks is 1: the move is 14 of it.
  const moved = pathOf(barsOf([...flat, { open: 100, high: 114, low: 100, close: 114 }]));
  assert.deepEqual([moved.atr.value, moveInAtr(moved)], [1, 14]);
});
