/** How far does a bar usually reach, gaps included? Wilder's average true range. */
import { blend, shareOf } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type AtrParams = { period: number };
export type AtrState = IndicatorState & {
  period: number;
  /** 1 ÷ N. */
  weight: number;
  /** Close of the bar before the newest; NaN at the first bar. */
  priorClose: number;
  close: number;
  /** Average true range before the newest bar, and with it. */
  prior: number;
  average: number;
  /** The average once N bars were taken; NaN before. */
  value: number;
};

/**
 * True range = max(high, prior close) − min(low, prior close), the first bar's is high − low; ATR is Wilder's average
 * of it, in the unit of price. N = 2 over (high, low, close) (5, 3, 4), (9, 6, 8), (9, 8, 9): true ranges 2, 5, 1;
 * the seed is 3.5, then 3.5 + (1 − 3.5) ÷ 2 = 2.25.
 * The first bar counts as at Tulip and TradingView; Skender and TA-Lib begin with the second: alike after 20 N bars.
 */
export function createAtr({ period }: AtrParams): AtrState {
  assertPeriod(period);
  return {
    count: 0,
    period,
    weight: 1 / period,
    priorClose: Number.NaN,
    close: Number.NaN,
    prior: Number.NaN,
    average: 0,
    value: Number.NaN,
  };
}

export function addAtr(state: AtrState, bar: IndicatorBar): void {
  const { close, average } = state;
  state.count += 1;
  state.priorClose = close;
  state.prior = average;
  setNewest(state, bar, close, average);
}

export function replaceLastAtr(state: AtrState, bar: IndicatorBar): void {
  setNewest(state, bar, state.priorClose, state.prior);
}

/** The priors come as numbers: read back from the record they would wait for their own store. */
function setNewest(state: AtrState, bar: IndicatorBar, priorClose: number, prior: number): void {
  const { count, period } = state;
  const trueRange = trueRangeOf(bar.high, bar.low, priorClose);
  const average = blend(prior, trueRange, shareOf(count, period, state.weight));
  state.close = bar.close;
  state.average = average;
  state.value = count < period ? Number.NaN : average;
}

/** max(high, prior close) − min(low, prior close); high − low where the prior close is NaN. */
export function trueRangeOf(high: number, low: number, priorClose: number): number {
  const top = priorClose > high ? priorClose : high;
  const bottom = priorClose < low ? priorClose : low;
  return top - bottom;
}

export const atr: Indicator<AtrParams, AtrState, IndicatorBar> = {
  name: "atr",
  input: "bar",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createAtr,
  add: addAtr,
  replaceLast: replaceLastAtr,
  warmUp: ({ period }) => period,
};
