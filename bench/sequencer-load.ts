/** How does a bench load the real sequencer? A new log, the real engine, events of about 200 bytes. */

import fs from "node:fs";
import path from "node:path";
import { createEngine } from "#lib/engine/engine.ts";
import type { HeartbeatReceived } from "#lib/events/account.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createLogger } from "#server/logger.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";

export type Load = AsyncDisposable & {
  /** Events a second, each answered when fdatasync has passed it. */
  durableRate(inFlight: number, ms: number): Promise<number>;
  /** Events a second, each counted when it is written to the log's file and through the engine, not yet flushed. */
  writtenRate(inFlight: number, ms: number): Promise<number>;
  /** Bytes in the log for each event, frames' heads included. */
  bytesPerEvent(): number;
};

/** A text that makes an event take about `eventBytes` in the log: times, lengths and kind take the rest. */
function heartbeat(account: string): HeartbeatReceived {
  return { ...UNSTAMPED, type: "HeartbeatReceived", account, sentMs: 1_763_650_000_000 };
}

export function startLoad(folder: string, eventBytes: number): Load {
  const logFolder = path.join(folder, "log");
  fs.mkdirSync(logFolder, { recursive: true });
  const account = "x".repeat(eventBytes - 40);
  let onWritten: (lastSeq: number) => void = () => {};
  const sequencer = new Sequencer({
    engine: createEngine(),
    writer: new LogWriter({ folder: logFolder, runId: "bench", tail: EMPTY_TAIL }),
    wallMs: Date.now,
    feedNowMs: Date.now,
    onBatch: (_, lastSeq) => onWritten(lastSeq),
    onFlushed() {},
    onGap() {},
    crash(error) {
      throw error;
    },
    logger: createLogger("bench", { logLevel: "error", logFormat: "json" }),
    recovered: { nowMs: 0, receivedMs: 0, contracts: [] },
  });
  sequencer.publish({
    ...UNSTAMPED,
    ...{ type: "RunStarted", runId: "bench", mode: "SIM", feed: "bench", seed: null, ...emptyLedger() },
  });
  return {
    async durableRate(inFlight, ms) {
      const startMs = performance.now();
      let answered = 0;
      const lane = async (): Promise<void> => {
        while (performance.now() - startMs < ms) {
          await sequencer.publishDurable(heartbeat(account));
          answered += 1;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      return answered / ((performance.now() - startMs) / 1_000);
    },
    async writtenRate(inFlight, ms) {
      await sequencer.publishDurable(heartbeat(account));
      const { promise, resolve } = Promise.withResolvers<number>();
      const startMs = performance.now();
      const firstSeq = sequencer.status.seq;
      let seq = firstSeq;
      onWritten = (lastSeq) => {
        const tookMs = performance.now() - startMs;
        if (tookMs >= ms) {
          onWritten = () => {};
          resolve((lastSeq - firstSeq) / (tookMs / 1_000));
          return;
        }
        for (; seq < lastSeq; seq += 1) sequencer.publish(heartbeat(account));
      };
      for (let count = 0; count < inFlight; count += 1) sequencer.publish(heartbeat(account));
      return promise;
    },
    bytesPerEvent: () => sequencer.status.logBytes / sequencer.status.seq,
    [Symbol.asyncDispose]: () => sequencer[Symbol.asyncDispose](),
  };
}
