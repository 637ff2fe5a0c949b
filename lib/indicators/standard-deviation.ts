/** How far do the newest N values usually lie from their average? The population standard deviation. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";
import {
  addSlidingMoments,
  createSlidingMoments,
  replaceLastSlidingMoments,
  type SlidingMoments,
} from "#lib/indicators/sliding-moments.ts";

export type StandardDeviationParams = { period: number };
export type StandardDeviationState = IndicatorState & {
  period: number;
  window: SlidingMoments;
  mean: number;
  value: number;
};

/**
 * σ = √(Σ (v − mean)² ÷ N), in the unit of the input: of the population (÷ N, not N − 1), as Bollinger, Skender and
 * Tulip have it. N = 3 over 9, 1, 2, 6: mean 3, √(14 ÷ 3) = 2.1602.
 */
export function createStandardDeviation({ period }: StandardDeviationParams): StandardDeviationState {
  assertPeriod(period, 2);
  return { count: 0, period, window: createSlidingMoments(period), mean: Number.NaN, value: Number.NaN };
}

export function addStandardDeviation(state: StandardDeviationState, value: number): void {
  state.count += 1;
  addSlidingMoments(state.window, value);
  setValues(state);
}

export function replaceLastStandardDeviation(state: StandardDeviationState, value: number): void {
  replaceLastSlidingMoments(state.window, value);
  setValues(state);
}

function setValues(state: StandardDeviationState): void {
  if (state.count < state.period) return;
  state.mean = state.window.mean;
  state.value = Math.sqrt(state.window.scatter / state.period);
}

export const standardDeviation: Indicator<StandardDeviationParams, StandardDeviationState, number> = {
  name: "standard deviation",
  input: "value",
  defaults: { period: 20 },
  outputs: ["mean", "value"],
  create: createStandardDeviation,
  add: addStandardDeviation,
  replaceLast: replaceLastStandardDeviation,
  warmUp: ({ period }) => period,
};
