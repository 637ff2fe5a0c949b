/** Are sweeps told from breaks, do levels die, and are equal highs found? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addLiquidityBar, createLiquidity, type LiquidityState } from "#lib/analysis/ict/liquidity.ts";
import { addSwingBar, createSwings } from "#lib/analysis/swings.ts";
import { barsFrom, type PriceRow, placedBar } from "#tests/support/placed-bars.ts";

const FIVE = 300_000;
const DAY = 86_400_000;
const START = Date.parse("2026-11-20T15:00:00Z");
const ATR = 8;

function liquidityOf(rows: readonly PriceRow[], atrTicks = ATR, startMs = START): LiquidityState {
  const state = createLiquidity();
  const swings = createSwings({ barsEachSide: 1 });
  for (const bar of barsFrom("ES", startMs, FIVE, rows)) {
    addSwingBar(swings, bar);
    addLiquidityBar(state, bar, { high: swings.newHigh, low: swings.newLow }, atrTicks);
  }
  return state;
}

/** A swing high of 100, confirmed by the third bar. */
const HIGH: PriceRow[] = [
  [90, 95, 89, 94],
  [94, 100, 93, 98],
  [98, 99, 92, 93],
];

test("a wick beyond the swing that closes back half an ATR is a sweep of buy-side liquidity", () => {
  const { sweeps, highs, buySideMs } = liquidityOf([...HIGH, [93, 103, 92, 98]]);
  assert.equal(sweeps.length, 1);
  const [sweep] = sweeps;
  assert.deepEqual(
    [sweep.side, sweep.liquidity, sweep.levelTicks, sweep.extremeTicks, sweep.reversalAtr, sweep.state],
    ["bearish", "buySide", 100, 103, 5 / 8, "live"],
  );
  assert.equal(sweep.bornMs, START + 4 * FIVE);
  assert.equal(buySideMs, sweep.bornMs);
  assert.deepEqual(highs, []);
});

test("the mirrored bars are a sweep of sell-side liquidity", () => {
  const rows = [...HIGH, [93, 103, 92, 98] as const].map(([o, h, l, c]): PriceRow => [-o, -l, -h, -c]);
  const [sweep] = liquidityOf(rows).sweeps;
  assert.deepEqual([sweep.side, sweep.liquidity, sweep.levelTicks], ["bullish", "sellSide", -100]);
});

test("near misses: too small a reversal, a touch without passing, a close beyond", () => {
  // 103 − 99.0 = 4 ticks is exactly half an ATR and counts; 3 do not, nor within the next two bars.
  assert.equal(liquidityOf([...HIGH, [93, 103, 92, 99]]).sweeps.length, 1);
  const quiet: PriceRow = [100, 100, 99, 100];
  assert.deepEqual(liquidityOf([...HIGH, [93, 103, 92, 100], quiet, quiet, [100, 100, 90, 91]]).sweeps, []);
  assert.deepEqual(liquidityOf([...HIGH, [93, 100, 92, 93]]).sweeps, []);
  assert.deepEqual(liquidityOf([...HIGH, [93, 107, 92, 101]]).sweeps, []);
});

test("the turn may come with one of the next two bars", () => {
  const { sweeps } = liquidityOf([...HIGH, [93, 103, 92, 100], [100, 101, 96, 97]]);
  assert.equal(sweeps[0]?.bornMs, START + 5 * FIVE);
});

test("I-14 a level that a close has broken is not swept later", () => {
  const { sweeps } = liquidityOf([...HIGH, [93, 102, 92, 101], [101, 104, 92, 94]]);
  assert.deepEqual(sweeps, []);
});

test("I-14 a level dies of age, and a sweep is recent for two hours or until a close beyond", () => {
  const swept = [...HIGH, [93, 103, 92, 98] as PriceRow];
  const later = (count: number): PriceRow[] => Array.from({ length: count }, (): PriceRow => [98, 99, 96, 98]);
  assert.equal(liquidityOf([...swept, ...later(24)]).sweeps[0].state, "live");
  assert.equal(liquidityOf([...swept, ...later(25)]).sweeps[0].state, "expired");
  assert.equal(liquidityOf([...swept, [98, 102, 97, 101]]).sweeps[0].state, "expired");
  assert.deepEqual(
    [liquidityOf([...swept, [98, 100, 97, 99]])].map(({ sweeps }) => [sweeps[0].touched, sweeps[0].state]),
    [[true, "live"]],
  );

  const sweepAfter = (ms: number): number => {
    const state = createLiquidity();
    const swing = { priceTicks: 100, atMs: START, confirmedMs: START + 2 * FIVE };
    addLiquidityBar(state, placedBar("ES", START, FIVE, [94, 99, 93, 98]), { high: swing, low: null }, ATR);
    addLiquidityBar(state, placedBar("ES", START + ms, FIVE, [93, 103, 92, 98]), { high: null, low: null }, ATR);
    return state.sweeps.length;
  };
  assert.equal(sweepAfter(4 * DAY), 1);
  assert.equal(sweepAfter(6 * DAY), 0);
});

test("several levels swept by one bar are one sweep", () => {
  const rows: PriceRow[] = [...HIGH, [93, 94, 90, 92], [92, 97, 91, 96], [96, 96, 90, 91], [91, 104, 90, 92]];
  const { sweeps } = liquidityOf(rows);
  assert.deepEqual([sweeps.length, sweeps[0].levels, sweeps[0].levelTicks], [1, 2, 100]);
});

/** A second swing high of `second` behind the one of 100. */
const twoHighs = (second: number): PriceRow[] => [...HIGH, [93, 95, 90, 94], [94, second, 93, 96], [96, 96, 92, 93]];

test("equal highs are found within a tenth of an ATR, and not beyond it", () => {
  // ATR 20: two ticks are equal, three are not.
  const [pool] = liquidityOf(twoHighs(98), 20).equals;
  assert.deepEqual([pool.kind, pool.levelTicks, pool.swings, pool.state], ["equalHighs", 100, 2, "live"]);
  assert.equal(pool.bornMs, START + 6 * FIVE);
  assert.deepEqual(liquidityOf(twoHighs(97), 20).equals, []);
  const joined = [...twoHighs(99), [93, 95, 90, 94], [94, 100, 93, 97], [97, 98, 92, 93]] as PriceRow[];
  assert.deepEqual(
    liquidityOf(joined, 20).equals.map(({ kind, swings }) => [kind, swings]),
    [
      ["equalHighs", 3],
      ["equalLows", 2],
    ],
  );
});

test("a pool is swept by a wick and broken by a close", () => {
  assert.equal(liquidityOf([...twoHighs(100), [93, 101, 92, 100]], 20).equals[0].state, "swept");
  assert.equal(liquidityOf([...twoHighs(100), [93, 103, 92, 102]], 20).equals[0].state, "broken");
  assert.deepEqual(
    liquidityOf([...twoHighs(100), [93, 100, 92, 99]], 20).equals.map(({ state, touched }) => [state, touched]),
    [["live", true]],
  );
});
