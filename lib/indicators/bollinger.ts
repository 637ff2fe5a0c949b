/** How far from its average does the price usually stray? Bollinger's bands. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";
import {
  addSlidingMoments,
  createSlidingMoments,
  replaceLastSlidingMoments,
  type SlidingMoments,
} from "#lib/indicators/sliding-moments.ts";

/** `deviations`: how many of them the bands stand off the middle. */
export type BollingerParams = { period: number; deviations: number };
export type BollingerState = IndicatorState & {
  period: number;
  deviations: number;
  window: SlidingMoments;
  middle: number;
  upper: number;
  lower: number;
};

/**
 * Middle = SMA, bands = middle ± k × the population's standard deviation, in the unit of the input. N = 3, k = 2 over
 * 9, 1, 2, 6: 3 ± 2 × 2.1602: upper 7.3205, lower −1.3205.
 */
export function createBollinger({ period, deviations }: BollingerParams): BollingerState {
  assertPeriod(period, 2);
  const [middle, upper, lower] = [Number.NaN, Number.NaN, Number.NaN];
  return { count: 0, period, deviations, window: createSlidingMoments(period), middle, upper, lower };
}

export function addBollinger(state: BollingerState, value: number): void {
  state.count += 1;
  addSlidingMoments(state.window, value);
  setBands(state);
}

export function replaceLastBollinger(state: BollingerState, value: number): void {
  replaceLastSlidingMoments(state.window, value);
  setBands(state);
}

function setBands(state: BollingerState): void {
  const { count, period, window } = state;
  if (count < period) return;
  const { mean } = window;
  const reach = state.deviations * Math.sqrt(window.scatter * window.share);
  state.middle = mean;
  state.upper = mean + reach;
  state.lower = mean - reach;
}

export const bollinger: Indicator<BollingerParams, BollingerState, number> = {
  name: "bollinger",
  input: "value",
  defaults: { period: 20, deviations: 2 },
  outputs: ["middle", "upper", "lower"],
  create: createBollinger,
  add: addBollinger,
  replaceLast: replaceLastBollinger,
  warmUp: ({ period }) => period,
};
