/** `npm run replay`: does a run's log, replayed at full speed, give the same digests and facts as it did live? */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { codeVersion } from "#server/code-version.ts";
import { BadSettings, loadConfig } from "#server/config.ts";
import { type Replayed, replayLog } from "#server/replay/replay-log.ts";
import { lastRun } from "#server/runs.ts";
import { isThinnedOut } from "#server/sequencer/log-cursor.ts";
import { LogCorruptError } from "#server/sequencer/log-segment.ts";

const USAGE = `npm run replay -- [--run ID] [--from-seq N] [--to-seq N]
Replays a run of DATA_DIR (default: the last) through a fresh engine and compares every digest and fact that this
version recorded (default: all). Ends with 0 when all are equal, 1 at the first difference, 2 where it cannot read.`;
const ROOT = path.resolve(import.meta.dirname, "../..");
/** A wrong flag, a missing run, a damaged log. */
class Refused extends Error {}

function seqOf(text: string | undefined, flag: string, unset: number): number {
  if (text === undefined) return unset;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Refused(`${flag} was "${text}", expected a whole number`);
}

/** The log's folder of a run in the data folder. */
function logFolderOf(dataDir: string, runId: string | undefined): { runId: string; folder: string } {
  const id = runId ?? lastRun(dataDir)?.runId;
  if (id === undefined) throw new Refused(`${path.join(dataDir, "runs")} holds no run`);
  const folder = path.join(dataDir, "runs", path.basename(id), "log");
  if (fs.existsSync(folder)) {
    if (!isThinnedOut(folder)) return { runId: id, folder };
    throw new Refused(
      `the log of run "${id}" was thinned out: its oldest market records went by LOG_RETAIN_DAYS or _GB`,
    );
  }
  throw new Refused(`there is no run "${id}" in ${path.join(dataDir, "runs")}`);
}

function sayResult({ runId, replayed }: { runId: string; replayed: Replayed }): void {
  const { events, lastSeq, digests, facts, skipped, tookMs, difference } = replayed;
  const perSecond = Math.round(events / Math.max(tookMs / 1_000, 1e-3));
  console.log(
    `run ${runId}: ${events} events to seq ${lastSeq} in ${Math.round(tookMs)} ms (${perSecond}/s), ${skipped} skipped`,
  );
  if (difference !== null) {
    const { seq, what, was, expected } = difference;
    console.log(`seq ${seq}: ${what} differs\n  was      ${was}\n  expected ${expected}`);
  } else if (digests + facts === 0) {
    console.log("nothing to compare: no digest and no fact there was recorded by this version");
  } else {
    console.log(`${digests} digests and ${facts} facts compared: all equal`);
  }
}

function readFlags(argv: string[]): { run?: string; "from-seq"?: string; "to-seq"?: string; help?: boolean } {
  const text = { type: "string" } as const;
  const options = { run: text, "from-seq": text, "to-seq": text, help: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: argv, options }).values;
  } catch (error) {
    throw new Refused(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function main(argv: string[]): number {
  const flags = readFlags(argv);
  if (flags.help) {
    console.log(USAGE);
    return 0;
  }
  const { dataDir } = loadConfig({ env: process.env, argv: [], root: ROOT });
  const fromSeq = seqOf(flags["from-seq"], "--from-seq", 0);
  const toSeq = seqOf(flags["to-seq"], "--to-seq", Number.POSITIVE_INFINITY);
  const { runId, folder } = logFolderOf(dataDir, flags.run);
  const version = { codeVersion: codeVersion(), nodeVersion: process.version };
  const replayed = replayLog({ folder, fromSeq, toSeq, version });
  sayResult({ runId, replayed });
  return replayed.difference === null ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const isRefusal = error instanceof Refused || error instanceof LogCorruptError || error instanceof BadSettings;
  console.error(isRefusal ? error.message : error);
  process.exitCode = isRefusal ? 2 : 1;
}
