/** Does the real data-service use the stores that it is told, and go on, never green, without them? */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Redis } from "ioredis";
import type { InsightView } from "#lib/wire/insight.ts";
import type { OpsReport, Part } from "#lib/wire/ops.ts";
import { type DataService, freePort, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { databaseServers, onServer, ownDatabase, ownRedis, until } from "#tests/support/stores.ts";

const servers = await databaseServers();

async function started(t: TestContext, env: Record<string, string>): Promise<DataService> {
  const { dataDir, remove } = temporaryDataDir();
  const service = await startDataService({ dataDir, env: { INSTRUMENTS: "ES", FEED_SPEED: "60", ...env } });
  t.after(async () => {
    await service.stop();
    remove();
  });
  return service;
}

async function partOf(service: DataService, name: string): Promise<Part> {
  const { parts } = await service.get<OpsReport>("/health");
  const part = parts.find((one) => one.name === name);
  assert.ok(part !== undefined, name);
  return part;
}

test("with DATABASE_URL and REDIS_URL set it fills them", async (t) => {
  const redis = await ownRedis(t);
  if (redis === null) return t.skip("ABSENT redis-server");
  const url = await ownDatabase(t, servers[servers.length - 1].url);
  const service = await started(t, { DATABASE_URL: url, REDIS_URL: redis.url });
  const isGreen = async (): Promise<boolean> =>
    (await partOf(service, "db")).state === "ok" && (await partOf(service, "redis")).state === "ok";
  await until(isGreen, "both are green", 60_000);
  const { runId, projection } = await service.get<OpsReport>("/health");
  assert.ok(projection !== null && projection.refusedFacts === 0 && projection.broken === null);
  const count = "select count(*)::int as bars, min(run_id) as run from bars join bar_series using (series)";
  await until(async () => Number((await onServer(url, count))[0]?.bars) > 10_000, "its history is there", 60_000);
  assert.equal((await onServer(url, count))[0]?.run, runId);
  const client = new Redis(redis.url);
  client.on("error", () => {}); // It is stopped below.
  t.after(() => client.disconnect());
  const keys = (await client.keys("rs:last:*")).toSorted();
  assert.ok(keys.length > 0 && keys.every((key) => /^rs:last:ES[HMUZ]\d$/.test(key)), keys.join());
  const ttlMs = await client.pttl(keys[0] ?? "");
  assert.ok(ttlMs > 0 && ttlMs <= 60_000);
  const isAnalysed = async (): Promise<boolean> => (await client.exists("rs:insight:ES", "rs:levels:ES")) === 2;
  await until(isAnalysed, "what closed bars say is there", 60_000);
  const insight = JSON.parse((await client.get("rs:insight:ES")) ?? "null");
  const latest = await service.get<InsightView>("/analysis/latest/ES");
  assert.ok(insight.asOfMs <= (latest.asOfMs ?? 0) && insight.parts.quality.atMs !== undefined);
  assert.equal(JSON.parse((await client.get("rs:scanner")) ?? "null").rows[0].root, "ES");
  await redis.stop();
  await until(async () => (await partOf(service, "redis")).state === "degraded", "the loss of Redis is said");
  const before = await service.get<OpsReport>("/health");
  await until(async () => (await service.get<OpsReport>("/health")).seq > before.seq, "the engine goes on");
});

test("without any database it serves, and says why its lamp is not green", async (t) => {
  const port = await freePort();
  const service = await started(t, {
    DATABASE_URL: `postgres://rs:hush@127.0.0.1:${port}/x`,
    REDIS_URL: `redis://:hush@127.0.0.1:${port}`,
  });
  const [db, redis] = [await partOf(service, "db"), await partOf(service, "redis")];
  assert.equal(db.state, "degraded");
  assert.match(db.message, /no server answers.*events wait in the log/);
  assert.equal(redis.state, "degraded");
  assert.match(redis.message, /ECONNREFUSED/);
  assert.doesNotMatch(service.said(), /hush/);
  assert.equal((await fetch(`http://127.0.0.1:${service.port}/health`)).status, 200);
});
