/** Are the costs of a trade dollars a contract and side, from the contract table? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { focusCardOf } from "#lib/advice/focus.ts";
import { focusRiskOf } from "#lib/advice/focus-risk.ts";
import { INSTRUMENTS, instrumentOf } from "#lib/instrument.ts";
import { tradeDate } from "#lib/units.ts";

const TODAY = tradeDate(20_777);
const ACCOUNT = { riskUsd: 500, contractsMax: 30, brokerUsdPerSide: 0.25 };

test("I-12 costs are dollars a side and contract from the contract table, the same at any price", () => {
  const risk = focusRiskOf({ root: "MNQ", tradeDate: TODAY, isRth: true }, ACCOUNT);
  const table = instrumentOf("MNQ")?.feesUsdPerSide ?? Number.NaN;
  assert.deepEqual([risk.tickValueUsd, risk.roundTurnFeesUsd, risk.slippageTicks], [0.5, 2 * table + 0.5, 2]);
  const sizeAt = (lastTicks: number): number => {
    const card = focusCardOf({
      atMs: 0,
      lastTicks,
      voters: { regime: "up", legs: { bias: "bullish", ratio: 2 }, confluence: "bullish" },
      volatility: { atrTicks: 60, percentile: null },
      quality: { long: 70, short: 0 },
      levels: [],
      nextEvent: null,
      risk,
    });
    return card.status === "trade" ? card.size.lossPerContractUsd : Number.NaN;
  };
  // Zone 9 ahead of the price, stop 101 behind it: 110 ticks of 0.50, fees, two ticks of slippage.
  assert.equal(sizeAt(40_000), 110 * 0.5 + 2 * table + 0.5 + 1);
  assert.equal(sizeAt(100_000), sizeAt(40_000));
  assert.equal(sizeAt(-400), sizeAt(40_000));
});

test("outside RTH slippage is expected to be twice as much", () => {
  assert.equal(focusRiskOf({ root: "ES", tradeDate: TODAY, isRth: false }, ACCOUNT).slippageTicks, 4);
});

test("every instrument has costs, and a tick value of its own date", () => {
  for (const { root } of INSTRUMENTS) {
    const risk = focusRiskOf({ root, tradeDate: TODAY, isRth: true }, ACCOUNT);
    assert.ok(risk.roundTurnFeesUsd > 0.5 && risk.tickValueUsd > 0, root);
  }
  const euro = (day: number) =>
    focusRiskOf({ root: "6E", tradeDate: tradeDate(day), isRth: true }, ACCOUNT).tickValueUsd;
  // Before and since 2016-01-11 (day 16,811): 0.0001 and 0.00005.
  assert.deepEqual([euro(16_810), euro(16_811)], [12.5, 6.25]);
});
