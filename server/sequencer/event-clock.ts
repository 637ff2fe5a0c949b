/** When did an event reach us? Two clocks that hold where theirs run back. */
import type { Stamp } from "#lib/events/stamp.ts";

export class EventClock {
  readonly #wallMs: () => number;
  readonly #feedNowMs: () => number;
  /** The engine's clock as of the newest event. */
  nowMs: number;
  receivedMs: number;

  constructor(
    clocks: { wallMs: () => number; feedNowMs: () => number },
    recovered: { nowMs: number; receivedMs: number },
  ) {
    this.#wallMs = clocks.wallMs;
    this.#feedNowMs = clocks.feedNowMs;
    this.nowMs = recovered.nowMs;
    this.receivedMs = recovered.receivedMs;
  }

  /** Puts both times on the event; its own, where it has one, wins over the clock's. */
  stamp(event: Stamp): void {
    this.receivedMs = Math.max(this.receivedMs, event.receivedMs > 0 ? event.receivedMs : this.#wallMs());
    // LIVE: one clock, read once.
    const clockMs = this.#feedNowMs === this.#wallMs ? this.receivedMs : this.#feedNowMs();
    this.nowMs = Math.max(this.nowMs, event.nowMs > 0 ? event.nowMs : clockMs);
    event.nowMs = this.nowMs;
    event.receivedMs = this.receivedMs;
  }
}
