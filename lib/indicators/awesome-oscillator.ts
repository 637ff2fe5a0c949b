/** Does the middle of the newest bars run above or below its longer average? Williams's awesome oscillator. */
import { assert } from "#lib/assert.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { commitSma, createSma, replaceLastSma, type SmaState } from "#lib/indicators/sma.ts";

export type AwesomeOscillatorParams = { fast: number; slow: number };
export type AwesomeOscillatorState = IndicatorState & { fastAverage: SmaState; slowAverage: SmaState; value: number };

/**
 * AO = SMA(fast) − SMA(slow) of (high + low) ÷ 2, in the unit of price. Fast 1, slow 2 over (high, low) (4, 2), (9, 5):
 * 7 − 5 = 2.
 */
export function createAwesomeOscillator({ fast, slow }: AwesomeOscillatorParams): AwesomeOscillatorState {
  assert(fast < slow, `awesome oscillator: fast was ${fast}, expected less than slow, ${slow}`);
  return {
    count: 0,
    fastAverage: createSma({ period: fast }),
    slowAverage: createSma({ period: slow }),
    value: Number.NaN,
  };
}

export function addAwesomeOscillator(state: AwesomeOscillatorState, bar: IndicatorBar): void {
  state.count += 1;
  commitSma(state.fastAverage);
  commitSma(state.slowAverage);
  replaceLastAwesomeOscillator(state, bar);
}

export function replaceLastAwesomeOscillator(state: AwesomeOscillatorState, bar: IndicatorBar): void {
  const middle = (bar.high + bar.low) / 2;
  replaceLastSma(state.fastAverage, middle);
  replaceLastSma(state.slowAverage, middle);
  state.value = state.fastAverage.value - state.slowAverage.value;
}

export const awesomeOscillator: Indicator<AwesomeOscillatorParams, AwesomeOscillatorState, IndicatorBar> = {
  name: "awesome oscillator",
  input: "bar",
  defaults: { fast: 5, slow: 34 },
  outputs: ["value"],
  create: createAwesomeOscillator,
  add: addAwesomeOscillator,
  replaceLast: replaceLastAwesomeOscillator,
  warmUp: ({ slow }) => slow,
};
