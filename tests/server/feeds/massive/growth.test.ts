/** Does the running feed take what is asked of it: more products, a new front, a stretch of missed trades? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowCount } from "#lib/bars/bar-series.ts";
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
import { KEY, type MassiveRig, massiveRig } from "#tests/support/massive-rig.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import type { RestData } from "#tests/support/massive-server-rest.ts";

const ES = { root: "ES", year: 2026, month: 12 };

/** ES and NQ, and MES, which follows ES into its second expiry, whatever its own volumes are. */
function threeProducts(): RestData {
  const session = (ticker: string, volume: number) => ({
    "1session": [sessionRow(ticker, "2026-11-16", volume, 6_000)],
  });
  const contracts = ["ESZ6", "NQZ6", "MESZ6"].map((ticker) => contractRow(ticker, "2026-12-18"));
  const later = ["ESH7", "MESH7"].map((ticker) => contractRow(ticker, "2027-03-19"));
  const front = { ESZ6: session("ESZ6", 10), ESH7: session("ESH7", 900), NQZ6: session("NQZ6", 500) };
  const micros = { MESZ6: session("MESZ6", 900), MESH7: session("MESH7", 0) };
  return data({ contracts: [...contracts, ...later], aggs: { ...front, ...micros } });
}

const tradesOf = ({ events }: MassiveRig) => events.flatMap((event) => (event.type === "TradePrinted" ? [event] : []));
const filledOf = ({ events }: MassiveRig) => events.flatMap((event) => (event.type === "GapFilled" ? [event] : []));

test("a product that is asked for while the feed runs is listed, loaded and followed", async (t) => {
  const { server, rig } = await begin(t, { data: threeProducts() }, { roots: ["NQ"] });
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.deepEqual(await rig.feed.subscribe(["NQ", "ES", "ZZ"]), ["ZZ"], "ZZ cannot be delivered");
  assert.deepEqual(rig.feed.controls.report().contracts, ["NQZ6", "ESH7"]);
  assert.match(lastWords(rig), /trades, quotes and bars of 2 contracts/);
  const contract = rig.run.engine.state.contracts.find(({ symbol }) => symbol === "ESH7");
  assert.equal(contract?.settlements.length, 1, "its history came");
  server.send([trade(6_001, START_MS, { sym: "ESH7" })]);
  assert.ok(await rig.settle(() => tradesOf(rig).length === 1));
  assert.equal(contract?.lastTicks, 24_004);
  assert.deepEqual(await rig.feed.subscribe(["MES"]), []);
  assert.ok(server.channels.includes("T.MESH7"), "the micro follows its mini's front");
});

test("a product that is asked for while the vendor is away comes with the next connection", async (t) => {
  const { server, rig } = await begin(t, { data: threeProducts() }, { roots: ["NQ"] });
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.isDown = true;
  server.disconnect();
  assert.ok(await rig.settle(() => rig.states().at(-1) === "backing-off"));
  let lacking: readonly string[] | null = null;
  rig.feed.subscribe(["ES"]).then((roots) => {
    lacking = roots;
  });
  assert.ok(await rig.until(() => lacking !== null, 60));
  assert.deepEqual(lacking, ["ES"]);
  assert.match(rig.rejects.at(-1)?.detail ?? "", /^ES: .*503/);
  server.isDown = false;
  assert.ok(await rig.until(() => isConnected(rig), 90));
  assert.ok(server.channels.includes("T.ESH7"), server.channels.join());
});

test("a first history that breaks off in the middle is asked for again, whole", async (t) => {
  const server = await MassiveServer.start({ key: KEY, data: threeProducts() });
  // ES: contracts and two expiries; then NQ, in all of its tries.
  server.restFaults.push(200, 200, 200, 500, 500, 500, 500);
  const rig = massiveRig(server, { startMs: START_MS, roots: ["ES", "NQ"] });
  t.after(async () => {
    await rig.feed[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  await rig.connect();
  assert.equal(rig.states().at(-1), "backing-off");
  assert.ok(await rig.until(() => isConnected(rig), 60));
  assert.deepEqual(rig.feed.controls.report().contracts.toSorted(), ["ESH7", "NQZ6"]);
});

test("contracts that become front in one moment are all followed, and it is said at once", async (t) => {
  const contracts = ["ESZ6", "NQZ6"].map((ticker) => contractRow(ticker, "2026-12-18"));
  const later = ["ESH7", "NQH7"].map((ticker) => contractRow(ticker, "2027-03-19"));
  const { server, rig } = await begin(
    t,
    { data: data({ contracts: [...contracts, ...later] }) },
    { roots: ["ES", "NQ"] },
  );
  assert.ok(await rig.settle(() => isConnected(rig)));
  assert.equal(server.channels.length, 8, "the second expiries did not trade");
  const said = rig.states().length;
  for (const root of ["ES", "NQ"]) rig.feed.follow({ root, year: 2027, month: 3 });
  assert.ok(await rig.settle(() => server.channels.length === 16));
  assert.ok(await rig.settle(() => rig.states().length === said + 2), "both answers were heard, without a wait");
  assert.match(lastWords(rig), /of 4 contracts/);
});

test("missed trades that are asked for come once, without those known", async (t) => {
  const missed = [pastTrade(6_001, START_MS - 9_000, 41), pastTrade(6_002, START_MS - 8_000, 42)];
  const trades = { [TICKER]: [...missed, pastTrade(6_003, START_MS, 43)] };
  const { server, rig } = await begin(t, { data: data({ trades }) });
  assert.ok(await rig.settle(() => isConnected(rig)));
  // The gap between history and the first live data: filled from this trade back to the whole minute.
  server.send([trade(6_003, START_MS, { q: 43, s: 2 })]);
  assert.ok(await rig.until(() => filledOf(rig).length === 1, 10));
  const ask = { contract: ES, fromMs: START_MS - 10_000, toMs: START_MS + 1 };
  assert.equal(await rig.feed.backfill(ask), true);
  assert.equal(await rig.feed.backfill(ask), true);
  const told = filledOf(rig).flatMap((event) => [...event.trades.sourceSeq.subarray(0, event.trades.count)]);
  assert.deepEqual(told, [41, 42], "each once; 43 came by the stream");
  const [, minutes] = rig.run.engine.state.contracts[0].series;
  const volume = minutes.volume.subarray(0, rowCount(minutes)).reduce((sum, size) => sum + size, 0);
  assert.equal(volume, 6);
  assert.equal(await rig.feed.backfill({ ...ask, contract: { ...ES, month: 9 } }), false, "it is not followed");
});

test("on a plan of bars a stretch that is asked for comes as bars; a refusal leaves it listed", async (t) => {
  const aggs = {
    [TICKER]: {
      "1session": [sessionRow(TICKER, "2026-11-16", 1_000_000, 6_000)],
      "1min": [{ ...sessionRow(TICKER, "2026-11-16", 7, 6_000), window_start: (START_MS - 120_000) * 1e6 }],
    },
  };
  const { server, rig } = await begin(t, { data: data({ aggs }), hasTrades: false });
  assert.ok(await rig.settle(() => isConnected(rig)));
  server.send([bar("A", START_MS - 1_000, 6_000)]);
  assert.ok(await rig.until(() => filledOf(rig).length === 1, 10));
  const ask = { contract: ES, fromMs: START_MS - 180_000, toMs: START_MS };
  assert.equal(await rig.feed.backfill(ask), true);
  const [, minutes] = rig.run.engine.state.contracts[0].series;
  assert.equal(minutes.volume[0], 7);
  server.restFaults.push(400);
  assert.equal(await rig.feed.backfill(ask), false);
  assert.match(rig.rejects.at(-1)?.detail ?? "", /the gap of ESZ6: .*400/);
  assert.deepEqual(
    rig.run.engine.state.gaps.map(({ fromMs, toMs, reason }) => [fromMs, toMs, reason]),
    [[ask.fromMs, ask.toMs, "asked for"]],
  );
});
