/** How straight was the way of the newest N moves? Kaufman's efficiency ratio: 1 a straight line, 0 no progress. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { commitLag, createLag, type Lag, replaceLastLag } from "#lib/indicators/lag.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";

export type EfficiencyRatioParams = { period: number };
export type EfficiencyRatioState = IndicatorState & {
  period: number;
  prior: number;
  newest: number;
  start: Lag;
  path: SlidingSum;
  value: number;
};

/**
 * ER = |v − v N inputs ago| ÷ Σ |moves between them|, 0 to 1; 0 where nothing moved. N = 3 over 1, 3, 2, 5:
 * |5 − 1| ÷ (2 + 1 + 3) = 0.6667.
 */
export function createEfficiencyRatio({ period }: EfficiencyRatioParams): EfficiencyRatioState {
  const nan = Number.NaN;
  const [start, path] = [createLag(period), createSlidingSum(period)];
  return { count: 0, period, prior: nan, newest: nan, start, path, value: nan };
}

export function addEfficiencyRatio(state: EfficiencyRatioState, value: number): void {
  commitEfficiencyRatio(state);
  replaceLastEfficiencyRatio(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitEfficiencyRatio(state: EfficiencyRatioState): void {
  state.count += 1;
  state.prior = state.newest;
  commitLag(state.start);
  if (state.count > 1) commitSlidingSum(state.path); // The first value is no move yet.
}

export function replaceLastEfficiencyRatio(state: EfficiencyRatioState, value: number): void {
  state.newest = value;
  replaceLastLag(state.start, value);
  if (state.count === 1) return;
  replaceLastSlidingSum(state.path, Math.abs(value - state.prior));
  if (state.count <= state.period) return;
  const path = state.path.sum;
  state.value = path === 0 ? 0 : Math.min(1, Math.abs(value - state.start.value) / path);
}

export const efficiencyRatio: Indicator<EfficiencyRatioParams, EfficiencyRatioState, number> = {
  name: "efficiency ratio",
  input: "value",
  defaults: { period: 10 },
  outputs: ["value"],
  create: createEfficiencyRatio,
  add: addEfficiencyRatio,
  replaceLast: replaceLastEfficiencyRatio,
  warmUp: ({ period }) => period + 1,
};
