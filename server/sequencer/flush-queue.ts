/** Who waits for the disk, and when is it asked? At once for a durable event, soon for the market; one at a time. */

import { FLUSH_DELAY_MS } from "#lib/limits.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import { FlushTimes } from "./flush-times.ts";
import type { LogWriter } from "./log-writer.ts";

/** A publisher that is answered when its event survives a power cut. */
export type DurableWaiter = {
  resolve(answer: { seq: number; outcome: Outcome }): void;
  reject(error: Error): void;
};

/**
 * Where one alone waits and the disk lately took no longer, it is asked in place: the way to the thread pool and back
 * costs about as much as a fast disk takes, and the event loop may be held up for BATCH_MS anyway.
 */
const IN_PLACE_MS_MAX = 0.25;

type Waiting = { seq: number; outcome: Outcome; waiter: DurableWaiter };

export class FlushQueue {
  readonly times = new FlushTimes();
  readonly #writer: LogWriter;
  readonly #onFlushed: (seq: number) => void;
  readonly #onFailed: (error: Error) => void;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** When the flush that is under way began; null: none is. */
  #flushingSinceMs: number | null = null;
  #isWantedAgain = false;
  #isFinished = false;

  constructor(writer: LogWriter, on: { flushed: (seq: number) => void; failed: (error: Error) => void }) {
    this.#writer = writer;
    this.#onFlushed = on.flushed;
    this.#onFailed = on.failed;
  }

  /** The waiter is answered by the next flush that covers `seq`; call `flushNow` behind the batch. */
  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  get hasWaiters(): boolean {
    return this.#waiting.length > 0;
  }

  /** For how long the disk has not answered, ms; 0: no flush is under way. */
  get pendingMs(): number {
    return this.#flushingSinceMs === null ? 0 : performance.now() - this.#flushingSinceMs;
  }

  flushSoon(): void {
    if (this.#isFinished) return;
    if (this.#flushingSinceMs !== null) this.#isWantedAgain = true;
    else this.#timer ??= setTimeout(() => this.flushNow(), FLUSH_DELAY_MS);
  }

  flushNow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isFinished) return;
    if (this.#flushingSinceMs !== null) {
      this.#isWantedAgain = true;
      return;
    }
    const startMs = performance.now();
    if (this.#waiting.length === 1 && this.times.latelyMs <= IN_PLACE_MS_MAX) {
      this.#flushInPlace(startMs);
      return;
    }
    this.#flushingSinceMs = startMs;
    this.#writer.flush().then(
      (seq) => this.#flushed(seq, startMs),
      (error: Error) => this.#onFailed(error),
    );
  }

  #flushInPlace(startMs: number): void {
    let seq: number;
    try {
      seq = this.#writer.flushNow();
    } catch (error) {
      this.#onFailed(error as Error); // the disk throws nothing else
      return;
    }
    this.#flushed(seq, startMs);
  }

  #flushed(seq: number, startMs: number): void {
    const endMs = performance.now();
    this.times.add(endMs, endMs - startMs);
    this.#flushingSinceMs = null;
    const left = this.#waiting.findIndex((waiting) => waiting.seq > seq);
    const done = this.#waiting.splice(0, left < 0 ? this.#waiting.length : left);
    for (const { seq: own, outcome, waiter } of done) waiter.resolve({ seq: own, outcome });
    this.#onFlushed(seq);
    if (this.#isWantedAgain || this.hasWaiters) {
      this.#isWantedAgain = false;
      if (this.hasWaiters) this.flushNow();
      else this.flushSoon();
    }
  }

  /** Nobody knows what is on disk: every waiter is refused, nothing is flushed any more. */
  fail(error: Error): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { waiter } of this.#waiting.splice(0)) waiter.reject(error);
  }

  /** Flushes everything written and answers all waiters; the last call. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const startMs = performance.now();
    this.#flushed(await this.#writer.flush(), startMs);
  }
}
