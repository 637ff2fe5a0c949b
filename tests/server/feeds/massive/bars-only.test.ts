/** Where only the vendor's bars come, by plan or by choice: how long is silence borne, and who bought and sold? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContractState } from "#lib/engine/state.ts";
import { DELTA_SOURCES } from "#lib/wire/stream.ts";
import { barPage } from "#server/bar-history.ts";
import { quoteOf } from "#server/live-view.ts";
import { bar, begin, isConnected, lastWords, START_MS, trade } from "#tests/support/massive-begin.ts";
import type { MassiveRig } from "#tests/support/massive-rig.ts";
import type { MassiveServer } from "#tests/support/massive-server.ts";

/** 22:00 in Chicago: outside RTH a silence of trades is borne for 60 s. */
const NIGHT_MS = Date.parse("2026-11-18T04:00:00Z");

/** Sends one message a second, each at its time, and waits until all are read. */
async function play(rig: MassiveRig, server: MassiveServer, messages: readonly { ev: string; ms: number }[]) {
  for (const { ms, ...message } of messages) {
    rig.moveTo(ms);
    const due = rig.feed.controls.report().frames + server.send([message]);
    assert.ok(await rig.settle(() => rig.feed.controls.report().frames >= due));
  }
}

const tradesFrom = (fromMs: number) =>
  Array.from({ length: 5 }, (_, at) => ({ ...trade(6_000 + at, fromMs + at * 1_000), ms: fromMs + at * 1_000 }));
const barsFrom = (fromMs: number) =>
  Array.from({ length: 5 }, (_, at) => ({ ...bar("A", fromMs + at * 1_000, 6_010), ms: fromMs + (at + 1) * 1_000 }));

/** How long the feed is silent until the contract is stale, to the second. */
function silenceBorneMs(rig: MassiveRig): number {
  const { trust } = rig.run.engine.state.contracts[0];
  for (let waited = 0; trust.staleSinceMs === null && waited <= 120; waited += 1) rig.moveTo(rig.clock.nowMs + 1_000);
  return rig.clock.nowMs - trust.eventMs;
}

test("after a downgrade a silence is borne as long as bars alone allow; after an upgrade as trades do", async (t) => {
  const { server, rig } = await begin(t, {}, { startMs: NIGHT_MS });
  assert.ok(await rig.settle(() => isConnected(rig)));
  await play(rig, server, tradesFrom(NIGHT_MS));
  assert.equal((await rig.feed.controls.act("downgrade")).status, "done");
  await play(rig, server, barsFrom(NIGHT_MS + 5_000));
  assert.equal(rig.run.engine.state.contracts[0].trust.staleSinceMs, null);
  assert.equal(silenceBorneMs(rig), 5_000, "three seconds, at least five");
  assert.equal((await rig.feed.controls.act("upgrade")).status, "done");
  await play(rig, server, tradesFrom(rig.clock.nowMs));
  assert.equal(rig.run.engine.state.contracts[0].trust.staleSinceMs, null, "alive again");
  assert.equal(silenceBorneMs(rig), 60_000);
  assert.deepEqual(rig.rejects, []);
});

/** A second bar that closes in its range. */
function rangeBar(openMs: number, [high, low, close]: readonly [number, number, number], volume: number) {
  return { ...bar("A", openMs, close, volume), o: `${low}`, h: `${high}`, l: `${low}`, ms: openMs + 1_000 };
}

/** Whole contracts and source of each bar of an interval, oldest first. */
function deltasOf(contract: ContractState, interval: "1m" | "5m" | "10m" | "1d"): [number, string][] {
  const all = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, limit: 100 };
  const { bars } = barPage(contract, { interval, hours: "eth", ...all }, Number.POSITIVE_INFINITY);
  return bars.map((one) => [one[12], DELTA_SOURCES[one[13]]]);
}

test("a plan of bars alone: the delta is an estimate, and says so in quote, bars and words", async (t) => {
  const { server, rig } = await begin(t, { hasTrades: false });
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.match(lastWords(rig), /bars only .*this plan has no trades and quotes.*the delta is an estimate/);
  server.send([bar("A", START_MS - 1_000, 6_000, 0)]);
  assert.ok(await rig.until(() => rig.events.some(({ type }) => type === "GapFilled"), 10), "the gap of the start");
  const minute = START_MS + 60_000;
  await play(rig, server, [
    rangeBar(minute, [6_001, 6_000, 6_001], 10),
    rangeBar(minute + 1_000, [6_003, 6_001, 6_002], 30),
    rangeBar(minute + 60_000, [6_002, 5_998, 5_998], 20),
  ]);
  const { state } = rig.run.engine;
  const [contract] = state.contracts;
  // 10:31 rose 2 of 3 points: 40 × ⅔ × 1.5 ÷ ⁴√40 = 15.9; 10:32 fell all of its 4: −20 × 1.5 ÷ ⁴√20 = −14.2.
  assert.deepEqual(deltasOf(contract, "1m").slice(-2), [
    [16, "estimate"],
    [-14, "estimate"],
  ]);
  for (const interval of ["5m", "10m", "1d"] as const) {
    assert.deepEqual(deltasOf(contract, interval).at(-1), [2, "estimate"], interval);
  }
  const quote = quoteOf(state, contract);
  assert.deepEqual([quote.volume, quote.delta, quote.deltaSource], [60, 2, "estimate"]);
  const day = contract.series[5];
  assert.deepEqual([day.buyVolume[day.length], day.sellVolume[day.length]], [0, 0], "the volume itself stays unsigned");
});

test("where trades came for a while, their sides count, and the bars behind them are estimated", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  const quote = { ev: "Q", sym: "ESZ6", bp: 6_000, bs: 5, ap: 6_000.25, as: 5, t: START_MS };
  const bought = { ...trade(6_000.25, START_MS, { s: 8 }), ms: START_MS };
  await play(rig, server, [{ ...quote, ms: START_MS }, bought]);
  const { state } = rig.run.engine;
  assert.deepEqual(
    [quoteOf(state, state.contracts[0]).delta, quoteOf(state, state.contracts[0]).deltaSource],
    [8, "quote"],
  );
  assert.ok(await rig.until(() => rig.events.some(({ type }) => type === "GapFilled"), 10));
  await rig.feed.controls.act("downgrade");
  await play(rig, server, [rangeBar(START_MS + 120_000, [6_002, 5_997, 5_997], 20)]);
  const { delta, deltaSource, volume } = quoteOf(state, state.contracts[0]);
  // Down 3.25 of 5 points since the trade before: −20 × 0.65 × 1.5 ÷ ⁴√20 = −9.2.
  assert.deepEqual([volume, delta, deltaSource], [28, -1, "estimate"]);
});
