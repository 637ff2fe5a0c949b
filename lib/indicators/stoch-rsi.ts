/** Where does the RSI stand in its own newest range? Chande and Kroll's StochRSI, 0 to 100. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { addRsi, createRsi, type RsiState, replaceLastRsi } from "#lib/indicators/rsi.ts";
import {
  commitStochastic,
  createStochastic,
  replaceLastStochastic,
  type StochasticState,
} from "#lib/indicators/stochastic.ts";

/** `rsi` is the RSI's own look-back, the others are the stochastic's. */
export type StochRsiParams = { rsi: number; period: number; smooth: number; signal: number };
export type StochRsiState = IndicatorState & {
  rsi: RsiState;
  stochastic: StochasticState;
  /** The bar that the stochastic is given: the RSI is its high, low and close. */
  bar: IndicatorBar;
  k: number;
  d: number;
};

/**
 * The stochastic (stochastic.ts) whose high, low and close are all the RSI: k unsmoothed by default as in the book and
 * at Skender (TradingView smooths it over 3), d its SMA. RSI 1 over 1, 3, 2, 5 is 100, 0, 100; N = 2, smooth 1 and
 * signal 2 give k 0, then 100: d 50.
 */
export function createStochRsi({ rsi: rsiPeriod, ...params }: StochRsiParams): StochRsiState {
  const [rsi, stochastic] = [createRsi({ period: rsiPeriod }), createStochastic(params)];
  const nan = Number.NaN;
  return {
    count: 0,
    rsi,
    stochastic,
    bar: { open: nan, high: nan, low: nan, close: nan, volume: nan },
    k: nan,
    d: nan,
  };
}

export function addStochRsi(state: StochRsiState, value: number): void {
  state.count += 1;
  addRsi(state.rsi, value);
  if (state.count > state.rsi.period) commitStochastic(state.stochastic);
  setOutputs(state);
}

export function replaceLastStochRsi(state: StochRsiState, value: number): void {
  replaceLastRsi(state.rsi, value);
  setOutputs(state);
}

function setOutputs(state: StochRsiState): void {
  const { rsi, stochastic, bar } = state;
  if (state.count <= rsi.period) return;
  bar.high = rsi.value;
  bar.low = rsi.value;
  bar.close = rsi.value;
  replaceLastStochastic(stochastic, bar);
  state.k = stochastic.k;
  state.d = stochastic.d;
}

export const stochRsi: Indicator<StochRsiParams, StochRsiState, number> = {
  name: "stoch rsi",
  input: "value",
  defaults: { rsi: 14, period: 14, smooth: 1, signal: 3 },
  outputs: ["k", "d"],
  create: createStochRsi,
  add: addStochRsi,
  replaceLast: replaceLastStochRsi,
  warmUp: ({ rsi, period, smooth, signal }) => rsi + period + smooth + signal - 2,
};
