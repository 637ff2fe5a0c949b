/** How unusual is the newest price beside its average? Lambert's commodity channel index, mostly −100 to 100. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";
import { typicalPriceOf } from "#lib/indicators/typical-price.ts";

export type CciParams = { period: number };
export type CciState = IndicatorState & {
  period: number;
  window: SlidingSum;
  /** The newest N typical prices in a ring, and the slot of the newest. */
  ring: Float64Array;
  at: number;
  value: number;
};

/** So scaled, about three values in four lie between −100 and 100 (Lambert, 1980). */
const SCALE = 0.015;

/**
 * CCI = (tp − mean) ÷ (0.015 × mean distance from that mean), tp = (high + low + close) ÷ 3, both means over N; 0 where
 * nothing moved. The distances are summed anew each bar, N steps: the mean that they are taken from moves.
 * N = 2 over typical prices 4, 8: (8 − 6) ÷ (0.015 × 2) = 66.7.
 */
export function createCci({ period }: CciParams): CciState {
  return {
    count: 0,
    period,
    window: createSlidingSum(period),
    ring: new Float64Array(period),
    at: -1,
    value: Number.NaN,
  };
}

export function addCci(state: CciState, bar: IndicatorBar): void {
  state.count += 1;
  state.at = state.at + 1 === state.period ? 0 : state.at + 1;
  commitSlidingSum(state.window);
  replaceLastCci(state, bar);
}

export function replaceLastCci(state: CciState, bar: IndicatorBar): void {
  const { period, window, ring } = state;
  const typical = typicalPriceOf(bar);
  ring[state.at] = typical;
  replaceLastSlidingSum(window, typical);
  if (state.count < period) return;
  const mean = window.sum / period;
  let distances = 0;
  for (let i = 0; i < period; i++) distances += Math.abs(ring[i] - mean);
  // A window of one price has a mean that is off by its rounding, which is no distance.
  const isStill = distances <= period * Math.abs(mean) * 4 * Number.EPSILON;
  state.value = isStill ? 0 : (typical - mean) / (SCALE * (distances / period));
}

export const cci: Indicator<CciParams, CciState, IndicatorBar> = {
  name: "cci",
  input: "bar",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createCci,
  add: addCci,
  replaceLast: replaceLastCci,
  warmUp: ({ period }) => period,
};
