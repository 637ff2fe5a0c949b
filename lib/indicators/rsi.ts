/** How one-sided were the newest moves? Wilder's relative strength index, 0 to 100. */
import { blend, shareOf } from "#lib/indicators/ema.ts";
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type RsiParams = { period: number };
export type RsiState = IndicatorState & {
  period: number;
  /** 1 ÷ N. */
  weight: number;
  /** The value before the newest; NaN at the first. */
  priorInput: number;
  input: number;
  /** Averages of rises and falls before the newest move, and with it. */
  priorGain: number;
  priorLoss: number;
  gain: number;
  loss: number;
  value: number;
};

/**
 * RSI = 100 × gain ÷ (gain + loss), Wilder's averages of the rises and of the falls; 0 to 100. N = 2 over 1, 3, 2, 5:
 * moves +2, −1, +3; averages 1 and ½, then 2 and ¼: 100 × 2 ÷ 2.25 = 88.9. Without any move it is 50: a flat market
 * is neither bought nor sold (Skender and TradingView say 100 there).
 */
export function createRsi({ period }: RsiParams): RsiState {
  assertPeriod(period);
  return {
    count: 0,
    period,
    weight: 1 / period,
    priorInput: Number.NaN,
    input: Number.NaN,
    priorGain: Number.NaN,
    priorLoss: Number.NaN,
    gain: 0,
    loss: 0,
    value: Number.NaN,
  };
}

export function addRsi(state: RsiState, value: number): void {
  state.count += 1;
  state.priorInput = state.input;
  state.priorGain = state.gain;
  state.priorLoss = state.loss;
  replaceLastRsi(state, value);
}

export function replaceLastRsi(state: RsiState, value: number): void {
  const { period } = state;
  const moves = state.count - 1;
  state.input = value;
  if (moves === 0) return;
  const move = value - state.priorInput;
  // Without a branch, as nothing foretells the sign of a move: (x + |x|) ÷ 2 is x above 0, else 0, and exact.
  const rise = (move + Math.abs(move)) / 2;
  const share = shareOf(moves, period, state.weight);
  const gain = blend(state.priorGain, rise, share);
  const loss = blend(state.priorLoss, rise - move, share);
  state.gain = gain;
  state.loss = loss;
  if (moves >= period) state.value = gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
}

export const rsi: Indicator<RsiParams, RsiState, number> = {
  name: "rsi",
  input: "value",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createRsi,
  add: addRsi,
  replaceLast: replaceLastRsi,
  warmUp: ({ period }) => period + 1,
};
