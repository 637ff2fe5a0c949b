/** Is the size what the risk allows, and nothing where one contract is too much? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { positionSize } from "#lib/risk/position-size.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const INPUT = {
  riskUsd: 500,
  stopTicks: 20,
  tickValueUsd: 12.5,
  roundTurnFeesUsd: 2.8,
  slippageUsd: 25,
  contractsMax: 10,
};

test("worked by hand: 500 ÷ (20 × 12.50 + 2.80 + 25) = 1.8 → 1", () => {
  const { contracts, lossPerContractUsd, lossUsd } = positionSize(INPUT);
  assert.deepEqual([contracts, lossPerContractUsd, lossUsd], [1, 277.8, 277.8]);
});

test("I-22 one contract above the budget is no contract: do not trade", () => {
  const { contracts, lossUsd, reason } = positionSize({ ...INPUT, riskUsd: 277.79 });
  assert.deepEqual([contracts, lossUsd], [0, 0]);
  assert.match(reason, /\$277\.80.*\$277\.79: do not trade/);
  // Exactly at the budget is allowed.
  assert.equal(positionSize({ ...INPUT, riskUsd: 277.8 }).contracts, 1);
  const dusty = { ...INPUT, stopTicks: 1, tickValueUsd: 1, roundTurnFeesUsd: 0.1, slippageUsd: 0 };
  assert.equal(positionSize({ ...dusty, riskUsd: 3.3 }).contracts, 3);
});

test("the cap holds, and is said", () => {
  const { contracts, reason } = positionSize({ ...INPUT, riskUsd: 100_000, contractsMax: 3 });
  assert.equal(contracts, 3);
  assert.match(reason, /capped at 3/);
});

test("the loss at the stop never passes the risk, and one contract more would", (t) => {
  const input = fc.record({
    riskUsd: fc.double({ min: 0, max: 20_000, noNaN: true }),
    stopTicks: fc.integer({ min: 1, max: 2_000 }),
    tickValueUsd: fc.constantFrom(0.5, 1, 1.25, 5, 10, 12.5, 15.625, 31.25),
    roundTurnFeesUsd: fc.double({ min: 0, max: 10, noNaN: true }),
    slippageUsd: fc.double({ min: 0, max: 100, noNaN: true }),
    contractsMax: fc.integer({ min: 0, max: 30 }),
  });
  const property = fc.property(input, (given) => {
    const { contracts, lossUsd, lossPerContractUsd } = positionSize(given);
    assert.ok(lossUsd <= given.riskUsd + 1e-4 && contracts <= given.contractsMax && contracts >= 0);
    if (contracts < given.contractsMax) assert.ok((contracts + 1) * lossPerContractUsd > given.riskUsd);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("a stop at the entry, or on the wrong side, is a defect of the caller", () => {
  assert.throws(() => positionSize({ ...INPUT, stopTicks: 0 }), /stop was 0 ticks/);
});
