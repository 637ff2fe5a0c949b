/** What is the plain average of the newest N values? The simple moving average. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";

export type SmaParams = { period: number };
export type SmaState = IndicatorState & { period: number; value: number; window: SlidingSum };

/** SMA = (v₁ + … + v_N) ÷ N, in the unit of the input. N = 3 over 1, 2, 3, 7: (2 + 3 + 7) ÷ 3 = 4. */
export function createSma({ period }: SmaParams): SmaState {
  return { count: 0, period, value: Number.NaN, window: createSlidingSum(period) };
}

export function addSma(state: SmaState, value: number): void {
  commitSma(state);
  replaceLastSma(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitSma(state: SmaState): void {
  state.count += 1;
  commitSlidingSum(state.window);
}

export function replaceLastSma(state: SmaState, value: number): void {
  replaceLastSlidingSum(state.window, value);
  state.value = state.count < state.period ? Number.NaN : state.window.sum / state.period;
}

export const sma: Indicator<SmaParams, SmaState, number> = {
  name: "sma",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createSma,
  add: addSma,
  replaceLast: replaceLastSma,
  warmUp: ({ period }) => period,
};
