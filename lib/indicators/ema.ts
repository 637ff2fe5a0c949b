/** What is the average when older values count ever less? The exponential moving average, begun with an SMA. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type EmaParams = { period: number };
export type EmaState = IndicatorState & {
  period: number;
  /** Share of the newest value once N values were taken. */
  weight: number;
  /** The average before the newest value, and with it. */
  prior: number;
  average: number;
  /** The average once N values were taken; NaN before. */
  value: number;
};

/**
 * EMA = prior + k × (v − prior) with k = 2 ÷ (N + 1), in the unit of the input; the N-th value is the SMA of the first
 * N. N = 3 over 1, 2, 3, 7: the seed is 2, k is ½: 2 + ½ × (7 − 2) = 4.5.
 * Seeded like Skender, TA-Lib and TradingView, as a first value alone would weigh far too much; Tulip begins with it.
 */
export function createEma({ period }: EmaParams): EmaState {
  return createWeighted(period, 2 / (period + 1));
}

/** An average with a weight of its own, seeded alike: Wilder's takes 1 ÷ N. */
export function createWeighted(period: number, weight: number): EmaState {
  assertPeriod(period);
  return { count: 0, period, weight, prior: Number.NaN, average: 0, value: Number.NaN };
}

export function addEma(state: EmaState, value: number): void {
  commitEma(state);
  replaceLastEma(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitEma(state: EmaState): void {
  state.count += 1;
  state.prior = state.average;
}

export function replaceLastEma(state: EmaState, value: number): void {
  const average = blend(state.prior, value, shareOf(state.count, state.period, state.weight));
  state.average = average;
  state.value = state.count < state.period ? Number.NaN : average;
}

/** What the newest of `count` values weighs: 1 ÷ count while seeding, which makes the plain average, then `weight`. */
export function shareOf(count: number, period: number, weight: number): number {
  return count > period ? weight : 1 / count;
}

/** The average when the newest value has this share, 0 to 1. */
export function blend(prior: number, value: number, share: number): number {
  return prior * (1 - share) + value * share;
}

export const ema: Indicator<EmaParams, EmaState, number> = {
  name: "ema",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createEma,
  add: addEma,
  replaceLast: replaceLastEma,
  warmUp: ({ period }) => period,
};
