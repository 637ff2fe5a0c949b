/** What is an exponential average with its lag taken off once? Mulloy's double exponential moving average. */
import { commitEma, createEma, type EmaState, replaceLastEma } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";

export type DemaParams = { period: number };
export type DemaState = IndicatorState & { period: number; first: EmaState; second: EmaState; value: number };

/**
 * DEMA = 2 × EMA − EMA of EMA, in the unit of the input. N = 2 (k = ⅔) over 1, 3, 5: EMA 2, 4; EMA of it 3: 8 − 3 = 5.
 * Each average is seeded with the SMA of its own first N, as at TradingView and TA-Lib; Skender and Tulip seed both at
 * once. The difference wears off.
 */
export function createDema({ period }: DemaParams): DemaState {
  return { count: 0, period, first: createEma({ period }), second: createEma({ period }), value: Number.NaN };
}

export function addDema(state: DemaState, value: number): void {
  state.count += 1;
  commitEma(state.first);
  if (state.count >= state.period) commitEma(state.second);
  replaceLastDema(state, value);
}

export function replaceLastDema(state: DemaState, value: number): void {
  replaceLastEma(state.first, value);
  if (state.count < state.period) return;
  replaceLastEma(state.second, state.first.value);
  state.value = 2 * state.first.value - state.second.value;
}

export const dema: Indicator<DemaParams, DemaState, number> = {
  name: "dema",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createDema,
  add: addDema,
  replaceLast: replaceLastDema,
  warmUp: ({ period }) => 2 * period - 1,
};
