/** Does the front contract roll on the days on which real volume moved? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { type Contract, contractLongSymbol, parseContract } from "#lib/contract.ts";
import { type ContractVolume, decideFront, firstFront, forcedOutFrom, microFront } from "#lib/front-contract.ts";
import { nextTradeDate } from "#lib/session.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";
import { needsSharedData, readSharedCsv } from "#tests/support/shared-data.ts";

const DAILY = "bars/lean_es_daily_trade.csv.gz";

function date(iso: string): TradeDate {
  const day = parseCivilDay(iso);
  assert.ok(day !== null, iso);
  return tradeDate(day);
}

function contract(symbol: string): Contract {
  const parsed = parseContract(symbol, 0);
  assert.ok("root" in parsed, symbol);
  return parsed;
}

function volumes(rows: Record<string, number>): ContractVolume[] {
  return Object.entries(rows).map(([symbol, volume]) => ({ contract: contract(symbol), volume }));
}

/** Volumes of each New York date, as the file has them. */
function dailyVolumes(): Map<TradeDate, ContractVolume[]> {
  const byDate = new Map<TradeDate, ContractVolume[]>();
  for (const row of readSharedCsv(DAILY)) {
    const day = date(row.time.slice(0, 8));
    const rows = byDate.get(day) ?? [];
    rows.push({ contract: contract(row.contract), volume: Number(row.volume) });
    byDate.set(day, rows);
  }
  return new Map([...byDate].sort(([a], [b]) => a - b));
}

test("ES stays on December on 2013-12-12 and is March from trade date 2013-12-16", needsSharedData(DAILY), () => {
  const frontFrom = new Map<string, string>();
  let front: Contract | null = null;
  for (const [completed, rows] of dailyVolumes()) {
    if (completed > date("2013-12-31")) break;
    const decision = decideFront({ root: "ES", front, volumes: rows, completed, pin: null });
    front = decision.contract;
    const from = civilDayIso(nextTradeDate("equity", completed));
    frontFrom.set(from, `${contractLongSymbol(front)} ${decision.reason}`);
  }
  assert.equal(frontFrom.get("2013-10-07"), "ESZ13 first");
  assert.equal(frontFrom.get("2013-12-12"), "ESZ13 kept");
  assert.equal(frontFrom.get("2013-12-13"), "ESZ13 kept");
  // Monday's decision is the Friday's; the two hours of Sunday evening, a date of the file, change nothing.
  assert.equal(frontFrom.get("2013-12-16"), "ESH14 kept");
  assert.equal(frontFrom.get("2013-12-17"), "ESH14 kept");
  const fronts = [...frontFrom].map(([from, text]) => `${from} ${text.slice(0, 5)}`);
  assert.deepEqual(
    fronts.filter((text) => text.endsWith("ESH14"))[0],
    "2013-12-16 ESH14",
    "the first trade date with March in front",
  );
  assert.ok(fronts.every((text) => text.endsWith(text < "2013-12-16" ? "ESZ13" : "ESH14")));
});

test("the decision of 12-12 and of 12-13 alone", () => {
  const front = contract("ESZ13");
  const thursday = volumes({ ESZ13: 1_113_344, ESH14: 354_874, ESM14: 126 });
  const friday = volumes({ ESZ13: 347_764, ESH14: 868_208, ESM14: 60 });
  const decide = (completed: string, rows: ContractVolume[]) =>
    decideFront({ root: "ES", front, volumes: rows, completed: date(completed), pin: null });
  assert.deepEqual(decide("2013-12-12", thursday), { contract: front, reason: "kept" });
  assert.deepEqual(decide("2013-12-13", friday), { contract: contract("ESH14"), reason: "outTraded" });
  const equal = volumes({ ESZ13: 5, ESH14: 5 });
  assert.equal(decide("2013-12-12", equal).reason, "kept");
});

test("never goes back to an earlier expiry", () => {
  const rows = volumes({ ESZ13: 900_000, ESH14: 100 });
  const decision = decideFront({
    root: "ES",
    front: contract("ESH14"),
    volumes: rows,
    completed: date("2013-12-12"),
    pin: null,
  });
  assert.deepEqual(decision, { contract: contract("ESH14"), reason: "kept" });
});

test("is forced two trade dates before the last trade, also without volume", () => {
  assert.equal(civilDayIso(forcedOutFrom(contract("ESZ13"))), "2013-12-18");
  const decide = (completed: string, rows: ContractVolume[]) =>
    decideFront({ root: "ES", front: contract("ESZ13"), volumes: rows, completed: date(completed), pin: null });
  const loyal = volumes({ ESZ13: 1_000, ESH14: 10, ESM14: 20 });
  assert.equal(decide("2013-12-16", loyal).reason, "kept");
  assert.deepEqual(decide("2013-12-17", loyal), { contract: contract("ESM14"), reason: "forced" });
  assert.deepEqual(decide("2013-12-17", []), { contract: contract("ESH14"), reason: "forced" });
});

test("physical products leave before first notice, in their roll months", () => {
  // First notice of GC Dec 2013 is Friday 11-29; Thanksgiving (11-28) has no trade date.
  assert.equal(civilDayIso(forcedOutFrom(contract("GCZ13"))), "2013-11-26");
  const decision = decideFront({
    root: "GC",
    front: contract("GCZ13"),
    volumes: [],
    completed: date("2013-11-25"),
    pin: null,
  });
  assert.deepEqual(decision, { contract: contract("GCG14"), reason: "forced" });
  assert.equal(contractLongSymbol(firstFront("GC", date("2024-08-01"))), "GCZ24");
  assert.equal(contractLongSymbol(firstFront("CL", date("2024-04-15"))), "CLK24");
  assert.equal(contractLongSymbol(firstFront("CL", date("2024-04-18"))), "CLM24");
  assert.equal(contractLongSymbol(firstFront("ES", date("2026-11-20"))), "ESZ26");
  assert.equal(contractLongSymbol(firstFront("6J", date("2026-12-14"))), "6JH27");
});

test("a pin wins until its last trade date has gone", () => {
  const base = { root: "ES", front: contract("ESZ13"), volumes: volumes({ ESZ13: 9, ESH14: 3 }) };
  const pinned = decideFront({ ...base, completed: date("2013-12-12"), pin: contract("ESM14") });
  assert.deepEqual(pinned, { contract: contract("ESM14"), reason: "pinned" });
  const old = decideFront({ ...base, completed: date("2013-12-19"), pin: contract("ESZ13") });
  assert.deepEqual(old, { contract: contract("ESZ13"), reason: "pinned" });
  const expired = decideFront({ ...base, completed: date("2013-12-20"), pin: contract("ESZ13") });
  assert.deepEqual(expired, { contract: contract("ESH14"), reason: "forced" });
  const other = decideFront({ ...base, completed: date("2013-12-12"), pin: contract("NQH14") });
  assert.equal(other.reason, "kept");
});

test("ignores volumes of other roots", () => {
  const rows = volumes({ ESZ13: 9, NQH14: 1_000 });
  const decision = decideFront({ root: "ES", front: null, volumes: rows, completed: date("2013-12-02"), pin: null });
  assert.deepEqual(decision, { contract: contract("ESZ13"), reason: "first" });
});

test("a micro follows its mini", () => {
  assert.deepEqual(microFront("MES", contract("ESH14")), contract("MESH14"));
  assert.throws(() => microFront("MES", contract("NQH14")), /mini of MES is ES, was NQ/);
});
