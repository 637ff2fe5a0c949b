/** What is the sum of the newest N values when the newest counts N times, the oldest once? */
import { assertPeriod } from "#lib/indicators/period.ts";

/**
 * Blocks and base as in sliding-moments.ts; the tails carry their weighted sums too (1 for a tail's first value, 2 for
 * its second), so every window is a sum of positive weights: no subtraction, no drift.
 */
export type SlidingLine = {
  period: number;
  base: number;
  /** The open block's values up to slot `at`. */
  ring: Float64Array;
  /** Of the closed block: sums of the distances of its tails, plain and weighted. */
  tailSums: Float64Array;
  tailWeighted: Float64Array;
  at: number;
  /** The open block's sums before the newest value, and with it. */
  headSum: number;
  headWeighted: number;
  openSum: number;
  openWeighted: number;
  newest: number;
  /** Σ distance and Σ weight × distance of the newest N values, weights 1 (oldest) to N. */
  sum: number;
  weightedSum: number;
};

export function createSlidingLine(period: number): SlidingLine {
  assertPeriod(period);
  const slots = Math.max(1, period - 1);
  return {
    period,
    base: 0,
    ring: new Float64Array(slots),
    tailSums: new Float64Array(slots),
    tailWeighted: new Float64Array(slots),
    at: -1,
    headSum: 0,
    headWeighted: 0,
    openSum: 0,
    openWeighted: 0,
    newest: Number.NaN,
    sum: Number.NaN,
    weightedSum: Number.NaN,
  };
}

/** The next value enters, the oldest leaves. With N = 2: 1, 2, 5 → base 2, sum 0 + 3, weighted sum 1 × 0 + 2 × 3. */
export function addSlidingLine(state: SlidingLine, value: number): void {
  commitSlidingLine(state);
  replaceLastSlidingLine(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitSlidingLine(state: SlidingLine): void {
  state.headSum = state.openSum;
  state.headWeighted = state.openWeighted;
  state.at += 1;
  if (state.at === state.ring.length) closeBlock(state);
}

/** So short that it is always inlined: else a number made on the way (a difference of averages) would be allocated. */
export function replaceLastSlidingLine(state: SlidingLine, value: number): void {
  state.newest = value;
  setSlidingSums(state);
}

/** Sums anew behind a `newest` that was set: a number made on the way is not handed over, which could allocate it. */
export function setSlidingSums(state: SlidingLine): void {
  const { at, period, newest } = state;
  const distance = newest - state.base;
  const openSum = state.headSum + distance;
  const openWeighted = state.headWeighted + (at + 1) * distance;
  state.ring[at] = newest;
  state.openSum = openSum;
  state.openWeighted = openWeighted;
  state.sum = state.tailSums[at] + openSum;
  state.weightedSum = state.tailWeighted[at] + (period - 1 - at) * openSum + openWeighted;
}

function closeBlock(state: SlidingLine): void {
  const { ring, tailSums, tailWeighted } = state;
  const base = ring[ring.length - 1];
  let sum = 0;
  let weighted = 0;
  for (let i = ring.length - 1; i >= 0; i--) {
    sum += ring[i] - base;
    weighted += sum;
    tailSums[i] = sum;
    tailWeighted[i] = weighted;
  }
  state.base = base;
  state.at = 0;
  state.headSum = 0;
  state.headWeighted = 0;
}
