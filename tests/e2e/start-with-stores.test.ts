/** Does `npm start` use the PostgreSQL and the Redis that it is told, and none of its own beside them? */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { Redis } from "ioredis";
import type { OpsReport } from "#lib/wire/ops.ts";
import { freePort, temporaryDataDir } from "../support/data-service.ts";
import { processTree } from "../support/process-tree.ts";
import { buildPages } from "../support/product.ts";
import { machinePostgres, machineRedis, onServer, ownDatabase, removeKeys, until } from "../support/stores.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** A Redis has sixteen; nobody keeps anything in the last but one. */
const REDIS_DB = "/14";
const READY_MS_MAX = 120_000;
/** What a running market has on its way into the tables; the first history is thousands. */
const FEW_EVENTS = 200;

type Started = { url: string; pid: number; dataDir: string };

/** As a person types it; ends with the test. */
async function npmStart(t: TestContext, stores: Record<string, string>): Promise<Started> {
  await buildPages();
  const { dataDir, remove } = temporaryDataDir();
  const ports = { WEB_PORT: String(await freePort()), DATA_SERVICE_PORT: String(await freePort()) };
  const { PATH = "", HOME = "" } = process.env;
  const market = { FEED: "simulator:1", FEED_START: "2026-11-20T14:25:00Z", INSTRUMENTS: "ES" };
  const npm = spawn("npm", ["start"], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: "production", DATA_DIR: dataDir, LOG_FORMAT: "json", ...ports, ...market, ...stores },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [npm.stdout, npm.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  t.after(async () => {
    if (npm.exitCode === null && npm.signalCode === null) {
      npm.kill("SIGTERM");
      await once(npm, "exit");
    }
    remove();
  });
  const isReady = (): boolean => {
    if (npm.exitCode !== null) throw new Error(`npm start ended:\n${said}`);
    return said.includes("Rightseat is ready:");
  };
  await until(isReady, "npm start is ready", READY_MS_MAX);
  return { url: `http://127.0.0.1:${ports.WEB_PORT}`, pid: npm.pid ?? 0, dataDir };
}

function programsBelow(pid: number): string[] {
  return processTree(pid).map((one) => fs.readFileSync(`/proc/${one}/cmdline`, "latin1").replaceAll("\0", " "));
}

test("npm start with DATABASE_URL and REDIS_URL fills those, and starts no server of its own", async (t) => {
  const [postgres, redisUrl] = [await machinePostgres(), await machineRedis()];
  if (postgres === null || redisUrl === null) return t.skip("ABSENT real stores by address");
  const database = await ownDatabase(t, postgres);
  const redisAddress = new URL(REDIS_DB, redisUrl).toString();
  const { url, pid, dataDir } = await npmStart(t, { DATABASE_URL: database, REDIS_URL: redisAddress });
  t.after(() => removeKeys(redisAddress, "rs:"));
  const health = async (): Promise<OpsReport> => (await (await fetch(`${url}/api/health`)).json()) as OpsReport; // ours
  const lamp = (ops: OpsReport, name: string) => ops.parts.find((part) => part.name === name);
  const isFull = async (): Promise<boolean> => ((await health()).projection?.lagEvents ?? Number.NaN) < FEW_EVENTS;
  await until(isFull, "the first history is in the tables", READY_MS_MAX);
  const ops = await health();
  assert.match(lamp(ops, "db")?.message ?? "", new RegExp(`^127\\.0\\.0\\.1:5432${new URL(database).pathname}, up to`));
  assert.match(lamp(ops, "redis")?.message ?? "", /^connected to 127\.0\.0\.1:6379$/);

  const runs = await onServer(database, "select run_id, mode from runs");
  assert.deepEqual(runs, [{ run_id: ops.runId, mode: "SIM" }]);
  const [bars] = await onServer(
    database,
    `select count(*)::int as count, min(contract) as contract from bars join bar_series using (series)
       where run_id = '${ops.runId}' and interval = '1m'`,
  );
  assert.ok(Number(bars?.count) >= 20 * 1_380, `${bars?.count} minutes of twenty sessions`);
  assert.equal(bars?.contract, "ESZ26");
  const redis = new Redis(redisAddress);
  t.after(() => redis.disconnect());
  const quote = JSON.parse((await redis.get("rs:last:ESZ6")) ?? "null");
  assert.equal(quote?.contract, "ESZ6");
  assert.equal(quote?.mode, "SIM");
  assert.ok(Number.isFinite(quote?.last) && quote.seq > 0 && quote.seq <= (await health()).seq);

  assert.ok(!fs.existsSync(path.join(dataDir, "postgres")));
  const programs = programsBelow(pid);
  assert.ok(
    programs.some((words) => words.includes("server/main.ts")),
    programs.join("\n"),
  );
  assert.deepEqual(
    programs.filter((words) => /postgres|redis-server/.test(words.split(" ")[0])),
    [],
  );
});
