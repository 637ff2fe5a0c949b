/** What time is it in the replay? Virtual time that never runs ahead of the next row. */
import type { FeedClock } from "#server/feeds/feed.ts";
import { createVirtualClock, type VirtualClock } from "#server/feeds/virtual-clock.ts";

/**
 * The virtual clock under a ceiling: the next row that is not yet published, so that a deadline between two rows cannot
 * overtake the first of them. It stands before `start` and after `stop`; at speed Infinity it shows the time of the
 * last row.
 */
export class ReplayClock implements FeedClock {
  readonly #virtual: VirtualClock;
  #ceilingMs = 0;

  constructor(speed: number, wallMs: () => number) {
    this.#virtual = createVirtualClock({ startMs: 0, speed, wallMs });
    this.#virtual.pause();
  }

  nowMs(): number {
    return Math.min(this.#virtual.nowMs(), this.#ceilingMs);
  }

  speed(): number {
    return this.#virtual.speed();
  }

  /** Virtual time without the ceiling: which rows are due. */
  runningMs(): number {
    return this.#virtual.nowMs();
  }

  /** Wall milliseconds until virtual time `atMs`; 0 when it has come, and always at speed Infinity. */
  wallMsUntil(atMs: number): number {
    const speed = this.#virtual.speed();
    return Number.isFinite(speed) ? Math.max(0, (atMs - this.#virtual.nowMs()) / speed) : 0;
  }

  /** Puts the clock to `atMs` and lets it run; also how it jumps. */
  start(atMs: number): void {
    this.#virtual.jump(atMs);
    this.#virtual.resume();
    this.#ceilingMs = Math.max(this.#ceilingMs, atMs);
  }

  /** The next row is due at `atMs`: the clock may show no more than that. */
  limit(atMs: number): void {
    this.#ceilingMs = atMs;
    if (this.#virtual.speed() === Number.POSITIVE_INFINITY && atMs > this.#virtual.nowMs()) this.#virtual.jump(atMs);
  }

  /** Stands at `atMs` for ever. */
  stop(atMs: number): void {
    this.#virtual.jump(atMs);
    this.#virtual.pause();
    this.#ceilingMs = atMs;
  }
}
