/** How is a figure measured and kept? Medians of several runs, ours beside a peer in the same run. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export type BenchResult = {
  name: string;
  unit: string;
  ours: number;
  /** Null: the peer could not be run here, and the figure counts as not done. */
  peer: number | null;
  peerName: string;
  peerVersion: string;
  ratio: number | null;
  goal: string;
  isMet: boolean;
  notes: string;
  /** Processes that wanted a core, mean of the last minute when it was written down, the bench's own included. */
  load: number;
  /** What was checked out then: benches can be run one by one. */
  commit: string;
};

/** What a bench says of itself; ratio, load and commit are added. */
type Measured = Omit<BenchResult, "ratio" | "load" | "commit">;

export const RESULTS_FILE = path.resolve(import.meta.dirname, "results.json");

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** Adds or replaces a result in bench/results.json and prints it as one line. */
export function report(result: Measured): void {
  const ratio = result.peer === null ? null : result.ours / result.peer;
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const full: BenchResult = { ...result, ratio, load: Math.round(os.loadavg()[0] * 100) / 100, commit };
  const known = readResults().filter((entry) => entry.name !== result.name);
  const file = { cores: os.availableParallelism(), node: process.version, commit, results: [...known, full] };
  fs.writeFileSync(RESULTS_FILE, `${JSON.stringify(file, null, 2)}\n`);
  const shown = (value: number | null) => (value === null ? "–" : Number(value.toPrecision(4)).toLocaleString("en"));
  const beside = `${result.peerName} ${shown(result.peer)}, ratio ${shown(ratio)}`;
  const isDone = result.isMet && result.peer !== null;
  console.log(
    `${isDone ? "ok  " : "MISS"} ${result.name}: ${shown(result.ours)} ${result.unit} (${beside}; goal ${result.goal}) ${result.notes}`,
  );
}

/** The installed version of a package, "ws 8.23.0". */
export function packageVersion(name: string): string {
  const file = path.resolve(import.meta.dirname, "../node_modules", name, "package.json");
  const { version } = JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }; // every package has one
  return `${name} ${version}`;
}

function readResults(): BenchResult[] {
  if (!fs.existsSync(RESULTS_FILE)) return [];
  const read = JSON.parse(fs.readFileSync(RESULTS_FILE, "utf8")) as { results: BenchResult[] }; // safe: we wrote it
  return read.results;
}
