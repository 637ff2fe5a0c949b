/** Are prints joined to orders, sizes counted to 1/16, and large ones those above 99.5 % of the sessions before? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addLargeSweep,
  addLargeTradesBar,
  createLargeTrades,
  LARGE_TRADES_KEPT,
  type LargeTradesState,
  largeTradesOf,
} from "#lib/analysis/order-flow/large-trades.ts";
import { bucketTop, SIZE_BUCKETS, sizeBucket, sizeQuantile } from "#lib/analysis/order-flow/size-histogram.ts";
import { addSweepTrade, createSweeps, endSweep, type Sweep } from "#lib/analysis/order-flow/sweeps.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { createRandom } from "#lib/prng.ts";
import { flowTrade, minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { testSeeds } from "#tests/support/seeds.ts";

function sweepsOf(trades: readonly SignedTrade[]): Sweep[] {
  const state = createSweeps();
  const found: Sweep[] = [];
  for (const trade of trades) if (addSweepTrade(state, trade)) found.push({ ...state.done });
  if (endSweep(state)) found.push({ ...state.done });
  return found;
}

/** Groups of neighbours, by comparing each trade with the one before it. */
function slowSweeps(trades: readonly SignedTrade[]): SignedTrade[][] {
  const groups: SignedTrade[][] = [];
  const real = trades.filter(({ size }) => size > 0);
  real.forEach((trade, at) => {
    const former = real[at - 1];
    const isJoined = former?.side === trade.side && former.exchangeMs === trade.exchangeMs;
    if (isJoined) groups[groups.length - 1].push(trade);
    else groups.push([trade]);
  });
  return groups.filter(([{ side }]) => side !== SIDE.unsigned);
}

for (const seed of testSeeds("sweeps")) {
  test(`consecutive prints of one side and one exchange time are one order, seed ${seed}`, () => {
    const trades = randomTape(seed, { from: "2026-11-17", dates: 1, everyMinutes: 4 });
    const slow = slowSweeps(trades).map((group) => [
      group[0].side,
      group.reduce((sum, { size }) => sum + size, 0),
      group.length,
      group[0].priceTicks,
      group[group.length - 1].priceTicks,
      group[0].exchangeMs,
    ]);
    const ours = sweepsOf(trades).map((s) => [s.side, s.size, s.prints, s.firstTicks, s.lastTicks, s.exchangeMs]);
    assert.ok(slow.some(([, , prints]) => prints > 1));
    assert.deepEqual(ours, slow);
  });
}

test("another side, another time, or an auction between ends an order", () => {
  const sizes = (...trades: SignedTrade[]): number[] => sweepsOf(trades).map(({ size }) => size);
  const buy = (size: number, ms: number): SignedTrade => flowTrade(10, size, SIDE.buy, ms);
  assert.deepEqual(sizes(buy(3, 1), buy(4, 1)), [7]);
  assert.deepEqual(sizes(buy(3, 1), buy(4, 1.001)), [3, 4]);
  assert.deepEqual(sizes(buy(3, 1), flowTrade(10, 2, SIDE.sell, 1), buy(4, 1)), [3, 2, 4]);
  assert.deepEqual(sizes(buy(3, 1), flowTrade(10, 2, SIDE.unsigned, 1), buy(4, 1)), [3, 4]);
});

test("7 is in bucket 7, 64 to 67 in one that ends at 67, 1,000 in one that ends at 1,023", () => {
  assert.deepEqual([7, 32, 33, 34, 64, 67, 1_000].map(sizeBucket), [7, 32, 32, 33, 48, 48, 111]);
  assert.deepEqual([7, 48, 111, SIZE_BUCKETS - 1].map(bucketTop), [7, 67, 1_023, Number.POSITIVE_INFINITY]);
});

test("a quantile by buckets is never below the true one and less than 1/16 above", (t) => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 15_000 })), {
    minLength: 1,
  });
  const property = fc.property(sizes, fc.double({ min: 0.5, max: 1, noNaN: true }), (list, p) => {
    const counts = new Uint32Array(SIZE_BUCKETS);
    for (const size of list) counts[sizeBucket(size)] += 1;
    const sorted = list.slice().sort((a, b) => a - b);
    const truth = sorted.find((size) => sorted.filter((one) => one <= size).length >= p * list.length) ?? Number.NaN;
    const ours = sizeQuantile(counts, p);
    assert.ok(ours >= truth && ours < truth * (1 + 1 / 16), `${ours} for ${truth}`);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
  assert.ok(Number.isNaN(sizeQuantile(new Uint32Array(SIZE_BUCKETS), 0.5)));
});

const DAY = 86_400_000;
/** Tuesday 2026-04-07 17:00 CT opens Wednesday's date; no holiday in the five weeks from there. */
const OPEN = Date.parse("2026-04-07T22:00:00Z");

function sweep(size: number, exchangeMs: number, side: 1 | 2 = SIDE.buy): Sweep {
  return { side, size, prints: 2, firstTicks: 10, lastTicks: 12, exchangeMs };
}

function addBar(state: LargeTradesState, ms: number, isFullSession = true): void {
  const [{ bar }] = minutesOf("ES", [flowTrade(10, 1, SIDE.buy, ms)]);
  addLargeTradesBar(state, { ...bar, isFullSession });
}

/** One trade date of 1,000 seeded sizes from its first minute on; returns them. */
function session(state: LargeTradesState, day: number, random: () => number, isFullSession = true): number[] {
  const openMs = OPEN + day * DAY;
  const sizes: number[] = [];
  for (let at = 0; at < 1_000; at++) {
    const size = 1 + Math.floor(40 * random() * random() * (random() < 0.02 ? 30 : 1));
    sizes.push(size);
    addLargeSweep(state, sweep(size, openMs + at * 1_000));
    if (at === 60) addBar(state, openMs, isFullSession);
  }
  return sizes;
}

test("large is above the 99.5th percentile of completed sessions; today's own sizes do not move it", () => {
  const random = createRandom(3);
  const state = createLargeTrades();
  const first = session(state, 0, random);
  addBar(state, OPEN + DAY);
  const reasons = ["1,000 of 2,000 orders of completed sessions seen"];
  assert.deepEqual(largeTradesOf(state, 0), {
    status: "warming",
    have: 1_000,
    need: 2_000,
    atMs: 0,
    n: 1_000,
    reasons,
  });
  const second = session(state, 1, random);
  addBar(state, OPEN + 2 * DAY);
  const sorted = [...first, ...second].sort((a, b) => a - b);
  const truth = sorted[Math.ceil(0.995 * 2_000) - 1];
  const { thresholdSize } = state;
  assert.ok(thresholdSize >= truth && thresholdSize < truth * (1 + 1 / 16), `${thresholdSize} for ${truth}`);
  addLargeSweep(state, sweep(thresholdSize, OPEN + 2 * DAY + 100, SIDE.sell));
  addLargeSweep(state, sweep(thresholdSize + 1, OPEN + 2 * DAY + 200, SIDE.sell));
  addLargeSweep(state, sweep(9_000, OPEN + 2 * DAY + 300));
  const found = largeTradesOf(state, 7);
  assert.ok(found.status === "ready");
  assert.deepEqual(
    [found.n, found.sessions, found.count, found.buyVolume, found.sellVolume],
    [2_000, 2, 2, 9_000, thresholdSize + 1],
  );
  assert.deepEqual(found.recent[0], {
    atMs: OPEN + 2 * DAY + 300,
    side: "buy",
    size: 9_000,
    prints: 2,
    fromTicks: 10,
    toTicks: 12,
  });
});

test("the first order of a new trade date is judged by the date that has just closed", () => {
  const random = createRandom(4);
  const state = createLargeTrades();
  session(state, 0, random);
  session(state, 1, random);
  assert.ok(Number.isNaN(state.thresholdSize), "the second date has not closed yet");
  addLargeSweep(state, sweep(9_000, OPEN + 2 * DAY + 5));
  const found = largeTradesOf(state, 7);
  assert.ok(found.status === "ready");
  assert.deepEqual([found.n, found.count], [2_000, 1]);
});

test("holidays, early closes and dates not seen from their first hour are left out", () => {
  const random = createRandom(5);
  const state = createLargeTrades();
  session(state, 0, random, false);
  addBar(state, OPEN + DAY);
  addLargeSweep(state, sweep(5, OPEN + DAY + 2 * 3_600_000));
  addBar(state, OPEN + 2 * DAY);
  assert.equal(state.past.length, 0);
});

test("twenty sessions are kept and so many of the newest large trades", () => {
  const random = createRandom(6);
  const state = createLargeTrades();
  // Weekdays of five weeks; a Friday's session is not followed by one on Saturday.
  const days = Array.from({ length: 35 }, (_, day) => day).filter((day) => day % 7 < 3 || day % 7 > 4);
  const sizes = days.map((day) => session(state, day, random));
  const last = days[days.length - 1];
  addBar(state, OPEN + (last + 1) * DAY);
  assert.ok(days.length > 20 && state.past.length === 20);
  assert.equal(state.sweeps, 20_000);
  const truth = sizes
    .slice(-20)
    .flat()
    .sort((a, b) => a - b)[Math.ceil(0.995 * 20_000) - 1];
  assert.ok(state.thresholdSize >= truth && state.thresholdSize < truth * (1 + 1 / 16));
  for (let at = 0; at < 100; at++) addLargeSweep(state, sweep(9_000 + at, OPEN + (last + 1) * DAY + at));
  const found = largeTradesOf(state, 7);
  assert.ok(found.status === "ready");
  assert.deepEqual([found.count, found.recent.length, found.recent[0].size], [100, LARGE_TRADES_KEPT, 9_099]);
});
