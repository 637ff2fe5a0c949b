/** What time is it in a market that is simulated or replayed? */

export type VirtualClock = {
  nowMs(): number;
  /** Virtual milliseconds per wall millisecond; Infinity: time goes only where it is told to (`jump`). */
  speed(): number;
  setSpeed(speed: number): void;
  /** Stands still until `resume`; the speed is kept. */
  pause(): void;
  resume(): void;
  isPaused(): boolean;
  /** From now on it is this late; forwards or back. */
  jump(toMs: number): void;
};

export type VirtualClockOptions = { startMs: number; speed: number; wallMs: () => number };

/**
 * A clock that runs at `speed` from `startMs`: base + (wall − wall base) × speed. A wall clock that steps back holds
 * it. Start 1,000, speed 10, 50 ms later → 1,500. Throws RangeError for a speed below 0 or NaN.
 */
export function createVirtualClock({ startMs, speed, wallMs }: VirtualClockOptions): VirtualClock {
  let baseMs = startMs;
  let wallBaseMs = wallMs();
  let rate = checked(speed);
  let isStanding = false;

  function nowMs(): number {
    if (isStanding || rate === 0 || rate === Number.POSITIVE_INFINITY) return baseMs;
    return baseMs + Math.max(0, wallMs() - wallBaseMs) * rate;
  }

  function rebase(toMs: number): void {
    baseMs = toMs;
    wallBaseMs = wallMs();
  }

  return {
    nowMs,
    speed: () => (isStanding ? 0 : rate),
    setSpeed(next) {
      const wanted = checked(next);
      rebase(nowMs());
      rate = wanted;
    },
    pause() {
      rebase(nowMs());
      isStanding = true;
    },
    resume() {
      rebase(nowMs());
      isStanding = false;
    },
    isPaused: () => isStanding,
    jump: rebase,
  };
}

function checked(speed: number): number {
  if (!(speed >= 0)) throw new RangeError(`virtual clock: speed was ${speed}, expected 0 or more, or Infinity`);
  return speed;
}
