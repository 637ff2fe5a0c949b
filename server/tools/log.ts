/** `npm run log`: what is in the event log? Lists, verifies, exports, explains one event. It never changes anything. */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { BadSettings, loadConfig } from "#server/config.ts";
import { lastRun } from "#server/runs.ts";
import { readContents } from "#server/sequencer/log-contents.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";
import { LogCorruptError } from "#server/sequencer/log-segment.ts";
import { segmentSpans } from "#server/sequencer/segment-spans.ts";
import { explain } from "./log-explain.ts";
import { bytesOf, CSV_HEAD, csvOf, jsonOf, timeOf } from "./log-words.ts";

const USAGE = `npm run log -- COMMAND [--run ID]
  list                                    runs and segments: sizes, first seqs and times
  verify                                  reads every byte and compares every checksum
  export [--csv] [--from-seq N] [--to-seq N] [--facts]
                                          events (or facts) as JSON lines or CSV on stdout
  explain SEQ                             one event, the facts it led to, and what stood before it
Without --run: list shows all runs, the others take the last. Ends with 0; 1 where something is wrong in the log;
2 where the question cannot be answered.`;
const ROOT = path.resolve(import.meta.dirname, "../..");
const EXPORT_CHUNK = 1 << 16;
/** A wrong flag, a missing run or seq. */
class Refused extends Error {}

type Flags = { run?: string; csv?: boolean; facts?: boolean; "from-seq"?: string; "to-seq"?: string; help?: boolean };

function readFlags(argv: string[]): { flags: Flags; words: string[] } {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { run: text, csv: flag, facts: flag, "from-seq": text, "to-seq": text, help: flag } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    return { flags: values, words: positionals };
  } catch (error) {
    throw new Refused(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function seqOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new Refused(`${name} was "${text}", expected a whole number`);
}

type Place = { runId: string; folder: string };

function placeOf(dataDir: string, asked: string | undefined): Place {
  const runId = asked ?? lastRun(dataDir)?.runId;
  if (runId === undefined) throw new Refused(`${path.join(dataDir, "runs")} holds no run`);
  const folder = path.join(dataDir, "runs", path.basename(runId), "log");
  if (!fs.existsSync(folder)) throw new Refused(`there is no run "${runId}" in ${path.join(dataDir, "runs")}`);
  return { runId, folder };
}

function list(dataDir: string, asked: string | undefined): number {
  const runs = path.join(dataDir, "runs");
  const known = fs.existsSync(runs) ? fs.readdirSync(runs).sort() : [];
  const ids = asked === undefined ? known.filter((id) => fs.existsSync(path.join(runs, id, "log"))) : [asked];
  if (ids.length === 0) throw new Refused(`${runs} holds no run`);
  for (const id of ids) {
    const { folder } = placeOf(dataDir, id);
    const spans = segmentSpans(folder);
    const bytes = spans.reduce((sum, span) => sum + span.byteLength, 0);
    console.log(`run ${id}: ${spans.length} segments, ${bytesOf(bytes)}`);
    for (const span of spans) {
      const form = [span.isCompressed ? `zstd of ${bytesOf(span.plainBytes)}` : "plain"];
      if (span.isThinned) form.push("market records gone");
      const from = `from seq ${span.firstSeq ?? "?"}, ${timeOf(span.firstMs)}`;
      console.log(`  ${path.basename(span.file)}  ${bytesOf(span.byteLength)}, ${form.join(", ")}, ${from}`);
    }
  }
  return 0;
}

function verify({ runId, folder }: Place): number {
  const startMs = performance.now();
  using cursor = new LogCursor(folder, { runId });
  let frames = 0;
  let events = 0;
  let bytes = 0;
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    frames += 1;
    events += frame.events;
    bytes += frame.byteLength;
  }
  const seconds = Math.max(1e-3, (performance.now() - startMs) / 1_000);
  const { torn, place } = cursor;
  console.log(
    `run ${runId}: ${frames} frames, ${events} events to seq ${place.nextSeq - 1}, ${bytesOf(bytes)}, ` +
      `${bytesOf(bytes / seconds)}/s: every checksum is right`,
  );
  if (torn === null) return 0;
  console.log(
    `The last ${torn.byteLength} bytes are no whole frame (${torn.file}, byte ${torn.offset}: ${torn.why}). ` +
      "They were never acknowledged, or are being written now; the next start cuts them.",
  );
  return 0;
}

function exportLog({ folder }: Place, flags: Flags): number {
  const fromSeq = seqOf(flags["from-seq"], "--from-seq") ?? 0;
  const toSeq = seqOf(flags["to-seq"], "--to-seq") ?? Number.POSITIVE_INFINITY;
  const word = flags.csv ? csvOf : jsonOf;
  let held = flags.csv ? `${CSV_HEAD}\n` : "";
  const put = (record: Parameters<typeof csvOf>[0]): void => {
    held += `${word(record)}\n`;
    if (held.length < EXPORT_CHUNK) return;
    writeOut(held);
    held = "";
  };
  readContents(folder, flags.facts ? { fact: put } : { event: put }, { fromSeq, toSeq });
  writeOut(held);
  return 0;
}

/** All of it, at once: stdout may be a pipe that takes less. */
function writeOut(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function explainSeq({ runId, folder }: Place, word: string | undefined): number {
  const seq = seqOf(word, "SEQ");
  if (seq === undefined) throw new Refused(`explain needs a seq\n${USAGE}`);
  const lines = explain(folder, seq);
  if (lines === null) throw new Refused(`run ${runId} holds no event of seq ${seq}`);
  for (const line of lines) console.log(line);
  return 0;
}

function main(argv: string[]): number {
  const { flags, words } = readFlags(argv);
  const [command, ...rest] = words;
  if (flags.help || command === undefined) {
    console.log(USAGE);
    return flags.help ? 0 : 2;
  }
  const { dataDir } = loadConfig({ env: process.env, argv: [], root: ROOT });
  if (command === "list") return list(dataDir, flags.run);
  if (command === "verify") return verify(placeOf(dataDir, flags.run));
  if (command === "export") return exportLog(placeOf(dataDir, flags.run), flags);
  if (command === "explain") return explainSeq(placeOf(dataDir, flags.run), rest[0]);
  throw new Refused(`"${command}" is no command\n${USAGE}`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const isPipeGone = error instanceof Error && "code" in error && error.code === "EPIPE";
  const isRefusal = error instanceof Refused || error instanceof BadSettings;
  const isDamage = error instanceof LogCorruptError;
  if (!isPipeGone) console.error(isRefusal || isDamage ? error.message : error);
  process.exitCode = isRefusal ? 2 : isPipeGone ? 0 : 1;
}
