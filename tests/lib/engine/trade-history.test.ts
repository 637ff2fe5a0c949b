/** Is what is told of trades passed on once, as it was told, and does nothing else move? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { TradeTelling } from "#lib/events/trade-history.ts";
import { TELLINGS_KNOWN_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { type EngineRun, engineRun } from "#tests/support/engine-run.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
const FILL = {
  executionId: "7",
  account: "A",
  ...ES,
  side: "buy" as const,
  contracts: 2,
  priceTicks: 24_000,
  atMs: 1_000,
  orderId: null,
  feeUsd: null,
  source: "tradovate",
};
const FILE = { importId: "i", source: "tradovate", fileName: "f.csv", zone: "UTC", timeStepMs: 1 };

function imported(piece: number, importId = "i"): TradeTelling {
  return { ...UNSTAMPED, type: "FillsImported", ...FILE, importId, piece, fills: [FILL] };
}

function factsOf(run: EngineRun, telling: TradeTelling): Fact[] {
  const facts: Fact[] = [];
  run.engine.conclude(telling, run.outputs, 0, (fact) => facts.push({ ...fact }));
  run.said();
  return facts;
}

test("a piece of an import is a fact once; the next piece is another", () => {
  const run = engineRun([ES]);
  const first = imported(0);
  assert.equal(run.send(first, 5).status, "accepted");
  assert.deepEqual(factsOf(run, first), [{ ...first, ordinal: 0 }]);
  const repeat = imported(0);
  assert.equal(run.send(repeat).status, "unchanged");
  assert.deepEqual(factsOf(run, repeat), []);
  assert.equal(run.send(imported(1)).status, "accepted");
  assert.equal(run.send(imported(0, "j")).status, "accepted");
});

test("of two changes of one revision the second comes too late; words may be said again", () => {
  const run = engineRun([ES]);
  const told = { tradeId: "t", fills: [FILL], stopTicks: null, targetTicks: null };
  const enter = (revision: number) => run.send({ ...UNSTAMPED, type: "TradeEntered", ...told, revision }).status;
  assert.deepEqual([enter(0), enter(1), enter(1)], ["accepted", "accepted", "unchanged"]);
  const remove = () => run.send({ ...UNSTAMPED, type: "TradeRemoved", tradeId: "t" }).status;
  assert.deepEqual([remove(), remove()], ["accepted", "unchanged"]);
  const undo = () => run.send({ ...UNSTAMPED, type: "ImportUndone", importId: "t" }).status;
  assert.deepEqual([undo(), undo()], ["accepted", "unchanged"]);
  const note = () =>
    run.send({ ...UNSTAMPED, type: "TradeNoted", tripKey: "t", tags: [], setup: "", notes: "" }).status;
  assert.deepEqual([note(), note()], ["accepted", "accepted"]);
});

test("an import moves no contract, no quote and no bar, and what is known of tellings is bounded", () => {
  const run = engineRun([ES]);
  // The first event of any kind does the clock's work.
  run.send(imported(0, "first"));
  const before = JSON.stringify(run.engine.state.contracts);
  for (let piece = 0; piece <= TELLINGS_KNOWN_MAX; piece += 1) run.send(imported(piece));
  assert.ok(JSON.stringify(run.engine.state.contracts) === before, "a contract has changed");
  assert.equal(run.engine.state.tellings.length, TELLINGS_KNOWN_MAX);
  assert.equal(run.send(imported(TELLINGS_KNOWN_MAX)).status, "unchanged");
  assert.equal(run.send(imported(0)).status, "accepted");
});
