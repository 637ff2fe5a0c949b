/** How many trades a second go through log, codec, engine, facts on one core? GC's real ticks, week after week. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { createEngine } from "#lib/engine/engine.ts";
import { beginFrame, createFrameWriter } from "#lib/events/codec-frame.ts";
import { AGGRESSOR, type InstrumentListed, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { appendFact } from "#lib/outputs/fact-codec.ts";
import { clearOutputs, createOutputs } from "#lib/outputs/output.ts";
import { ticksFromPoints } from "#lib/units.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { median, report } from "./measure.ts";

const TRADES_MIN = 5_000_000;
const WEEK_MS = 7 * 86_400_000;
const BATCH = 4_096;
const ROUNDS = 3;
const SOURCE_FILE = path.resolve(
  import.meta.dirname,
  "../../shared/data/ticks/lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz",
);
const LISTED: InstrumentListed = {
  ...UNSTAMPED,
  type: "InstrumentListed",
  contract: 0,
  root: "GC",
  year: 2013,
  month: 12,
  tickSize: 0.1,
};

type Row = { exchangeMs: number; priceTicks: number; size: number };

function parseRows(text: string): Row[] {
  const [, ...lines] = text.trim().split("\n");
  return lines.map((line) => {
    const [time, price, size] = line.split(",");
    return { exchangeMs: Date.parse(time), priceTicks: ticksFromPoints(Number(price), 0.1) ?? 0, size: Number(size) };
  });
}

function newWriter(folder: string): LogWriter {
  fs.mkdirSync(folder, { recursive: true });
  return new LogWriter({ folder, runId: path.basename(folder), tail: EMPTY_TAIL });
}

/** Writes the log that is replayed; returns how many trades it holds. */
async function writeLog(folder: string, rows: readonly Row[]): Promise<number> {
  const writer = newWriter(folder);
  let seq = 1;
  writer.beginBatch();
  const append = (event: InstrumentListed | TradePrinted): void => {
    event.seq = seq++;
    writer.append(event);
    if (seq % BATCH !== 0) return;
    if (!writer.write()) throw new Error("the bench log cannot be written");
    writer.beginBatch();
  };
  append({ ...LISTED, nowMs: rows[0].exchangeMs });
  const weeks = Math.ceil(TRADES_MIN / rows.length);
  let sourceSeq = 0;
  for (let week = 0; week < weeks; week++) {
    for (const row of rows) {
      const exchangeMs = row.exchangeMs + week * WEEK_MS;
      append({
        type: "TradePrinted",
        seq: 0,
        nowMs: exchangeMs,
        receivedMs: exchangeMs,
        contract: 0,
        priceTicks: row.priceTicks,
        size: row.size,
        aggressor: AGGRESSOR.unknown,
        exchangeMs,
        source: SOURCE.file,
        sourceSeq: ++sourceSeq,
      });
    }
  }
  writer.write();
  await writer.flush();
  await writer[Symbol.asyncDispose]();
  return sourceSeq;
}

type Replayed = { trades: number; analyses: boolean };

/** Decode, second log, engine (bars alone, or every analysis), outputs, facts behind them; in trades a second. */
async function replay(from: string, to: string, { trades, analyses }: Replayed): Promise<number> {
  const engine = createEngine({ analyses });
  const outputs = createOutputs(4);
  const writer = newWriter(to);
  const facts = createFrameWriter(1 << 20);
  const put = (fact: Fact): void => appendFact(facts, fact);
  let said = 0;
  let inBatch = 0;
  const endBatch = (): void => {
    if (!writer.write({ factsFollow: true })) throw new Error("the second log cannot be written");
    facts.firstSeq = writer.writtenSeq + 1;
    said += facts.records;
    if (!writer.writeFacts(facts)) throw new Error("the second log's facts cannot be written");
    beginFrame(facts, 0);
    clearOutputs(outputs);
  };
  const startMs = performance.now();
  writer.beginBatch();
  beginFrame(facts, 0);
  readLog(from, (event) => {
    writer.append(event);
    const at = outputs.list.length;
    engine.process(event, outputs);
    if (outputs.list.length > at) engine.conclude(event, outputs, at, put);
    if (++inBatch < BATCH) return;
    inBatch = 0;
    endBatch();
    writer.beginBatch();
  });
  endBatch();
  const seconds = (performance.now() - startMs) / 1_000;
  await writer[Symbol.asyncDispose]();
  fs.rmSync(to, { recursive: true });
  const day = engine.state.contracts[0].series[5];
  if (said === 0 || day.length === 0) throw new Error("the engine said nothing");
  return trades / seconds;
}

/** The single-purpose loop: decode and one hand-written minute candle, no log, no other interval, no checks. */
function bareLoop(from: string, trades: number): number {
  let minute = -1;
  let high = 0;
  let low = 0;
  let close = 0;
  let volume = 0;
  let closed = 0;
  const startMs = performance.now();
  readLog(from, (event) => {
    if (event.type !== "TradePrinted") return;
    const at = Math.floor(event.exchangeMs / 60_000);
    if (at !== minute) {
      minute = at;
      closed += high - low + close + volume > 0 ? 1 : 0;
      high = low = event.priceTicks;
      volume = 0;
    }
    if (event.priceTicks > high) high = event.priceTicks;
    if (event.priceTicks < low) low = event.priceTicks;
    close = event.priceTicks;
    volume += event.size;
  });
  if (closed === 0) throw new Error("no candle closed");
  return trades / ((performance.now() - startMs) / 1_000);
}

/** The same trades from their CSV text, parsed each time: what a replay of a file costs on top. */
function fromText(text: string): number {
  const engine = createEngine({ analyses: false });
  const outputs = createOutputs(4);
  const startMs = performance.now();
  engine.process({ ...LISTED, seq: 1 }, outputs);
  let seq = 1;
  for (const row of parseRows(text)) {
    engine.process(
      {
        type: "TradePrinted",
        seq: ++seq,
        nowMs: row.exchangeMs,
        receivedMs: row.exchangeMs,
        contract: 0,
        ...row,
        aggressor: AGGRESSOR.unknown,
        source: SOURCE.file,
        sourceSeq: seq,
      },
      outputs,
    );
    if (seq % BATCH === 0) clearOutputs(outputs);
  }
  return (seq - 1) / ((performance.now() - startMs) / 1_000);
}

async function main(): Promise<void> {
  if (!fs.existsSync(SOURCE_FILE)) throw new Error("../shared/data is missing: the bench needs the GC ticks");
  const text = gunzipSync(fs.readFileSync(SOURCE_FILE)).toString("utf8");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
  try {
    const first = path.join(folder, "first");
    const trades = await writeLog(first, parseRows(text));
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(bareLoop(first, trades));
      ours.push(await replay(first, path.join(folder, "second"), { trades, analyses: false }));
    }
    const analysed = Math.round(await replay(first, path.join(folder, "second"), { trades, analyses: true }));
    const csv = Math.round(fromText(text));
    report({
      name: "engine-replay",
      unit: "trades/s",
      ours: median(ours),
      peer: median(bare),
      peerName: "decode and one minute candle, by hand",
      peerVersion: process.version,
      goal: ">= 1,000,000 trades/s",
      isMet: median(ours) >= 1_000_000,
      notes: `${trades} trades, their facts logged too; from CSV text ${csv} trades/s; with every analysis ${analysed} trades/s`,
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

await main();
