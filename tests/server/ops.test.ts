/** Do /health, /metrics and the ops strip say the same of the real service, and is nothing green over dead data? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { opsFigures } from "#components/ops/ops-figures.ts";
import { createEngine } from "#lib/engine/engine.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { OpsReport, Part } from "#lib/wire/ops.ts";
import { healthAnswerSchema } from "#lib/wire/status.ts";
import { lastRun } from "#server/runs.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { poisonedBy } from "#server/sequencer/quarantine.ts";
import { recover } from "#server/sequencer/recover.ts";
import { type DataService, freePort, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { replayFolder } from "#tests/support/replay-run.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { until } from "#tests/support/stores.ts";
import { readStream } from "#tests/support/stream-reader.ts";

async function started(
  t: TestContext,
  dataDir: string,
  { env = {}, args = [] }: { env?: Record<string, string>; args?: string[] },
): Promise<DataService> {
  const away = await freePort();
  const stores = { DATABASE_URL: `postgres://rs@127.0.0.1:${away}/x`, REDIS_URL: `redis://127.0.0.1:${away}` };
  const service = await startDataService({ dataDir, env: { INSTRUMENTS: "ES", ...stores, ...env }, args });
  t.after(() => service.stop());
  return service;
}

function ownFolder(t: TestContext): string {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  return dataDir;
}

async function pin(service: DataService, contract: string | null): Promise<void> {
  const body = JSON.stringify({ contract });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${service.port}/contracts/ES/pin`, { method: "POST", headers, body });
  assert.equal(answer.status, 200);
}

/** Every sample of a scrape: name with labels → value. */
async function scrape(service: DataService): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith("rightseat_"));
  return new Map(
    lines.map((line) => [line.slice(10, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

/** What the strip shows: the report as the browser gets it, in words. */
async function strip(service: DataService): Promise<{ figures: Map<string, string>; lamps: Map<string, Part> }> {
  const reader = await readStream(service.port);
  reader.subscribe({ subscribe: ["ops"] });
  const message = await reader.next(({ topic }) => topic === "ops");
  reader.socket.close();
  assert.ok("ops" in message);
  return {
    figures: new Map(opsFigures(message.ops).map(({ id, words, title }) => [id, `${words} | ${title}`])),
    lamps: new Map(message.ops.parts.map((part) => [part.name, part])),
  };
}

/** A gap that goes on, and an event that the engine broke at, in the log of a service that has stopped. */
async function addGapAndPoison(dataDir: string): Promise<void> {
  const run = lastRun(dataDir);
  assert.ok(run !== null);
  const folder = run.logFolder;
  const recovered = await recover({ folder, runId: run.runId, engine: createEngine(), logger: memoryLogger([]) });
  const { lastSeq, nowMs, receivedMs, tail } = recovered;
  const clocks = { nowMs, receivedMs };
  const reason = "the line was cut";
  const gap = { type: "FeedGapFound", contract: null, fromMs: nowMs - 5_000, toMs: null, reason } as const;
  const poison = { type: "HeartbeatReceived", account: "A1", sentMs: 7 } as const;
  await using writer = new LogWriter({ folder, runId: run.runId, tail });
  writer.beginBatch();
  writer.append({ ...UNSTAMPED, ...gap, ...clocks, seq: lastSeq + 1 });
  writer.append({ ...UNSTAMPED, ...poison, ...clocks, seq: lastSeq + 2 });
  assert.ok(writer.write());
  writer.beginBatch();
  writer.appendBookkeeping(poisonedBy({ ...UNSTAMPED, ...poison, ...clocks, seq: lastSeq + 2 }, "planted poison"));
  assert.ok(writer.write());
}

type Seen = {
  dataDir: string;
  health: OpsReport;
  metrics: Map<string, number>;
  /** A figure of the strip: words and title. */
  shown: (id: string) => string;
  lamps: Map<string, Part>;
};

async function look(service: DataService, dataDir: string): Promise<Seen> {
  const health = healthAnswerSchema.parse(await service.get("/health"));
  const { figures, lamps } = await strip(service);
  return { dataDir, health, metrics: await scrape(service), shown: (id) => figures.get(id) ?? "", lamps };
}

function checkQueueAndFlush({ health, metrics, shown }: Seen): void {
  assert.ok((health.flushMs.p50 ?? 0) > 0);
  assert.ok((metrics.get('flush_seconds{quantile="0.99"}') ?? 0) > 0);
  assert.match(shown("ops-flush"), /^flush [\d.,]+ \/ [\d.,]+ ms/);
  assert.ok(health.queued >= 0 && (metrics.get("queued_events") ?? -1) >= 0);
  assert.match(shown("ops-queue"), /^[\d,]+ queued/);
}

function checkLog({ dataDir, health, metrics, shown }: Seen): void {
  const { logFolder } = lastRun(dataDir) ?? assert.fail();
  // Without the room behind the end.
  const onDisk = fs.statSync(path.join(logFolder, "00000001.seg")).size;
  assert.ok(health.logBytes > 10_000 && health.logBytes <= onDisk, `${health.logBytes} of ${onDisk}`);
  assert.ok((metrics.get("log_bytes") ?? 0) >= health.logBytes);
  assert.match(shown("ops-log"), /^log [\d.]+ [kM]B/);
  // The segment's age counts since its first event, before this start.
  const ageMs = health.segment.ageMs ?? 0;
  const upMs = Date.now() - fs.statSync(path.join(dataDir, "owner.sock")).mtimeMs;
  assert.ok(health.segment.number === 1 && ageMs > upMs, `${ageMs}, ${upMs}`);
  assert.ok((metrics.get("segment_age_seconds") ?? 0) >= ageMs / 1_000);
  assert.match(shown("ops-segment"), /^segment [\d.]+ s \| Age of the log's file 1/);
}

function checkGaps({ health, metrics, shown, lamps }: Seen): void {
  const { count, open, newest } = health.gaps;
  assert.deepEqual([count, open, newest?.reason], [1, 1, "the line was cut"]);
  assert.deepEqual([metrics.get("feed_gaps"), metrics.get("feed_gaps_open")], [1, 1]);
  assert.match(shown("ops-gaps"), /^1 gap \| 1 go on; newest: the line was cut/);
  assert.match(lamps.get("feed")?.message ?? "", /gaps not filled: 1/);
}

/** Neither store answers, so everything waits. */
function checkHandlersAndStores({ health, metrics, shown, lamps }: Seen): void {
  const behind = health.handlers.map(({ name, lagEvents }) => [name, lagEvents > 0]);
  assert.deepEqual(behind, [
    ["project-postgres", true],
    ["mirror-redis", true],
  ]);
  for (const handler of ["project-postgres", "mirror-redis"]) {
    assert.ok((metrics.get(`handler_lag_events{handler="${handler}"}`) ?? 0) > 0, handler);
  }
  assert.match(shown("ops-handlers"), /^postgres [1-9][\d,]*, redis [1-9][\d,]* behind/);
  for (const name of ["db", "redis"]) {
    assert.equal(health.parts.find((part) => part.name === name)?.state, "degraded");
    assert.equal(metrics.get(`part_state{part="${name}",state="degraded"}`), 1);
    assert.equal(lamps.get(name)?.state, "degraded");
  }
}

/** The one of the orderly stop. */
function checkSnapshot({ dataDir, health, metrics, shown }: Seen): void {
  const { folder } = lastRun(dataDir) ?? assert.fail();
  const files = fs.readdirSync(path.join(folder, "snapshots")).filter((name) => name.endsWith(".snap"));
  // A slow machine takes one of the minute before, and keeps it.
  const newest = Math.max(...files.map((name) => Number(name.split("-")[0])));
  assert.deepEqual([health.snapshot?.seq, health.snapshot?.tookMs], [newest, null]);
  assert.ok((health.snapshot?.ageMs ?? 0) > 0 && (health.snapshot?.bytes ?? 0) > 1_000);
  assert.equal(metrics.get("snapshot_seq"), health.snapshot?.seq);
  assert.ok((metrics.get("snapshot_age_seconds") ?? 0) >= (health.snapshot?.ageMs ?? 0) / 1_000);
  assert.match(shown("ops-snapshot"), /^snapshot [\d.]+ s \| Behind seq/);
}

function checkPoison({ health, metrics, shown, lamps }: Seen): void {
  const [poisoned] = health.poisoned.newest;
  assert.deepEqual([poisoned?.eventType, poisoned?.reason], ["HeartbeatReceived", "planted poison"]);
  assert.equal(metrics.get("poisoned_events"), 1);
  assert.equal(metrics.get('poisoned_newest_seq{type="HeartbeatReceived"}'), poisoned?.seq);
  const words = `set aside: seq ${poisoned?.seq.toLocaleString("en")} HeartbeatReceived`;
  assert.ok(shown("ops-poisoned").startsWith(words) && shown("ops-poisoned").includes("planted poison"));
  assert.match(lamps.get("engine")?.message ?? "", /^set aside: seq \d+ HeartbeatReceived \(planted poison\)$/);
  assert.equal(lamps.get("engine")?.state, "degraded");
}

test("log, queue, flush, segment, gaps, handlers, stores, snapshot and poison are in /health, /metrics and strip", async (t) => {
  const dataDir = ownFolder(t);
  const env = { FEED: "simulator:5", FEED_SPEED: "1" };
  const first = await started(t, dataDir, { env });
  await pin(first, "ESZ6");
  await first.stop();
  await addGapAndPoison(dataDir);
  const service = await started(t, dataDir, { env });
  await pin(service, null);
  const seen = await look(service, dataDir);
  checkQueueAndFlush(seen);
  checkLog(seen);
  checkGaps(seen);
  checkHandlersAndStores(seen);
  checkSnapshot(seen);
  checkPoison(seen);
});

const TICKS = [
  "ts_utc,price,size",
  "2024-01-10T15:00:00.100Z,4800.25,1",
  "2024-01-10T15:00:00.200Z,4800.30,1",
  "2024-01-10T15:00:00.300Z,nonsense,1",
  "2024-01-10T15:00:00.400Z,4800.35,1",
  "2024-01-10T15:00:00.500Z,4800.50,1",
];

test("rejected rows are shown by reason, and a replay that is through is no green feed", async (t) => {
  const folder = replayFolder(t, { "ESH4_ticks.csv": `${TICKS.join("\n")}\n` });
  const args = ["--replay", path.join(folder, "ESH4_ticks.csv"), "--speed", "max"];
  const service = await started(t, ownFolder(t), { args });
  const isThrough = async (): Promise<boolean> => (await service.get<OpsReport>("/health")).rejects.length > 1;
  await until(isThrough, "both reasons are counted");
  const { rejects, parts } = await service.get<OpsReport>("/health");
  assert.deepEqual(
    rejects.map(({ reason, count }) => [reason, count]),
    [
      ["not-a-number", 1],
      ["off-tick", 2],
    ],
  );
  const metrics = await scrape(service);
  assert.deepEqual(
    ["off-tick", "not-a-number"].map((reason) => metrics.get(`rejects_total{reason="${reason}"}`)),
    [2, 1],
  );
  const { figures, lamps } = await strip(service);
  assert.equal(figures.get("ops-rejects"), "3 rejected | not-a-number 1, off-tick 2");
  assert.notEqual(parts.find(({ name }) => name === "feed")?.state, "ok");
  assert.notEqual(lamps.get("feed")?.state, "ok");
});
