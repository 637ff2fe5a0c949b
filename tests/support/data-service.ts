/** How does a test run the real data-service? A process of its own, a free port, a folder that goes afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NODE_FLAGS, withMemorySettings } from "../../scripts/node-memory.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_TRIES = 1_200;
const READY_STEP_MS = 50;

export type DataService = {
  port: number;
  dataDir: string;
  process: ChildProcess;
  /** Everything that it said on stdout and stderr. */
  said(): string;
  get<Answer>(path: string): Promise<Answer>;
  /** Resolves with the exit code (null: by signal) once it has ended. */
  ended: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

export type DataServiceOptions = { dataDir: string; env?: Record<string, string>; args?: string[]; port?: number };

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

export function temporaryDataDir(): { dataDir: string; remove(): void } {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-data-"));
  return { dataDir, remove: () => fs.rmSync(dataDir, { recursive: true, force: true }) };
}

/** Starts the process as the launcher does, without waiting for anything. */
export async function spawnDataService({
  dataDir,
  env = {},
  args = [],
  port,
}: DataServiceOptions): Promise<DataService> {
  const listens = port ?? (await freePort());
  const child = spawn(process.execPath, [...NODE_FLAGS, path.join(ROOT, "server/main.ts"), ...args], {
    env: withMemorySettings(ROOT, {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      DATA_SERVICE_PORT: String(listens),
      LOG_FORMAT: "json",
      ...env,
    }),
    // NOTE: by the channel it ends with a test that is killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    port: listens,
    dataDir,
    process: child,
    said: () => text,
    ended,
    async get<Answer>(address: string) {
      const response = await fetch(`http://127.0.0.1:${listens}${address}`);
      return (await response.json()) as Answer; // safe: the caller names the route's answer
    },
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
    },
  };
}

/** Starts it and waits until /ready answers 200; throws with what it said when it ends before. */
export async function startDataService(options: DataServiceOptions): Promise<DataService> {
  const service = await spawnDataService(options);
  for (let tries = 0; tries < READY_TRIES; tries++) {
    if (service.process.exitCode !== null) throw new Error(`the data-service ended:\n${service.said()}`);
    const isReady = await fetch(`http://127.0.0.1:${service.port}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return service;
    await sleep(READY_STEP_MS);
  }
  await service.stop("SIGKILL");
  throw new Error(`the data-service was not ready in time:\n${service.said()}`);
}
