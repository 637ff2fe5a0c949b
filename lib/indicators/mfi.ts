/** Is money flowing in or out? Quong and Soudack's money flow index: an RSI whose moves weigh as their turnover. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingSum,
  createSlidingSum,
  replaceLastSlidingSum,
  type SlidingSum,
} from "#lib/indicators/sliding-sum.ts";
import { typicalPriceOf } from "#lib/indicators/typical-price.ts";

export type MfiParams = { period: number };
export type MfiState = IndicatorState & {
  period: number;
  /** Typical price of the bar before the newest, and of the newest; NaN where there is none. */
  priorTypical: number;
  typical: number;
  inflow: SlidingSum;
  outflow: SlidingSum;
  value: number;
};

/**
 * MFI = 100 × in ÷ (in + out), where a bar's typical price × volume flows in when that price rose, out when it fell,
 * summed over N; 0 to 100, and 50 where nothing flowed. N = 2 over typical prices 4, 5, 3 with volumes 9, 2, 10:
 * 100 × 10 ÷ (10 + 30) = 25.
 */
export function createMfi({ period }: MfiParams): MfiState {
  return {
    count: 0,
    period,
    priorTypical: Number.NaN,
    typical: Number.NaN,
    inflow: createSlidingSum(period),
    outflow: createSlidingSum(period),
    value: Number.NaN,
  };
}

export function addMfi(state: MfiState, bar: IndicatorBar): void {
  state.count += 1;
  state.priorTypical = state.typical;
  if (state.count > 1) {
    commitSlidingSum(state.inflow);
    commitSlidingSum(state.outflow);
  }
  replaceLastMfi(state, bar);
}

export function replaceLastMfi(state: MfiState, bar: IndicatorBar): void {
  const { priorTypical, inflow, outflow } = state;
  const typical = typicalPriceOf(bar);
  state.typical = typical;
  if (state.count === 1) return; // One bar has not moved yet.
  const flow = typical * bar.volume;
  replaceLastSlidingSum(inflow, typical > priorTypical ? flow : 0);
  replaceLastSlidingSum(outflow, typical < priorTypical ? flow : 0);
  if (state.count <= state.period) return;
  const both = inflow.sum + outflow.sum;
  state.value = both === 0 ? 50 : (100 * inflow.sum) / both;
}

export const mfi: Indicator<MfiParams, MfiState, IndicatorBar> = {
  name: "mfi",
  input: "bar",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createMfi,
  add: addMfi,
  replaceLast: replaceLastMfi,
  warmUp: ({ period }) => period + 1,
};
