/** Does the market go anywhere, or to and fro? Dreiss's choppiness index, near 0 straight ahead, 100 going nowhere. */
import { trueRangeOf } from "#lib/indicators/atr.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";
import {
  commitSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";

export type ChoppinessParams = { period: number };
export type ChoppinessState = IndicatorState & {
  period: number;
  priorClose: number;
  close: number;
  ranges: SlidingSum;
  window: SlidingRange;
  value: number;
};

/**
 * Choppiness = 100 × log(Σ true range ÷ (highest true high − lowest true low)) ÷ log N over N, a true high or low
 * being that of the bar or the close before it (Skender; TradingView spans the bars' own, so that a gap makes it more
 * than 100). 100 where nothing moved. N = 2 over (high, low, close) (5, 3, 4), (9, 6, 8), (9, 8, 9): true ranges 5 and
 * 1 over 9 − 4: 100 × log₂ 1.2 = 26.3.
 */
export function createChoppiness({ period }: ChoppinessParams): ChoppinessState {
  assertPeriod(period, 2);
  const [ranges, window] = [createSlidingSum(period), createSlidingRange(period)];
  return { count: 0, period, priorClose: Number.NaN, close: Number.NaN, ranges, window, value: Number.NaN };
}

export function addChoppiness(state: ChoppinessState, bar: IndicatorBar): void {
  state.count += 1;
  state.priorClose = state.close;
  if (state.count > 1) {
    commitSlidingSum(state.ranges);
    commitSlidingRange(state.window);
  }
  replaceLastChoppiness(state, bar);
}

export function replaceLastChoppiness(state: ChoppinessState, { high, low, close }: IndicatorBar): void {
  const { priorClose, ranges, window, period } = state;
  state.close = close;
  if (state.count === 1) return; // One bar has no close before it.
  replaceLastSlidingSum(ranges, trueRangeOf(high, low, priorClose));
  replaceLastSlidingRange(window, high > priorClose ? high : priorClose, low < priorClose ? low : priorClose);
  if (state.count <= period) return;
  const span = window.highest - window.lowest;
  state.value = span === 0 ? 100 : (100 * Math.log(ranges.sum / span)) / Math.log(period);
}

export const choppiness: Indicator<ChoppinessParams, ChoppinessState, IndicatorBar> = {
  name: "choppiness",
  input: "bar",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createChoppiness,
  add: addChoppiness,
  replaceLast: replaceLastChoppiness,
  warmUp: ({ period }) => period + 1,
};
