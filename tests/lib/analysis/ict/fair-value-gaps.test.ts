/** Are fair value gaps found, filled and inverted as defined, and is an opening gap none? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addFairValueGapBar, type FairValueGap } from "#lib/analysis/ict/fair-value-gaps.ts";
import { addRecentBar, createRecentBars } from "#lib/analysis/ict/recent-bars.ts";
import { barsFrom, type PriceRow, placedBar, walkBars } from "#tests/support/placed-bars.ts";

const FIVE = 300_000;
/** Friday 2026-11-20 09:00 CT, in RTH. */
const START = Date.parse("2026-11-20T15:00:00Z");
const ATR = 20;

function gapsOf(bars: readonly AnalysisBar[], atrTicks = ATR): FairValueGap[] {
  const gaps: FairValueGap[] = [];
  const recent = createRecentBars();
  for (const bar of bars) {
    addRecentBar(recent, bar);
    addFairValueGapBar(gaps, recent, bar, atrTicks);
  }
  return gaps;
}

const planted = (...rows: PriceRow[]): FairValueGap[] => gapsOf(barsFrom("ES", START, FIVE, rows));

/** High of bar 1 is 100, low of bar 3 is 108: a bullish gap of 8 ticks, 0.4 ATR. */
const UP: PriceRow[] = [
  [98, 100, 95, 99],
  [99, 112, 98, 111],
  [111, 116, 108, 115],
];

test("finds a planted bullish gap, known at the end of bar 3", () => {
  const [gap, ...others] = planted(...UP);
  assert.equal(others.length, 0);
  assert.deepEqual(
    [gap.side, gap.bottomTicks, gap.topTicks, gap.sizeAtr, gap.state, gap.touched, gap.fill],
    ["bullish", 100, 108, 0.4, "open", false, 0],
  );
  assert.equal(gap.bornMs, START + 3 * FIVE);
});

test("finds the mirrored bearish gap", () => {
  const [gap] = planted(...UP.map(([o, h, l, c]): PriceRow => [-o, -l, -h, -c]));
  assert.deepEqual([gap.side, gap.bottomTicks, gap.topTicks], ["bearish", -108, -100]);
});

test("a gap of exactly 0.25 ATR counts, one of a tick less does not", () => {
  const until = (low: number): PriceRow[] => [UP[0], UP[1], [111, 116, low, 115]];
  assert.equal(planted(...until(105)).length, 1);
  assert.equal(planted(...until(104)).length, 0);
});

test("fill is the share traded back, from the bar after bar 3", () => {
  assert.equal(planted(...UP, [115, 116, 109, 110])[0].touched, false);
  const [gap] = planted(...UP, [115, 116, 106, 110]);
  assert.deepEqual([gap.fill, gap.touched, gap.state], [0.25, true, "open"]);
  const [filled] = planted(...UP, [115, 116, 106, 110], [110, 111, 100, 105]);
  assert.deepEqual([filled.fill, filled.state], [1, "filled"]);
});

test("a close beyond the far edge inverts it, a close back ends it", () => {
  const through: PriceRow[] = [...UP, [112, 112, 96, 97]];
  const [inverted] = planted(...through);
  assert.deepEqual(
    [inverted.state, inverted.side, inverted.touched, inverted.invertedMs],
    ["inverted", "bearish", false, START + 4 * FIVE],
  );
  const [retested] = planted(...through, [97, 103, 95, 98]);
  assert.deepEqual([retested.state, retested.touched], ["inverted", true]);
  assert.equal(planted(...through, [97, 110, 95, 109])[0].state, "dead");
  // A near miss: the wick goes through, the close stays at the edge.
  assert.equal(planted(...UP, [112, 112, 96, 100])[0].state, "filled");
});

test("I-14 what opens over the break, a halt or a weekend is no fair value gap", () => {
  // Friday 15:45, 15:50, 15:55 CT; Sunday 17:00 CT opens 40 ticks higher.
  const friday = Date.parse("2026-11-20T21:45:00Z");
  const sunday = Date.parse("2026-11-22T23:00:00Z");
  const before = barsFrom("ES", friday, FIVE, [
    [98, 100, 95, 99],
    [99, 101, 97, 100],
    [99, 101, 97, 100],
  ]);
  const weekend = [
    ...before,
    placedBar("ES", sunday, FIVE, [140, 144, 138, 143], friday + 2 * FIVE),
    ...barsFrom("ES", sunday + FIVE, FIVE, [[143, 146, 141, 145]]),
  ];
  assert.equal(weekend[3].isAfterBreak, true);
  assert.deepEqual(gapsOf(weekend), []);
  // The same prices without a stop of trading are one (bar 3 = the jump) and a second (bar 3 = the bar after it).
  const within = barsFrom("ES", START, FIVE, [
    ...before.map((bar): PriceRow => [bar.openTicks, bar.highTicks, bar.lowTicks, bar.closeTicks]),
    [140, 144, 138, 143],
    [143, 146, 141, 145],
  ]);
  assert.equal(gapsOf(within).length, 2);
});

test("no gap of any walk spans a stop of trading, and each is at least 0.25 ATR high", () => {
  const bars = walkBars(7, { from: "2026-11-16", dates: 5, intervalMs: FIVE });
  const gaps: FairValueGap[] = [];
  const recent = createRecentBars();
  let found = 0;
  for (const [index, bar] of bars.entries()) {
    addRecentBar(recent, bar);
    addFairValueGapBar(gaps, recent, bar, ATR);
    const newest = gaps.at(-1);
    if (newest?.bornMs !== bar.endMs) continue;
    found += 1;
    assert.ok(newest.topTicks - newest.bottomTicks >= 0.25 * ATR);
    assert.ok(!bar.isAfterBreak && !bars[index - 1].isAfterBreak);
    assert.ok(newest.side === "bullish" ? bars[index - 2].highTicks === newest.bottomTicks : true);
  }
  assert.ok(found > 5, `only ${found} gaps`);
});
