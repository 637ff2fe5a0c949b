/** What is an average that follows a trend and stands still in noise? Kaufman's adaptive moving average. */
import {
  commitEfficiencyRatio,
  createEfficiencyRatio,
  type EfficiencyRatioState,
  replaceLastEfficiencyRatio,
} from "#lib/indicators/efficiency-ratio.ts";
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

/** `fast` and `slow` are the look-backs of the EMAs between whose weights it moves. */
export type KamaParams = { period: number; fast: number; slow: number };
export type KamaState = IndicatorState & {
  period: number;
  fastWeight: number;
  slowWeight: number;
  efficiency: EfficiencyRatioState;
  prior: number;
  average: number;
  value: number;
};

/**
 * KAMA = prior + c × (v − prior), c = (ER × (fast − slow) + slow)², fast = 2 ÷ 3 and slow = 2 ÷ 31 as weights, ER the
 * efficiency ratio over N; begun with the N-th value itself, as at Skender and Tulip. In the unit of the input.
 * N = 2 over 1, 3, 5: ER 1, c = (2 ÷ 3)²: 3 + 0.4444 × 2 = 3.8889.
 */
export function createKama({ period, fast, slow }: KamaParams): KamaState {
  assertPeriod(fast);
  assertPeriod(slow);
  return {
    count: 0,
    period,
    fastWeight: 2 / (fast + 1),
    slowWeight: 2 / (slow + 1),
    efficiency: createEfficiencyRatio({ period }),
    prior: Number.NaN,
    average: Number.NaN,
    value: Number.NaN,
  };
}

export function addKama(state: KamaState, value: number): void {
  state.count += 1;
  state.prior = state.average;
  commitEfficiencyRatio(state.efficiency);
  replaceLastKama(state, value);
}

export function replaceLastKama(state: KamaState, value: number): void {
  replaceLastEfficiencyRatio(state.efficiency, value);
  if (state.count <= state.period) {
    state.average = value;
    return;
  }
  const root = state.efficiency.value * (state.fastWeight - state.slowWeight) + state.slowWeight;
  state.average = state.prior + root * root * (value - state.prior);
  state.value = state.average;
}

export const kama: Indicator<KamaParams, KamaState, number> = {
  name: "kama",
  input: "value",
  defaults: { period: 10, fast: 2, slow: 30 },
  outputs: ["value"],
  create: createKama,
  add: addKama,
  replaceLast: replaceLastKama,
  warmUp: ({ period }) => period + 1,
};
