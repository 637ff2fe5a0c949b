/** What is the sum of the newest N values? Added in blocks, never subtracted, so that nothing drifts. */
import { assertPeriod } from "#lib/indicators/period.ts";

/**
 * The window is the tail of a closed block and the head of an open one. When a block of N is full its values are
 * turned, in place, into the sums of its tails; so the sum of any window is one tail plus the open block's own sum.
 * A value that has left the window leaves no rounding behind (no drift at all), at one extra addition an input.
 */
export type SlidingSum = {
  /** Slots 0..at: the open block's values; slots behind: tail sums of the closed block; one zero at the end. */
  block: Float64Array;
  /** Slot of the newest value; −1 before the first. */
  at: number;
  /** Sum of the open block without the newest value. */
  head: number;
  newest: number;
  /** Of the newest N values; values before the first count as 0. */
  sum: number;
};

export function createSlidingSum(period: number): SlidingSum {
  assertPeriod(period);
  return { block: new Float64Array(period + 1), at: -1, head: 0, newest: 0, sum: Number.NaN };
}

/** The next value enters, the oldest leaves. With N = 3: 1, 2, 3, 4 → sum 9. */
export function addSlidingSum(state: SlidingSum, value: number): void {
  commitSlidingSum(state);
  replaceLastSlidingSum(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitSlidingSum(state: SlidingSum): void {
  state.head += state.newest;
  state.at += 1;
  if (state.at === state.block.length - 1) closeBlock(state);
}

export function replaceLastSlidingSum(state: SlidingSum, value: number): void {
  const { block, at } = state;
  state.newest = value;
  block[at] = value;
  state.sum = block[at + 1] + (state.head + value);
}

function closeBlock(state: SlidingSum): void {
  const { block } = state;
  for (let i = block.length - 3; i >= 0; i--) block[i] += block[i + 1];
  state.at = 0;
  state.head = 0;
}
