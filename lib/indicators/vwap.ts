/** What was the average price of all contracts since the start? The volume-weighted average price of bars. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { typicalPriceOf } from "#lib/indicators/typical-price.ts";

export type VwapParams = Record<string, never>;
export type VwapState = IndicatorState & {
  /** Σ typical price × volume and Σ volume before the newest bar, and with it. */
  priorTurnover: number;
  priorVolume: number;
  turnover: number;
  volume: number;
  value: number;
};

/**
 * VWAP = Σ typical price × volume ÷ Σ volume since the state was made, in the unit of price; the typical price while
 * nothing was traded. An anchor is a new state. Bars (high, low, close, volume) (4, 2, 3, 1), (7, 5, 6, 2):
 * (3 + 12) ÷ 3 = 5.
 */
export function createVwap(_params: VwapParams): VwapState {
  return { count: 0, priorTurnover: 0, priorVolume: 0, turnover: 0, volume: 0, value: Number.NaN };
}

export function addVwap(state: VwapState, bar: IndicatorBar): void {
  state.count += 1;
  state.priorTurnover = state.turnover;
  state.priorVolume = state.volume;
  replaceLastVwap(state, bar);
}

export function replaceLastVwap(state: VwapState, bar: IndicatorBar): void {
  const typical = typicalPriceOf(bar);
  state.turnover = state.priorTurnover + typical * bar.volume;
  state.volume = state.priorVolume + bar.volume;
  state.value = state.volume === 0 ? typical : state.turnover / state.volume;
}

export const vwap: Indicator<VwapParams, VwapState, IndicatorBar> = {
  name: "vwap",
  input: "bar",
  defaults: {},
  outputs: ["value"],
  create: createVwap,
  add: addVwap,
  replaceLast: replaceLastVwap,
  warmUp: () => 1,
};
