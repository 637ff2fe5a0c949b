/** Do a fast and a slow average part or meet? Appel's MACD, its signal line and their difference. */
import { assert } from "#lib/assert.ts";
import { blend, shareOf } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type MacdParams = { fast: number; slow: number; signal: number };
export type MacdState = IndicatorState & {
  fastPeriod: number;
  slowPeriod: number;
  signalPeriod: number;
  /** Each 2 ÷ (N + 1). */
  fastWeight: number;
  slowWeight: number;
  signalWeight: number;
  /** The three averages before the newest value, and with it. */
  priorFast: number;
  priorSlow: number;
  priorSignal: number;
  fast: number;
  slow: number;
  signalAverage: number;
  macd: number;
  signal: number;
  histogram: number;
};

/**
 * MACD = EMA(fast) − EMA(slow), signal = EMA of it, histogram = MACD − signal, in the unit of the input; all three from
 * the first signal on. Fast 1, slow 2, signal 2 over 1, 3, 7: EMA(2) 2, 5.3333; MACD 1, 1.6667; signal 1.3333.
 * Each EMA is seeded with its SMA (Skender, TradingView); Tulip begins with the first value.
 */
export function createMacd({ fast, slow, signal }: MacdParams): MacdState {
  for (const period of [fast, slow, signal]) assertPeriod(period);
  assert(fast < slow, `macd: fast was ${fast}, expected less than slow, ${slow}`);
  return {
    count: 0,
    fastPeriod: fast,
    slowPeriod: slow,
    signalPeriod: signal,
    fastWeight: 2 / (fast + 1),
    slowWeight: 2 / (slow + 1),
    signalWeight: 2 / (signal + 1),
    priorFast: Number.NaN,
    priorSlow: Number.NaN,
    priorSignal: Number.NaN,
    fast: 0,
    slow: 0,
    signalAverage: 0,
    macd: Number.NaN,
    signal: Number.NaN,
    histogram: Number.NaN,
  };
}

export function addMacd(state: MacdState, value: number): void {
  const { fast, slow, signalAverage } = state;
  state.count += 1;
  state.priorFast = fast;
  state.priorSlow = slow;
  state.priorSignal = signalAverage;
  setNewest(state, value, fast, slow, signalAverage);
}

export function replaceLastMacd(state: MacdState, value: number): void {
  setNewest(state, value, state.priorFast, state.priorSlow, state.priorSignal);
}

/** The priors come as numbers: read back from the record they would wait for their own store. */
function setNewest(state: MacdState, value: number, priorFast: number, priorSlow: number, priorSignal: number): void {
  const { count, fastPeriod, slowPeriod, signalPeriod } = state;
  const fast = blend(priorFast, value, shareOf(count, fastPeriod, state.fastWeight));
  const slow = blend(priorSlow, value, shareOf(count, slowPeriod, state.slowWeight));
  state.fast = fast;
  state.slow = slow;
  const differences = count - slowPeriod + 1;
  if (differences < 1) return;
  const difference = fast - slow;
  const signal = blend(priorSignal, difference, shareOf(differences, signalPeriod, state.signalWeight));
  state.signalAverage = signal;
  if (differences < signalPeriod) return;
  state.macd = difference;
  state.signal = signal;
  state.histogram = difference - signal;
}

export const macd: Indicator<MacdParams, MacdState, number> = {
  name: "macd",
  input: "value",
  defaults: { fast: 12, slow: 26, signal: 9 },
  outputs: ["macd", "signal", "histogram"],
  create: createMacd,
  add: addMacd,
  replaceLast: replaceLastMacd,
  warmUp: ({ slow, signal }) => slow + signal - 1,
};
