/** Which run does this start continue, or is it a new one? One folder a run: `DATA_DIR/runs/<runId>/`. */
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { civilDayIso } from "#lib/civil.ts";
import { MODES, type Mode } from "#lib/events/clock.ts";
import { MS_PER_DAY } from "#lib/units.ts";

/** What makes a run one and the same. `feed` is the feed's identity. */
export type RunIdentity = { mode: Mode; feed: string; seed: number | null };

/** `folder` and `logFolder` are absolute when the data folder is. */
export type Run = RunIdentity & { runId: string; createdMs: number; folder: string; logFolder: string };

const runSchema = z.strictObject({
  mode: z.enum(MODES),
  feed: z.string().min(1),
  seed: z.number().int().nullable(),
  createdMs: z.number(),
});

/**
 * The last run when mode, feed and seed are the same and no new one is asked for, else a new run; an older run is never
 * taken up again. What a new one takes over from those before it: former-ledger.ts.
 * Throws where the last run's `run.json` cannot be read, and Node's errors of the disk.
 */
export function openRun(
  dataDir: string,
  identity: RunIdentity,
  { alwaysNew, nowMs }: { alwaysNew: boolean; nowMs: number },
): { run: Run; isNew: boolean } {
  const last = lastRun(dataDir);
  if (last !== null && !alwaysNew && isSameIdentity(last, identity)) return { run: last, isNew: false };
  // One second later than the last at least: names stay sorted also when the clock has stepped back.
  const createdMs = last === null ? nowMs : Math.max(nowMs, last.createdMs + 1_000);
  return { run: createRun(dataDir, identity, createdMs), isNew: true };
}

/** The newest run, or null. A folder without `run.json` was never finished and does not count. */
export function lastRun(dataDir: string): Run | null {
  const folder = path.join(dataDir, "runs");
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  for (const runId of names.reverse()) {
    if (fs.existsSync(path.join(folder, runId, "run.json"))) return readRun(dataDir, runId);
  }
  return null;
}

/** The runs before this one, newest first. One whose `run.json` cannot be read is left out. */
export function formerRuns(dataDir: string, current: Run): Run[] {
  const names = fs.readdirSync(path.join(dataDir, "runs")).filter((runId) => runId < current.runId);
  return names
    .toSorted()
    .toReversed()
    .flatMap((runId) => {
      try {
        return [readRun(dataDir, runId)];
      } catch {
        return [];
      }
    });
}

function readRun(dataDir: string, runId: string): Run {
  const folder = path.join(dataDir, "runs", runId);
  const file = path.join(folder, "run.json");
  let read: unknown;
  try {
    read = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read (${String(error)}); move the folder away to begin a new run`);
  }
  const checked = runSchema.safeParse(read);
  if (!checked.success) {
    throw new Error(`${file} is no run (${z.prettifyError(checked.error)}); move the folder away to begin a new run`);
  }
  return { runId, ...checked.data, folder, logFolder: path.join(folder, "log") };
}

/** Written aside and renamed: a run exists whole or not at all. */
function createRun(dataDir: string, identity: RunIdentity, createdMs: number): Run {
  const runId = runIdOf(identity, createdMs);
  const folder = path.join(dataDir, "runs", runId);
  const logFolder = path.join(folder, "log");
  fs.mkdirSync(logFolder, { recursive: true });
  const { mode, feed, seed } = identity;
  const file = path.join(folder, "run.json");
  fs.writeFileSync(`${file}.new`, `${JSON.stringify({ mode, feed, seed, createdMs }, null, 2)}\n`, { flush: true });
  fs.renameSync(`${file}.new`, file);
  for (const changed of [folder, path.join(dataDir, "runs"), dataDir]) syncFolder(changed);
  return { runId, mode, feed, seed, createdMs, folder, logFolder };
}

/** UTC time and kind: SIM with seed 7 at 2026-11-20 14:48:25 → "20261120-144825-sim7". Sorted by time. */
function runIdOf({ mode, seed }: RunIdentity, createdMs: number): string {
  const day = Math.floor(createdMs / MS_PER_DAY);
  const seconds = Math.floor((createdMs - day * MS_PER_DAY) / 1_000);
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = clock.map((part) => String(part).padStart(2, "0")).join("");
  return `${civilDayIso(day).replaceAll("-", "")}-${time}-${mode.toLowerCase()}${seed ?? ""}`;
}

function isSameIdentity(a: RunIdentity, b: RunIdentity): boolean {
  return a.mode === b.mode && a.feed === b.feed && a.seed === b.seed;
}

function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
