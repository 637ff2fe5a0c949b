/** How does a test run the whole product? The real data-service, and the built pages behind the real web process. */

import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBuilt } from "../../scripts/build.mjs";
import { oneAtATime } from "../../scripts/one-at-a-time.mjs";
import { type DataService, freePort, startDataService, temporaryDataDir } from "./data-service.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
export const WEB_SECRET = "an-end-to-end-test-has-no-secrets-at-all";
const READY_TRIES = 600;
const READY_STEP_MS = 50;

export type ProductOptions = { env?: Record<string, string>; args?: string[] };

export type Product = {
  url: string;
  dataService(): DataService;
  /** Ends the data-service alone; the web process goes on. */
  stopDataService(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and folder, and waits until it is ready. */
  startDataServiceAgain(): Promise<void>;
  stop(): Promise<void>;
};

/** The pages of a production build from the sources that lie here, made only where stale. */
export function buildPages(): Promise<void> {
  return oneAtATime(ROOT, console.log, () => ensureBuilt(ROOT, console.log));
}

/** Builds the pages where stale, starts both processes on free ports in a folder of their own, waits for both. */
export async function startProduct({ env = {}, args = [] }: ProductOptions): Promise<Product> {
  await buildPages();
  const { dataDir, remove } = temporaryDataDir();
  // NOTE: the data-service takes sockets and writes only from pages of the web port that it knows.
  const settings = { ...env, WEB_SECRET, WEB_PORT: String(await freePort()) };
  let service = await startDataService({ dataDir, env: settings, args });
  const { port } = service;
  const web = await startWeb({ WEB_PORT: settings.WEB_PORT, DATA_SERVICE_PORT: String(port) });
  const start = async (): Promise<void> => {
    service = await startDataService({ dataDir, env: settings, args, port });
  };
  return {
    url: web.url,
    dataService: () => service,
    stopDataService: (signal) => service.stop(signal),
    startDataServiceAgain: start,
    async stop() {
      const isOver = service.process.exitCode !== null || service.process.signalCode !== null;
      await Promise.all([web.stop(), isOver ? undefined : service.stop()]);
      remove();
    },
  };
}

export type WebProcess = { url: string; stop(): Promise<void> };

/** The real web process on a free port, when it answers; what is behind `/api` need not be there. */
export async function startWeb(env: Record<string, string> = {}, { isDev = false } = {}): Promise<WebProcess> {
  const port = env.WEB_PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [path.join(ROOT, "server/web.ts"), ...(isDev ? ["--dev"] : [])], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: isDev ? "development" : "production",
      NEXT_TELEMETRY_DISABLED: "1",
      LOG_FORMAT: "json",
      WEB_SECRET,
      ...env,
      WEB_PORT: port,
    },
    // NOTE: by the channel it ends with a test that is killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (said += bytes.toString()));
  for (let tries = 0; tries < READY_TRIES; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the web process ended:\n${said}`);
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return { url, stop: () => endOf(child) };
    await sleep(READY_STEP_MS);
  }
  child.kill("SIGKILL");
  throw new Error(`the web process was not ready in time:\n${said}`);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
