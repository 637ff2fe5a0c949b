/** Is "change" right on day two: is each day's settlement asked for at the roll, until it is there, not for ever? */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { MASSIVE_SETTLEMENT_TRIES_MAX } from "#lib/limits.ts";
import { createBackOff } from "#server/feeds/back-off.ts";
import { ContractStream } from "#server/feeds/massive/contract-stream.ts";
import { createRestClient } from "#server/feeds/massive/rest-client.ts";
import { Settlements } from "#server/feeds/massive/settlements.ts";
import { quoteOf } from "#server/live-view.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";
import { begin, data, isConnected, TICKER, trade } from "#tests/support/massive-begin.ts";
import { sessionRow } from "#tests/support/massive-hour.ts";
import { KEY, type MassiveRig } from "#tests/support/massive-rig.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import type { RestRow } from "#tests/support/massive-server-rest.ts";

/** 14:59:45 in Chicago, just before the end of RTH. */
const RTH_END_MS = Date.parse("2026-11-17T20:59:45Z");
/** 17:00 in Chicago. */
const ROLL_MS = Date.parse("2026-11-17T23:00:00Z");
const MINUTE = 60_000;

/** Rows that the vendor has so far: a test adds what comes later. */
function sessions() {
  const rows = [sessionRow(TICKER, "2026-11-16", 1_000_000, 6_000)];
  return { rows, data: data({ aggs: { [TICKER]: { "1session": rows } } }) };
}

function changeOf({ run: { engine } }: MassiveRig): [number | null, string] {
  const { change, changeSource } = quoteOf(engine.state, engine.state.contracts[0]);
  return [change, changeSource];
}

const asks = (server: MassiveServer): number =>
  server.asked.filter(({ searchParams }) => searchParams.get("resolution") === "1session").length;

/** Over a stretch in which the market is shut: the feed looks once at its end. */
async function sleepUntil(rig: MassiveRig, ms: number): Promise<void> {
  rig.moveTo(ms);
  await rig.settle(() => false, 20);
}

/** A trade each half minute until then: a silent socket would count as frozen. */
async function tradeUntil(rig: MassiveRig, server: MassiveServer, untilMs: number, price: number): Promise<void> {
  while (rig.clock.nowMs < untilMs) await tradeAt(rig, server, Math.min(untilMs, rig.clock.nowMs + MINUTE / 2), price);
}

/** Moves to a time and sends a trade then; resolves when it is told. */
async function tradeAt(rig: MassiveRig, server: MassiveServer, ms: number, price: number): Promise<void> {
  rig.moveTo(ms);
  const due = rig.feed.controls.report().frames + server.send([trade(price, ms)]);
  assert.ok(await rig.settle(() => rig.feed.controls.report().frames >= due));
}

test("the settlement of the day is told as soon as the vendor has it; until then the change is an estimate", async (t) => {
  const { rows, data: sent } = sessions();
  const { server, rig } = await begin(t, { data: sent }, { startMs: RTH_END_MS });
  assert.ok(await rig.settle(() => isConnected(rig)));
  await tradeAt(rig, server, rig.clock.nowMs, 6_010);
  assert.deepEqual(changeOf(rig), [9.875, "settlement"]);
  const before = asks(server);
  await sleepUntil(rig, ROLL_MS - 1_000);
  await tradeAt(rig, server, ROLL_MS + 500, 6_020);
  assert.deepEqual(changeOf(rig), [10, "est."], "by the last trades of RTH");
  assert.ok(await rig.until(() => asks(server) === before + 1, 3), "asked at the roll");
  await tradeUntil(rig, server, ROLL_MS + 45_000, 6_020);
  assert.ok(await rig.until(() => asks(server) === before + 2, 20), "and a minute later");
  server.restFaults.push(400);
  await tradeUntil(rig, server, ROLL_MS + 2.9 * MINUTE, 6_020);
  assert.ok(await rig.until(() => asks(server) === before + 3, 40), "a refusal counts as a try");
  rows.push(sessionRow(TICKER, "2026-11-17", 900_000, 6_008));
  assert.deepEqual(changeOf(rig), [10, "est."]);
  await tradeUntil(rig, server, ROLL_MS + 7 * MINUTE, 6_020);
  assert.ok(await rig.until(() => changeOf(rig)[1] === "settlement", 20));
  assert.deepEqual(changeOf(rig), [11.875, "settlement"]);
  const told = rig.events.flatMap((event) => (event.type === "SettlementPublished" ? [event.settlementTicks / 4] : []));
  assert.deepEqual(told, [6_000.125, 6_008.125], "each once");
  const enough = asks(server);
  await tradeUntil(rig, server, ROLL_MS + 30 * MINUTE, 6_020);
  assert.equal(asks(server), enough);
  assert.deepEqual(rig.rejects, []);
});

test("a settlement that never comes is given up, by name, and the next day's is asked for again", async (t) => {
  const { rows, data: sent } = sessions();
  const { server, rig } = await begin(t, { data: sent }, { startMs: ROLL_MS - 90 * MINUTE });
  assert.ok(await rig.settle(() => isConnected(rig)));
  await tradeAt(rig, server, rig.clock.nowMs, 6_010);
  const before = asks(server);
  await sleepUntil(rig, ROLL_MS - 1_000);
  await tradeUntil(rig, server, ROLL_MS + 150 * MINUTE, 6_020);
  assert.equal(asks(server), before + MASSIVE_SETTLEMENT_TRIES_MAX);
  assert.deepEqual(
    rig.rejects.map(({ reason, detail }) => `${reason}: ${detail}`),
    [
      `not-filled: the settlement of ESZ6 for 2026-11-17: the vendor has none, ` +
        `asked ${MASSIVE_SETTLEMENT_TRIES_MAX} times; it stays estimated`,
    ],
  );
  rows.push(sessionRow(TICKER, "2026-11-18", 900_000, 6_015));
  const nextRollMs = ROLL_MS + 24 * 60 * MINUTE;
  // Over the day in one jump: the silence ends the connection, and the next one asks.
  rig.moveTo(nextRollMs - 1_000);
  assert.ok(await rig.until(() => isConnected(rig), 20));
  await tradeAt(rig, server, rig.clock.nowMs, 6_030);
  assert.ok(await rig.until(() => changeOf(rig)[1] === "settlement", 3));
  assert.deepEqual(changeOf(rig), [14.875, "settlement"]);
});

/** Looks at `rows` each half minute for so many hours from the roll on; says when it asked, in minutes. */
async function lookFor(t: TestContext, rows: RestRow[], hours: number, atMinute: (minute: number) => void = () => {}) {
  const server = await MassiveServer.start({ key: KEY, data: data({ aggs: { [TICKER]: { "1session": rows } } }) });
  t.after(() => server[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const backOff = createBackOff({ firstMs: 1, mostMs: 1, random: () => 0 });
  const restOptions = { baseUrl: server.restUrl, key: KEY, sleep: async () => {}, newBackOff: () => backOff, signal };
  const recorder = new FeedRecorder();
  const settlements = new Settlements({ rest: createRestClient(restOptions), sink: recorder, signal });
  const contract = { root: "ES", year: 2026, month: 12 };
  const listing = { contract, ticker: TICKER, vendorTick: 0.25 };
  const stream = new ContractStream({ number: 0, listing, sink: recorder });
  const askedAt: number[] = [];
  for (let minute = 0; minute < hours * 60; minute += 0.5) {
    atMinute(minute);
    const before = server.asked.length;
    settlements.look([stream], ROLL_MS + minute * MINUTE);
    await settlements.settled();
    if (server.asked.length > before) askedAt.push(minute);
  }
  const told = recorder.events.filter((event) => event.type === "SettlementPublished");
  return { askedAt, told: told.map(({ tradeDate, settlementTicks }) => [tradeDate, settlementTicks / 4]) };
}

test("a lacking settlement is asked for at the roll and 1, 2, 4 … minutes later, so often and no oftener", async (t) => {
  const { askedAt } = await lookFor(t, sessions().rows, 5);
  assert.deepEqual(askedAt, [0, 1, 3, 7, 15, 31, 63, 127]);
  assert.equal(askedAt.length, MASSIVE_SETTLEMENT_TRIES_MAX);
});

test("a settlement that the vendor corrects is told again, one that it repeats is not", async (t) => {
  const { rows } = sessions();
  const settled = sessionRow(TICKER, "2026-11-17", 900_000, 6_008);
  rows.push(settled);
  const { askedAt, told } = await lookFor(t, rows, 20, (minute) => {
    if (minute === 300) settled.settlement_price = 6_007.5;
  });
  assert.deepEqual(askedAt, [0, 240, 480, 720, 960]);
  const [former, date] = ["2026-11-16", "2026-11-17"].map((day) => Date.parse(day) / 86_400_000);
  assert.deepEqual(told, [
    [former, 6_000.125],
    [date, 6_008.125],
    [date, 6_007.5],
  ]);
});
