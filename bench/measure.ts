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
};

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
export function report(result: Omit<BenchResult, "ratio">): void {
  const ratio = result.peer === null ? null : result.ours / result.peer;
  const full: BenchResult = { ...result, ratio };
  const known = readResults().filter((entry) => entry.name !== result.name);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const file = { cores: os.availableParallelism(), node: process.version, commit, results: [...known, full] };
  fs.writeFileSync(RESULTS_FILE, `${JSON.stringify(file, null, 2)}\n`);
  const shown = (value: number | null) => (value === null ? "–" : value.toPrecision(4));
  const beside = `${result.peerName} ${shown(result.peer)}, ratio ${shown(ratio)}`;
  console.log(
    `${result.isMet ? "ok  " : "MISS"} ${result.name}: ${shown(result.ours)} ${result.unit} (${beside}; goal ${result.goal}) ${result.notes}`,
  );
}

function readResults(): BenchResult[] {
  if (!fs.existsSync(RESULTS_FILE)) return [];
  const read = JSON.parse(fs.readFileSync(RESULTS_FILE, "utf8")) as { results: BenchResult[] }; // safe: we wrote it
  return read.results;
}
