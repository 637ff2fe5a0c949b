/** Does another start of this folder install, build or begin right now? Then this one waits until it has ended. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 250;
const WAIT_MS_MAX = 15 * 60_000;

/**
 * Runs `work` while no other process does for the same folder. A lock of a dead process is taken over. Throws after
 * fifteen minutes, naming the process that holds it.
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {() => Promise<void>} work
 */
export async function oneAtATime(root, say, work) {
  const name = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 16);
  const lockFile = path.join(tmpdir(), `rightseat-${process.getuid?.() ?? 0}-${name}.lock`);
  const startedMs = Date.now();
  for (let hasSaid = false; !tryLock(lockFile); hasSaid = true) {
    const holder = holderOf(lockFile);
    if (!hasSaid) say(`Another start of this folder (process ${holder}) is not ready yet; waiting for it …`);
    if (Date.now() - startedMs > WAIT_MS_MAX) throw new Error(`process ${holder} still holds ${lockFile}`);
    await sleep(LOOK_MS);
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once("exit", release);
  try {
    await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** @param {string} lockFile */
function tryLock(lockFile) {
  const holder = holderOf(lockFile);
  if (holder !== null && !isAlive(holder)) rmSync(lockFile, { force: true });
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} lockFile */
function holderOf(lockFile) {
  if (!existsSync(lockFile)) return null;
  try {
    return Number(readFileSync(lockFile, "utf8")) || null;
  } catch {
    return null; // NOTE: released between the two calls.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
