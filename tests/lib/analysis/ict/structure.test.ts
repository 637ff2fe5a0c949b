/** Are breaks of structure told from wicks, and the dealing range from the leg that broke? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dealingRangeOf } from "#lib/analysis/ict/dealing-range.ts";
import { addIctBar, createIct } from "#lib/analysis/ict/ict.ts";
import { barsFrom, type PriceRow } from "#tests/support/placed-bars.ts";

const FIVE = 300_000;
const START = Date.parse("2026-11-20T15:00:00Z");

/** The structure after bars that go in straight lines through these turning points, three bars a leg. */
function structureOf(rows: readonly PriceRow[]) {
  const state = createIct({ root: "ES", barsEachSide: 1 });
  for (const bar of barsFrom("ES", START, FIVE, rows)) addIctBar(state, bar);
  return state.structure;
}

const mirrored = (rows: readonly PriceRow[]): PriceRow[] => rows.map(([o, h, l, c]): PriceRow => [-o, -l, -h, -c]);

/** A swing high of 120 (third bar), a swing low of 104 (fifth), then the bar in question. */
const BEFORE: PriceRow[] = [
  [100, 104, 99, 103],
  [103, 112, 102, 111],
  [111, 120, 110, 116],
  [116, 117, 108, 109],
  [109, 110, 104, 106],
  [106, 113, 105, 112],
];

test("a close beyond the swing high is a BOS; the range runs from the low of the leg", () => {
  const { breaks, trend, leg } = structureOf([...BEFORE, [112, 123, 111, 121]]);
  assert.equal(breaks.length, 1);
  const [made] = breaks;
  assert.deepEqual([made.kind, made.side, made.levelTicks, made.state], ["BOS", "bullish", 120, "live"]);
  assert.equal(made.bornMs, START + 7 * FIVE);
  assert.equal(made.swingMs, START + 2 * FIVE);
  assert.equal(trend, "bullish");
  assert.deepEqual([leg?.lowTicks, leg?.highTicks], [104, 123]);
});

test("a wick beyond the swing, or a close on it, breaks nothing", () => {
  assert.deepEqual(structureOf([...BEFORE, [112, 130, 111, 120]]).breaks, []);
});

test("the mirrored bars give the mirrored break", () => {
  const { breaks, leg } = structureOf(mirrored([...BEFORE, [112, 123, 111, 121]]));
  assert.deepEqual([breaks[0].kind, breaks[0].side, breaks[0].levelTicks], ["BOS", "bearish", -120]);
  assert.deepEqual([leg?.lowTicks, leg?.highTicks], [-123, -104]);
});

/** Behind the BOS: a swing high of 130, a swing low of 118. */
const AFTER_BOS: PriceRow[] = [
  ...BEFORE,
  [112, 123, 111, 121],
  [121, 130, 120, 126],
  [126, 127, 118, 122],
  [122, 126, 119, 124],
];

test("a close against the structure is a CHoCH, a further one with it a BOS", () => {
  const { breaks, trend } = structureOf([...AFTER_BOS, [124, 125, 113, 114]]);
  assert.deepEqual(
    breaks.map(({ kind, side, levelTicks }) => [kind, side, levelTicks]),
    [
      ["BOS", "bullish", 120],
      ["CHoCH", "bearish", 118],
    ],
  );
  assert.equal(trend, "bearish");
  assert.deepEqual(
    structureOf([...AFTER_BOS, [124, 134, 123, 133]]).breaks.map(({ kind, levelTicks }) => [kind, levelTicks]),
    [
      ["BOS", 120],
      ["BOS", 130],
    ],
  );
});

test("a close at the swing low is no CHoCH", () => {
  assert.equal(structureOf([...AFTER_BOS, [124, 125, 110, 118]]).trend, "bullish");
});

test("a break is touched by a return to its level and fails by a close back", () => {
  const [back] = structureOf([...BEFORE, [112, 123, 111, 121], [121, 122, 120, 121]]).breaks;
  assert.deepEqual([back.touched, back.state], [true, "live"]);
  const [away] = structureOf([...BEFORE, [112, 124, 111, 123], [123, 126, 121, 125]]).breaks;
  assert.equal(away.touched, false);
  assert.equal(structureOf([...BEFORE, [112, 123, 111, 121], [121, 122, 118, 119]]).breaks[0].state, "failed");
});

test("premium, discount and OTE of a leg 100 to 200", () => {
  const leg = { side: "bullish", lowTicks: 100, highTicks: 200, sinceMs: 0 } as const;
  const range = dealingRangeOf(leg, 130);
  assert.deepEqual(
    [range?.equilibriumTicks, range?.position, range?.zone, range?.ote],
    [150, 0.3, "discount", { topTicks: 138, bottomTicks: 121, isInside: true }],
  );
  assert.equal(dealingRangeOf(leg, 139)?.ote.isInside, false);
  assert.equal(dealingRangeOf(leg, 150)?.zone, "equilibrium");
  const down = dealingRangeOf({ ...leg, side: "bearish" }, 170);
  assert.deepEqual([down?.zone, down?.ote], ["premium", { topTicks: 179, bottomTicks: 162, isInside: true }]);
  assert.equal(dealingRangeOf({ ...leg, highTicks: 100 }, 100), null);
  assert.equal(dealingRangeOf(null, 100), null);
});
