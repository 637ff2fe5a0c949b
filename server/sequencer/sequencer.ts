/** In which order do things happen? Gives every event its seq, logs it before anything reacts, runs the engine. */
import type { Contract } from "#lib/contract.ts";
import type { Poisoned } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import {
  COLUMN_SLICE_ROWS,
  DIGEST_EVERY_MS,
  DIGEST_SLICES_MAX,
  POISONED_SHOWN_MAX,
  QUEUE_EVENTS_FULL,
  QUEUE_EVENTS_MAX,
} from "#lib/limits.ts";
import { clearOutputs, type Outcome, type Outputs } from "#lib/outputs/output.ts";
import { CodedError } from "#server/errors.ts";
import type { Logger } from "#server/logger.ts";
import { Batch } from "./batch.ts";
import { BatchLimit } from "./batch-limit.ts";
import { ContractNumbers } from "./contract-numbers.ts";
import { DurableAnswers } from "./durable-answers.ts";
import { EventClock } from "./event-clock.ts";
import { EventQueue } from "./event-queue.ts";
import { EventRate } from "./event-rate.ts";
import { FlushQueue } from "./flush-queue.ts";
import { LogOutage, unwritable } from "./log-outage.ts";
import type { LogWriter } from "./log-writer.ts";
import { Quarantine } from "./quarantine.ts";
import type { SequencedEngine } from "./sequenced-engine.ts";

export type SequencerOptions = {
  engine: SequencedEngine;
  /** Stands behind the recovered log; disposed together with the sequencer. */
  writer: LogWriter;
  wallMs: () => number;
  feedNowMs: () => number;
  /** Once a batch, behind the log and the engine, in seq order; `outputs` is emptied when it returns. */
  onBatch: (outputs: Outputs, lastSeq: number, receivedMs: number) => void;
  /** Everything up to `seq` survives a power cut. */
  onFlushed: (seq: number) => void;
  /** The log could not be written from `fromMs` to `toMs` (feed clock) and trades, quotes or bars were dropped. */
  onGap: (fromMs: number, toMs: number) => void;
  /** State or disk cannot be trusted: log it and exit 1. */
  crash: (error: Error) => void;
  logger: Pick<Logger, "info" | "warn" | "error" | "fatal">;
  /** Where recovery ended; a new run: zeros and none. */
  recovered: {
    nowMs: number;
    receivedMs: number;
    contracts: readonly InstrumentListed[];
    poisoned?: readonly Poisoned[];
  };
};

export type SequencerStatus = {
  /** refusing: the log cannot be written, commands are refused, market events dropped. failed: the process ends. */
  state: "ok" | "refusing" | "failed";
  reason: string | null;
  /** Last event that the engine has processed. */
  seq: number;
  flushedSeq: number;
  queued: number;
  eventsPerSecond: number;
  flushMs: { p50: number | null; p99: number | null };
  /** For how long the disk has not answered the flush that is under way; 0: none is. */
  flushPendingMs: number;
  logBytes: number;
  /** The one that is written; `sinceMs` is the wall time of its first event, null: it has none yet. */
  segment: { number: number; sinceMs: number | null };
  /** Market events dropped since the start because the log refused them. */
  dropped: number;
  /** Events of this run that the engine broke at, set aside: how many, and the newest of them. */
  poisoned: { count: number; newest: readonly Poisoned[] };
};

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #writer: LogWriter;
  readonly #batch: Batch;
  readonly #contracts: ContractNumbers;
  readonly #flush: FlushQueue;
  readonly #rate = new EventRate();
  readonly #answers = new DurableAnswers();
  readonly #clock: EventClock;
  readonly #quarantine: Quarantine;
  readonly #queue = new EventQueue();
  readonly #limit = new BatchLimit();
  readonly #outage = new LogOutage(this.#queue, () => this.#tryLog());
  #isScheduled = false;
  #drained: { promise: Promise<void>; resolve: () => void } | null = null;
  #seq: number;
  #digestMs: number;
  #digestSlices = 0;
  #digestSeq: number;
  #failure: Error | null = null;
  #isClosed = false;

  constructor(options: SequencerOptions) {
    const { engine, writer, recovered, logger } = options;
    this.#options = options;
    this.#writer = writer;
    this.#clock = new EventClock(options, recovered);
    this.#quarantine = new Quarantine(recovered.poisoned);
    this.#batch = new Batch({ engine, writer, answers: this.#answers, quarantine: this.#quarantine, logger });
    this.#seq = writer.writtenSeq;
    this.#digestSeq = this.#seq;
    this.#digestMs = options.wallMs();
    this.#contracts = new ContractNumbers(recovered.contracts);
    const failed = (error: Error): void => this.#fail(error);
    this.#flush = new FlushQueue(writer, { flushed: options.onFlushed, failed });
  }

  /** The engine's clock as of the newest event. */
  get nowMs(): number {
    return this.#clock.nowMs;
  }

  get status(): SequencerStatus {
    const reason = this.#failure?.message ?? this.#outage.reason;
    const { segment, segmentSinceMs } = this.#writer.tail;
    const poisoned = this.#quarantine.list;
    return {
      state: this.#failure !== null ? "failed" : reason !== null ? "refusing" : "ok",
      reason,
      seq: this.#seq,
      flushedSeq: this.#writer.flushedSeq,
      queued: this.#queue.length,
      eventsPerSecond: this.#rate.perSecond(this.#options.wallMs()),
      flushMs: this.#flush.times.percentiles(performance.now()),
      flushPendingMs: this.#flush.pendingMs,
      logBytes: this.#writer.logBytes,
      segment: { number: segment, sinceMs: segmentSinceMs },
      dropped: this.#outage.dropped,
      poisoned: { count: poisoned.length, newest: poisoned.slice(-POISONED_SHOWN_MAX) },
    };
  }

  /**
   * Takes the event over (it is stamped in place; do not change it afterwards) and queues it for the end of this turn
   * of the event loop. False: dropped, because the log refuses (a trade, quote or bar) or the process is ending.
   * Throws when the queue is at QUEUE_EVENTS_MAX: the publisher did not look at `drained`.
   */
  publish(event: InputEvent): boolean {
    if (this.#isEnding()) return false;
    if (this.#outage.reason !== null && this.#outage.drops(event)) return false;
    if (this.#queue.length >= QUEUE_EVENTS_MAX) {
      throw new Error(
        `sequencer: ${this.#queue.length} events wait; the publisher of ${event.type} did not await drained()`,
      );
    }
    this.#clock.stamp(event);
    this.#queue.push(event);
    this.#schedule();
    return true;
  }

  /**
   * The same for a command: resolves with the engine's outcome when the event is flushed. Rejects with CodedError
   * LOG_UNWRITABLE, and nothing has changed, while the log cannot be written; with QUARANTINED where the engine broke
   * at such an event before.
   */
  publishDurable(event: InputEvent): Promise<{ seq: number; outcome: Outcome }> {
    const reason = this.#isEnding() ? "the data-service is stopping" : this.#outage.reason;
    if (reason !== null) return Promise.reject(unwritable(reason));
    if (this.#quarantine.refuses(event)) return Promise.reject(new CodedError("QUARANTINED"));
    return new Promise((resolve, reject) => {
      this.publish(event);
      this.#answers.add(event, { resolve, reject });
    });
  }

  /** Null when there is room; else resolves when half of the queue is worked off and the log takes events. */
  drained(): Promise<void> | null {
    if (this.#isEnding()) return null;
    if (this.#queue.length < QUEUE_EVENTS_FULL && this.#outage.reason === null) return null;
    this.#drained ??= Promise.withResolvers<void>();
    return this.#drained.promise;
  }

  /** The run's number of a contract; lists a new one first. Throws for an unknown root and beyond CONTRACTS_MAX. */
  contractNumber(contract: Contract): number {
    const known = this.#contracts.of(contract);
    if (known !== undefined) return known;
    const listed = this.#contracts.list(contract, this.#options.feedNowMs());
    this.publish(listed);
    return listed.contract;
  }

  #isEnding(): boolean {
    return this.#failure !== null || this.#isClosed;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#outage.reason !== null) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  /** One batch, then the event loop has its turn. */
  #turn(): void {
    if (this.#failure !== null || this.#outage.reason !== null || this.#queue.length === 0) return;
    const startMs = performance.now();
    const events = this.#runBatch();
    this.#limit.adapt(events, performance.now() - startMs);
    if (this.#queue.length > 0) this.#schedule();
    if (this.#queue.length <= QUEUE_EVENTS_FULL / 2 && this.#outage.reason === null) this.#releaseFeeds();
  }

  #releaseFeeds(): void {
    this.#drained?.resolve();
    this.#drained = null;
  }

  /** Log, then engine, then facts, then outputs. Returns how many events it was. */
  #runBatch(): number {
    const batch = this.#batch;
    this.#outage.dropped += batch.fill(this.#queue, this.#limit.events);
    const last = batch.events.at(-1);
    if (last === undefined) return 0;
    if (!batch.writeEvents()) {
      this.#refuse(batch.events);
      return 0;
    }
    const failure = batch.process();
    if (failure !== null) {
      this.#fail(failure);
      return 0;
    }
    this.#seq = last.seq;
    this.#rate.add(this.#options.wallMs(), batch.events.length);
    if (!this.#writeFacts()) this.#refuse([]);
    if (this.#failure !== null) return 0;
    this.#options.onBatch(batch.outputs, last.seq, last.receivedMs);
    clearOutputs(batch.outputs);
    if (this.#outage.reason !== null) return batch.events.length;
    if (this.#flush.hasWaiters) this.#flush.flushNow();
    else this.#flush.flushSoon();
    if (this.#failure === null && this.#isDigestDue()) this.#recordDigest();
    return batch.events.length;
  }

  /** False: the log refuses. What is concluded is answered by the next flush behind its facts. */
  #writeFacts(): boolean {
    if (!this.#batch.writeFacts()) return false;
    this.#answers.release(this.#flush);
    return true;
  }

  /** `unseen` was not written, or only facts were not: the engine has seen nothing of them. Commands are refused. */
  #refuse(unseen: readonly InputEvent[]): void {
    const { state } = this.#writer;
    if (state.state === "failed") {
      this.#fail(new Error(state.reason));
      return;
    }
    const reason = state.state === "refusing" ? state.reason : "unknown";
    const events = unseen.concat(this.#queue.takeAll());
    this.#outage.begin(reason, unseen[0]?.nowMs ?? this.#clock.nowMs);
    this.#options.logger.error({ reason }, "The event log cannot be written: events are refused");
    for (const event of events) {
      if (this.#answers.refuse(event, unwritable(reason))) continue;
      if (!this.#outage.drops(event)) this.#queue.push(event);
    }
  }

  /** Has the log room again? Then the facts it lacks come first, and whatever waits goes on. */
  #tryLog(): void {
    if (this.#isEnding()) return;
    if (!this.#writer.probe() || !this.#writeFacts()) {
      const { state } = this.#writer;
      if (state.state === "failed") this.#fail(new Error(state.reason));
      else this.#outage.goOn();
      return;
    }
    const { fromMs, dropped } = this.#outage.end();
    this.#options.logger.warn({ dropped }, "The event log can be written again");
    this.#releaseFeeds();
    if (this.#flush.hasWaiters) this.#flush.flushNow();
    this.#schedule();
    if (dropped > 0) this.#options.onGap(fromMs, Math.max(this.#clock.nowMs, this.#options.feedNowMs()));
  }

  /** Once a minute. What is dear of it is taken up before, a slice behind each batch. */
  #isDigestDue(): boolean {
    if (this.#options.wallMs() - this.#digestMs < DIGEST_EVERY_MS) return false;
    if (this.#digestSlices < DIGEST_SLICES_MAX && !this.#options.engine.digestAhead(COLUMN_SLICE_ROWS)) {
      this.#digestSlices += 1;
      return false;
    }
    this.#digestSlices = 0;
    return true;
  }

  /** Behind the last batch: what the engine's state is, for the next recovery to compare. */
  #recordDigest(): void {
    this.#digestMs = this.#options.wallMs();
    if (this.#seq === this.#digestSeq || this.#outage.reason !== null) return;
    this.#digestSeq = this.#seq;
    this.#writer.beginBatch();
    this.#writer.appendBookkeeping({ type: "DigestRecorded", seq: this.#seq, digest: this.#options.engine.digest() });
    if (this.#writer.write()) this.#flush.flushSoon();
    else if (this.#writer.state.state === "failed") this.#fail(new Error(this.#writer.state.reason));
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#outage.stop();
    this.#options.logger.fatal({ err: error }, "The sequencer cannot go on; recovery decides");
    this.#answers.refuseAll(unwritable(error.message));
    this.#flush.fail(unwritable(error.message));
    this.#releaseFeeds();
    this.#options.crash(error);
  }

  /** Works the queue off, records the digest, flushes, answers everybody and closes the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#releaseFeeds();
    this.#outage.stop();
    while (this.#queue.length > 0 && this.#failure === null && this.#outage.reason === null) {
      this.#turn();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (this.#queue.length > 0) this.#options.logger.error({ events: this.#queue.length }, "Events were never written");
    if (this.#outage.reason !== null) this.#answers.refuseAll(unwritable("the data-service is stopping"));
    if (this.#failure === null) {
      this.#recordDigest();
      await this.#flush.finish().catch((error) => this.#fail(error));
    }
    await this.#writer[Symbol.asyncDispose]();
  }
}
