/** Do bars with volume close near their highs or their lows? Chaikin's money flow, −1 to 1. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";

export type CmfParams = { period: number };
export type CmfState = IndicatorState & { period: number; flow: SlidingSum; volume: SlidingSum; value: number };

/**
 * CMF = Σ m × volume ÷ Σ volume over N, m = ((close − low) − (high − close)) ÷ (high − low): 1 at the high, −1 at the
 * low, 0 in a bar of one price; 0 where nothing was traded. N = 2 over bars (high, low, close, volume) (5, 3, 4, 1),
 * (9, 5, 8, 3): m is 0, then ½: 1.5 ÷ 4 = 0.375.
 */
export function createCmf({ period }: CmfParams): CmfState {
  const [flow, volume] = [createSlidingSum(period), createSlidingSum(period)];
  return { count: 0, period, flow, volume, value: Number.NaN };
}

export function addCmf(state: CmfState, bar: IndicatorBar): void {
  state.count += 1;
  commitSlidingSum(state.flow);
  commitSlidingSum(state.volume);
  replaceLastCmf(state, bar);
}

export function replaceLastCmf(state: CmfState, { high, low, close, volume }: IndicatorBar): void {
  const lean = high === low ? 0 : (close - low - (high - close)) / (high - low);
  replaceLastSlidingSum(state.flow, lean * volume);
  replaceLastSlidingSum(state.volume, volume);
  if (state.count < state.period) return;
  const traded = state.volume.sum;
  state.value = traded === 0 ? 0 : state.flow.sum / traded;
}

export const cmf: Indicator<CmfParams, CmfState, IndicatorBar> = {
  name: "cmf",
  input: "bar",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createCmf,
  add: addCmf,
  replaceLast: replaceLastCmf,
  warmUp: ({ period }) => period,
};
