/** Both stores away for minutes of market under load, then back: is every row there once, and did anything pause? */
import assert from "node:assert/strict";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { startEmbeddedPostgres } from "#server/store/embedded-postgres.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { watchFrames } from "#tests/support/frame-watch.ts";
import { assertSameRows } from "#tests/support/same-rows.ts";
import {
  bothGreen,
  endure,
  type Fault,
  freezeFault,
  killFault,
  lampsOf,
  lineFault,
  mirroredSeqs,
  postmasterPid,
  rowsAndRebuilt,
  stopFault,
} from "#tests/support/store-outage.ts";
import { databaseServers, machineRedis, ownDatabase, ownRedis, removeKeys, until } from "#tests/support/stores.ts";
import { TcpProxy } from "#tests/support/tcp-proxy.ts";

/** A minute of market is over in 0.6 s. */
const SPEED = "100";
const HOLD = { holdMs: 4_000, marketMs: 60_000 };
/** The last of a Redis as it comes: nobody else keeps anything there. */
const REDIS_DB = "/15";
/** A frame leaves each 50 ms; whoever waited for a store would be silent for longer than this. */
const SILENCE_MS_MAX = 2_000;

async function started(t: TestContext, env: Record<string, string>): Promise<DataService> {
  const { dataDir, remove } = temporaryDataDir();
  const settings = { INSTRUMENTS: "ES", FEED_SPEED: SPEED, FEED_START: "2026-11-17T15:00:00Z", ...env };
  const service = await startDataService({ dataDir, env: settings });
  t.after(async () => {
    await service.stop();
    remove();
  });
  await bothGreen(service, 90_000);
  return service;
}

/** Takes the stores away in each way, one after the other, and ends the service; returns its run. */
async function takeAway(
  t: TestContext,
  { service, redisUrl }: { service: DataService; redisUrl: string },
  ways: readonly (readonly Fault[])[],
): Promise<string> {
  const { runId } = (await lampsOf(service)).ops;
  const symbols = [...(await mirroredSeqs(redisUrl)).keys()];
  assert.ok(symbols.length > 0);
  const watch = await watchFrames(service.port, symbols);
  for (const faults of ways) {
    const outage = await endure(service, faults, HOLD);
    t.diagnostic(JSON.stringify(outage));
    assert.ok(outage.events > 100, `${outage.events} events while they were away`);
    const seq = watch.seq();
    const areNew = async (): Promise<boolean> => [...(await mirroredSeqs(redisUrl)).values()].every((at) => at >= seq);
    await until(areNew, "Redis has the newest quotes");
  }
  assert.equal(watch.stepsBack(), 0);
  assert.ok(watch.longestSilenceMs() < SILENCE_MS_MAX, `the stream was silent for ${watch.longestSilenceMs()} ms`);
  watch.close();
  await service.stop();
  return runId;
}

async function assertRebuiltAlike(url: string, service: DataService, runId: string): Promise<void> {
  const [rows, rebuilt] = await rowsAndRebuilt(url, service.dataDir, runId);
  assert.ok(rebuilt.bars > 10_000, `${rebuilt.bars} bars`);
  assertSameRows(rows.lines, rebuilt.lines);
  assert.equal(rows.bars, rebuilt.bars);
}

test("embedded PostgreSQL and a Redis of its own: killed again and again, then frozen", async (t) => {
  const redis = await ownRedis(t);
  if (redis === null) return t.skip("ABSENT redis-server");
  const service = await started(t, { REDIS_URL: redis.url });
  const pid = (): number => postmasterPid(service.dataDir) ?? 0;
  const runId = await takeAway(t, { service, redisUrl: redis.url }, [
    [killFault(service.dataDir), stopFault("redis stopped", redis)],
    [freezeFault("embedded postgres frozen", pid), freezeFault("redis frozen", redis.pid)],
  ]);
  const server = await startEmbeddedPostgres(path.join(service.dataDir, "postgres"));
  t.after(() => server.stop());
  await assertRebuiltAlike(server.url, service, runId);
});

test("PostgreSQL and Redis by address: the line is cut, then hangs", async (t) => {
  const redisUrl = await machineRedis();
  if (redisUrl === null) return t.skip("ABSENT real stores: redis");
  const servers = await databaseServers();
  const url = await ownDatabase(t, servers[servers.length - 1].url);
  const redis = new URL(redisUrl);
  redis.pathname = REDIS_DB;
  t.after(() => removeKeys(redis.toString(), "rs:"));
  const lines = [await TcpProxy.start(t, url), await TcpProxy.start(t, redis.toString())];
  const service = await started(t, { DATABASE_URL: lines[0].url, REDIS_URL: lines[1].url });
  assert.equal(postmasterPid(service.dataDir), null, "no embedded server beside it");
  const fault = (way: "refuse" | "freeze"): Fault[] =>
    lines.map((line, at) => lineFault(`${["postgres", "redis"][at]} ${way}`, line, way));
  const runId = await takeAway(t, { service, redisUrl: redis.toString() }, [fault("refuse"), fault("freeze")]);
  await assertRebuiltAlike(url, service, runId);
});
