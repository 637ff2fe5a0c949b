/** Does a minute's plan spend exactly the trades and contracts that it was given? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MinutePath } from "#lib/simulator/minute-path.ts";
import { createMinutePlan, type MinuteFlow, writeMinutePlan, writeQuietPlan } from "#lib/simulator/minute-plan.ts";
import { FIXED_SEED, FRESH_SEED } from "./sample.ts";

/** Up two ticks, down three, and a stand at the end. */
const PATH: MinutePath = {
  count: 6,
  bidTicks: Int32Array.of(100, 101, 102, 101, 100, 99),
  startMs: Float64Array.of(0, 4_000, 9_000, 20_000, 41_000, 55_000, 60_000),
  direction: Int8Array.of(1, 1, -1, -1, -1, -1),
  lowBidTicks: 99,
  highBidTicks: 102,
};

function flowOf(trades: number, extra: number, buyShare: number): MinuteFlow {
  return { trades, volume: trades + extra, buyShare, auctionVolume: 0, offsetTicks: 10, tickRatio: 1 };
}

function sum(values: Int32Array, count: number): number {
  return values.subarray(0, count).reduce((total, value) => total + value, 0);
}

for (const seed of [FIXED_SEED, FRESH_SEED]) {
  test(`trades and contracts of the visits sum to those of the minute, each trade has one at least (seed ${seed})`, () => {
    const draws = fc.tuple(
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 0, max: 50_000 }),
      fc.double({ min: -0.5, max: 1.5, noNaN: true }),
      fc.integer(),
    );
    fc.assert(
      fc.property(draws, ([trades, extra, buyShare, word]) => {
        const plan = createMinutePlan();
        writeMinutePlan(plan, PATH, flowOf(trades, extra, buyShare), { word: word | 1 });
        assert.equal(sum(plan.buys, plan.visits) + sum(plan.sells, plan.visits), trades);
        let volume = 0;
        for (const visit of plan.traded.subarray(0, plan.visitsTraded)) {
          assert.ok(plan.buyVolume[visit] >= plan.buys[visit] && plan.sellVolume[visit] >= plan.sells[visit]);
          if (plan.buys[visit] === 0) assert.equal(plan.buyVolume[visit], 0);
          if (plan.sells[visit] === 0) assert.equal(plan.sellVolume[visit], 0);
          volume += plan.buyVolume[visit] + plan.sellVolume[visit];
        }
        assert.equal(volume, trades + extra);
      }),
      { seed },
    );
  });
}

test("one trade prints at the end, two at both ends, four at the extremes too", () => {
  const plan = createMinutePlan();
  const traded = (trades: number): number[] => {
    writeMinutePlan(plan, PATH, flowOf(trades, 0, 0.5), { word: 5 });
    return [...plan.traded.subarray(0, plan.visitsTraded)];
  };
  assert.deepEqual(traded(1), [5]);
  assert.deepEqual(traded(2), [0, 5]);
  assert.deepEqual(traded(4), [0, 2, 5]);
  assert.equal(plan.buys[2], 1, "the highest ask is bought");
  assert.ok(plan.sells[5] >= 1, "the lowest bid is sold");
});

test("the carry and another tick size move the plan's prices: (99 + 10) × 0.5 → 54", () => {
  const plan = createMinutePlan();
  writeQuietPlan(plan, PATH, { offsetTicks: 10, tickRatio: 0.5 });
  assert.deepEqual([...plan.bidTicks.subarray(0, plan.visits)], [55, 55, 56, 55, 55, 54]);
  assert.equal(plan.visitsTraded, 0);
});
