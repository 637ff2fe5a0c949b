/** What is an exponential average with its lag taken off twice? Mulloy's triple exponential moving average. */
import { commitEma, createEma, type EmaState, replaceLastEma } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";

export type TemaParams = { period: number };
export type TemaState = IndicatorState & {
  period: number;
  first: EmaState;
  second: EmaState;
  third: EmaState;
  value: number;
};

/**
 * TEMA = 3 × EMA − 3 × EMA of EMA + EMA of that, in the unit of the input; seeded one after the other like dema.ts.
 * N = 2 (k = ⅔) over 1, 3, 5, 10: EMA 2, 4, 8; EMA of it 3, 6.3333; of that 4.6667: 24 − 19 + 4.6667 = 9.6667.
 */
export function createTema({ period }: TemaParams): TemaState {
  return {
    count: 0,
    period,
    first: createEma({ period }),
    second: createEma({ period }),
    third: createEma({ period }),
    value: Number.NaN,
  };
}

export function addTema(state: TemaState, value: number): void {
  state.count += 1;
  commitEma(state.first);
  if (state.count >= state.period) commitEma(state.second);
  if (state.count >= 2 * state.period - 1) commitEma(state.third);
  replaceLastTema(state, value);
}

export function replaceLastTema(state: TemaState, value: number): void {
  replaceLastEma(state.first, value);
  if (state.count < state.period) return;
  replaceLastEma(state.second, state.first.value);
  if (state.count < 2 * state.period - 1) return;
  replaceLastEma(state.third, state.second.value);
  state.value = 3 * state.first.value - 3 * state.second.value + state.third.value;
}

export const tema: Indicator<TemaParams, TemaState, number> = {
  name: "tema",
  input: "value",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createTema,
  add: addTema,
  replaceLast: replaceLastTema,
  warmUp: ({ period }) => 3 * period - 2,
};
