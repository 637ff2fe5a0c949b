/** How does a test run the real engine with a log and snapshots? Recovers a run's folder and goes on behind it. */
import fs from "node:fs";
import path from "node:path";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { Checkpointer } from "#server/sequencer/checkpoint.ts";
import type { CheckpointDisk } from "#server/sequencer/checkpoint-disk.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { type Recovered, recover } from "#server/sequencer/recover.ts";
import { RunBook } from "#server/sequencer/run-book.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { RANDOM_CONTRACTS } from "./random-market.ts";
import { memoryLogger } from "./sequencer-rig.ts";

export type CheckpointRig = {
  engine: Engine;
  book: RunBook;
  recovered: Recovered;
  sequencer: Sequencer;
  checkpointer: Checkpointer;
  said: string[];
  /** Publishes events and waits until the engine has processed them. */
  send(events: readonly InputEvent[]): Promise<void>;
  /** Ends without a last snapshot, as kill -9 would, but with the log flushed. */
  breakOff(): Promise<void>;
  /** Ends in order: with a last snapshot. */
  end(): Promise<void>;
};

export type CheckpointRigOptions = {
  disk?: CheckpointDisk;
  codeVersion?: string;
  /** Default false: histories and gaps as many as these would begin the analyses anew all the time. */
  isAnalysed?: boolean;
  segmentBytesMax?: number;
  spareBytes?: number;
  /** Gets what the log has flushed in the checkpointer's place. */
  onFlushed?: (seq: number) => void;
};

export type Found = Pick<CheckpointRig, "engine" | "book" | "recovered" | "said">;

/** What a start finds, before it logs that it has started. */
export async function recoverRig(folder: string, codeVersion = "test", isAnalysed = false): Promise<Found> {
  const said: string[] = [];
  const logger = memoryLogger(said);
  const engine = createEngine({ analyses: isAnalysed });
  const book = new RunBook();
  const logFolder = path.join(folder, "log");
  fs.mkdirSync(logFolder, { recursive: true });
  const version = { codeVersion, nodeVersion: process.version };
  const snapshots = { folder, state: engine.state };
  const recovered = await recover({ folder: logFolder, runId: "test-run", engine, logger, snapshots, book, version });
  return { engine, book, recovered, said };
}

export async function startCheckpointRig(folder: string, options: CheckpointRigOptions = {}): Promise<CheckpointRig> {
  const { disk, segmentBytesMax, spareBytes, codeVersion = "test", isAnalysed = false } = options;
  const { engine, book, recovered, said } = await recoverRig(folder, codeVersion, isAnalysed);
  const logger = memoryLogger(said);
  const logFolder = path.join(folder, "log");
  const version = { codeVersion, nodeVersion: process.version };
  const checkpointer = new Checkpointer({
    ...{ folder, engine, book, version, logger, wallMs: () => 0, recovered: recovered.snapshot },
    ...(disk === undefined ? {} : { disk }),
    ...(spareBytes === undefined ? {} : { spareBytes }),
  });
  const sequencer = new Sequencer({
    engine: {
      ...engine,
      process(event, outputs) {
        const outcome = engine.process(event, outputs);
        book.note(event);
        return outcome;
      },
    },
    writer: new LogWriter({
      ...{ folder: logFolder, runId: "test-run", tail: recovered.tail },
      ...(segmentBytesMax === undefined ? {} : { segmentBytesMax }),
    }),
    wallMs: Date.now,
    feedNowMs: () => engine.state.nowMs,
    onBatch: (_, lastSeq) => checkpointer.note(lastSeq),
    onFlushed: options.onFlushed ?? ((seq) => checkpointer.flushed(seq)),
    onGap() {},
    crash: (error) => said.push(`crash ${error.message}`),
    logger,
    recovered,
  });
  for (const contract of recovered.lastSeq === 0 ? RANDOM_CONTRACTS : []) sequencer.contractNumber(contract);
  await logStart(sequencer, recovered.epochs + 1, version);
  return {
    ...{ engine, book, recovered, sequencer, checkpointer, said },
    async send(events) {
      for (const event of events) sequencer.publish(event);
      while (sequencer.status.queued > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    },
    async breakOff() {
      await sequencer[Symbol.asyncDispose]();
      // As if nothing were flushed: it closes its file and takes no snapshot.
      checkpointer.flushed(0);
      await checkpointer[Symbol.asyncDispose]();
    },
    async end() {
      await sequencer[Symbol.asyncDispose]();
      await checkpointer[Symbol.asyncDispose]();
    },
  };
}

async function logStart(
  sequencer: Sequencer,
  epoch: number,
  version: { codeVersion: string; nodeVersion: string },
): Promise<void> {
  const versions = { ...version, snapshotVersion: 2, settingsVersion: 1 };
  await sequencer.publishDurable({ ...UNSTAMPED, type: "EngineStarted", epoch, ...versions });
}
