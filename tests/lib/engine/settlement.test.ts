/** Is the change measured from the right settlement, and does it say when it is only an estimate or missing? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { previousSettlement } from "#lib/engine/settlement.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { rthOf, tradeDateAt } from "#lib/session.ts";
import { type EngineRun, engineRun, minuteBar, trade } from "#tests/support/engine-run.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
const MONDAY_RTH_END = Date.parse("2026-11-16T21:00:00Z");
const TUESDAY = Date.parse("2026-11-17T00:00:00Z");

function settle(run: EngineRun, day: number, settlementTicks: number, nowMs: number): void {
  run.send(
    {
      ...UNSTAMPED,
      type: "SettlementPublished",
      contract: 0,
      tradeDate: day,
      settlementTicks,
      exchangeMs: nowMs,
      source: SOURCE.simulator,
    },
    nowMs,
  );
}

const previous = (run: EngineRun) => previousSettlement(run.engine.state.contracts[0]);

test("no settlement of the trade date before: null, not 0 and not an older one", () => {
  const run = engineRun([ES], { startMs: MONDAY_RTH_END });
  const friday = tradeDateAt("equity", Date.parse("2026-11-13T20:00:00Z"));
  settle(run, friday, 100, MONDAY_RTH_END - 1_000);
  run.send(trade(110, TUESDAY));
  assert.equal(previous(run), null, "Monday's is missing; Friday's would be the wrong one");
});

test("the published settlement may lie between ticks and beats an estimate, in either order", () => {
  for (const publishedFirst of [true, false]) {
    const run = engineRun([ES], { startMs: MONDAY_RTH_END - 60_000 });
    const monday = tradeDateAt("equity", MONDAY_RTH_END);
    run.send(trade(100, MONDAY_RTH_END - 10_000));
    if (publishedFirst) settle(run, monday, 101.5, MONDAY_RTH_END + 1_000);
    run.send(trade(120, MONDAY_RTH_END + 5_000));
    if (!publishedFirst) settle(run, monday, 101.5, MONDAY_RTH_END + 600_000);
    run.send(trade(110, TUESDAY));
    assert.deepEqual(previous(run), { tradeDate: monday, ticks: 101.5, source: "settlement" });
  }
});

test("a settlement that is published again with another price replaces the former", () => {
  const run = engineRun([ES], { startMs: MONDAY_RTH_END - 60_000 });
  const monday = tradeDateAt("equity", MONDAY_RTH_END);
  settle(run, monday, 101.5, MONDAY_RTH_END + 600_000);
  run.send(trade(110, TUESDAY));
  settle(run, monday, 102, TUESDAY + 3_600_000);
  assert.deepEqual(previous(run), { tradeDate: monday, ticks: 102, source: "settlement" });
  assert.equal(run.engine.state.contracts[0].settlements.length, 1);
});

test("estimate from trades: the VWAP of the last 30 s of RTH, without what comes after", () => {
  const run = engineRun([ES], { startMs: MONDAY_RTH_END - 60_000 });
  run.send(trade(500, MONDAY_RTH_END - 31_000));
  run.send(trade(100, MONDAY_RTH_END - 30_000, { size: 1 }));
  run.send(trade(104, MONDAY_RTH_END - 500, { size: 3 }));
  run.send(trade(900, MONDAY_RTH_END, { size: 9 }));
  run.send(trade(110, TUESDAY));
  assert.deepEqual(previous(run), { tradeDate: tradeDateAt("equity", MONDAY_RTH_END), ticks: 103, source: "est." });
});

test("estimate from bars: the last minute bar of RTH, its VWAP or without one its close", () => {
  for (const [vwapTicks, expected] of [
    [103.5, 103.5],
    [null, 104],
  ] as const) {
    const run = engineRun([ES], { startMs: MONDAY_RTH_END - 600_000 });
    run.send(minuteBar(MONDAY_RTH_END - 120_000, 90));
    run.send(minuteBar(MONDAY_RTH_END - 60_000, 104, { vwapTicks, highTicks: 105, lowTicks: 100 }));
    run.send(minuteBar(MONDAY_RTH_END, 200));
    run.send(minuteBar(TUESDAY, 110));
    assert.equal(previous(run)?.ticks, expected);
    assert.equal(previous(run)?.source, "est.");
  }
});

test("RTH ends where the root's does: GC at 12:30 CT, not at the session's close", () => {
  const run = engineRun([{ root: "GC", year: 2026, month: 12, tickSize: 0.1 }], { startMs: MONDAY_RTH_END - 36e5 * 6 });
  const monday = tradeDateAt("metals", MONDAY_RTH_END);
  const rth = rthOf("GC", monday);
  assert.ok(rth !== null);
  run.send(trade(40_000, rth.closeMs - 5_000));
  run.send(trade(41_000, rth.closeMs + 3_600_000));
  run.send(trade(41_500, TUESDAY));
  assert.equal(previous(run)?.ticks, 40_000);
});
