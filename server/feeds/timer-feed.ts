/** When does time itself become an event? Turns the deadlines that the engine asks for into DeadlineReached. */
import type { DeadlineReached } from "#lib/events/clock.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { TIMER_RECHECK_MS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { FeedClock } from "./feed.ts";

/** setTimeout and clearTimeout, or a test's own. */
export type Timers = {
  set(run: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
};

const REAL_TIMERS: Timers = {
  set: (run, delayMs) => setTimeout(run, delayMs),
  // Safe: it came from `set` above.
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export type TimerFeedOptions = {
  feedClock: FeedClock;
  wallMs: () => number;
  /** False: not taken (the log refuses, the process stops); it is offered again. */
  publish: (event: DeadlineReached) => boolean;
  timers?: Timers;
};

type ClockName = DeadlineReached["clock"];

/** One pending deadline a clock: the earliest asked for. */
type Alarm = { deadlineMs: number; timer: unknown; speed: number };

export class TimerFeed {
  readonly #options: TimerFeedOptions;
  readonly #timers: Timers;
  #isDisposed = false;
  readonly #alarms: Record<ClockName, Alarm> = {
    feed: { deadlineMs: Number.POSITIVE_INFINITY, timer: null, speed: 0 },
    wall: { deadlineMs: Number.POSITIVE_INFINITY, timer: null, speed: 1 },
  };

  constructor(options: TimerFeedOptions) {
    this.#options = options;
    this.#timers = options.timers ?? REAL_TIMERS;
  }

  /** Takes the WakeAt of a batch (call it from onBatch); also sees here that the feed's clock runs differently now. */
  onOutputs(outputs: Outputs): void {
    for (const output of outputs.list) {
      if (output.type === "WakeAt") this.wakeAt(output.clock, output.deadlineMs);
    }
    if (this.#alarms.feed.speed !== this.#speed("feed")) this.#arm("feed");
  }

  /** Asks for a deadline; a later one than that which is pending changes nothing. */
  wakeAt(clock: ClockName, deadlineMs: number): void {
    const alarm = this.#alarms[clock];
    if (deadlineMs >= alarm.deadlineMs) return;
    alarm.deadlineMs = deadlineMs;
    this.#arm(clock);
  }

  #speed(clock: ClockName): number {
    return clock === "wall" ? 1 : this.#options.feedClock.speed();
  }

  #nowMs(clock: ClockName): number {
    return clock === "wall" ? this.#options.wallMs() : this.#options.feedClock.nowMs();
  }

  /** No timer where the clock stands, or goes only with its events. */
  #arm(clock: ClockName): void {
    const alarm = this.#alarms[clock];
    this.#disarm(alarm);
    alarm.speed = this.#speed(clock);
    if (alarm.deadlineMs === Number.POSITIVE_INFINITY || this.#isDisposed) return;
    if (alarm.speed === 0 || alarm.speed === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.ceil((alarm.deadlineMs - this.#nowMs(clock)) / alarm.speed);
    const sleepMs = Math.min(Math.max(delayMs, 0), TIMER_RECHECK_MS);
    alarm.timer = this.#timers.set(() => this.#ring(clock), sleepMs);
  }

  #ring(clock: ClockName): void {
    const alarm = this.#alarms[clock];
    alarm.timer = null;
    const { deadlineMs } = alarm;
    if (this.#nowMs(clock) < deadlineMs) {
      this.#arm(clock);
      return;
    }
    alarm.deadlineMs = Number.POSITIVE_INFINITY;
    if (this.#options.publish({ type: "DeadlineReached", ...UNSTAMPED, clock, deadlineMs })) return;
    if (this.#isDisposed) return;
    alarm.deadlineMs = deadlineMs;
    alarm.timer = this.#timers.set(() => this.#ring(clock), TIMER_RECHECK_MS);
  }

  #disarm(alarm: Alarm): void {
    if (alarm.timer !== null) this.#timers.clear(alarm.timer);
    alarm.timer = null;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#disarm(this.#alarms.feed);
    this.#disarm(this.#alarms.wall);
  }
}
