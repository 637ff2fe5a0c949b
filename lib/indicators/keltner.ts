/** Where is the price beyond its usual bar range? Keltner's channel, of an EMA and Wilder's ATR. */
import { type AtrState, addAtr, createAtr, replaceLastAtr } from "#lib/indicators/atr.ts";
import { addEma, createEma, type EmaState, replaceLastEma } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";

/** `ranges`: how many ATR the channel stands off the middle. */
export type KeltnerParams = { period: number; atrPeriod: number; ranges: number };
export type KeltnerState = IndicatorState & {
  ranges: number;
  average: EmaState;
  range: AtrState;
  middle: number;
  upper: number;
  lower: number;
};

/**
 * Middle = EMA of the close, channel = middle ± k × ATR, in the unit of price; Raschke's form, as at TradingView and
 * Skender (Keltner's own took the SMA of ranges). Periods 2, k = 2 over (high, low, close) (5, 3, 4), (9, 6, 8),
 * (9, 8, 9): EMA 6, 8; ATR 2.25: upper 12.5, lower 3.5.
 */
export function createKeltner({ period, atrPeriod, ranges }: KeltnerParams): KeltnerState {
  return {
    count: 0,
    ranges,
    average: createEma({ period }),
    range: createAtr({ period: atrPeriod }),
    middle: Number.NaN,
    upper: Number.NaN,
    lower: Number.NaN,
  };
}

export function addKeltner(state: KeltnerState, bar: IndicatorBar): void {
  state.count += 1;
  addEma(state.average, bar.close);
  addAtr(state.range, bar);
  setChannel(state);
}

export function replaceLastKeltner(state: KeltnerState, bar: IndicatorBar): void {
  replaceLastEma(state.average, bar.close);
  replaceLastAtr(state.range, bar);
  setChannel(state);
}

function setChannel(state: KeltnerState): void {
  const reach = state.ranges * state.range.value;
  state.upper = state.average.value + reach;
  state.lower = state.average.value - reach;
  state.middle = state.count < state.range.period ? Number.NaN : state.average.value;
}

export const keltner: Indicator<KeltnerParams, KeltnerState, IndicatorBar> = {
  name: "keltner",
  input: "bar",
  defaults: { period: 20, atrPeriod: 10, ranges: 2 },
  outputs: ["middle", "upper", "lower"],
  create: createKeltner,
  add: addKeltner,
  replaceLast: replaceLastKeltner,
  warmUp: ({ period, atrPeriod }) => Math.max(period, atrPeriod),
};
