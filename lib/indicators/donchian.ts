/** Between which prices did the newest N bars stay? Donchian's channel. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import {
  commitSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";

export type DonchianParams = { period: number };
export type DonchianState = IndicatorState & {
  period: number;
  window: SlidingRange;
  upper: number;
  lower: number;
  middle: number;
};

/**
 * Upper = highest high, lower = lowest low, middle between them, in the unit of price. The newest bar counts, as at
 * TradingView and NinjaTrader (at Skender it does not, so that a close can leave the channel: read the value one bar
 * before). N = 2 over (high, low) (9, 5), (7, 4), (8, 6): 8, 4, 6.
 */
export function createDonchian({ period }: DonchianParams): DonchianState {
  const [upper, lower, middle] = [Number.NaN, Number.NaN, Number.NaN];
  return { count: 0, period, window: createSlidingRange(period), upper, lower, middle };
}

export function addDonchian(state: DonchianState, bar: IndicatorBar): void {
  state.count += 1;
  commitSlidingRange(state.window);
  replaceLastDonchian(state, bar);
}

export function replaceLastDonchian(state: DonchianState, bar: IndicatorBar): void {
  replaceLastSlidingRange(state.window, bar.high, bar.low);
  if (state.count < state.period) return;
  const { highest, lowest } = state.window;
  state.upper = highest;
  state.lower = lowest;
  state.middle = (highest + lowest) / 2;
}

export const donchian: Indicator<DonchianParams, DonchianState, IndicatorBar> = {
  name: "donchian",
  input: "bar",
  defaults: { period: 20 },
  outputs: ["upper", "lower", "middle"],
  create: createDonchian,
  add: addDonchian,
  replaceLast: replaceLastDonchian,
  warmUp: ({ period }) => period,
};
