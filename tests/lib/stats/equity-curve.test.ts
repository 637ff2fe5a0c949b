/** Are depth and length of drawdowns, and streaks, those that one finds by looking? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drawdownSummaryOf, drawdownsOf, equityCurveOf } from "#lib/stats/equity-curve.ts";
import { streaksOf } from "#lib/stats/streaks.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const NETS = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 });

test("worked: +50, −30, −40, +100 is 70 under water and back after three", () => {
  const curve = equityCurveOf([50, -30, -40, 100]);
  assert.deepEqual([...curve.equityUsd], [50, 20, -20, 80]);
  assert.deepEqual([...curve.underwaterUsd], [0, -30, -70, 0]);
  assert.deepEqual(drawdownsOf(curve), [{ depthUsd: 70, fromPoint: 1, lowestPoint: 2, regainedPoint: 3, length: 3 }]);
});

test("the start is a peak, and a drawdown that goes on has no end", () => {
  const { deepest, longest, current, count } = drawdownSummaryOf(drawdownsOf(equityCurveOf([-10, 10, 5, -8, 2, 1])));
  assert.equal(count, 2);
  assert.deepEqual(deepest, { depthUsd: 10, fromPoint: 0, lowestPoint: 0, regainedPoint: 1, length: 2 });
  assert.deepEqual(longest, { depthUsd: 8, fromPoint: 3, lowestPoint: 3, regainedPoint: null, length: 3 });
  assert.equal(current, longest);
});

test("the deepest is the largest fall from any earlier point, the length the longest time below the best", (t) => {
  const property = fc.property(NETS, (nets) => {
    const curve = equityCurveOf(nets);
    const levels = [0, ...curve.equityUsd];
    let [fall, longest] = [0, 0];
    for (let to = 1; to < levels.length; to += 1) {
      for (let from = 0; from < to; from += 1) fall = Math.max(fall, levels[from] - levels[to]);
    }
    // From each point on: how many points until its level is seen again.
    for (let from = 0; from < levels.length; from += 1) {
      let to = from + 1;
      while (to < levels.length && levels[to] < levels[from]) to += 1;
      const wasBelow = to > from + 1;
      if (wasBelow) longest = Math.max(longest, Math.min(to, levels.length - 1) - from);
    }
    const found = drawdownSummaryOf(drawdownsOf(curve));
    assert.deepEqual([found.deepest?.depthUsd ?? 0, found.longest?.length ?? 0], [fall, longest]);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("no binary dust adds up: ten times 0.1 and back is 0, and no drawdown is left", () => {
  const curve = equityCurveOf([-0.1, -0.2, 0.3, ...new Array<number>(10).fill(0.1)]);
  assert.equal(curve.equityUsd[2], 0);
  assert.equal(drawdownSummaryOf(drawdownsOf(curve)).current, null);
});

test("streaks: a break-even ends one and is none", (t) => {
  assert.deepEqual(streaksOf([1, 2, -1, -1, -3]), { longestWin: 2, longestLoss: 3, current: -3 });
  assert.deepEqual(streaksOf([1, 1, 0]), { longestWin: 2, longestLoss: 0, current: 0 });
  assert.deepEqual(streaksOf([]), { longestWin: 0, longestLoss: 0, current: 0 });
  const property = fc.property(NETS, (nets) => {
    const signs = nets.map((net) => (net > 0 ? "W" : net < 0 ? "L" : "-")).join("");
    const longest = (run: RegExp): number => Math.max(0, ...[...signs.matchAll(run)].map(([found]) => found.length));
    const [last = ""] = /(W+|L+)$/.exec(signs) ?? [];
    assert.deepEqual(streaksOf(nets), {
      longestWin: longest(/W+/g),
      longestLoss: longest(/L+/g),
      current: last.startsWith("L") ? -last.length : last.length,
    });
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});
