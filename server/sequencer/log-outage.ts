/** What happens while the log cannot be written? Ticks are dropped, rare events wait; it is tried again and again. */
import { type InputEvent, isMarketTick } from "#lib/events/event.ts";
import { HELD_EVENTS_MAX, LOG_PROBE_MS } from "#lib/limits.ts";
import { CodedError } from "#server/errors.ts";
import type { EventQueue } from "./event-queue.ts";

type Outage = { reason: string; fromMs: number; droppedBefore: number };

export class LogOutage {
  /** Market events dropped since the start. */
  dropped = 0;
  readonly #queue: EventQueue;
  readonly #tryAgain: () => void;
  #outage: Outage | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `tryAgain` is called every LOG_PROBE_MS of an outage; it ends it, or lets it go on. */
  constructor(queue: EventQueue, tryAgain: () => void) {
    this.#queue = queue;
    this.#tryAgain = tryAgain;
  }

  /** Why the log refuses; null: it does not. */
  get reason(): string | null {
    return this.#outage?.reason ?? null;
  }

  /** `fromMs`, of the feed's clock: since then nothing is written. */
  begin(reason: string, fromMs: number): void {
    this.#outage = { reason, fromMs, droppedBefore: this.dropped };
    this.goOn();
  }

  /** The try has failed. */
  goOn(): void {
    this.#timer = setTimeout(this.#tryAgain, LOG_PROBE_MS);
  }

  /** The log takes events again. Returns since when it did not, and how many market events were dropped meanwhile. */
  end(): { fromMs: number; dropped: number } {
    const outage = this.#outage;
    this.#outage = null;
    this.stop();
    return { fromMs: outage?.fromMs ?? 0, dropped: this.dropped - (outage?.droppedBefore ?? this.dropped) };
  }

  /** No further try. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Counts an event as dropped, unless it may wait for the outage's end: what the market repeats may not. */
  drops(event: InputEvent): boolean {
    const isDropped = isMarketTick(event) || this.#queue.length >= HELD_EVENTS_MAX;
    if (isDropped) this.dropped += 1;
    return isDropped;
  }
}

/** What a command is answered while the log cannot be written. */
export function unwritable(reason: string): CodedError {
  return new CodedError("LOG_UNWRITABLE", {
    message: `The event log cannot be written (${reason}); nothing was changed.`,
  });
}
