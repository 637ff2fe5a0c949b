/** Where in its newest range does the market close? Lane's stochastic: %K and %D, 0 at the low to 100 at the high. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";
import { commitSma, createSma, replaceLastSma, type SmaState } from "#lib/indicators/sma.ts";

/** Look-back, then the bars that smooth %K and %D; `smooth` 1 is the fast stochastic. */
export type StochasticParams = { period: number; smooth: number; signal: number };
export type StochasticState = IndicatorState & {
  period: number;
  warmUp: number;
  window: SlidingRange;
  smooth: SmaState;
  signal: SmaState;
  k: number;
  d: number;
};

/**
 * Raw %K = 100 × (close − lowest low) ÷ (highest high − lowest low) over N; %K = its SMA over `smooth`, %D = the SMA of
 * %K over `signal`. Where nothing moved it is 50: neither end (Skender and Tulip say 0 there). N = 2, smooth 1, signal
 * 2 over bars (high, low, close) (5, 3, 4), (9, 6, 8), (9, 8, 9): 83.3, then 100; %D 91.7.
 */
export function createStochastic({ period, smooth, signal }: StochasticParams): StochasticState {
  return {
    count: 0,
    period,
    warmUp: period + smooth + signal - 2,
    window: createSlidingRange(period),
    smooth: createSma({ period: smooth }),
    signal: createSma({ period: signal }),
    k: Number.NaN,
    d: Number.NaN,
  };
}

export function addStochastic(state: StochasticState, bar: IndicatorBar): void {
  commitStochastic(state);
  replaceLastStochastic(state, bar);
}

/** Makes room for the next bar, which replaceLast then sets. */
export function commitStochastic(state: StochasticState): void {
  state.count += 1;
  commitSlidingRange(state.window);
  if (state.count >= state.period) commitSma(state.smooth);
  if (state.count >= state.period + state.smooth.period - 1) commitSma(state.signal);
}

export function replaceLastStochastic(state: StochasticState, { high, low, close }: IndicatorBar): void {
  const { window, smooth, signal, count, period } = state;
  replaceLastSlidingRange(window, high, low);
  if (count < period) return;
  replaceLastSma(smooth, 100 * placeIn(window, close));
  if (count < period + smooth.period - 1) return;
  replaceLastSma(signal, smooth.value);
  if (count < state.warmUp) return;
  state.k = smooth.value;
  state.d = signal.value;
}

/** 0 at the lowest to 1 at the highest; ½ where both are one. */
export function placeIn({ highest, lowest }: SlidingRange, value: number): number {
  return highest === lowest ? 0.5 : (value - lowest) / (highest - lowest);
}

export const stochastic: Indicator<StochasticParams, StochasticState, IndicatorBar> = {
  name: "stochastic",
  input: "bar",
  defaults: { period: 14, smooth: 3, signal: 3 },
  outputs: ["k", "d"],
  create: createStochastic,
  add: addStochastic,
  replaceLast: replaceLastStochastic,
  warmUp: ({ period, smooth, signal }) => period + smooth + signal - 2,
};
