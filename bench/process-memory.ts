/** How much memory do a process and all that it started take? PSS: shared pages are counted once, by share. */
import fs from "node:fs";

export type MemoryPart = { name: string; processes: number; pssBytes: number };
export type Memory = { pssBytes: number; parts: MemoryPart[] };

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
  for (const { pid, name } of all) {
    if (!family.has(pid) || (pid === root && !withRoot)) continue;
    const part = parts.get(name) ?? { name, processes: 0, pssBytes: 0 };
    parts.set(name, part);
    part.processes += 1;
    part.pssBytes += pssBytesOf(pid);
  }
  const list = [...parts.values()].sort((a, b) => b.pssBytes - a.pssBytes);
  return { pssBytes: list.reduce((sum, { pssBytes }) => sum + pssBytes, 0), parts: list };
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

/** Zero for a process that has ended or whose memory we may not read. */
function pssBytesOf(pid: number): number {
  try {
    const rollup = fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

/** Resident bytes of one process; throws when it has ended. */
export function rssBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}
