/** How do the newest N values scatter? Sums of their distances, plain and squared, from one value among them. */
import { assertPeriod } from "#lib/indicators/period.ts";

/**
 * Blocks as in sliding-sum.ts, of N − 1 values, so that the base, the closed block's last value, is always in the
 * window. No distance from a value of the window exceeds √N deviations, so squaring loses at most a factor of N in
 * precision, whatever the price level (squares of the prices themselves lose everything); and nothing drifts.
 */
export type SlidingMoments = {
  period: number;
  /** 1 ÷ N: a product costs less than a quotient. */
  share: number;
  /** Distances are taken from this value. */
  base: number;
  /** Three numbers a slot: the open block's value; the closed block's tail from there: Σ distance, Σ distance². */
  block: Float64Array;
  /** Place in `block` of the newest value; −3 before the first. */
  at: number;
  /** The open block's sums before the newest value, and with it. */
  headSum: number;
  headSquares: number;
  openSum: number;
  openSquares: number;
  /** Average of the newest N values. */
  mean: number;
  /** Sum of their squared distances from that average, ≥ 0. */
  scatter: number;
};

const SLOT = 3;

export function createSlidingMoments(period: number): SlidingMoments {
  assertPeriod(period);
  return {
    period,
    share: 1 / period,
    base: 0,
    block: new Float64Array(SLOT * Math.max(1, period - 1)),
    at: -SLOT,
    headSum: 0,
    headSquares: 0,
    openSum: 0,
    openSquares: 0,
    mean: Number.NaN,
    scatter: Number.NaN,
  };
}

/** The next value enters, the oldest leaves. With N = 3: 9, 1, 2, 6 → mean 3, scatter 4 + 1 + 9 = 14. */
export function addSlidingMoments(state: SlidingMoments, value: number): void {
  let at = state.at + SLOT;
  let headSum = state.openSum;
  let headSquares = state.openSquares;
  if (at === state.block.length) {
    closeBlock(state);
    at = 0;
    headSum = 0;
    headSquares = 0;
  }
  state.at = at;
  state.headSum = headSum;
  state.headSquares = headSquares;
  setNewest(state, value, at, headSum, headSquares);
}

export function replaceLastSlidingMoments(state: SlidingMoments, value: number): void {
  setNewest(state, value, state.at, state.headSum, state.headSquares);
}

/** The heads come as numbers: read back from the record they would wait for their own store. */
function setNewest(state: SlidingMoments, value: number, at: number, headSum: number, headSquares: number): void {
  const { base, share, block } = state;
  const distance = value - base;
  const openSum = headSum + distance;
  const openSquares = headSquares + distance * distance;
  const sum = block[at + 1] + openSum;
  const scatter = block[at + 2] + openSquares - sum * sum * share;
  block[at] = value;
  state.openSum = openSum;
  state.openSquares = openSquares;
  state.mean = base + sum * share;
  state.scatter = scatter > 0 ? scatter : 0;
}

function closeBlock(state: SlidingMoments): void {
  const { block } = state;
  const base = block[block.length - SLOT];
  let sum = 0;
  let squares = 0;
  for (let at = block.length - SLOT; at >= 0; at -= SLOT) {
    const distance = block[at] - base;
    sum += distance;
    squares += distance * distance;
    block[at + 1] = sum;
    block[at + 2] = squares;
  }
  state.base = base;
}

/** The same over a whole column, N from 2: mean and scatter of the newest N by row, NaN before. */
export function slideMoments(
  values: Float64Array | Int32Array | Uint32Array,
  period: number,
  means: Float64Array,
  scatters: Float64Array,
): void {
  const state = createSlidingMoments(period);
  const { block, share } = state;
  const slots = period - 1;
  means.fill(Number.NaN, 0, slots);
  scatters.fill(Number.NaN, 0, slots);
  for (let start = slots; start < values.length; start += slots) {
    for (let slot = 0; slot < slots; slot++) block[SLOT * slot] = values[start - slots + slot];
    closeBlock(state);
    const { base } = state;
    const rows = Math.min(slots, values.length - start);
    let openSum = 0;
    let openSquares = 0;
    for (let row = 0; row < rows; row++) {
      const distance = values[start + row] - base;
      openSum += distance;
      openSquares += distance * distance;
      const sum = block[SLOT * row + 1] + openSum;
      const scatter = block[SLOT * row + 2] + openSquares - sum * sum * share;
      means[start + row] = base + sum * share;
      scatters[start + row] = scatter > 0 ? scatter : 0;
    }
  }
}
