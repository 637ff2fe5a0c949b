/** How does a bench run the product? By `npm start`, as everybody does, on free ports and a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { freePort } from "#tests/support/data-service.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const READY_MS_MAX = 120_000;
const OWNER_MS_MAX = 2_000;

export type StartedProduct = AsyncDisposable & {
  url: string;
  /** Wall times: the spawn, and when the address was printed. */
  spawnedMs: number;
  readyMs: number;
  /** Process of the data-service. */
  servicePid(): Promise<number>;
};

/** Resolves when `npm start` has printed its address; `args` are the product's own, such as --replay. */
export async function startProduct(dataDir: string, args: readonly string[] = []): Promise<StartedProduct> {
  const ports = { WEB_PORT: String(await freePort()), DATA_SERVICE_PORT: String(await freePort()) };
  const { PATH = "", HOME = "" } = process.env;
  const settings = { PATH, HOME, NODE_ENV: "production" as const, DATA_DIR: dataDir, FEED: "simulator:1" };
  const spawnedMs = Date.now();
  const npm = spawn("npm", ["start", ...(args.length > 0 ? ["--", ...args] : [])], {
    cwd: ROOT,
    env: { ...settings, ...ports, LOG_FORMAT: "json" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await addressOf(npm).catch(async (error) => {
    await end(npm);
    throw error;
  });
  return {
    url,
    spawnedMs,
    readyMs: Date.now(),
    servicePid: () => ownerOf(dataDir),
    [Symbol.asyncDispose]: () => end(npm),
  };
}

function addressOf(npm: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error(`npm start did not become ready:\n${said}`));
    const timer = setTimeout(fail, READY_MS_MAX);
    const take = (bytes: Buffer): void => {
      said += bytes.toString();
      const ready = /Rightseat is ready: (\S+)/.exec(said);
      if (ready === null) return;
      clearTimeout(timer);
      resolve(ready[1]);
    };
    for (const stream of [npm.stdout, npm.stderr]) stream?.on("data", take);
    npm.once("exit", fail);
  });
}

async function end(npm: ChildProcess): Promise<void> {
  if (npm.exitCode !== null || npm.signalCode !== null) return;
  const ended = new Promise((resolve) => npm.once("exit", resolve));
  npm.kill("SIGTERM");
  await ended;
}

/** The owner of a data folder says its process id to whoever connects to its socket. */
function ownerOf(dataDir: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path.join(dataDir, "owner.sock"));
    socket.setTimeout(OWNER_MS_MAX, () => socket.destroy(new Error("the owner of the data folder says nothing")));
    socket.once("error", reject);
    socket.once("data", (data) => {
      socket.destroy();
      resolve(Number(/\d+/.exec(String(data))?.[0]));
    });
  });
}
