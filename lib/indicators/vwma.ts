/** What is the average close of the newest N bars when each counts as its volume? */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";

export type VwmaParams = { period: number };
export type VwmaState = IndicatorState & {
  period: number;
  turnover: SlidingSum;
  volume: SlidingSum;
  value: number;
};

/**
 * VWMA = Σ close × volume ÷ Σ volume over N bars, in the unit of price; the close where nothing was traded in all N.
 * N = 2 over closes 8, 10, 13 with volumes 5, 2, 1: (20 + 13) ÷ 3 = 11.
 */
export function createVwma({ period }: VwmaParams): VwmaState {
  const [turnover, volume] = [createSlidingSum(period), createSlidingSum(period)];
  return { count: 0, period, turnover, volume, value: Number.NaN };
}

export function addVwma(state: VwmaState, bar: IndicatorBar): void {
  state.count += 1;
  commitSlidingSum(state.turnover);
  commitSlidingSum(state.volume);
  replaceLastVwma(state, bar);
}

export function replaceLastVwma(state: VwmaState, bar: IndicatorBar): void {
  replaceLastSlidingSum(state.turnover, bar.close * bar.volume);
  replaceLastSlidingSum(state.volume, bar.volume);
  if (state.count < state.period) return;
  const volume = state.volume.sum;
  state.value = volume === 0 ? bar.close : state.turnover.sum / volume;
}

export const vwma: Indicator<VwmaParams, VwmaState, IndicatorBar> = {
  name: "vwma",
  input: "bar",
  defaults: { period: 20 },
  outputs: ["value"],
  create: createVwma,
  add: addVwma,
  replaceLast: replaceLastVwma,
  warmUp: ({ period }) => period,
};
