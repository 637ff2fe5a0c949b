/** Is this process the only one that works in DATA_DIR? A socket that answers with its owner's process id. */
import fs from "node:fs";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { OWNER_CLAIM_WAIT_MS } from "#lib/limits.ts";

/** Relative to DATA_DIR, because the path of a Unix socket ends at 107 bytes. */
const SOCKET = "owner.sock";
const CLAIM = "owner.claim";
const RETRY_MS = 20;
const ANSWER_MS = 1_000;

/** Another process owns DATA_DIR; `pid` null: it did not say which. */
export class OwnedError extends Error {
  readonly pid: number | null;

  constructor(dataDir: string, pid: number | null) {
    const owner = pid === null ? "another process" : `process ${pid}`;
    super(`DATA_DIR ${dataDir} is in use by ${owner}. Stop it first, or set DATA_DIR to another folder.`);
    this.name = "OwnedError";
    this.pid = pid;
  }
}

export type OwnerLock = { [Symbol.asyncDispose](): Promise<void> };

type Answer = { owner: "alive"; pid: number | null } | { owner: "stale" | "none" };

/**
 * Moves the process into DATA_DIR (it must exist) and takes it over; held until disposed or until the process ends in
 * whatever way. Throws OwnedError where another process has it or is just taking it.
 */
export async function acquireOwnerLock(dataDir: string): Promise<OwnerLock> {
  process.chdir(dataDir);
  const deadlineMs = performance.now() + OWNER_CLAIM_WAIT_MS;
  for (;;) {
    await refuseIfOwned(dataDir);
    if (takeClaim()) break;
    const claimant = readClaim();
    if (claimant === null) continue;
    if (!isAlive(claimant)) removeDeadClaim();
    else if (performance.now() > deadlineMs) throw new OwnedError(dataDir, claimant.pid);
    else await sleep(RETRY_MS);
  }
  try {
    // Somebody may have finished between our question and our claim.
    await refuseIfOwned(dataDir);
    return await listen(dataDir);
  } finally {
    fs.rmSync(CLAIM, { force: true });
  }
}

async function refuseIfOwned(dataDir: string): Promise<void> {
  const answer = await ask();
  if (answer.owner === "alive") throw new OwnedError(dataDir, answer.pid);
}

/** Who answers at the socket? */
function ask(): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ path: SOCKET });
    let text = "";
    let isConnected = false;
    const done = (answer: Answer): void => {
      socket.destroy();
      resolve(answer);
    };
    const pidOf = (): number | null => (/^\d+\n$/.test(text) ? Number(text) : null);
    socket.setTimeout(ANSWER_MS, () => done({ owner: "alive", pid: pidOf() }));
    socket.on("connect", () => {
      isConnected = true;
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("end", () => done({ owner: "alive", pid: pidOf() }));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // EAGAIN: its backlog is full, so somebody lives there.
      if (isConnected || error.code === "EAGAIN") done({ owner: "alive", pid: pidOf() });
      else if (error.code === "ECONNREFUSED") done({ owner: "stale" });
      else if (error.code === "ENOENT") done({ owner: "none" });
      else reject(error);
    });
  });
}

/** Unlinks the dead socket, listens, and proves by asking that the answer is ours. */
async function listen(dataDir: string): Promise<OwnerLock> {
  fs.rmSync(SOCKET, { force: true });
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(`${process.pid}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: SOCKET, backlog: 64 }, resolve);
  });
  const answer = await ask();
  const pid = answer.owner === "alive" ? answer.pid : null;
  // NOTE: on a mismatch the server is not closed, because closing would unlink the winner's socket.
  if (pid !== process.pid) throw new OwnedError(dataDir, pid);
  server.unref();
  return {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A process and when it began, so that a number used again is not taken for it. */
type Claimant = { pid: number; began: string };

/** link(2) fails where the claim exists: of many only one gets it, and it is never seen half written. */
function takeClaim(): boolean {
  const own = `${CLAIM}.${process.pid}`;
  fs.writeFileSync(own, `${process.pid} ${beganOf(process.pid)}\n`);
  try {
    fs.linkSync(own, CLAIM);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** Null where the claim is gone meanwhile. */
function readClaim(file = CLAIM): Claimant | null {
  if (!fs.existsSync(file)) return null;
  try {
    const [pid, began] = fs.readFileSync(file, "utf8").trim().split(" ");
    return { pid: Number(pid), began: began ?? "" };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Renames it first: where another has claimed between our look and our hand, that claim is put back. */
function removeDeadClaim(): void {
  const aside = `${CLAIM}.dead.${process.pid}`;
  try {
    fs.renameSync(CLAIM, aside);
  } catch {
    return; // Gone: somebody else removed it, and the caller tries again.
  }
  const taken = readClaim(aside);
  if (taken !== null && isAlive(taken)) fs.renameSync(aside, CLAIM);
  else fs.rmSync(aside, { force: true });
}

function isAlive({ pid, began }: Claimant): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = beganOf(pid);
  return now !== "dead" && (began === "" || now === "" || now === began);
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); "dead" for a zombie, "" unknown. */
function beganOf(pid: number): string {
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? "dead" : (fields[19] ?? "");
  } catch {
    return ""; // No /proc on this system: the number alone decides.
  }
}
