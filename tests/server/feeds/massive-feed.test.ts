/** Is each trouble with the vendor told apart, said in words, and treated as it deserves? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { MASSIVE_FROZEN_MS } from "#lib/limits.ts";
import {
  bar,
  begin,
  data,
  isConnected,
  lastWords,
  pastTrade,
  START_MS,
  TICKER,
  trade,
} from "#tests/support/massive-begin.ts";
import { contractRow, sessionRow } from "#tests/support/massive-hour.ts";
import { KEY, massiveRig } from "#tests/support/massive-rig.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import type { RestRow } from "#tests/support/massive-server-rest.ts";

test("follows exactly the chosen contracts, each channel by name", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.deepEqual(server.channels.toSorted(), ["A.ESZ6", "AM.ESZ6", "Q.ESZ6", "T.ESZ6"]);
  assert.match(lastWords(rig), /live: trades, quotes and bars of 1 contracts/);
  server.send([trade("6000.25", START_MS)]);
  assert.ok(await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted")));
  assert.equal(rig.run.engine.state.contracts[0].lastTicks, 24_001);
});

test("sessions are asked for from before the whole of the month before", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  const asked = server.asked.find(({ searchParams }) => searchParams.get("resolution") === "1session");
  const fromMs = Date.parse(asked?.searchParams.get("window_start.gte") ?? "");
  const now = new Date(START_MS);
  assert.ok(fromMs < Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1), new Date(fromMs).toISOString());
  // Also on the last day of a month behind one of 31 days.
  assert.ok(START_MS - fromMs >= 62 * 86_400_000);
});

test("a wrong key fails once and is not tried again until Start", async (t) => {
  const { server, rig } = await begin(t, { key: "another-key-0000" });
  assert.ok(await rig.until(() => rig.states().at(-1) === "failed"));
  assert.match(lastWords(rig), /refused: .*401.*MASSIVE_API_KEY/);
  await rig.until(() => false, 30);
  assert.equal(server.logins, 0);
  assert.equal(server.asked.length, 1, "one question, no storm");
});

test("a key that the socket refuses fails once too", async (t) => {
  const { server, rig } = await begin(t, {}, { key: KEY });
  assert.ok(await rig.settle(() => isConnected(rig)));
  Object.defineProperty(server, "key", { value: "changed-key-000" });
  server.disconnect();
  assert.ok(await rig.until(() => rig.states().at(-1) === "failed"));
  assert.match(lastWords(rig), /refused: authentication failed/);
  const { logins } = server;
  await rig.until(() => false, 90);
  assert.equal(server.logins, logins);
});

test("taken over by another login: stands, says so, never fights, and Start takes it back", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  const other = massiveRig(server, { startMs: START_MS });
  t.after(() => other.feed[Symbol.asyncDispose]());
  await other.connect();
  assert.ok(await rig.settle(() => rig.states().at(-1) === "paused"));
  assert.match(lastWords(rig), /Taken over/);
  const { logins } = server;
  await rig.until(() => false, 120);
  assert.equal(server.logins, logins, "it does not log in again by itself");
  assert.equal((await rig.feed.controls.act("start")).status, "done");
  assert.ok(await rig.until(() => isConnected(rig)));
  assert.ok(await other.settle(() => other.states().at(-1) === "paused"));
});

test("a plan without trades and quotes: bars only, stale by three bars, no side claimed", async (t) => {
  const { server, rig } = await begin(t, { hasTrades: false });
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.match(lastWords(rig), /bars only .*this plan has no trades and quotes/);
  assert.equal(rig.feed.controls.report().received, "bars");
  // The gap between history and now is asked for at the first bar; then bars flow.
  for (let second = 0; second < 6; second++) {
    rig.moveTo(START_MS + second * 1_000 + 1_100);
    server.send([bar("A", START_MS + second * 1_000, 6_000 + second)]);
    await rig.settle(() => rig.feed.controls.report().frames >= 7 + second);
  }
  assert.ok(await rig.until(() => rig.events.filter(({ type }) => type === "BarReceived").length === 6, 10));
  const { series, trust } = rig.run.engine.state.contracts[0];
  assert.equal(series[0].deltaSource[series[0].length - 1], DELTA_SOURCE.none);
  assert.equal(trust.barsOnlyMs, 1_000);
  const heardMs = trust.eventMs;
  rig.moveTo(heardMs + 4_900);
  assert.equal(trust.staleSinceMs, null);
  rig.moveTo(heardMs + 5_000);
  assert.equal(trust.staleSinceMs, heardMs, "three seconds, at least five");
  assert.match((await rig.feed.controls.act("upgrade")).message, /does not grant trades and quotes/);
});

test("a slow reader is cut, says so and comes back", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.disconnect(1011, "slow consumer");
  assert.ok(await rig.settle(() => rig.states().at(-1) === "backing-off"));
  assert.match(lastWords(rig), /Cut as a slow reader: close code 1011, slow consumer\. Next try in 1 s/);
  assert.ok(await rig.until(() => isConnected(rig)));
});

test("a socket that answers pings and sends nothing counts as frozen after its minute, says so and comes back", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.send([trade(6_000, rig.clock.nowMs)]);
  assert.ok(await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted")));
  const heardMs = rig.clock.nowMs;
  server.isFrozen = true;
  await rig.until(() => false, MASSIVE_FROZEN_MS / 1_000 - 1);
  assert.ok(isConnected(rig), "a quiet minute is none yet");
  assert.ok(await rig.until(() => rig.states().at(-1) === "backing-off", 5));
  assert.match(lastWords(rig), /^Frozen: nothing came for 6\d s although the socket answers\. Next try in \d s\.$/);
  assert.ok(rig.clock.nowMs - heardMs < MASSIVE_FROZEN_MS + 5_000);
  server.isFrozen = false;
  assert.ok(await rig.until(() => isConnected(rig)));
});

test("waits longer and longer while the vendor is away, capped", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.isDown = true;
  server.disconnect();
  await rig.until(() => false, 400);
  const tries = rig.states().filter((state) => state === "backing-off").length;
  assert.ok(tries >= 8 && tries <= 16, `${tries} tries in 400 s`);
  server.isDown = false;
  assert.ok(await rig.until(() => isConnected(rig), 90));
});

test("delayed data on a live feed end the run before one event is published", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  let mode: string | null = null;
  rig.feed.modeChanged.then((found) => {
    mode = found;
  });
  for (let count = 0; count < 3; count++) server.send([trade(6_000, START_MS - 600_000 + count)]);
  assert.ok(await rig.settle(() => mode !== null));
  assert.equal(mode, "DELAYED");
  assert.equal(rig.states().at(-1), "ended");
  assert.equal(rig.events.filter(({ type }) => type === "TradePrinted").length, 0);
});

test("what came before the mode was proved is told when it is, as it came", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  const frames = [trade(6_000, START_MS - 130_000, { q: 1 }), trade(6_001, START_MS, { q: 2 })];
  for (const frame of frames) server.send([frame]);
  const told = () => rig.events.flatMap((event) => (event.type === "TradePrinted" ? [event] : []));
  assert.ok(await rig.settle(() => told().length === 2));
  assert.deepEqual(
    told().map(({ sourceSeq, priceTicks }) => [sourceSeq, priceTicks]),
    [
      [1, 24_000],
      [2, 24_004],
    ],
  );
});

test("a delayed host stays delayed, and its bars wait for the delay", async (t) => {
  const { server, rig } = await begin(t, {}, { mode: "DELAYED" });
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.send([trade(6_000, START_MS - 600_000)]);
  assert.ok(await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted")));
  assert.match(lastWords(rig), /10 minutes late/);
  const { series } = rig.run.engine.state.contracts[0];
  rig.moveTo(START_MS + 900);
  assert.equal(series[0].isForming, true);
  rig.moveTo(START_MS + 2_000);
  assert.equal(series[0].isForming, false, "closed by the measured delay");
});

test("a tick that is no power of ten from ours refuses the root by name; one that is scales it", async (t) => {
  const row = (ticker: string, tick: number): RestRow => contractRow(ticker, "2026-12-15", { trade_tick_size: tick });
  const contracts = [row("6BZ6", 1), row("NQZ6", 0.2)];
  const aggs = { "6BZ6": { "1session": [sessionRow("6BZ6", "2026-11-16", 5_000, 13_200)] } };
  const { server, rig } = await begin(t, { data: data({ contracts, aggs }) }, { roots: ["6B", "NQ"] });
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.deepEqual(
    rig.feed.controls.report().refusedRoots.map(({ root }) => root),
    ["NQ"],
  );
  assert.match(rig.rejects[0].detail, /NQ: the vendor's tick of NQZ6 is 0.2, ours 0.25/);
  server.send([trade(13_205, START_MS, { sym: "6BZ6" })]);
  assert.ok(await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted")));
  assert.equal(rig.run.engine.state.contracts[0].lastTicks, 13_205, "1.3205 in our ticks of 0.0001");
});

test("stop, start, downgrade and upgrade do what they say", async (t) => {
  const { server, rig } = await begin(t);
  const { act, report } = rig.feed.controls;
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.equal((await act("start")).status, "unchanged");
  assert.equal((await act("downgrade")).status, "done");
  assert.ok(await rig.settle(() => server.channels.length === 2), server.channels.join());
  assert.deepEqual(server.channels.toSorted(), ["A.ESZ6", "AM.ESZ6"]);
  assert.equal((await act("downgrade")).status, "unchanged");
  assert.equal((await act("upgrade")).status, "done");
  assert.equal(server.channels.length, 4);
  assert.equal((await act("stop")).status, "done");
  assert.ok(await rig.settle(() => rig.states().at(-1) === "paused"));
  assert.equal(report().isRunning, false);
  await rig.until(() => false, 60);
  assert.equal(server.channels.length, 0);
  assert.equal((await act("start")).status, "done");
  assert.ok(await rig.until(() => isConnected(rig)));
});

test("a REST side that is busy is asked again, in pages", async (t) => {
  const server = await MassiveServer.start({ key: KEY, data: data(), pageRows: 1 });
  server.restFaults.push(429, 500);
  const rig = massiveRig(server, { startMs: START_MS });
  t.after(async () => {
    await rig.feed[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  await rig.connect();
  assert.ok(await rig.until(() => isConnected(rig)));
  assert.ok(server.asked.length >= 5);
});

test("a vendor that is away does not hold the start up; the feed comes when it comes", async (t) => {
  const server = await MassiveServer.start({ key: KEY, data: data() });
  server.isDown = true;
  const rig = massiveRig(server, { startMs: START_MS });
  t.after(async () => {
    await rig.feed[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  await rig.connect();
  assert.equal(rig.states().at(-1), "backing-off");
  assert.match(lastWords(rig), /Connection lost: .*503/);
  server.isDown = false;
  assert.ok(await rig.until(() => isConnected(rig), 200));
});

test("a restart asks for what it missed, and only for that", async (t) => {
  const stopMs = START_MS - 300_000;
  const trades = { [TICKER]: [] as RestRow[] };
  for (let at = 0; at < 10; at++) trades[TICKER].push(pastTrade(6_000 + at / 4, stopMs - 1_000 + at * 500, 50 + at));
  const server = await MassiveServer.start({ key: KEY, data: data({ trades }) });
  const rig = massiveRig(server, { startMs: START_MS });
  t.after(async () => {
    await rig.feed[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  // The log knows the trades up to number 52.
  await rig.connect({ nowMs: stopMs, lastSourceSeq: () => 52 });
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.send([trade(6_010, START_MS)]);
  const filled = () => rig.events.find((event) => event.type === "GapFilled");
  assert.ok(await rig.until(() => filled() !== undefined, 10));
  const event = filled();
  assert.ok(event?.type === "GapFilled");
  assert.deepEqual([...event.trades.sourceSeq], [53, 54, 55, 56, 57, 58, 59]);
  assert.equal(rig.events.filter(({ type }) => type === "HistoryLoaded").length, 0, "history is in the log");
});

test("trades that the stream brings behind their gap's answer are not counted twice", async (t) => {
  const missed = START_MS + 5_000;
  const trades = { [TICKER]: [pastTrade(6_001, missed, 9_001)] };
  const { server, rig } = await begin(t, { data: data({ trades }) });
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.send([trade(6_000, START_MS)]);
  await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted"));
  await rig.until(() => false, 3);
  server.disconnect();
  await rig.settle(() => rig.states().at(-1) === "backing-off");
  assert.ok(await rig.until(() => isConnected(rig)));
  rig.moveTo(missed + 2_000);
  server.send([trade(6_002, missed + 1_500, { q: 9_002 })]);
  assert.ok(
    await rig.until(
      () => rig.run.engine.state.gaps.length === 0 && rig.run.engine.state.contracts[0].lastTicks === 24_008,
      20,
    ),
  );
  server.send([trade(6_001, missed, { q: 9_001, s: 2 })]);
  assert.ok(await rig.settle(() => rig.rejects.some(({ reason }) => reason === "duplicate")));
  const [, minutes] = rig.run.engine.state.contracts[0].series;
  assert.equal(minutes.volume[minutes.length - (minutes.isForming ? 0 : 1)], 4);
});

test("a contract that becomes front is followed from then on", async (t) => {
  const contracts = [contractRow(TICKER, "2026-12-18"), contractRow("ESH7", "2027-03-19")];
  const { server, rig } = await begin(t, { data: data({ contracts }) });
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.equal(server.channels.length, 4, "the second expiry did not trade");
  rig.feed.follow({ root: "ES", year: 2027, month: 3 });
  assert.ok(await rig.settle(() => server.channels.length === 8));
});
