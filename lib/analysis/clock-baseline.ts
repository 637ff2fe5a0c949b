/** What is usual at this time of the day? Values of the last 20 full sessions by clock time. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { assert } from "#lib/assert.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";
import { medianOf, rankOf } from "#lib/math/quantiles.ts";
import { MS_PER_DAY } from "#lib/units.ts";

/**
 * One column a session, one slot a stretch of the clock since the session's open; NaN where the session had no value.
 * 288 slots of 5 minutes × 21 columns are 24 kB. Floats of 32 bits: whole numbers are exact to 16.7 million.
 */
export type ClockBaseline = {
  slotMs: number;
  slots: number;
  /** Completed full sessions, column behind column; a new one takes the place of the oldest. */
  values: Float32Array;
  sessions: number;
  nextColumn: number;
  /** The session that runs: stored when it is over, and only if it is a full one. */
  today: Float32Array;
  tradeDate: number;
  isFull: boolean;
};

/** What the same clock time has shown: `n` sessions with a value then; the others NaN where n is 0. */
export type Usual = { n: number; rank: number; mean: number; median: number };

/** Slots of `slotMs`, which must divide the day; a bar belongs to the slot in which it opens. */
export function createClockBaseline(slotMs: number): ClockBaseline {
  assert(slotMs > 0 && MS_PER_DAY % slotMs === 0, `clock-baseline: slot was ${slotMs} ms, expected a part of the day`);
  const slots = MS_PER_DAY / slotMs;
  return {
    slotMs,
    slots,
    values: new Float32Array(slots * BASELINE_SESSIONS),
    sessions: 0,
    nextColumn: 0,
    today: new Float32Array(slots).fill(Number.NaN),
    tradeDate: 0,
    isFull: false,
  };
}

/** The bar's slot by the clock: a holiday segment of the evening before counts from its own 17:00 CT. */
export function slotOf(baseline: ClockBaseline, bar: AnalysisBar): number {
  return Math.floor(((bar.openMs - bar.sessionOpenMs) % MS_PER_DAY) / baseline.slotMs);
}

/** Notes the value of a closed bar; the last of a slot stays. The first bar of a trade date stores the one before. */
export function addToBaseline(baseline: ClockBaseline, bar: AnalysisBar, value: number): void {
  if (bar.tradeDate !== baseline.tradeDate) beginSession(baseline, bar);
  baseline.today[slotOf(baseline, bar)] = value;
}

/** Stores the session that is over, if it was a full one, and begins that of `bar`, of which nothing is known yet. */
export function beginSession(baseline: ClockBaseline, bar: AnalysisBar): void {
  if (baseline.isFull) {
    baseline.values.set(baseline.today, baseline.nextColumn * baseline.slots);
    baseline.nextColumn = (baseline.nextColumn + 1) % BASELINE_SESSIONS;
    baseline.sessions = Math.min(baseline.sessions + 1, BASELINE_SESSIONS);
  }
  baseline.today.fill(Number.NaN);
  baseline.tradeDate = bar.tradeDate;
  baseline.isFull = bar.isFullSession;
}

/**
 * The value against those of completed sessions in the same slot; the running session is not among them.
 * `rank` is the share below, equal ones half: 3 against 1, 2, 3, 4 → 0.625, mean and median 2.5, n 4.
 */
export function usualAt(baseline: ClockBaseline, slot: number, value: number): Usual {
  const found = new Float64Array(BASELINE_SESSIONS);
  let n = 0;
  let sum = 0;
  for (let column = 0; column < baseline.sessions; column += 1) {
    const past = baseline.values[column * baseline.slots + slot];
    if (Number.isNaN(past)) continue;
    found[n] = past;
    n += 1;
    sum += past;
  }
  const values = found.subarray(0, n);
  // The stored values were rounded to 32 bits; so is this one, or equal values would not be equal.
  return { n, rank: rankOf(values, Math.fround(value)), mean: sum / n, median: medianOf(values) };
}
