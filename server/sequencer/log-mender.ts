/** What does a recovery add to the log? Marks of the batch in which the process ended, poisoned seqs, missing facts. */
import { decodeFrame } from "#lib/events/codec.ts";
import { beginFrame, createFrameWriter } from "#lib/events/codec-frame.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { BATCH_BYTES_MAX } from "#lib/limits.ts";
import { compareCursors, type Fact, type FactCursor } from "#lib/outputs/fact.ts";
import { appendFact } from "#lib/outputs/fact-codec.ts";
import type { Logger } from "#server/logger.ts";
import type { LogDisk } from "./log-disk.ts";
import type { LogSurvey } from "./log-survey.ts";
import { type LogTail, LogWriter } from "./log-writer.ts";
import { poisonedBy, type Quarantine } from "./quarantine.ts";

export type MenderOptions = {
  folder: string;
  runId: string;
  survey: LogSurvey;
  /** Where the log ends, the torn end cut. */
  tail: Pick<LogTail, "segment" | "byteLength" | "nextSeq">;
  quarantine: Quarantine;
  logger: Pick<Logger, "warn" | "error">;
  disk?: LogDisk;
};

export class LogMender {
  readonly #options: MenderOptions;
  readonly #missing: Fact[] = [];
  #writer: LogWriter | null = null;
  #isAlone = false;
  #isMarked = false;

  constructor(options: MenderOptions) {
    this.#options = options;
  }

  /** Facts behind this place are missing in the log. */
  get lastFact(): FactCursor {
    return this.#options.survey.lastFact;
  }

  /**
   * Before the frame of `firstSeq` is replayed. In the unfinished last batch it first says so in the log: the first
   * recovery takes it whole, the second one event after the other, the third without the one that ended the second.
   */
  beforeFrame(firstSeq: number, payload: Uint8Array): void {
    const { lastBatch } = this.#options.survey;
    if (lastBatch === null || lastBatch.isFinished || lastBatch.firstSeq !== firstSeq) return;
    if (lastBatch.suspectSeq !== null) {
      const { suspectSeq } = lastBatch;
      decodeFrame(payload, (event) => {
        if (event.seq === suspectSeq) this.poison(event, "the process ended three times while it was processed");
      });
    } else if (lastBatch.trials > 0) {
      this.#isAlone = true;
    }
    this.#isMarked = true;
    if (!this.#isAlone) this.#record({ type: "Trying", seq: firstSeq, isAlone: false });
  }

  /** Before an event is processed. */
  beforeEvent(seq: number): void {
    const first = this.#options.survey.lastBatch?.firstSeq ?? Number.POSITIVE_INFINITY;
    if (this.#isAlone && seq >= first) this.#record({ type: "Trying", seq, isAlone: true });
  }

  /** The engine breaks at this event: every replay from now on goes without it. */
  poison(event: InputEvent, reason: string): void {
    const poisoned = poisonedBy(event, reason);
    this.#record(poisoned);
    this.#options.quarantine.add(poisoned);
    this.#options.logger.error(poisoned, "A poison event was set aside");
  }

  /** A fact of the replay; kept where the log does not hold it yet. */
  readonly take = (fact: Fact): void => {
    if (compareCursors(fact, this.lastFact) > 0) this.#missing.push(fact);
  };

  /** The replay is through: completes the facts, ends the trial, and makes all of it last. */
  async finish(): Promise<void> {
    if (this.#missing.length > 0) {
      this.#options.logger.warn({ facts: this.#missing.length }, "Facts that the log lacked were completed");
      this.#writeFacts();
    }
    const { lastBatch } = this.#options.survey;
    if (this.#isMarked && lastBatch !== null) this.#record({ type: "Tried", seq: lastBatch.firstSeq });
    await this[Symbol.asyncDispose]();
  }

  #writeFacts(): void {
    const frame = createFrameWriter(1 << 20);
    const { nextSeq } = this.#options.tail;
    beginFrame(frame, nextSeq);
    for (const fact of this.#missing) {
      appendFact(frame, fact);
      if (frame.at < BATCH_BYTES_MAX) continue;
      this.#check(this.#open().writeFacts(frame));
      beginFrame(frame, nextSeq);
    }
    this.#check(this.#open().writeFacts(frame));
  }

  /** Written, not flushed: a process that ends leaves it to the next one, and a power cut is no poison. */
  #record(record: Bookkeeping): void {
    const writer = this.#open();
    writer.beginBatch();
    writer.appendBookkeeping(record);
    this.#check(writer.write());
  }

  /** It never begins a segment: which contracts that would have to repeat is not known yet. */
  #open(): LogWriter {
    const { folder, runId, tail, disk } = this.#options;
    this.#writer ??= new LogWriter({
      folder,
      runId,
      tail: { ...tail, contracts: [], closedBytes: 0, segmentSinceMs: null },
      segmentBytesMax: Number.POSITIVE_INFINITY,
      ...(disk === undefined ? {} : { disk }),
    });
    return this.#writer;
  }

  #check(isWritten: boolean): void {
    if (isWritten) return;
    const state = this.#writer?.state;
    throw new Error(`recovery cannot write to the log: ${state?.state === "ok" ? "" : state?.reason}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer?.[Symbol.asyncDispose]();
    this.#writer = null;
  }
}
