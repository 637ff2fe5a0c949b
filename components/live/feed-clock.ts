/** What time is it at the feed? The feed's clock, carried on between messages; it never runs backwards within a run. */

/** Without a word from the server the clock runs on this long (wall), then it stands. */
export const CLOCK_CARRY_MS = 5_000;
/** How much of an overshoot one message takes back; a clock that is late is set at once. */
const OVERSHOOT_SHARE = 0.05;

export class FeedClock {
  readonly #steadyMs: () => number;
  /** Feed time = offset + steady time × speed. */
  #offsetMs: number | null = null;
  #speed = 1;
  #heardAtMs = 0;
  #shownMs: number | null = null;

  /** `steadyMs`: a monotone wall clock, as performance.now. */
  constructor(steadyMs: () => number) {
    this.#steadyMs = steadyMs;
  }

  /** A new connection says the time and how fast it runs; null (as fast as possible) is only shown as told. */
  start(nowMs: number, speed: number | null): void {
    this.#speed = speed ?? 0;
    this.#heardAtMs = this.#steadyMs();
    this.#offsetMs = nowMs - this.#heardAtMs * this.#speed;
  }

  /** Another run: the next time may be earlier than the last one shown. */
  reset(): void {
    this.#offsetMs = null;
    this.#shownMs = null;
  }

  /** The feed runs at another speed from now on (0: paused). */
  setSpeed(speed: number | null): void {
    const next = speed ?? 0;
    if (next === this.#speed || this.#offsetMs === null) return;
    const steadyMs = this.#steadyMs();
    const feedMs = this.#at(steadyMs);
    this.#speed = next;
    this.#offsetMs = feedMs - steadyMs * next;
  }

  /** A message made at this feed time has arrived: the clock is at least there. */
  hear(nowMs: number): void {
    const steadyMs = this.#steadyMs();
    this.#heardAtMs = steadyMs;
    const offsetMs = nowMs - steadyMs * this.#speed;
    if (this.#offsetMs === null || offsetMs > this.#offsetMs) this.#offsetMs = offsetMs;
    else this.#offsetMs += (offsetMs - this.#offsetMs) * OVERSHOOT_SHARE;
  }

  #at(steadyMs: number): number {
    const carriedMs = Math.min(steadyMs, this.#heardAtMs + CLOCK_CARRY_MS);
    return (this.#offsetMs ?? 0) + carriedMs * this.#speed;
  }

  /** Epoch ms by the feed's clock, or null before the first word of the server. */
  nowMs(): number | null {
    if (this.#offsetMs === null) return null;
    const nowMs = this.#at(this.#steadyMs());
    if (this.#shownMs === null || nowMs > this.#shownMs) this.#shownMs = nowMs;
    return this.#shownMs;
  }
}
