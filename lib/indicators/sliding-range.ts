/** What are the highest high and the lowest low of the newest N bars? In blocks, O(1) a bar on average. */
import { assertPeriod } from "#lib/indicators/period.ts";

/**
 * Blocks as in sliding-sum.ts: a full block is turned, in place, into the extremes of its tails, so that any window is
 * one tail and the open block (van Herk, Gil and Werman): no queue, and the newest bar may be replaced at will.
 */
export type SlidingRange = {
  /** Slots 0..at: the open block's bars; slots behind: the closed block's tails; ±Infinity at the end. */
  highs: Float64Array;
  lows: Float64Array;
  /** Slot of the newest bar; −1 before the first. */
  at: number;
  /** Of the open block without the newest bar. */
  headHigh: number;
  headLow: number;
  /** Of the newest N bars, or of all while there are fewer. */
  highest: number;
  lowest: number;
};

export function createSlidingRange(period: number): SlidingRange {
  assertPeriod(period);
  const [bottom, top] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const highs = new Float64Array(period + 1).fill(bottom);
  const lows = new Float64Array(period + 1).fill(top);
  return { highs, lows, at: -1, headHigh: bottom, headLow: top, highest: bottom, lowest: top };
}

/** The next bar enters, the oldest leaves. With N = 2: (9, 5), (7, 4), (8, 6) → highest 8, lowest 4. */
export function addSlidingRange(state: SlidingRange, high: number, low: number): void {
  commitSlidingRange(state);
  replaceLastSlidingRange(state, high, low);
}

/** Makes room for the next bar, which replaceLast then sets. */
export function commitSlidingRange(state: SlidingRange): void {
  const { highs, lows, at } = state;
  if (at >= 0) {
    state.headHigh = higher(highs[at], state.headHigh);
    state.headLow = lower(lows[at], state.headLow);
  }
  state.at = at + 1;
  if (state.at === highs.length - 1) closeBlock(state);
}

export function replaceLastSlidingRange(state: SlidingRange, high: number, low: number): void {
  const { highs, lows, at } = state;
  highs[at] = high;
  lows[at] = low;
  state.highest = higher(high, higher(highs[at + 1], state.headHigh));
  state.lowest = lower(low, lower(lows[at + 1], state.headLow));
}

function closeBlock(state: SlidingRange): void {
  const { highs, lows } = state;
  for (let i = highs.length - 3; i >= 0; i--) {
    highs[i] = higher(highs[i], highs[i + 1]);
    lows[i] = lower(lows[i], lows[i + 1]);
  }
  state.at = 0;
  state.headHigh = Number.NEGATIVE_INFINITY;
  state.headLow = Number.POSITIVE_INFINITY;
}

/** Math.max looks for NaN and −0, which prices do not have. */
const higher = (a: number, b: number): number => (a > b ? a : b);
const lower = (a: number, b: number): number => (a < b ? a : b);
