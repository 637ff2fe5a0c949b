/** How far has the price come in N inputs? Momentum, and the rate of change in percent. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { commitLag, createLag, type Lag, replaceLastLag } from "#lib/indicators/lag.ts";

export type RocParams = { period: number };
export type RocState = IndicatorState & { period: number; start: Lag; momentum: number; value: number };

/**
 * Momentum = v − v N inputs ago, in the unit of the input; ROC = 100 × momentum ÷ |v N inputs ago|, in percent: of the
 * size, so that a rise stays positive where prices are below 0; 0 where that was 0. N = 2 over 4, 6, 5: 1 and 25.
 */
export function createRoc({ period }: RocParams): RocState {
  return { count: 0, period, start: createLag(period), momentum: Number.NaN, value: Number.NaN };
}

export function addRoc(state: RocState, value: number): void {
  state.count += 1;
  commitLag(state.start);
  replaceLastRoc(state, value);
}

export function replaceLastRoc(state: RocState, value: number): void {
  replaceLastLag(state.start, value);
  if (state.count <= state.period) return;
  const start = state.start.value;
  state.momentum = value - start;
  state.value = start === 0 ? 0 : (100 * (value - start)) / Math.abs(start);
}

export const roc: Indicator<RocParams, RocState, number> = {
  name: "roc",
  input: "value",
  defaults: { period: 14 },
  outputs: ["momentum", "value"],
  create: createRoc,
  add: addRoc,
  replaceLast: replaceLastRoc,
  warmUp: ({ period }) => period + 1,
};
