/** In which order do things happen? Gives every event its seq, logs it before anything reacts, runs the engine. */
import type { Contract } from "#lib/contract.ts";
import { beginFrame, createFrameWriter, type FrameWriter } from "#lib/events/codec-frame.ts";
import type { Poisoned } from "#lib/events/codec-kinds.ts";
import { type InputEvent, isMarketTick } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import {
  BATCH_BYTES_MAX,
  CONTRACTS_MAX,
  DIGEST_EVERY_MS,
  HELD_EVENTS_MAX,
  LOG_PROBE_MS,
  POISONED_SHOWN_MAX,
  QUEUE_EVENTS_FULL,
  QUEUE_EVENTS_MAX,
} from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { appendFact } from "#lib/outputs/fact-codec.ts";
import { clearOutputs, createOutputs, type Outcome, type Outputs } from "#lib/outputs/output.ts";
import { CodedError } from "#server/errors.ts";
import type { Logger } from "#server/logger.ts";
import { BatchLimit } from "./batch-limit.ts";
import { ContractNumbers } from "./contract-numbers.ts";
import { DurableAnswers } from "./durable-answers.ts";
import { EventClock } from "./event-clock.ts";
import { EventQueue } from "./event-queue.ts";
import { EventRate } from "./event-rate.ts";
import { FlushQueue } from "./flush-queue.ts";
import { reasonOf } from "./log-disk.ts";
import type { LogWriter } from "./log-writer.ts";
import { contentHash, Quarantine } from "./quarantine.ts";
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
  logBytes: number;
  /** Market events dropped since the start because the log refused them. */
  dropped: number;
  /** Events of this run that the engine broke at, set aside; the newest. */
  poisoned: readonly Poisoned[];
};

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #writer: LogWriter;
  readonly #outputs: Outputs = createOutputs(CONTRACTS_MAX);
  readonly #contracts: ContractNumbers;
  readonly #flush: FlushQueue;
  readonly #rate = new EventRate();
  readonly #answers = new DurableAnswers();
  readonly #clock: EventClock;
  readonly #quarantine: Quarantine;
  /** Of the batch in hand. While the log refuses them, they stay here and nothing behind them is written. */
  readonly #facts: FrameWriter = createFrameWriter();
  readonly #putFact = (fact: Fact): void => appendFact(this.#facts, fact);
  readonly #batch: InputEvent[] = [];
  readonly #queue = new EventQueue();
  readonly #limit = new BatchLimit();
  #isScheduled = false;
  #drained: { promise: Promise<void>; resolve: () => void } | null = null;
  #seq: number;
  #digestMs: number;
  #digestSeq: number;
  #dropped = 0;
  #refusing: { reason: string; fromMs: number; droppedBefore: number } | null = null;
  #probeTimer: NodeJS.Timeout | null = null;
  #failure: Error | null = null;
  #isClosed = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#clock = new EventClock(options, options.recovered);
    this.#quarantine = new Quarantine(options.recovered.poisoned);
    this.#seq = options.writer.writtenSeq;
    this.#digestSeq = this.#seq;
    this.#digestMs = options.wallMs();
    this.#contracts = new ContractNumbers(options.recovered.contracts);
    const failed = (error: Error): void => this.#fail(error);
    this.#flush = new FlushQueue(options.writer, { flushed: options.onFlushed, failed });
  }

  /** The engine's clock as of the newest event. */
  get nowMs(): number {
    return this.#clock.nowMs;
  }

  get status(): SequencerStatus {
    const refusing = this.#refusing;
    const state = this.#failure !== null ? "failed" : refusing !== null ? "refusing" : "ok";
    return {
      state,
      reason: this.#failure?.message ?? refusing?.reason ?? null,
      seq: this.#seq,
      flushedSeq: this.#writer.flushedSeq,
      queued: this.#queue.length,
      eventsPerSecond: this.#rate.perSecond(this.#options.wallMs()),
      flushMs: this.#flush.times.percentiles(performance.now()),
      logBytes: this.#writer.logBytes,
      dropped: this.#dropped,
      poisoned: this.#quarantine.list.slice(-POISONED_SHOWN_MAX),
    };
  }

  /**
   * Takes the event over (it is stamped in place; do not change it afterwards) and queues it for the end of this turn
   * of the event loop. False: dropped, because the log refuses (a trade, quote or bar) or the process is ending.
   * Throws when the queue is at QUEUE_EVENTS_MAX: the publisher did not look at `drained`.
   */
  publish(event: InputEvent): boolean {
    if (this.#failure !== null || this.#isClosed) return false;
    if (this.#refusing !== null && !this.#canHold(event)) {
      this.#dropped += 1;
      return false;
    }
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
    const isEnding = this.#failure !== null || this.#isClosed;
    if (isEnding) return Promise.reject(this.#unwritable("the data-service is stopping"));
    if (this.#refusing !== null) return Promise.reject(this.#unwritable(this.#refusing.reason));
    if (this.#quarantine.refuses(event)) return Promise.reject(new CodedError("QUARANTINED"));
    return new Promise((resolve, reject) => {
      this.publish(event);
      this.#answers.add(event, { resolve, reject });
    });
  }

  /** Null when there is room; else resolves when half of the queue is worked off and the log takes events. */
  drained(): Promise<void> | null {
    if (this.#failure !== null || this.#isClosed) return null;
    if (this.#queue.length < QUEUE_EVENTS_FULL && this.#refusing === null) return null;
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

  /** Rare events wait while the log refuses; what the market repeats every moment does not. */
  #canHold(event: InputEvent): boolean {
    return !isMarketTick(event) && this.#queue.length < HELD_EVENTS_MAX;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#refusing !== null) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  /** One batch, then the event loop has its turn. */
  #turn(): void {
    if (this.#failure !== null || this.#refusing !== null || this.#queue.length === 0) return;
    const startMs = performance.now();
    const events = this.#runBatch();
    this.#limit.adapt(events, performance.now() - startMs);
    if (this.#queue.length > 0) this.#schedule();
    if (this.#queue.length <= QUEUE_EVENTS_FULL / 2 && this.#refusing === null) this.#releaseFeeds();
  }

  #releaseFeeds(): void {
    this.#drained?.resolve();
    this.#drained = null;
  }

  /** Log, then engine, then facts, then outputs. Returns how many events it was. */
  #runBatch(): number {
    this.#fillBatch();
    const batch = this.#batch;
    if (batch.length === 0) return 0;
    if (!this.#writer.write({ factsFollow: true })) {
      this.#refuse(batch);
      return 0;
    }
    if (!this.#process(batch)) return 0;
    const last = batch[batch.length - 1];
    this.#seq = last.seq;
    this.#rate.add(this.#options.wallMs(), batch.length);
    if (!this.#writeFacts()) this.#refuse([]);
    if (this.#failure !== null) return 0;
    this.#options.onBatch(this.#outputs, last.seq, last.receivedMs);
    clearOutputs(this.#outputs);
    if (this.#refusing !== null) return batch.length;
    if (this.#flush.hasWaiters) this.#flush.flushNow();
    else this.#flush.flushSoon();
    if (this.#options.wallMs() - this.#digestMs >= DIGEST_EVERY_MS) this.#recordDigest();
    return batch.length;
  }

  #fillBatch(): void {
    const writer = this.#writer;
    const batch = this.#batch;
    batch.length = 0;
    writer.beginBatch();
    const firstSeq = writer.writtenSeq + 1;
    while (this.#queue.length > 0 && batch.length < this.#limit.events && writer.batchBytes < BATCH_BYTES_MAX) {
      const event = this.#queue.take();
      event.seq = firstSeq + batch.length;
      if (this.#append(event)) batch.push(event);
    }
  }

  /** An event that does not fit the log is its publisher's defect: refused or dropped loudly, the rest goes on. */
  #append(event: InputEvent): boolean {
    try {
      this.#writer.append(event);
      return true;
    } catch (error) {
      this.#options.logger.error({ event, reason: reasonOf(error) }, "An event cannot be written and was dropped");
      const refusal = new CodedError("BAD_SHAPE", { message: reasonOf(error) });
      if (!this.#answers.refuse(event, refusal)) this.#dropped += 1;
      return false;
    }
  }

  #process(batch: readonly InputEvent[]): boolean {
    const { engine } = this.#options;
    const hasWaiters = !this.#answers.isEmpty;
    const outputs = this.#outputs;
    beginFrame(this.#facts, this.#writer.writtenSeq + 1);
    let at = 0;
    try {
      for (; at < batch.length; at += 1) {
        const event = batch[at];
        const from = outputs.list.length;
        const outcome = engine.process(event, outputs);
        if (outputs.list.length > from) engine.conclude(event, outputs, from, this.#putFact);
        if (hasWaiters) this.#answers.conclude(event, outcome);
      }
      return true;
    } catch (error) {
      this.#setAside(batch[at], reasonOf(error));
      this.#fail(new Error(`the engine failed at seq ${batch[at].seq}: ${reasonOf(error)}`, { cause: error }));
      return false;
    }
  }

  /** The state is half changed: the next start goes without this event. */
  #setAside(event: InputEvent, reason: string): void {
    const poisoned = { type: "Poisoned", seq: event.seq, contentHash: contentHash(event), reason } as const;
    this.#quarantine.add(poisoned);
    this.#answers.refuse(event, new CodedError("QUARANTINED"));
    beginFrame(this.#facts, this.#writer.writtenSeq + 1);
    this.#writer.writeFacts(this.#facts);
    this.#writer.beginBatch();
    this.#writer.appendBookkeeping(poisoned);
    this.#writer.write();
  }

  /** False: the log refuses. Nothing of the batch is acknowledged, and nothing more is written, before they are. */
  #writeFacts(): boolean {
    if (!this.#writer.writeFacts(this.#facts)) return false;
    this.#answers.release(this.#flush);
    return true;
  }

  /**
   * `unseen` was not written, or only facts were not: commands are refused, ticks dropped, rare events wait; the
   * engine has seen nothing of them.
   */
  #refuse(unseen: readonly InputEvent[]): void {
    const { state } = this.#writer;
    if (state.state === "failed") {
      this.#fail(new Error(state.reason));
      return;
    }
    const reason = state.state === "refusing" ? state.reason : "unknown";
    const events = unseen.concat(this.#queue.takeAll());
    this.#refusing = { reason, fromMs: unseen[0]?.nowMs ?? this.#clock.nowMs, droppedBefore: this.#dropped };
    this.#options.logger.error({ reason }, "The event log cannot be written: events are refused");
    for (const event of events) {
      if (this.#answers.refuse(event, this.#unwritable(reason))) continue;
      if (this.#canHold(event)) this.#queue.push(event);
      else this.#dropped += 1;
    }
    this.#probeTimer = setTimeout(() => this.#probe(), LOG_PROBE_MS);
  }

  #probe(): void {
    const refusing = this.#refusing;
    if (refusing === null || this.#failure !== null || this.#isClosed) return;
    if (!this.#writer.probe() || !this.#writeFacts()) {
      const { state } = this.#writer;
      if (state.state === "failed") this.#fail(new Error(state.reason));
      else this.#probeTimer = setTimeout(() => this.#probe(), LOG_PROBE_MS);
      return;
    }
    this.#refusing = null;
    this.#probeTimer = null;
    const dropped = this.#dropped - refusing.droppedBefore;
    this.#options.logger.warn({ dropped }, "The event log can be written again");
    this.#releaseFeeds();
    if (this.#flush.hasWaiters) this.#flush.flushNow();
    this.#schedule();
    if (dropped > 0) {
      this.#options.onGap(refusing.fromMs, Math.max(this.#clock.nowMs, this.#options.feedNowMs()));
    }
  }

  /** Behind the last batch: what the engine's state is, for the next recovery to compare. */
  #recordDigest(): void {
    this.#digestMs = this.#options.wallMs();
    if (this.#seq === this.#digestSeq || this.#refusing !== null) return;
    this.#digestSeq = this.#seq;
    this.#writer.beginBatch();
    this.#writer.appendBookkeeping({ type: "DigestRecorded", seq: this.#seq, digest: this.#options.engine.digest() });
    if (this.#writer.write()) this.#flush.flushSoon();
    else if (this.#writer.state.state === "failed") this.#fail(new Error(this.#writer.state.reason));
  }

  #unwritable(reason: string): CodedError {
    return new CodedError("LOG_UNWRITABLE", {
      message: `The event log cannot be written (${reason}); nothing was changed.`,
    });
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    if (this.#probeTimer !== null) clearTimeout(this.#probeTimer);
    this.#options.logger.fatal({ err: error }, "The sequencer cannot go on; recovery decides");
    this.#answers.refuseAll(this.#unwritable(error.message));
    this.#flush.fail(this.#unwritable(error.message));
    this.#releaseFeeds();
    this.#options.crash(error);
  }

  /** Works the queue off, records the digest, flushes, answers everybody and closes the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#releaseFeeds();
    if (this.#probeTimer !== null) clearTimeout(this.#probeTimer);
    while (this.#queue.length > 0 && this.#failure === null && this.#refusing === null) {
      this.#turn();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (this.#queue.length > 0) this.#options.logger.error({ events: this.#queue.length }, "Events were never written");
    if (this.#refusing !== null) this.#answers.refuseAll(this.#unwritable("the data-service is stopping"));
    if (this.#failure === null) {
      this.#recordDigest();
      await this.#flush.finish().catch((error) => this.#fail(error));
    }
    await this.#writer[Symbol.asyncDispose]();
  }
}
