/** Which stores does this machine have, and how does a test get one of its own that goes afterwards? */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import type { DatabaseSource } from "#server/store/database.ts";
import { startEmbeddedPostgres } from "#server/store/embedded-postgres.ts";
import { freePort } from "./data-service.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const MACHINE_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres";
const MACHINE_REDIS = "redis://127.0.0.1:6379";

export const QUIET = { info() {}, warn() {}, error() {} };

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", timeout: 1_000 });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => done(true));
    socket.on("error", () => done(false));
    socket.on("timeout", () => done(false));
  });
}

/** Null, with a line for the report, where the machine's PostgreSQL does not let us in. */
export async function machinePostgres(): Promise<string | null> {
  const client = new pg.Client({ connectionString: MACHINE_POSTGRES, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    await client.end();
    return MACHINE_POSTGRES;
  } catch (error) {
    console.log(`ABSENT real stores: PostgreSQL at 127.0.0.1:5432 (${(error as Error).message})`);
    return null;
  }
}

/** Null, with a line for the report, where no Redis answers. */
export async function machineRedis(): Promise<string | null> {
  if (await answers(6379)) return MACHINE_REDIS;
  console.log("ABSENT real stores: redis at 127.0.0.1:6379");
  return null;
}

/** A database of its own in a server that is there; it goes when the test ends. */
export async function ownDatabase(t: TestContext, server: string): Promise<string> {
  const name = `rightseat_test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  t.after(() => onServer(server, `drop database ${name} with (force)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function onServer(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

export type DatabaseServer = { name: string; url: string };

/** PostgreSQL by address: the package's own, until whoever asks (a file, a test) ends, and the machine's. */
export async function databaseServers(): Promise<DatabaseServer[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-test-"));
  const own = await startEmbeddedPostgres(path.join(folder, "postgres"));
  after(async () => {
    await own.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const machine = await machinePostgres();
  const package18 = { name: "PostgreSQL of the package, by address", url: own.url };
  return machine === null ? [package18] : [package18, { name: "the machine's PostgreSQL", url: machine }];
}

export type StoreSource = { name: string; source(t: TestContext): Promise<DatabaseSource> };

/** The embedded server always, the machine's where it answers. For the top of a file: it ends with the file's tests. */
export async function databaseSources(): Promise<StoreSource[]> {
  const template = await makeTemplate();
  const machine = await machinePostgres();
  const embedded = {
    name: "embedded PostgreSQL",
    source: async (t: TestContext): Promise<DatabaseSource> => ({ kind: "embedded", folder: ownCluster(t, template) }),
  };
  if (machine === null) return [embedded];
  return [
    embedded,
    { name: "PostgreSQL by address", source: async (t) => ({ kind: "url", url: await ownDatabase(t, machine) }) },
  ];
}

/** The folder of an embedded server of its own: a copy, for making one takes a second of two cores. */
function ownCluster(t: TestContext, template: string): string {
  const folder = path.join(temporaryFolder(t), "postgres");
  fs.cpSync(template, folder, { recursive: true });
  fs.chmodSync(folder, 0o700);
  fs.copyFileSync(`${template}.password`, `${folder}.password`);
  return folder;
}

async function makeTemplate(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-test-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres(path.join(folder, "postgres"));
  await server.stop();
  return path.join(folder, "postgres");
}

/** A test, or whoever else ends what it was lent. */
export type Cleanups = { after(clean: () => void | Promise<void>): void };

/** A server of its own at an address that stays: stopped as by its keeper (SIGINT), and started again. */
export type OwnServer = { url: string; pid(): number; stop(): Promise<void>; start(): Promise<void> };

export async function ownPostgres(folder: string): Promise<OwnServer> {
  let server = await startEmbeddedPostgres(folder);
  const { url, port } = server;
  return {
    url,
    pid: () => server.pid,
    stop: () => server.stop(),
    async start() {
      server = await startEmbeddedPostgres(folder, port);
    },
  };
}

/** A redis-server of its own, without files; null, with a line for the report, where the program is absent. */
export async function ownRedis(t: Cleanups, further: readonly string[] = []): Promise<OwnServer | null> {
  if (spawnSync("redis-server", ["--version"]).error !== undefined) {
    console.log("ABSENT real stores: the program redis-server");
    return null;
  }
  const port = await freePort();
  let child: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    if (child === null) return;
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    child = null;
  };
  const start = async (): Promise<void> => {
    const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", ...further];
    child = spawn("redis-server", settings, { stdio: "ignore" });
    await until(() => answers(port), "redis-server answers");
  };
  t.after(stop);
  await start();
  return { url: `redis://127.0.0.1:${port}`, pid: () => child?.pid ?? 0, stop, start };
}

export type RedisKind = { name: string; place(t: TestContext): { redisUrl: string | null; prefix: string } };

/** The in-process cache always, the machine's Redis, under keys of the test's own, where it answers. */
export async function redisKinds(): Promise<RedisKind[]> {
  const machine = await machineRedis();
  const inProcess: RedisKind = { name: "in this process", place: () => ({ redisUrl: null, prefix: "" }) };
  if (machine === null) return [inProcess];
  return [
    inProcess,
    {
      name: "the machine's Redis",
      place(t) {
        const prefix = `rightseat-test-${randomBytes(6).toString("hex")}:`;
        t.after(() => removeKeys(machine, prefix));
        return { redisUrl: machine, prefix };
      },
    },
  ];
}

/** Removes every key with the prefix. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
}

/** Waits until a claim holds; fails after `msMax`. */
export async function until(claim: () => boolean | Promise<boolean>, words: string, msMax = 15_000): Promise<void> {
  const endMs = performance.now() + msMax;
  while (!(await claim())) {
    if (performance.now() > endMs) throw new Error(`not in ${msMax} ms: ${words}`);
    await sleep(10);
  }
}
