/** What does the first start cost? Time, log and memory of 20 trade dates of sixteen products, in this process. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import type { HistoryLoaded } from "#lib/events/market.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import type { FeedEvent, FeedSink } from "#server/feeds/feed.ts";
import { createSimulatorFeed } from "#server/feeds/simulator-feed.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { median, report } from "./measure.ts";

const ROUNDS = 3;
const SEED = 1;
/** Friday 2026-11-20, 09:25 in New York. */
const START_MS = 1_795_184_700_000;
const TIME_MS_MAX = 3_000;
const BYTES_MAX = 60_000_000;
const PEER = "the columns of the same bars alone";

function createFeed() {
  return createSimulatorFeed({ seed: SEED, roots: DEFAULT_ROOTS, speed: 0, startMs: START_MS, wallMs: Date.now });
}

/** `cpuMs`, all threads: far below `tookMs` where other processes had the cores. */
type Load = { tookMs: number; cpuMs: number };

/** The house without HTTP: connect until everything is in the log and the engine, as /ready has it. */
async function load(folder: string, engine: Engine): Promise<Load> {
  fs.mkdirSync(folder, { recursive: true });
  const feed = createFeed();
  const sequencer = new Sequencer({
    engine,
    writer: new LogWriter({ folder, runId: path.basename(folder), tail: EMPTY_TAIL }),
    wallMs: Date.now,
    feedNowMs: () => feed.clock.nowMs(),
    onBatch() {},
    onFlushed() {},
    onGap() {},
    crash(error) {
      throw error;
    },
    logger: { info() {}, warn: console.warn, error: console.error, fatal: console.error },
    recovered: { nowMs: 0, receivedMs: 0, contracts: [] },
  });
  const sink: FeedSink = {
    contractNumber: (contract) => sequencer.contractNumber(contract),
    publish: (event) => void sequencer.publish(event),
    drained: () => sequencer.drained(),
    reject: (reason, detail) => {
      throw new Error(`the simulator's row was refused: ${reason}, ${detail}`);
    },
  };
  const fromMs = performance.now();
  const fromCpu = process.cpuUsage();
  await feed.connect(sink, null);
  while (sequencer.status.queued > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  const tookMs = performance.now() - fromMs;
  const { user, system } = process.cpuUsage(fromCpu);
  await feed[Symbol.asyncDispose]();
  await sequencer[Symbol.asyncDispose]();
  return { tookMs, cpuMs: (user + system) / 1_000 };
}

/** The peer: the same market made and thrown away, neither logged nor processed. */
async function makeOnly(): Promise<number> {
  const numbers = new Map<string, number>();
  const feed = createFeed();
  const sink: FeedSink = {
    contractNumber(contract: Contract) {
      const symbol = contractLongSymbol(contract);
      const number = numbers.get(symbol) ?? numbers.size;
      numbers.set(symbol, number);
      return number;
    },
    publish: (_event: FeedEvent) => undefined,
    drained: () => null,
    reject: () => undefined,
  };
  const fromMs = performance.now();
  await feed.connect(sink, null);
  const tookMs = performance.now() - fromMs;
  await feed[Symbol.asyncDispose]();
  return tookMs;
}

function columnBytes({ bars }: HistoryLoaded): number {
  let bytes = 0;
  for (const column of Object.values(bars)) if (ArrayBuffer.isView(column)) bytes += column.byteLength;
  return bytes;
}

/** `tickBytes`: what trades and quotes take, 48 and 56 bytes each; the rest of the log is the history. */
type Held = { logBytes: number; tickBytes: number; bars: number; columnBytes: number; others: number };

function weigh(folder: string): Held {
  const held: Held = { logBytes: 0, tickBytes: 0, bars: 0, columnBytes: 0, others: 0 };
  for (const name of fs.readdirSync(folder)) held.logBytes += fs.statSync(path.join(folder, name)).size;
  readLog(folder, (event) => {
    if (event.type === "TradePrinted") held.tickBytes += 48;
    if (event.type === "QuoteChanged") held.tickBytes += 56;
    if (event.type !== "HistoryLoaded") {
      held.others += 1;
      return;
    }
    held.bars += event.bars.count;
    held.columnBytes += columnBytes(event);
  });
  return held;
}

/** Live bytes of the heap and of array buffers, after a full collection. */
async function liveBytes(collect: () => void): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What the engine's state holds: all that is live, less what is live when the state is let go. */
async function stateBytes(holder: { engine: Engine | null }): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // V8's own, made visible by the flag
  const inBuffers = bufferBytes(holder.engine?.state, new Set());
  const withState = await liveBytes(collect);
  holder.engine = null;
  const bytes = withState - (await liveBytes(collect));
  if (bytes < inBuffers)
    throw new Error(`the state was not let go: ${bytes} bytes freed, its buffers are ${inBuffers}`);
  return bytes;
}

/** Bytes of every array buffer in a plain tree: the state is at least so large. */
function bufferBytes(tree: unknown, seen: Set<unknown>): number {
  if (typeof tree !== "object" || tree === null || seen.has(tree)) return 0;
  seen.add(tree);
  if (ArrayBuffer.isView(tree)) {
    if (seen.has(tree.buffer)) return 0;
    seen.add(tree.buffer);
    return tree.buffer.byteLength;
  }
  return Object.values(tree).reduce((sum: number, part) => sum + bufferBytes(part, seen), 0);
}

/** A function of its own, so that nothing but the holder keeps the engine alive afterwards. */
async function loadInto(holder: { engine: Engine | null }, folder: string): Promise<Load> {
  holder.engine = createEngine();
  return load(folder, holder.engine);
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-history-"));
  try {
    const loads: Load[] = [];
    const bare: number[] = [];
    const holder: { engine: Engine | null } = { engine: null };
    for (let round = 0; round < ROUNDS; round += 1) {
      loads.push(await loadInto(holder, path.join(folder, String(round))));
      bare.push(await makeOnly());
    }
    const times = loads.map(({ tookMs }) => tookMs);
    const memory = await stateBytes(holder);
    const held = weigh(path.join(folder, "0"));
    const runtime = { peerVersion: process.version };
    const what = `${DEFAULT_ROOTS.length} products, ${held.bars} minute bars with volume at price, ${held.others} other events`;
    report({
      ...runtime,
      name: "first-history-time",
      unit: "ms",
      ours: median(times),
      peer: median(bare),
      peerName: "the same market made, neither logged nor processed",
      goal: `<= ${TIME_MS_MAX} ms from connect to ready`,
      // The very first start runs cold code: it is the one that counts.
      isMet: times[0] <= TIME_MS_MAX && median(times) <= TIME_MS_MAX,
      notes: `median of ${ROUNDS}, the first and cold one ${times[0].toFixed(0)} ms (${loads[0].cpuMs.toFixed(0)} ms of processor time, all threads); ${what}`,
    });
    const columns = { ...runtime, unit: "bytes", peer: held.columnBytes, peerName: PEER };
    const goal = `<= ${BYTES_MAX} bytes`;
    report({
      ...columns,
      name: "first-history-log",
      ours: held.logBytes - held.tickBytes,
      goal,
      isMet: held.logBytes - held.tickBytes <= BYTES_MAX,
      notes: `the history and its facts; with half an hour of trades and quotes ${held.logBytes} bytes`,
    });
    report({
      ...columns,
      name: "first-history-memory",
      ours: memory,
      goal,
      isMet: memory <= BYTES_MAX,
      notes: "live heap and array buffers with the engine's state, less without it",
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

await main();
