/** Does volume come with rises or with falls? Granville's on-balance volume, running from the first bar. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";

export type ObvParams = Record<string, never>;
export type ObvState = IndicatorState & {
  /** Close of the bar before the newest, and of the newest; NaN where there is none. */
  priorClose: number;
  close: number;
  /** Before the newest bar. */
  prior: number;
  value: number;
};

/**
 * OBV = prior + volume after a higher close, − volume after a lower one; 0 at the first bar; in contracts.
 * Closes 5, 6, 6, 4 with volumes 9, 3, 7, 1: 0, 3, 3, 2.
 */
export function createObv(_params: ObvParams): ObvState {
  return { count: 0, priorClose: Number.NaN, close: Number.NaN, prior: 0, value: Number.NaN };
}

export function addObv(state: ObvState, bar: IndicatorBar): void {
  state.prior = state.count === 0 ? 0 : state.value;
  state.count += 1;
  state.priorClose = state.close;
  replaceLastObv(state, bar);
}

/** Beside no prior close (NaN) the first bar is neither up nor down. */
export function replaceLastObv(state: ObvState, bar: IndicatorBar): void {
  const { close, volume } = bar;
  state.close = close;
  const signed = close > state.priorClose ? volume : close < state.priorClose ? -volume : 0;
  state.value = state.prior + signed;
}

export const obv: Indicator<ObvParams, ObvState, IndicatorBar> = {
  name: "obv",
  input: "bar",
  defaults: {},
  outputs: ["value"],
  create: createObv,
  add: addObv,
  replaceLast: replaceLastObv,
  warmUp: () => 1,
};
