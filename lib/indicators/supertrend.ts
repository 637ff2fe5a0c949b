/** On which side of the market does a stop at some ATR stand? Seban's Supertrend: the line, and its direction. */
import { type AtrState, addAtr, createAtr, replaceLastAtr } from "#lib/indicators/atr.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";

/** Look-back of the ATR, and how many of them the line stands away. */
export type SupertrendParams = { period: number; ranges: number };
export type SupertrendState = IndicatorState & {
  period: number;
  ranges: number;
  atr: AtrState;
  /** Close, both edges and direction at the bar before the newest; NaN before there is a line. */
  priorClose: number;
  priorUpper: number;
  priorLower: number;
  priorDirection: number;
  close: number;
  upper: number;
  lower: number;
  /** 1 while the line stands below the market, −1 while above. */
  direction: number;
  value: number;
};

/**
 * Upper and lower edge = middle of the bar ± 3 ATR; an edge only moves towards the market, until a close has gone
 * beyond it. The line is the lower edge while it is up and a close stays above that, else the upper one; it begins up
 * where the bar closes above its middle (Skender, TradingView). Wilder's ATR counts the first bar: alike after a while.
 * N = 1, 1 ATR over bars (high, low, close) (4, 2, 4), (7, 5, 6), (5, 3, 4): middles 3, 6, 4, ATR 2, 3, 3; lower edges
 * 1, 3 and 3: 4 is above, so the line is 3 and up.
 */
export function createSupertrend({ period, ranges }: SupertrendParams): SupertrendState {
  const nan = Number.NaN;
  return {
    count: 0,
    period,
    ranges,
    atr: createAtr({ period }),
    priorClose: nan,
    priorUpper: nan,
    priorLower: nan,
    priorDirection: nan,
    close: nan,
    upper: nan,
    lower: nan,
    direction: nan,
    value: nan,
  };
}

export function addSupertrend(state: SupertrendState, bar: IndicatorBar): void {
  state.count += 1;
  state.priorClose = state.close;
  state.priorUpper = state.upper;
  state.priorLower = state.lower;
  state.priorDirection = state.direction;
  addAtr(state.atr, bar);
  setOutputs(state, bar);
}

export function replaceLastSupertrend(state: SupertrendState, bar: IndicatorBar): void {
  replaceLastAtr(state.atr, bar);
  setOutputs(state, bar);
}

/** A comparison with NaN is false: beside no prior edge the newest stands. */
function setOutputs(state: SupertrendState, { high, low, close }: IndicatorBar): void {
  state.close = close;
  if (state.count < state.period) return;
  const { priorClose, priorUpper, priorLower } = state;
  const middle = (high + low) / 2;
  const reach = state.ranges * state.atr.value;
  const keepsUpper = middle + reach >= priorUpper && priorClose <= priorUpper;
  const keepsLower = middle - reach <= priorLower && priorClose >= priorLower;
  state.upper = keepsUpper ? priorUpper : middle + reach;
  state.lower = keepsLower ? priorLower : middle - reach;
  const wasUp = state.count === state.period ? close >= middle : state.priorDirection > 0;
  const isUp = close > (wasUp ? state.lower : state.upper);
  state.direction = isUp ? 1 : -1;
  state.value = isUp ? state.lower : state.upper;
}

export const supertrend: Indicator<SupertrendParams, SupertrendState, IndicatorBar> = {
  name: "supertrend",
  input: "bar",
  defaults: { period: 10, ranges: 3 },
  outputs: ["value", "direction"],
  create: createSupertrend,
  add: addSupertrend,
  replaceLast: replaceLastSupertrend,
  warmUp: ({ period }) => period,
};
