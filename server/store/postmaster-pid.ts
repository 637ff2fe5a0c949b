/** Does a server still run over this data folder? What `postmaster.pid` says, held against the living processes. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_STOP_MS_MAX } from "#lib/limits.ts";

const STEP_MS = 25;

/** none: start. orphan: a server of this folder that outlived its owner. stale: nobody, though the number may live. */
type Owner = { owner: "none" } | { owner: "orphan" | "stale" | "zombie"; pid: number; shmId: string | null };

/**
 * Makes the folder free for a start: an orphan is asked to stop and awaited, the file of a process that is no server of
 * this folder is removed. Only for the holder of the DATA_DIR lock. Throws where an orphan does not end.
 */
export async function clearPostmaster(folder: string): Promise<void> {
  const deadlineMs = performance.now() + POSTGRES_STOP_MS_MAX;
  let isAsked = false;
  for (;;) {
    const found = readOwner(folder);
    if (found.owner === "none") return;
    if (found.owner === "stale") {
      // NOTE: while a process still maps its shared memory, PostgreSQL must see the file and refuse.
      if (!isShmInUse(found.shmId)) fs.rmSync(path.join(folder, "postmaster.pid"), { force: true });
      return;
    }
    if (found.owner === "orphan" && !isAsked) {
      process.kill(found.pid, "SIGINT");
      isAsked = true;
    }
    if (performance.now() > deadlineMs) {
      if (found.owner === "orphan") throw new Error(`PostgreSQL (process ${found.pid}) over ${folder} does not stop`);
      if (!isShmInUse(found.shmId)) fs.rmSync(path.join(folder, "postmaster.pid"), { force: true });
      return;
    }
    await sleep(STEP_MS);
  }
}

/** Line 1 of the file is the pid, line 7 key and id of the shared memory. */
function readOwner(folder: string): Owner {
  let lines: string[];
  try {
    lines = fs.readFileSync(path.join(folder, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { owner: "none" };
    throw error;
  }
  const pid = Number(lines[0]);
  const shmId = lines[6]?.trim().split(/\s+/)[1] ?? null;
  if (!Number.isInteger(pid) || pid <= 1) return { owner: "stale", pid, shmId };
  return { owner: ownerKind(pid, folder), pid, shmId };
}

function ownerKind(pid: number, folder: string): "orphan" | "stale" | "zombie" {
  const command = commandOf(pid);
  if (command === null) return "stale";
  if (command === "") return "zombie";
  // The folder is a word of its own: `-D`, then the path.
  return /postgres/.test(command) && command.split("\0").includes(folder) ? "orphan" : "stale";
}

/** Words of a process, separated by NUL; "" for one that ended and waits to be collected; null: there is none. */
function commandOf(pid: number): string | null {
  if (process.platform === "linux") {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "");
    } catch {
      return null; // Gone between the file and our look.
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  const line = stdout?.trim() ?? "";
  return line === "" ? null : line.replaceAll(" ", "\0");
}

/** Does any process still map this System V segment? Unknown (no /proc) counts as no. */
function isShmInUse(shmId: string | null): boolean {
  if (shmId === null || !fs.existsSync("/proc/sysvipc/shm")) return false;
  const rows = fs.readFileSync("/proc/sysvipc/shm", "latin1").split("\n").slice(1);
  const row = rows.map((line) => line.trim().split(/\s+/)).find((columns) => columns[1] === shmId);
  return row !== undefined && Number(row[6]) > 0;
}
