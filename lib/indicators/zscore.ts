/** How unusual is the newest value among the newest N? Its distance from their average in standard deviations. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  addStandardDeviation,
  createStandardDeviation,
  replaceLastStandardDeviation,
  type StandardDeviationState,
} from "#lib/indicators/standard-deviation.ts";

export type ZscoreParams = { period: number };
export type ZscoreState = IndicatorState & { spread: StandardDeviationState; value: number };

/**
 * z = (v − mean) ÷ σ of the population of the newest N, v among them; 0 where all are equal. N = 3 over 9, 1, 2, 6:
 * (6 − 3) ÷ 2.1602 = 1.3887.
 */
export function createZscore({ period }: ZscoreParams): ZscoreState {
  return { count: 0, spread: createStandardDeviation({ period }), value: Number.NaN };
}

export function addZscore(state: ZscoreState, value: number): void {
  state.count += 1;
  addStandardDeviation(state.spread, value);
  setValue(state, value);
}

export function replaceLastZscore(state: ZscoreState, value: number): void {
  replaceLastStandardDeviation(state.spread, value);
  setValue(state, value);
}

function setValue(state: ZscoreState, value: number): void {
  const { spread } = state;
  state.value = spread.value === 0 ? 0 : (value - spread.mean) / spread.value;
}

export const zscore: Indicator<ZscoreParams, ZscoreState, number> = {
  name: "z-score",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createZscore,
  add: addZscore,
  replaceLast: replaceLastZscore,
  warmUp: ({ period }) => period,
};
