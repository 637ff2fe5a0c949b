/** How long does a start take after a full day of the simulated market? Snapshot and tail beside the whole log. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { STATE_VERSION } from "#lib/engine/state.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_MS_MAX } from "#lib/limits.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { createSimulatorFeed, type SimulatorFeed } from "#server/feeds/simulator-feed.ts";
import { createLogger } from "#server/logger.ts";
import { Checkpointer } from "#server/sequencer/checkpoint.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { type Recovered, type RecoverOptions, recover } from "#server/sequencer/recover.ts";
import { RunBook } from "#server/sequencer/run-book.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { median, quantile, report } from "./measure.ts";

/** Tuesday 2026-11-17, open to open. */
const START_MS = Date.parse("2026-11-16T23:00:00Z");
const DAY_MS = 23 * 3_600_000;
const ROUNDS = 3;
const GOAL_MS = 2_000;
/** From here on, in RTH, the day goes on at a pace at which snapshots can be judged: each second holds a minute. */
const PACED_FROM_MS = START_MS + 16 * 3_600_000;
const PACE = 60;
const PACED_SNAPSHOTS = 40;
const PACED_EVERY_MS = 1_000;
/** A garbage collection may fall into one of them. */
const SNAPSHOT_SHARE = 0.95;
const VERSION = { codeVersion: "bench", nodeVersion: process.version };
const logger = createLogger("bench", { logLevel: "error", logFormat: "json" });

type Start = { engine: Engine; book: RunBook; recovered: Recovered };

/** A start as the data-service makes it; `hasSnapshots` false: from the log alone. */
async function start(folder: string, hasSnapshots = true): Promise<Start> {
  const engine = createEngine();
  const book = new RunBook();
  const base: RecoverOptions = {
    folder: path.join(folder, "log"),
    runId: "bench",
    engine,
    logger,
    book,
    version: VERSION,
  };
  const snapshots = { folder, state: engine.state };
  return { engine, book, recovered: await recover(hasSnapshots ? { ...base, snapshots } : base) };
}

type Day = { snapshotMs: number[]; snapshotBytes: number; digest: string; events: number };

/** What each snapshot of a paced stretch held the event loop up, ms. */
async function takePaced(feed: SimulatorFeed, checkpointer: Checkpointer): Promise<number[]> {
  const tookMs: number[] = [];
  feed.setSpeed(PACE);
  for (let count = 0; count < PACED_SNAPSHOTS; count += 1) {
    await sleep(PACED_EVERY_MS);
    await checkpointer.take();
    tookMs.push(checkpointer.status.tookMs ?? Number.POSITIVE_INFINITY);
  }
  feed.setSpeed(Number.POSITIVE_INFINITY);
  return tookMs;
}

/** Writes a day of all roots as fast as it goes, but for a stretch with snapshots; ends as kill -9 would. */
async function writeDay(folder: string): Promise<Day> {
  const { engine, book, recovered } = await start(folder);
  const checkpointer = new Checkpointer({
    folder,
    engine,
    book,
    version: VERSION,
    recovered: null,
    wallMs: Date.now,
    logger,
  });
  const feed = createSimulatorFeed({
    ...{ seed: 7, roots: DEFAULT_ROOTS, speed: Number.POSITIVE_INFINITY, startMs: START_MS, wallMs: Date.now },
  });
  const pacedStretch = Promise.withResolvers<void>();
  const { promise: dayIsOver, resolve } = Promise.withResolvers<void>();
  const sequencer = new Sequencer({
    engine: {
      ...engine,
      process(event, outputs) {
        const outcome = engine.process(event, outputs);
        book.note(event);
        return outcome;
      },
    },
    writer: new LogWriter({ folder: path.join(folder, "log"), runId: "bench", tail: recovered.tail }),
    wallMs: Date.now,
    feedNowMs: () => feed.clock.nowMs(),
    onBatch(_, lastSeq) {
      checkpointer.note(lastSeq);
      if (engine.state.nowMs >= PACED_FROM_MS) pacedStretch.resolve();
      if (engine.state.nowMs >= START_MS + DAY_MS) resolve();
    },
    onFlushed: (seq) => checkpointer.flushed(seq),
    onGap() {},
    crash(error) {
      throw error;
    },
    logger,
    recovered,
  });
  const versions = { ...VERSION, snapshotVersion: STATE_VERSION, settingsVersion: 1 };
  await sequencer.publishDurable({ ...UNSTAMPED, type: "EngineStarted", epoch: 1, ...versions });
  const sink = {
    contractNumber: sequencer.contractNumber.bind(sequencer),
    publish: (event: Parameters<Sequencer["publish"]>[0]) => void sequencer.publish(event),
    drained: () => sequencer.drained(),
    reject() {},
  };
  await feed.connect(sink, null);
  await pacedStretch.promise;
  const snapshotMs = await takePaced(feed, checkpointer);
  await dayIsOver;
  await feed[Symbol.asyncDispose]();
  await sequencer[Symbol.asyncDispose]();
  // As if nothing were flushed: no last snapshot, so that there is a tail to read.
  checkpointer.flushed(0);
  await checkpointer[Symbol.asyncDispose]();
  if (checkpointer.status.error !== null) throw new Error(checkpointer.status.error);
  const digest = engine.digest();
  return {
    snapshotMs,
    snapshotBytes: checkpointer.status.bytes,
    digest,
    events: book.lastSeq,
  };
}

async function timed(folder: string, day: Day, hasSnapshots: boolean): Promise<Recovered> {
  const { engine, recovered } = await start(folder, hasSnapshots);
  if (engine.digest() !== day.digest) throw new Error("the recovered state differs from the one that was lost");
  if ((recovered.snapshot !== null) !== hasSnapshots) throw new Error("recovery did not begin where it should");
  return recovered;
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
  try {
    fs.mkdirSync(path.join(folder, "log"));
    const day = await writeDay(folder);
    const ours: Recovered[] = [];
    for (let round = 0; round < ROUNDS; round += 1) ours.push(await timed(folder, day, true));
    const whole = await timed(folder, day, false);
    const tookMs = median(ours.map((recovered) => recovered.tookMs));
    const snapshotMs = quantile(day.snapshotMs, SNAPSHOT_SHARE);
    const isSmall = day.snapshotBytes <= SNAPSHOT_BYTES_MAX && snapshotMs <= SNAPSHOT_MS_MAX;
    report({
      name: "recovery",
      unit: "ms",
      ours: tookMs,
      peer: whole.tookMs,
      peerName: "the whole log",
      peerVersion: process.version,
      goal: `<= ${GOAL_MS} ms; snapshot <= 8 MB and, of 95 %, <= ${SNAPSHOT_MS_MAX} ms`,
      isMet: tookMs <= GOAL_MS && isSmall,
      notes:
        `${day.events} events of a day, ${ours[0].events} behind the snapshot; ${day.snapshotMs.length} snapshots at ${PACE}×, ` +
        `median ${median(day.snapshotMs).toFixed(1)} ms, 95 % ${snapshotMs.toFixed(1)} ms, ` +
        `longest ${Math.max(...day.snapshotMs).toFixed(1)} ms, ${day.snapshotBytes} bytes`,
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

await main();
