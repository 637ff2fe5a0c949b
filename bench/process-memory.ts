/** How much memory do a process and all that it started take? PSS: shared pages are counted once, by share. */
import fs from "node:fs";

export type MemoryPart = { name: string; processes: number; pssBytes: number };
/**
 * `pssBytes` of all parts; `borrowedBytes`: pages of program files that processes of others bear a share of, for they
 * run the same programs (this one runs our Node). Without them it would be ours.
 */
export type Memory = { pssBytes: number; borrowedBytes: number; parts: MemoryPart[] };

type Entry = { pid: number; parent: number; name: string };

/** Everything below `root`, and `root` itself where wanted. A process that ended meanwhile counts nothing. */
export function memoryOf(root: number, { withRoot }: { withRoot: boolean }): Memory {
  const all = processes();
  const family = new Set([root]);
  // Parents are older than children but pids wrap: go on until nobody joins.
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const parts = new Map<string, MemoryPart>();
  const files = new Map<string, FilePages>();
  for (const { pid, name } of all) {
    if (!family.has(pid) || (pid === root && !withRoot)) continue;
    const part = parts.get(name) ?? { name, processes: 0, pssBytes: 0 };
    parts.set(name, part);
    part.processes += 1;
    part.pssBytes += readMappings(pid, files);
  }
  const list = [...parts.values()].sort((a, b) => b.pssBytes - a.pssBytes);
  const pssBytes = list.reduce((sum, part) => sum + part.pssBytes, 0);
  // Ours alone would bear at least what the one of us with most of a file's pages has of them.
  const borrowed = [...files.values()].map((file) => Math.max(0, file.largestBytes - file.pssBytes));
  return { pssBytes, borrowedBytes: borrowed.reduce((sum, bytes) => sum + bytes, 0), parts: list };
}

/** Pages of one mapping of a file: what all of ours bear, and the most that one of ours has of it. */
type FilePages = { pssBytes: number; largestBytes: number };

/** Adds a process's pages of files to `files`; returns its PSS, zero where it ended or we may not read it. */
function readMappings(pid: number, files: Map<string, FilePages>): number {
  let sum = 0;
  for (const text of mappingsOf(pid)) {
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1_024;
    const pssBytes = bytes("Pss");
    sum += pssBytes;
    const [, offset, device, inode] = /^\S+ \S+ (\S+) (\S+) (\d+)/.exec(text) ?? [];
    if (inode === undefined || inode === "0") continue;
    const key = `${device} ${inode} ${offset}`;
    const file = files.get(key) ?? { pssBytes: 0, largestBytes: 0 };
    files.set(key, file);
    // What was written to is the process's own.
    const ownBytes = bytes("Anonymous");
    file.pssBytes += Math.max(0, pssBytes - ownBytes);
    file.largestBytes = Math.max(file.largestBytes, bytes("Rss") - ownBytes);
  }
  return sum;
}

/** The paragraphs of /proc/PID/smaps, one a mapping. */
function mappingsOf(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/smaps`, "utf8").split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  } catch {
    return [];
  }
}

function processes(): Entry[] {
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return [{ pid: Number(pid), parent, name: nameOf(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8")) }];
    } catch {
      return []; // It ended between the two reads.
    }
  });
}

/** What we call a process by its command line. */
function nameOf(commandLine: string): string {
  const words = commandLine.split("\0");
  if (/postgres/.test(words[0])) return "PostgreSQL";
  if (commandLine.includes("server/main.ts")) return "data-service";
  if (commandLine.includes("server/web.ts")) return "web";
  if (commandLine.includes("scripts/start.mjs")) return "launcher";
  if (words[0].startsWith("npm")) return "npm";
  return (words[0].split("/").at(-1) ?? "").slice(0, 24) || "other";
}

/** Resident bytes of one process; throws when it has ended. */
export function rssBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}
