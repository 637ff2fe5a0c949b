/** What a vendor sends wrongly: is it counted by reason, shown on every road of the real service, and dropped? */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { contractSymbol } from "#lib/contract.ts";
import { firstFront } from "#lib/front-contract.ts";
import { tradeDateAt } from "#lib/session.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { liveFeedReportSchema } from "#lib/wire/live-feed.ts";
import type { FeedsMessage } from "#lib/wire/stream.ts";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { contractRow } from "#tests/support/massive-hour.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import { readStream } from "#tests/support/stream-reader.ts";

const KEY = "input-test-key";
const folder = temporaryDataDir();
after(() => folder.remove());

/** One message of each fault, and the reason that it is counted by. */
function faults(ticker: string, nowMs: number): [Record<string, unknown>, string][] {
  const trade = { ev: "T", sym: ticker, p: 6_000, s: 1, t: nowMs, q: 900 };
  const quote = { ev: "Q", sym: ticker, bp: 6_000, bs: 1, ap: 6_000.25, as: 1, t: nowMs };
  return [
    [{ ...trade, p: "NaN" }, "not-a-number"],
    [{ ...quote, as: -1 }, "negative-size"],
    [{ ...trade, t: nowMs - 60_000 }, "time-backwards"],
    [{ ...trade, p: 6_000.1 }, "off-tick"],
    [{ ...quote, bp: 60_000 }, "other-scale"],
    [{ ...trade, s: 1.5 }, "malformed"],
  ];
}

test("bad messages of a live vendor are counted by reason, in words, and change no price", async (t) => {
  const ticker = contractSymbol(firstFront("ES", tradeDateAt("equity", Date.now())));
  const data = { contracts: [contractRow(ticker, "2099-01-01")], aggs: {}, trades: {} };
  await using server = await MassiveServer.start({ key: KEY, data });
  const urls = { MASSIVE_WS_URL: server.wsUrl, MASSIVE_REST_URL: server.restUrl };
  const env = { FEED: "massive", MASSIVE_API_KEY: KEY, INSTRUMENTS: "ES", ...urls };
  const service = await startDataService({ dataDir: folder.dataDir, env });
  t.after(() => service.stop());
  const report = () => service.get<z.infer<typeof liveFeedReportSchema>>("/analysis/live_feed");
  const until = async (claim: () => Promise<boolean>): Promise<void> => {
    for (let turn = 0; turn < 400 && !(await claim()); turn++) await sleep(50);
    assert.ok(await claim(), service.said());
  };
  await until(async () => (await report()).connected);
  const startMs = Date.now();
  const trade = (price: number, q: number) => ({ ev: "T", sym: ticker, p: price, s: 1, t: startMs, q });
  server.send([trade(6_000, 1)]);
  const bad = faults(ticker, startMs);
  server.send(bad.map(([message]) => message as { ev: string })); // safe: every one has an ev
  server.sendRaw('[{"ev":"T","sym":"ESX1","p":6000,"s":1,"t":1,');
  server.sendRaw(JSON.stringify([{ ...trade(6_000, 2), sym: "NQZ6" }]));
  server.send([trade(6_000.5, 3)]);
  const counts = new Map([...bad.map(([, reason]) => [reason, 1] as const), ["unknown-contract", 1]]);
  counts.set("malformed", 2);
  await until(async () => (await report()).trades === 2);
  const said = await report();
  assert.equal(said.errorCount, 8);
  assert.deepEqual([said.errors.length, said.errors.at(-1)?.split(":")[0]], [5, "unknown-contract"]);
  assert.ok(said.uptime >= 0 && said.msgs >= 8, JSON.stringify(said));
  const stream = await readStream(service.port);
  stream.subscribe({ subscribe: ["feeds"] });
  const { feeds } = (await stream.next(({ topic }) => topic === "feeds")) as FeedsMessage; // safe: the topic's own
  stream.socket.terminate();
  assert.deepEqual(new Map(feeds.rejects.map(({ reason, count }) => [reason, count])), counts);
  const words = feeds.rejects.find(({ reason }) => reason === "off-tick")?.last;
  assert.equal(words, `T.${ticker} at 6000.1 is no multiple of 0.25`);
  const metrics = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  for (const [reason, count] of counts)
    assert.match(metrics, new RegExp(`rejects_total\\{reason="${reason}"\\} ${count}`));
  const { instruments } = await service.get<{ instruments: InstrumentRow[] }>("/instruments");
  assert.equal(instruments[0].last, 6_000.5);
});
