/** By whose price is a position marked, and what does the answer say of it? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "#lib/engine/engine.ts";
import { reportedEvent } from "#lib/events/bridge.ts";
import { emptyLedger, type Mode } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createOutputs } from "#lib/outputs/output.ts";
import { positionsAnswer } from "#server/positions-view.ts";
import { trade } from "#tests/support/engine-run.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 15);
const MES = { root: "MES", year: 2026, month: 12, tickSize: 0.25 };

/** Long 2 MESZ26 from 24,049.5 ticks, marked 24,049 by the platform (−1.25 USD); our feed's last is 24,052. */
function answerIn(mode: Mode, listed: Partial<typeof MES> = {}, readMs = NOW_MS + 400) {
  const engine = createEngine();
  const row = { contract: "MESZ26", netContracts: 2, averageTicks: 24_049.5, tickSize: 0.25 };
  const positions = [{ ...row, markTicks: 24_049, unrealizedUsd: -1.25 }];
  const head = { account: "A", reportId: null, sentMs: NOW_MS };
  const versions = { platformVersion: null, bridgeVersion: null };
  const events: InputEvent[] = [
    { ...UNSTAMPED, type: "RunStarted", runId: "x", mode, feed: "f", seed: null, ...emptyLedger() },
    { ...UNSTAMPED, type: "InstrumentListed", contract: 0, ...MES, ...listed },
    trade(24_052, NOW_MS - 100),
    reportedEvent({ kind: "heartbeat", ...head, connection: "Connected", ...versions }),
    reportedEvent({ kind: "positions", ...head, positions }),
  ];
  events.forEach((event, index) => {
    const stamp = { seq: index + 1, nowMs: NOW_MS, receivedMs: NOW_MS };
    engine.process({ ...event, ...stamp } as InputEvent, createOutputs(4)); // safe: only stamped
  });
  return positionsAnswer(engine.state, readMs);
}

function markIn(mode: Mode, listed: Partial<typeof MES> = {}) {
  const row = answerIn(mode, listed).accounts[0].positions?.[0];
  return [row?.markSource, row?.markPrice, row?.unrealizedPnlUsd, row?.unrealizedTicks];
}

test("our feed marks while its contract is LIVE: 2.5 ticks × 2 × 1.25 USD", () => {
  assert.deepEqual(markIn("LIVE"), ["feed", 6_013, 6.25, 2.5]);
});

test("prices of SIM, REPLAY and DELAYED, and of another expiry, never touch a bridge's position", () => {
  for (const mode of ["SIM", "REPLAY", "DELAYED"] as const) {
    assert.deepEqual(markIn(mode), ["bridge", 6_012.25, -1.25, -0.5], mode);
  }
  assert.deepEqual(markIn("LIVE", { month: 3, year: 2027 }), ["bridge", 6_012.25, -1.25, -0.5]);
});

test("ages are those of the mark's own source and of the report; silence is named with its beginning", () => {
  const [live] = answerIn("LIVE").accounts;
  assert.deepEqual([live.state, live.ageMs, live.positions?.[0].markAgeMs], ["live", 400, 500]);
  const [stale] = answerIn("SIM", {}, NOW_MS + 5_000).accounts;
  assert.deepEqual([stale.state, stale.reason, stale.staleSinceMs], ["stale", "silent", NOW_MS + 5_000]);
  assert.equal(stale.positions?.length, 1, "stale is not flat");
});

test("the first account is told in the incumbent's words too, no account in none", () => {
  const { account, positions, has_positions, total_unrealized_pnl, received_at } = answerIn("SIM");
  const legacy = { symbol: "MESZ26", side: "Long", quantity: 2, avgPrice: 6_012.375, unrealizedPnL: -1.25 };
  assert.deepEqual(positions, [legacy]);
  assert.deepEqual([account, has_positions, total_unrealized_pnl], ["A", true, -1.25]);
  assert.equal(received_at, new Date(NOW_MS).toISOString());
  assert.deepEqual(positionsAnswer(createEngine().state, NOW_MS), { accounts: [] });
});
