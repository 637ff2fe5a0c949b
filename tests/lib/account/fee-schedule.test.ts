/** Which fee does a fill get: its own, the dated one of its account and product, or the list price? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FeeRate, feeOf, feePart } from "#lib/account/fee-schedule.ts";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { parseCivilDay } from "#lib/civil.ts";
import { FILLS_FROM_MS, fillOf } from "#tests/support/random-fills.ts";

function rate(given: { account?: string; root?: string; from?: string; brokerUsd: number }): FeeRate {
  const { account = null, root = "MES", from = "2026-01-01", brokerUsd } = given;
  return {
    account,
    root,
    fromDate: parseCivilDay(from) ?? Number.NaN,
    exchangeUsd: 0.35,
    clearingUsd: 0.02,
    brokerUsd,
  };
}

const UNKNOWN = fillOf({ executionId: "1", contracts: 3, feeUsd: null });
/** 17:00 CT on 2026-11-18: the trade date 19 November begins. */
const ROLL_MS = Date.UTC(2026, 10, 18, 23);

test("the fill's own fee is the truth, nothing and rebates too", () => {
  const schedule = [rate({ brokerUsd: 0.25 })];
  for (const feeUsd of [2.07, 0, -0.3]) {
    assert.deepEqual(feeOf({ ...UNKNOWN, feeUsd }, schedule), { usd: feeUsd, source: "fill" });
  }
});

test("exchange, clearing and broker for each contract: 3 × (0.35 + 0.02 + 0.25) = 1.86", () => {
  assert.deepEqual(feeOf(UNKNOWN, [rate({ brokerUsd: 0.25 })]), { usd: 1.86, source: "schedule" });
});

test("a new rate counts from its trade date on, which begins at 17:00 CT the evening before", () => {
  const schedule = [rate({ brokerUsd: 0.39, from: "2026-11-19" }), rate({ brokerUsd: 0.25 })];
  assert.equal(feeOf({ ...UNKNOWN, atMs: ROLL_MS - 1 }, schedule).usd, 1.86);
  assert.equal(feeOf({ ...UNKNOWN, atMs: ROLL_MS }, schedule).usd, 2.28);
  // Before the first rate there is none: the list price.
  assert.equal(feeOf({ ...UNKNOWN, atMs: Date.UTC(2025, 5, 2) }, schedule).source, "list");
});

test("an account's own rate goes before that of all, and a product's is no other's", () => {
  const schedule = [
    rate({ brokerUsd: 0.25, from: "2026-06-01" }),
    rate({ brokerUsd: 0.1, account: "Sim101", from: "2026-02-01" }),
    rate({ brokerUsd: 9, root: "ES" }),
  ];
  assert.equal(feeOf(UNKNOWN, schedule).usd, 1.41);
  assert.equal(feeOf({ ...UNKNOWN, account: "Apex-1" }, schedule).usd, 1.86);
  assert.equal(feeOf({ ...UNKNOWN, root: "MNQ" }, schedule).source, "list");
});

test("without a rate the exchange's list price stands in, and the trip says that its fees are not known", () => {
  const exit = fillOf({ executionId: "2", contracts: 3, side: "sell", atMs: FILLS_FROM_MS + 1, feeUsd: null });
  const given = { method: "fifo", schedule: [] } as const;
  const [listed] = tripsOf(ledgerOf([UNKNOWN, exit], given).ledger);
  assert.equal(listed.areFeesKnown, false);
  assert.ok(listed.feesUsd > 0);
  const [priced] = tripsOf(ledgerOf([UNKNOWN, exit], { ...given, schedule: [rate({ brokerUsd: 0.25 })] }).ledger);
  assert.deepEqual([priced.areFeesKnown, priced.feesUsd, priced.netUsd], [true, 3.72, -3.72]);
});

test("parts of a fee sum to it", () => {
  const parts = [0, 1, 2].map((from) => feePart(1, 3, { from, to: from + 1 }));
  assert.deepEqual(parts, [0.3333, 0.3334, 0.3333]);
});
