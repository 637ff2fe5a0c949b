/** What time is it in the replay? Virtual time that never runs ahead of the next row. */
import type { FeedClock } from "#server/feeds/feed.ts";

/**
 * Virtual = base + (wall − wall base) × speed, at speed Infinity the time of the last row. It stands still before
 * `start` and after `stop`. What it shows never passes the ceiling: the next row that is not yet published, so that a
 * deadline between two rows cannot overtake the first of them.
 */
export class ReplayClock implements FeedClock {
  readonly #wallMs: () => number;
  readonly #speed: number;
  #baseMs = 0;
  #wallBaseMs = 0;
  #ceilingMs = 0;
  #isRunning = false;

  constructor(speed: number, wallMs: () => number) {
    this.#speed = speed;
    this.#wallMs = wallMs;
  }

  nowMs(): number {
    return Math.min(this.runningMs(), this.#ceilingMs);
  }

  speed(): number {
    return this.#isRunning ? this.#speed : 0;
  }

  /** Virtual time without the ceiling: which rows are due. */
  runningMs(): number {
    if (!this.#isRunning || !Number.isFinite(this.#speed)) return this.#baseMs;
    return this.#baseMs + (this.#wallMs() - this.#wallBaseMs) * this.#speed;
  }

  /** Wall milliseconds until virtual time `atMs`; 0 when it has come, and always at speed Infinity. */
  wallMsUntil(atMs: number): number {
    return Number.isFinite(this.#speed) ? Math.max(0, (atMs - this.runningMs()) / this.#speed) : 0;
  }

  /** Puts the clock to `atMs` and lets it run; also how it jumps. */
  start(atMs: number): void {
    this.#baseMs = atMs;
    this.#wallBaseMs = this.#wallMs();
    this.#ceilingMs = Math.max(this.#ceilingMs, atMs);
    this.#isRunning = true;
  }

  /** The next row is due at `atMs`: the clock may show no more than that. */
  limit(atMs: number): void {
    this.#ceilingMs = atMs;
    if (!Number.isFinite(this.#speed) && atMs > this.#baseMs) this.#baseMs = atMs;
  }

  /** Stands at `atMs` for ever. */
  stop(atMs: number): void {
    this.#isRunning = false;
    this.#baseMs = atMs;
    this.#ceilingMs = atMs;
  }
}
