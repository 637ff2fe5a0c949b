/** How does a test run a sequencer? Recovers a folder's log with a tally engine and goes on behind it. */

import type { TradePrinted } from "#lib/events/market.ts";
import type { ContractPinned } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { LogDisk } from "#server/sequencer/log-disk.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { type Recovered, recover } from "#server/sequencer/recover.ts";
import { Sequencer, type SequencerOptions } from "#server/sequencer/sequencer.ts";
import { createTallyEngine, type TallyEngine } from "./tally-engine.ts";

export type Rig = {
  sequencer: Sequencer;
  engine: TallyEngine;
  writer: LogWriter;
  recovered: Recovered;
  said: string[];
};

export type RigOptions = Partial<SequencerOptions> & {
  folder: string;
  engine?: TallyEngine;
  disk?: LogDisk;
  segmentBytesMax?: number;
};

/** A logger that keeps what was said: "error An event …". */
export function memoryLogger(said: string[]): SequencerOptions["logger"] {
  const keep =
    (level: string) =>
    (...words: unknown[]): void => {
      said.push(`${level} ${words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ")}`);
    };
  return { info: keep("info"), warn: keep("warn"), error: keep("error"), fatal: keep("fatal") };
}

export async function startRig(options: RigOptions): Promise<Rig> {
  const { folder, disk, segmentBytesMax, ...rest } = options;
  const said: string[] = [];
  const logger = memoryLogger(said);
  const engine = options.engine ?? createTallyEngine();
  const recovered = await recover({ folder, runId: "test-run", engine, logger });
  const writer = new LogWriter({
    folder,
    runId: "test-run",
    tail: recovered.tail,
    ...(disk === undefined ? {} : { disk }),
    ...(segmentBytesMax === undefined ? {} : { segmentBytesMax }),
  });
  const sequencer = new Sequencer({
    engine,
    writer,
    wallMs: Date.now,
    feedNowMs: Date.now,
    onBatch() {},
    onFlushed() {},
    onGap() {},
    crash(error) {
      said.push(`crash ${error.message}`);
    },
    logger,
    recovered,
    ...rest,
  });
  return { sequencer, engine, writer, recovered, said };
}

export function pin(symbol: string): ContractPinned {
  return { type: "ContractPinned", ...UNSTAMPED, root: "ES", symbol };
}

export function trade(sourceSeq: number, part: Partial<TradePrinted> = {}): TradePrinted {
  const row = { contract: 0, priceTicks: 19_200 + (sourceSeq % 7), size: 1, aggressor: 1, source: 1 } as const;
  return { type: "TradePrinted", ...UNSTAMPED, ...row, exchangeMs: 1_000 + sourceSeq, sourceSeq, ...part };
}

/** Lets everything that is scheduled for the end of this turn happen. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
