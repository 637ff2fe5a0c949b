/** Is there a trend, and which way? Wilder's directional movement: +DI, −DI and ADX, each 0 to 100. */
import { trueRangeOf } from "#lib/indicators/atr.ts";
import type { EmaState } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { commitRma, createRma, replaceLastRma } from "#lib/indicators/rma.ts";

export type AdxParams = { period: number };
export type AdxState = IndicatorState & {
  period: number;
  /** High, low and close of the bar before the newest, then of the newest. */
  priorHigh: number;
  priorLow: number;
  priorClose: number;
  high: number;
  low: number;
  close: number;
  /** Of the newest bar: how far it went beyond the one before, up or down, and its true range. */
  upMove: number;
  downMove: number;
  trueRange: number;
  up: EmaState;
  down: EmaState;
  range: EmaState;
  spread: EmaState;
  plusDi: number;
  minusDi: number;
  adx: number;
};

/**
 * +DM = high − prior high where that is positive and more than prior low − low, else 0; −DM the mirror image;
 * ±DI = 100 × average of ±DM ÷ average true range; DX = 100 × |+DI − −DI| ÷ (+DI + −DI); ADX = the average of DX: all
 * Wilder's averages, seeded with the SMA of the first N, from the second bar on (his book, Skender, TradingView; Tulip
 * and TA-Lib seed with N − 1 moves). Where the market stands still all three are 0.
 * N = 1, bars (high, low, close) (5, 3, 4), (7, 4, 6): +DM 2, −DM 0, true range 3: +DI 66.7, −DI 0, ADX 100.
 */
export function createAdx({ period }: AdxParams): AdxState {
  return {
    count: 0,
    period,
    priorHigh: Number.NaN,
    priorLow: Number.NaN,
    priorClose: Number.NaN,
    high: Number.NaN,
    low: Number.NaN,
    close: Number.NaN,
    upMove: Number.NaN,
    downMove: Number.NaN,
    trueRange: Number.NaN,
    up: createRma({ period }),
    down: createRma({ period }),
    range: createRma({ period }),
    spread: createRma({ period }),
    plusDi: Number.NaN,
    minusDi: Number.NaN,
    adx: Number.NaN,
  };
}

export function addAdx(state: AdxState, bar: IndicatorBar): void {
  state.count += 1;
  state.priorHigh = state.high;
  state.priorLow = state.low;
  state.priorClose = state.close;
  if (state.count > 1) commitMoves(state); // One bar has not moved yet.
  replaceLastAdx(state, bar);
}

function commitMoves(state: AdxState): void {
  commitRma(state.up);
  commitRma(state.down);
  commitRma(state.range);
  if (state.count > state.period) commitRma(state.spread);
}

export function replaceLastAdx(state: AdxState, bar: IndicatorBar): void {
  takeBar(state, bar);
  if (state.count === 1) return;
  replaceLastRma(state.up, state.upMove);
  replaceLastRma(state.down, state.downMove);
  replaceLastRma(state.range, state.trueRange);
  if (state.count <= state.period) return;
  replaceLastRma(state.spread, spreadOf(state.up.value, state.down.value));
  setOutputs(state);
}

function takeBar(state: AdxState, bar: IndicatorBar): void {
  state.high = bar.high;
  state.low = bar.low;
  state.close = bar.close;
  const rise = bar.high - state.priorHigh;
  const fall = state.priorLow - bar.low;
  state.upMove = rise > fall && rise > 0 ? rise : 0;
  state.downMove = fall > rise && fall > 0 ? fall : 0;
  state.trueRange = trueRangeOf(bar.high, bar.low, state.priorClose);
}

/** DX: the average true range stands above and below the line, so it is not needed here. */
function spreadOf(up: number, down: number): number {
  const sum = up + down;
  return sum === 0 ? 0 : (100 * Math.abs(up - down)) / sum;
}

function setOutputs(state: AdxState): void {
  if (state.count < 2 * state.period) return;
  const range = state.range.value;
  state.plusDi = range === 0 ? 0 : (100 * state.up.value) / range;
  state.minusDi = range === 0 ? 0 : (100 * state.down.value) / range;
  state.adx = state.spread.value;
}

export const adx: Indicator<AdxParams, AdxState, IndicatorBar> = {
  name: "adx",
  input: "bar",
  defaults: { period: 14 },
  outputs: ["plusDi", "minusDi", "adx"],
  create: createAdx,
  add: addAdx,
  replaceLast: replaceLastAdx,
  warmUp: ({ period }) => 2 * period,
};
