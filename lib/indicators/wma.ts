/** What is the average when the newest of N values counts N times, the oldest once? The linearly weighted average. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingLine,
  createSlidingLine,
  replaceLastSlidingLine,
  type SlidingLine,
} from "#lib/indicators/sliding-line.ts";

export type WmaParams = { period: number };
export type WmaState = IndicatorState & { period: number; value: number; window: SlidingLine };

/**
 * WMA = (1 v₁ + 2 v₂ + … + N v_N) ÷ (N (N + 1) ÷ 2), v_N the newest, in the unit of the input. N = 3 over 1, 2, 3, 7:
 * (2 + 2 × 3 + 3 × 7) ÷ 6 = 4.8333.
 */
export function createWma({ period }: WmaParams): WmaState {
  return { count: 0, period, value: Number.NaN, window: createSlidingLine(period) };
}

export function addWma(state: WmaState, value: number): void {
  commitWma(state);
  replaceLastWma(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitWma(state: WmaState): void {
  state.count += 1;
  commitSlidingLine(state.window);
}

/** Short for the same reason as in sliding-line.ts. */
export function replaceLastWma(state: WmaState, value: number): void {
  replaceLastSlidingLine(state.window, value);
  setValue(state);
}

function setValue(state: WmaState): void {
  const { window, period } = state;
  const weights = (period * (period + 1)) / 2;
  state.value = state.count < period ? Number.NaN : window.base + window.weightedSum / weights;
}

export const wma: Indicator<WmaParams, WmaState, number> = {
  name: "wma",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createWma,
  add: addWma,
  replaceLast: replaceLastWma,
  warmUp: ({ period }) => period,
};
