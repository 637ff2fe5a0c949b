/** What does an outage of both stores do to a data-service? Takes them away, holds them, gives them back, and looks. */
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { Redis } from "ioredis";
import type { OpsReport, Part } from "#lib/wire/ops.ts";
import { type LoggedRun, PostgresProjection } from "#server/handlers/project-postgres.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { Database } from "#server/store/database.ts";
import type { DataService } from "./data-service.ts";
import { signalTree } from "./process-tree.ts";
import { caughtUp } from "./projection-rig.ts";
import { type OwnServer, onServer, QUIET, until } from "./stores.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

const STEP_MS = 200;
/** Behind a hang: the question's interval and time, the wait before the next try, its time; and a busy machine. */
const BACK_MS_MAX = 60_000;
const REBUILT_MS_MAX = 180_000;

/** One store taken away in one way. */
export type Fault = { name: string; begin(): Promise<void> | void; end(): Promise<void> | void };

export function lineFault(name: string, proxy: TcpProxy, way: "refuse" | "freeze"): Fault {
  return { name, begin: () => proxy[way](), end: () => proxy.mend() };
}

export function stopFault(name: string, server: OwnServer): Fault {
  return { name, begin: server.stop, end: server.start };
}

export function freezeFault(name: string, pid: () => number): Fault {
  return { name, begin: () => signalTree(pid(), "SIGSTOP"), end: () => signalTree(pid(), "SIGCONT") };
}

/** The data-service starts its own server again at once: it is killed until the outage is over. */
export function killFault(dataDir: string): Fault {
  const over = { promise: Promise.resolve(), isOver: true };
  const kill = async (): Promise<void> => {
    for (; !over.isOver; await sleep(STEP_MS)) {
      const pid = postmasterPid(dataDir);
      if (pid !== null) signalTree(pid, "SIGKILL");
    }
  };
  return {
    name: "embedded postgres killed again and again",
    begin() {
      over.isOver = false;
      over.promise = kill();
    },
    async end() {
      over.isOver = true;
      await over.promise;
    },
  };
}

/** Process id of the embedded server over this data folder; null: none is said. */
export function postmasterPid(dataDir: string): number | null {
  try {
    return Number(fs.readFileSync(path.join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return null;
  }
}

export async function lampsOf(service: DataService): Promise<{ ops: OpsReport; db: Part; redis: Part }> {
  const ops = await service.get<OpsReport>("/health");
  const [db, redis] = ["db", "redis"].map((name) => ops.parts.find((part) => part.name === name));
  if (db === undefined || redis === undefined) throw new Error("a lamp is missing");
  return { ops, db, redis };
}

export function bothGreen(service: DataService, msMax: number): Promise<void> {
  const areGreen = async (): Promise<boolean> => {
    // NOTE: who asks a hundred times a second is told to slow down.
    await sleep(STEP_MS);
    const { db, redis } = await lampsOf(service);
    return db.state === "ok" && redis.state === "ok";
  };
  return until(areGreen, "both lamps are green", msMax);
}

export type Outage = {
  names: string;
  /** Wall time until both lamps said it, and from the stores' return until both were green. */
  saidMs: number;
  backMs: number;
  heldMs: number;
  marketMs: number;
  events: number;
  /** What the lamps said at its end. */
  words: string[];
};

/** Both stores away for `holdMs` of wall time and `marketMs` of market at least, then back until both are green. */
export async function endure(
  service: DataService,
  faults: readonly Fault[],
  hold: { holdMs: number; marketMs: number; backMsMax?: number },
): Promise<Outage> {
  const begin = await lampsOf(service);
  const { nowMs } = await service.get<{ nowMs: number }>("/status");
  const startMs = performance.now();
  for (const fault of faults) await fault.begin();
  let saidMs: number | null = null;
  let marketMs = 0;
  let words: string[] = [];
  while (saidMs === null || performance.now() - startMs < hold.holdMs || marketMs < hold.marketMs) {
    await sleep(STEP_MS);
    const { db, redis } = await lampsOf(service);
    words = [db.message, redis.message];
    const isSaid = [db, redis].every(
      ({ state, message }) => state === "degraded" && / since \d\d:\d\d:\d\d CT/.test(message),
    );
    if (isSaid) saidMs ??= performance.now() - startMs;
    if (saidMs !== null && !isSaid) throw new Error(`a lamp went green while its store was away: ${words.join(" | ")}`);
    if (saidMs === null && performance.now() - startMs > BACK_MS_MAX) throw new Error(`not said: ${words.join(" | ")}`);
    marketMs = (await service.get<{ nowMs: number }>("/status")).nowMs - nowMs;
  }
  const heldMs = performance.now() - startMs;
  const { ops } = await lampsOf(service);
  const endMs = performance.now();
  for (const fault of faults) await fault.end();
  await bothGreen(service, hold.backMsMax ?? BACK_MS_MAX);
  const backMs = performance.now() - endMs;
  const names = faults.map(({ name }) => name).join(", ");
  return { names, saidMs, backMs, heldMs, marketMs, events: ops.seq - begin.ops.seq, words };
}

/** One line a series: its name, how many bars, of how many times, and a digest of every value in their order. */
const BARS = sql`
  select contract, interval, count(*)::int as bars, count(distinct open_ms)::int as times,
    md5(string_agg((to_jsonb(bars) - 'series')::text, ';' order by open_ms)) as digest
  from bars join bar_series using (series)`;

export type RunRows = { bars: number; lines: string[] };

/** What a database knows of a run, without what it numbers by itself. */
async function rowsOfRun(database: Database, runId: string): Promise<RunRows> {
  return database.transaction(async (tx) => {
    const bars = await tx.execute<{ bars: number }>(sql`${BARS} where run_id = ${runId} group by contract, interval`);
    const rest = [sql`select * from feed_gaps`, sql`select * from contracts`, sql`select * from refused_facts`];
    const rows: unknown[] = [...bars.rows];
    for (const question of rest) rows.push(...(await tx.execute(sql`${question} where run_id = ${runId}`)).rows);
    const lines = rows.map((row) => JSON.stringify(row)).sort();
    return { bars: bars.rows.reduce((sum, row) => sum + row.bars, 0), lines };
  });
}

async function projectedRows(url: string, run: LoggedRun, lastSeq: number): Promise<RunRows> {
  await using database = new Database({ kind: "url", url }, { logger: QUIET, queryMsMax: REBUILT_MS_MAX });
  database.start();
  const options = { database, run, formerRuns: [], flushedSeq: () => lastSeq, wallMs: Date.now, logger: QUIET };
  await using projection = new PostgresProjection(options);
  projection.start();
  await caughtUp(projection, REBUILT_MS_MAX);
  return await rowsOfRun(database, run.runId);
}

/**
 * After the data-service has ended: the rows of its run, with what was flushed behind its last batch (as the next start
 * does it), and those of an empty database that is filled from the log alone. `url`: the database that it filled.
 */
export async function rowsAndRebuilt(url: string, dataDir: string, runId: string): Promise<[RunRows, RunRows]> {
  const logFolder = path.join(dataDir, "runs", runId, "log");
  const { lastSeq } = readLog(logFolder, () => {});
  const run: LoggedRun = { runId, mode: "SIM", feed: "simulator", seed: 0, createdMs: 0, logFolder };
  const rows = await projectedRows(url, run, lastSeq);
  const rebuilt = new URL(url);
  rebuilt.pathname = `/rightseat_rebuilt_${process.pid}`;
  const name = rebuilt.pathname.slice(1);
  await onServer(url, `create database ${name}`);
  try {
    return [rows, await projectedRows(rebuilt.toString(), run, lastSeq)];
  } finally {
    await onServer(url, `drop database ${name} with (force)`);
  }
}

/** The newest seq that each quote in Redis says, by its symbol. */
export async function mirroredSeqs(url: string): Promise<Map<string, number>> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys("rs:last:*");
    const values = await Promise.all(keys.map((key) => redis.get(key)));
    return new Map(keys.map((key, at) => [key.slice("rs:last:".length), JSON.parse(values[at] ?? "{}").seq]));
  } finally {
    redis.disconnect();
  }
}
