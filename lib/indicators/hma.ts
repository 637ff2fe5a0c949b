/** What is an average that hardly lags? Hull's moving average, made of three weighted ones. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";
import { commitWma, createWma, replaceLastWma, type WmaState } from "#lib/indicators/wma.ts";

export type HmaParams = { period: number };
export type HmaState = IndicatorState & {
  period: number;
  half: WmaState;
  full: WmaState;
  smooth: WmaState;
  value: number;
};

/**
 * HMA = WMA(√N) of (2 × WMA(N ÷ 2) − WMA(N)), halves and roots cut to whole numbers as at Skender and Tulip
 * (TradingView and NinjaTrader cut too). In the unit of the input. N = 4 over 1, 2, 3, 4, 9: WMA(2) is 3.6667, then
 * 7.3333; WMA(4) is 3, then 5.6; so 4.3333, then 9.0667, and their WMA(2) is 7.4889.
 */
export function createHma({ period }: HmaParams): HmaState {
  assertPeriod(period, 2);
  const half = createWma({ period: Math.floor(period / 2) });
  const smooth = createWma({ period: Math.floor(Math.sqrt(period)) });
  return { count: 0, period, half, full: createWma({ period }), smooth, value: Number.NaN };
}

export function addHma(state: HmaState, value: number): void {
  state.count += 1;
  commitWma(state.half);
  commitWma(state.full);
  if (state.count >= state.period) commitWma(state.smooth);
  replaceLastHma(state, value);
}

export function replaceLastHma(state: HmaState, value: number): void {
  replaceLastWma(state.half, value);
  replaceLastWma(state.full, value);
  if (state.count < state.period) return;
  replaceLastWma(state.smooth, 2 * state.half.value - state.full.value);
  state.value = state.smooth.value;
}

export const hma: Indicator<HmaParams, HmaState, number> = {
  name: "hma",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createHma,
  add: addHma,
  replaceLast: replaceLastHma,
  warmUp: ({ period }) => period + Math.floor(Math.sqrt(period)) - 1,
};
