/** How far below its newest high does the market close? Williams' %R, −100 at the low to 0 at the high. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";
import { placeIn } from "#lib/indicators/stochastic.ts";

export type WilliamsRParams = { period: number };
export type WilliamsRState = IndicatorState & { period: number; window: SlidingRange; value: number };

/**
 * %R = −100 × (highest high − close) ÷ (highest high − lowest low) over N; −50 where nothing moved. N = 2 over bars
 * (high, low, close) (5, 3, 4), (9, 6, 8): −100 × (9 − 8) ÷ (9 − 3) = −16.7.
 */
export function createWilliamsR({ period }: WilliamsRParams): WilliamsRState {
  return { count: 0, period, window: createSlidingRange(period), value: Number.NaN };
}

export function addWilliamsR(state: WilliamsRState, bar: IndicatorBar): void {
  state.count += 1;
  commitSlidingRange(state.window);
  replaceLastWilliamsR(state, bar);
}

export function replaceLastWilliamsR(state: WilliamsRState, { high, low, close }: IndicatorBar): void {
  replaceLastSlidingRange(state.window, high, low);
  if (state.count >= state.period) state.value = 100 * (placeIn(state.window, close) - 1);
}

export const williamsR: Indicator<WilliamsRParams, WilliamsRState, IndicatorBar> = {
  name: "williams r",
  input: "bar",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createWilliamsR,
  add: addWilliamsR,
  replaceLast: replaceLastWilliamsR,
  warmUp: ({ period }) => period,
};
