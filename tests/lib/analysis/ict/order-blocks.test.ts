/** Are order blocks found only where a displacement broke structure, and never tested by their own impulse? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addOrderBlockBar, createOrderBlocks, type OrderBlocksState } from "#lib/analysis/ict/order-blocks.ts";
import { addRecentBar, createRecentBars } from "#lib/analysis/ict/recent-bars.ts";
import type { StructureBreak } from "#lib/analysis/ict/structure.ts";
import { addStructureBar, createStructure } from "#lib/analysis/ict/structure.ts";
import { barsFrom, type PriceRow, placedBar } from "#tests/support/placed-bars.ts";

const FIVE = 300_000;
const START = Date.parse("2026-11-20T15:00:00Z");
const ATR = 10;

type Options = { swingHigh?: number; sweptMs?: number; sign?: 1 | -1; breakBefore?: number };

/** The blocks after the rows, with a live swing high of 110 (mirrored: a swing low of −110) from the start on. */
function blocksOf(rows: readonly PriceRow[], options: Options = {}): OrderBlocksState {
  const { swingHigh = 110, sweptMs = Number.NEGATIVE_INFINITY, sign = 1, breakBefore = -1 } = options;
  const state = createOrderBlocks();
  const structure = createStructure();
  const recent = createRecentBars();
  const swing = { priceTicks: sign * swingHigh, atMs: START - FIVE, confirmedMs: START, originTicks: sign * 90 };
  structure[sign === 1 ? "high" : "low"] = swing;
  const placed = rows.map(([o, h, l, c]): PriceRow => (sign === 1 ? [o, h, l, c] : [-o, -l, -h, -c]));
  const none = { high: null, low: null, lowSinceHigh: 0, highSinceLow: 0 };
  for (const [index, bar] of barsFrom("ES", START, FIVE, placed).entries()) {
    bar.isAfterBreak = index === breakBefore;
    addRecentBar(recent, bar);
    const newBreak: StructureBreak | null = addStructureBar(structure, bar, none);
    const sweeps = { buySideMs: sweptMs, sellSideMs: sweptMs };
    addOrderBlockBar(state, recent, bar, { atrTicks: ATR, newBreak, sweeps });
  }
  return state;
}

/** A red candle 94 to 100, a green one, then a displacement that closes at 112, beyond 110: 17 ticks from its low. */
const IMPULSE: PriceRow[] = [
  [99, 100, 94, 95],
  [95, 98, 94, 97],
  [97, 113, 95, 112],
];

test("the red candle before a displacement that breaks structure is the block", () => {
  const { blocks } = blocksOf(IMPULSE);
  assert.equal(blocks.length, 1);
  const [block] = blocks;
  assert.deepEqual(
    [block.side, block.bottomTicks, block.topTicks, block.displacementAtr, block.fromMs],
    ["bullish", 94, 100, 1.7, START],
  );
  assert.equal(block.bornMs, START + 3 * FIVE);
});

test("mirrored bars give the mirrored block", () => {
  const [block] = blocksOf(IMPULSE, { sign: -1 }).blocks;
  assert.deepEqual([block.side, block.bottomTicks, block.topTicks], ["bearish", -100, -94]);
});

test("I-13 an order block is neither tested nor mitigated by its own impulse", () => {
  // Bars 2 and 3 trade inside the red candle; both belong to the impulse.
  const [block] = blocksOf(IMPULSE).blocks;
  assert.deepEqual([block.state, block.touched], ["fresh", false]);
  const after = (low: number, close = 105): [string, boolean] => {
    const [found] = blocksOf([...IMPULSE, [112, 113, low, close]]).blocks;
    return [found.state, found.touched];
  };
  assert.deepEqual(after(101), ["fresh", false]);
  assert.deepEqual(after(100), ["tested", true]);
  assert.deepEqual(after(98), ["tested", true]);
  assert.deepEqual(after(97), ["mitigated", true]);
  assert.deepEqual(after(90, 94), ["mitigated", true]);
  assert.deepEqual(after(90, 93), ["failed", true]);
});

test("I-13 a displacement that breaks no structure leaves no order block", () => {
  assert.deepEqual(blocksOf(IMPULSE, { swingHigh: 112 }).blocks, []);
});

test("the break may come with one of the next two bars, not later", () => {
  const rest: PriceRow = [112, 114, 108, 112];
  const through: PriceRow = [112, 118, 110, 117];
  assert.equal(blocksOf([...IMPULSE, rest, through], { swingHigh: 115 }).blocks[0].bornMs, START + 5 * FIVE);
  assert.deepEqual(blocksOf([...IMPULSE, rest, rest, through], { swingHigh: 115 }).blocks, []);
});

test("near misses: a small displacement, no opposite candle within three bars, a stop of trading between", () => {
  assert.deepEqual(blocksOf([IMPULSE[0], IMPULSE[1], [99, 113, 98, 112]]).blocks, []);
  const green: PriceRow = [95, 98, 94, 97];
  assert.equal(blocksOf([IMPULSE[0], green, green, IMPULSE[2]]).blocks.length, 1);
  assert.deepEqual(blocksOf([IMPULSE[0], green, green, green, IMPULSE[2]]).blocks, []);
  assert.deepEqual(blocksOf(IMPULSE, { breakBefore: 1 }).blocks, []);
  assert.deepEqual(blocksOf(IMPULSE, { breakBefore: 2 }).blocks, []);
});

const FAILS: PriceRow = [112, 113, 90, 92];

test("a block that fails after a swept swing is a breaker of the other side, else a mitigation block", () => {
  const sweptMs = START + 2 * FIVE;
  const [breaker] = blocksOf([...IMPULSE, FAILS], { sweptMs }).failed;
  assert.deepEqual(
    [breaker.kind, breaker.side, breaker.bottomTicks, breaker.topTicks, breaker.state, breaker.bornMs],
    ["breaker", "bearish", 94, 100, "live", START + 4 * FIVE],
  );
  assert.equal(blocksOf([...IMPULSE, FAILS]).failed[0].kind, "mitigationBlock");
  assert.equal(blocksOf([...IMPULSE, FAILS], { sweptMs: START }).failed[0].kind, "mitigationBlock");
  // A near miss: the wick goes through, the close does not.
  assert.deepEqual(blocksOf([...IMPULSE, [112, 113, 90, 94]], { sweptMs }).failed, []);
});

test("a breaker is retested from below and dead after a close back above", () => {
  const sweptMs = START + 2 * FIVE;
  const [retested] = blocksOf([...IMPULSE, FAILS, [92, 95, 90, 91]], { sweptMs }).failed;
  assert.deepEqual([retested.state, retested.touched], ["retested", true]);
  const [untouched] = blocksOf([...IMPULSE, FAILS, [92, 93, 90, 91]], { sweptMs }).failed;
  assert.deepEqual([untouched.state, untouched.touched], ["live", false]);
  assert.equal(blocksOf([...IMPULSE, FAILS, [92, 102, 90, 101]], { sweptMs }).failed[0].state, "dead");
});

test("one candle makes one block, however many displacements follow it", () => {
  const rows: PriceRow[] = [...IMPULSE, [112, 130, 111, 129]];
  assert.equal(blocksOf(rows).blocks.length, 1);
  assert.equal(placedBar("ES", START, FIVE, rows[0]).isAfterBreak, false);
});
