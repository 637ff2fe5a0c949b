/** Is a bridge's position marked by real prices alone, and the account by both views of its worth? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBridgeAccount, takeBridgeReport } from "#lib/account/bridge-account.ts";
import { equitiesOf, type FeedPrice, markPosition, noteEquities } from "#lib/account/bridge-marks.ts";
import type { ReportedAccountValues, ReportedPosition } from "#lib/events/bridge.ts";

const LONG: ReportedPosition = {
  contract: "MESZ26",
  netContracts: 2,
  averageTicks: 24_049.5,
  tickSize: 0.25,
  markTicks: 24_051,
  unrealizedUsd: 3.75,
};
const LIVE: FeedPrice = { mode: "LIVE", isStale: false, lastTicks: 24_052, tickValueUsd: 1.25 };
const VALUES: ReportedAccountValues = {
  cashUsd: 50_000,
  realizedUsd: 0,
  unrealizedUsd: 10,
  marginUsd: null,
  netLiquidationUsd: 50_010,
  drawdownLeftUsd: null,
  dailyLossLimitUsd: null,
};

function accountWith(values: ReportedAccountValues) {
  const state = createBridgeAccount("A");
  takeBridgeReport(state, { kind: "account", account: "A", reportId: null, sentMs: null, values }, 0);
  return state;
}

test("a live price of ours marks the position; a short mirrors a long", () => {
  assert.deepEqual(markPosition(LONG, LIVE), {
    contract: "MESZ26",
    source: "feed",
    markTicks: 24_052,
    unrealizedUsd: 6.25,
  });
  assert.equal(markPosition({ ...LONG, netContracts: -2 }, LIVE).unrealizedUsd, -6.25);
});

test("simulated, replayed, delayed, stale and missing prices never touch a bridge's position", () => {
  const bridge = { contract: "MESZ26", source: "bridge", markTicks: 24_051, unrealizedUsd: 3.75 };
  for (const mode of ["SIM", "REPLAY", "DELAYED"] as const) {
    assert.deepEqual(markPosition(LONG, { ...LIVE, mode }), bridge, mode);
  }
  assert.deepEqual(markPosition(LONG, { ...LIVE, isStale: true }), bridge);
  assert.deepEqual(markPosition(LONG, { ...LIVE, lastTicks: null }), bridge);
  assert.deepEqual(markPosition(LONG, null), bridge);
});

test("the account's worth is told twice, the lower for the floor and the higher for the peak", () => {
  const marks = [markPosition(LONG, LIVE)];
  assert.deepEqual(equitiesOf(accountWith(VALUES), marks), { lowerUsd: 50_006.25, higherUsd: 50_010 });
  const noNet = accountWith({ ...VALUES, netLiquidationUsd: null });
  assert.deepEqual(equitiesOf(noNet, marks), { lowerUsd: 50_006.25, higherUsd: 50_010 });
  const noCash = accountWith({ ...VALUES, cashUsd: null });
  assert.deepEqual(equitiesOf(noCash, marks), { lowerUsd: 50_010, higherUsd: 50_010 });
  const unmarked = [markPosition({ ...LONG, unrealizedUsd: null }, null)];
  assert.deepEqual(equitiesOf(accountWith(VALUES), unmarked), { lowerUsd: 50_010, higherUsd: 50_010 });
  assert.equal(equitiesOf(accountWith({ ...VALUES, cashUsd: null, netLiquidationUsd: null }), marks), null);
  assert.equal(equitiesOf(createBridgeAccount("A"), marks), null);
});

test("how far the worth went between two posts is kept until the next", () => {
  const state = accountWith(VALUES);
  noteEquities(state, { lowerUsd: 49_900, higherUsd: 50_000 });
  noteEquities(state, { lowerUsd: 49_950, higherUsd: 50_200 });
  noteEquities(state, { lowerUsd: 49_980, higherUsd: 50_100 });
  assert.deepEqual(state.equityExtremes, { lowerUsd: 49_900, higherUsd: 50_200 });
  takeBridgeReport(state, { kind: "account", account: "A", reportId: null, sentMs: 1, values: VALUES }, 1);
  assert.equal(state.equityExtremes, null);
});
