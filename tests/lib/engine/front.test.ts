/** Does the engine roll, follow and pin fronts as the rules say, and on the day they say? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { tradeDate } from "#lib/units.ts";
import { csvRows } from "#tests/support/csv.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";
import { sharedData } from "#tests/support/shared-data.ts";

const DEC = { root: "ES", year: 2013, month: 12, tickSize: 0.25 };
const MAR = { root: "ES", year: 2014, month: 3, tickSize: 0.25 };
const MES = { root: "MES", year: 2013, month: 12, tickSize: 0.25 };
const MES_MAR = { root: "MES", year: 2014, month: 3, tickSize: 0.25 };

function front(run: EngineRun, root: string): string {
  const { contracts, roots } = run.engine.state;
  const state = roots.find((entry) => entry.root === root);
  assert.ok(state !== undefined);
  return contracts[state.front].symbol;
}

/** Volumes of one trade date, as one trade an hour into the session for each contract. */
function dayOf(run: EngineRun, day: string, volumes: readonly number[]): void {
  const openMs = sessionOpenMs("equity", tradeDate(parseCivilDay(day) ?? 0));
  for (const [contract, size] of volumes.entries()) {
    run.send(trade(7_000, openMs + 3_600_000 + contract, { contract, size, sourceSeq: openMs + contract }));
  }
}

function open(run: EngineRun, day: string): void {
  const nowMs = sessionOpenMs("equity", tradeDate(parseCivilDay(day) ?? 0));
  run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
}

test("golden roll: ES Mar-14 is front from trade date 2013-12-16, not a day before", (t) => {
  const path = sharedData("bars/lean_es_daily_trade.csv.gz");
  if (path === null) return t.skip("SKIP ../shared/data is missing");
  const run = engineRun([DEC, MAR], { startMs: sessionOpenMs("equity", tradeDate(parseCivilDay("2013-12-02") ?? 0)) });
  const rows = csvRows(path).filter(({ contract }) => contract === "ES201312" || contract === "ES201403");
  const days = [...new Set(rows.map((row) => row.time.slice(0, 8)))].filter((day) => day >= "20131202").sort();
  const fronts: Record<string, string> = {};
  for (const day of days.filter((one) => one <= "20131217")) {
    const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
    const volume = (contract: string) =>
      Number(rows.find((row) => row.contract === contract && row.time.startsWith(day))?.volume ?? 0);
    if (civilDayIso(tradeDateAt("equity", Date.parse(`${iso}T16:00:00Z`))) !== iso) continue;
    open(run, iso);
    fronts[iso] = front(run, "ES");
    dayOf(run, iso, [volume("ES201312"), volume("ES201403")]);
  }
  assert.equal(fronts["2013-12-12"], "ESZ3");
  assert.equal(fronts["2013-12-13"], "ESZ3", "12-12: 354,874 < 1,113,344");
  assert.equal(fronts["2013-12-16"], "ESH4", "12-13: 868,208 > 347,764");
});

test("never back: a later day with more volume in the old month changes nothing; micros follow their mini", () => {
  const run = engineRun([DEC, MAR, MES, MES_MAR], {
    startMs: sessionOpenMs("equity", tradeDate(parseCivilDay("2013-12-09") ?? 0)),
  });
  dayOf(run, "2013-12-09", [900, 100, 900, 1]);
  open(run, "2013-12-10");
  assert.deepEqual([front(run, "ES"), front(run, "MES")], ["ESZ3", "MESZ3"]);
  dayOf(run, "2013-12-10", [100, 900, 900, 1]);
  assert.equal(front(run, "ES"), "ESZ3", "not before 17:00 CT");
  open(run, "2013-12-11");
  assert.deepEqual([front(run, "ES"), front(run, "MES")], ["ESH4", "MESH4"], "MES traded more in December");
  dayOf(run, "2013-12-11", [900, 100, 900, 1]);
  open(run, "2013-12-12");
  assert.equal(front(run, "ES"), "ESH4");
});

test("a pin wins until it is freed; a contract that is not of this run is refused by name", () => {
  const run = engineRun([DEC, MAR], { startMs: sessionOpenMs("equity", tradeDate(parseCivilDay("2013-12-09") ?? 0)) });
  dayOf(run, "2013-12-09", [900, 100]);
  open(run, "2013-12-10");
  const pin = (symbol: string | null) => run.send({ ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol });
  assert.deepEqual(pin("ESH14"), { status: "accepted" });
  assert.deepEqual(pin("ESH14"), { status: "unchanged" });
  open(run, "2013-12-11");
  assert.equal(front(run, "ES"), "ESH4");
  const refused = pin("ESM14");
  assert.ok(
    refused.status === "refused" && refused.reason.includes("ESM14") && refused.reason.includes("ESZ13, ESH14"),
  );
  assert.equal(front(run, "ES"), "ESH4", "a refusal changes nothing");
  assert.deepEqual(pin(null), { status: "accepted" });
  assert.equal(front(run, "ES"), "ESZ3");
});

test("history decides the first front as if it had been live", () => {
  const run = engineRun([DEC, MAR], { startMs: sessionOpenMs("equity", tradeDate(parseCivilDay("2013-12-12") ?? 0)) });
  const openMs = sessionOpenMs("equity", tradeDate(parseCivilDay("2013-12-11") ?? 0));
  for (const [contract, volume] of [100, 900].entries()) {
    const bars = {
      count: 1,
      openMs: Float64Array.of(openMs),
      openTicks: Int32Array.of(7_000),
      highTicks: Int32Array.of(7_000),
      lowTicks: Int32Array.of(7_000),
      closeTicks: Int32Array.of(7_000),
      volume: Uint32Array.of(volume),
      buyVolume: Uint32Array.of(0),
      sellVolume: Uint32Array.of(0),
      trades: Uint32Array.of(1),
      vwapTicks: Float64Array.of(7_000),
      volumeAtPrice: new Uint8Array(0),
    };
    run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract, intervalMs: 60_000, bars, source: SOURCE.file });
  }
  run.send(trade(7_000, run.engine.state.nowMs + 1));
  assert.equal(front(run, "ES"), "ESH4");
});
