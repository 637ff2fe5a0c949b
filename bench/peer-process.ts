/** How does a bench run a server to compare with? Its own process, on a free port and in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const TRIES = 200;
const STEP_MS = 25;
/** Linux counts a process's time in hundredths. */
const TICKS_PER_SECOND = 100;

export type PeerProcess = AsyncDisposable & { port: number; pid: number };

/** Is the command installed? Then what `--version` says, else null. */
export function versionOf(command: string): string | null {
  try {
    return execFileSync(command, ["--version"], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

/** Starts it and waits until its port answers; throws when it ends before or does not answer within 5 s. */
export async function startPeer(command: string, args: readonly string[], port: number): Promise<PeerProcess> {
  const child = spawn(command, args, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("error", () => {});
  const peer = { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => stop(child, ended) };
  for (let tries = 0; tries < TRIES && child.exitCode === null; tries += 1) {
    if (await answers(port)) return peer;
    await sleep(STEP_MS);
  }
  await stop(child, ended);
  throw new Error(`${command} did not answer on port ${port}`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  await ended;
}

function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

/** Processor seconds of a process so far, user and system. */
export function cpuSecondsOf(pid: number): number {
  const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name in brackets, which may hold spaces, user time is field 12 and system time field 13.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
