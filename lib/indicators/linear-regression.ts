/** Which straight line runs best through the newest N values? Least squares: its end, slope and fit. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";
import {
  addSlidingLine,
  createSlidingLine,
  replaceLastSlidingLine,
  type SlidingLine,
} from "#lib/indicators/sliding-line.ts";
import {
  addSlidingMoments,
  createSlidingMoments,
  replaceLastSlidingMoments,
  type SlidingMoments,
} from "#lib/indicators/sliding-moments.ts";

export type LinearRegressionParams = { period: number };
export type LinearRegressionState = IndicatorState & {
  period: number;
  line: SlidingLine;
  moments: SlidingMoments;
  /** The line at the newest value. */
  value: number;
  /** Per input. */
  slope: number;
  /** The line at the oldest value. */
  start: number;
  /** Share of the scatter that the line explains, 0 to 1; 0 where there is none. */
  rSquared: number;
};

/**
 * With x = 1 … N: slope = Σ (x − x̄) v ÷ Σ (x − x̄)², end = mean + slope × (N − 1) ÷ 2; end and start in the unit of
 * the input. N = 3 over 9, 1, 2, 6: slope (6 − 1) ÷ 2 = 2.5, end 3 + 2.5 = 5.5, start 0.5, r² = 12.5 ÷ 14 = 0.8929.
 */
export function createLinearRegression({ period }: LinearRegressionParams): LinearRegressionState {
  assertPeriod(period, 2);
  return {
    count: 0,
    period,
    line: createSlidingLine(period),
    moments: createSlidingMoments(period),
    value: Number.NaN,
    slope: Number.NaN,
    start: Number.NaN,
    rSquared: Number.NaN,
  };
}

export function addLinearRegression(state: LinearRegressionState, value: number): void {
  state.count += 1;
  addSlidingLine(state.line, value);
  addSlidingMoments(state.moments, value);
  setValues(state);
}

export function replaceLastLinearRegression(state: LinearRegressionState, value: number): void {
  replaceLastSlidingLine(state.line, value);
  replaceLastSlidingMoments(state.moments, value);
  setValues(state);
}

function setValues(state: LinearRegressionState): void {
  const { count, period, line, moments } = state;
  if (count < period) return;
  const spread = (period * (period * period - 1)) / 12;
  const slope = (line.weightedSum - (line.sum * (period + 1)) / 2) / spread;
  const reach = (slope * (period - 1)) / 2;
  state.slope = slope;
  state.value = moments.mean + reach;
  state.start = moments.mean - reach;
  state.rSquared = moments.scatter === 0 ? 0 : Math.min(1, (slope * slope * spread) / moments.scatter);
}

export const linearRegression: Indicator<LinearRegressionParams, LinearRegressionState, number> = {
  name: "linear regression",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value", "slope", "start", "rSquared"],
  create: createLinearRegression,
  add: addLinearRegression,
  replaceLast: replaceLastLinearRegression,
  warmUp: ({ period }) => period,
};
