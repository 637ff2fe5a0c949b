/** Where does a stop stand that closes in on a trend ever faster? Wilder's parabolic stop and reverse. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";

/** The acceleration's step and its limit, shares of the way to the extreme. */
export type ParabolicSarParams = { step: number; limit: number };
export type ParabolicSarState = IndicatorState & {
  step: number;
  limit: number;
  /** High and low of the newest bar, of the one before, and of the one before that; NaN where there is none. */
  high: number;
  low: number;
  high1: number;
  low1: number;
  high2: number;
  low2: number;
  /** Stop, direction, extreme and acceleration after the bar before the newest. */
  priorStop: number;
  priorDirection: number;
  priorExtreme: number;
  priorAcceleration: number;
  /** The stop over the newest bar; where it reverses, the extreme of the trend that ended. */
  value: number;
  /** 1 while the stop stands below the market, −1 while above. */
  direction: number;
  extreme: number;
  acceleration: number;
};

/**
 * Stop = prior + acceleration × (extreme − prior), never within the two bars before. The acceleration grows by a step
 * with each new extreme of the trend, up to its limit. A bar beyond the stop reverses it: the stop is then the old
 * trend's extreme, that bar's included (TradingView, Tulip; Skender leaves it out). The trend begins as the second
 * bar's middle stands to the first's (Tulip; Skender begins up and hides it until it reverses).
 * Step 0.5, limit 1, bars (high, low) (4, 2), (6, 3), (8, 5), (9, 1): up from 2; 2 + ½ × 2 = 3, but the low before is
 * 2; then 2 + 1 × (6 − 2), but the low of two before is 2; then 2 + 1 × (8 − 2), but 3: the low 1 is below: 9, down.
 */
export function createParabolicSar({ step, limit }: ParabolicSarParams): ParabolicSarState {
  const nan = Number.NaN;
  return {
    count: 0,
    step,
    limit,
    high: nan,
    low: nan,
    high1: nan,
    low1: nan,
    high2: nan,
    low2: nan,
    priorStop: nan,
    priorDirection: nan,
    priorExtreme: nan,
    priorAcceleration: nan,
    value: nan,
    direction: nan,
    extreme: nan,
    acceleration: nan,
  };
}

export function addParabolicSar(state: ParabolicSarState, bar: IndicatorBar): void {
  state.count += 1;
  state.high2 = state.high1;
  state.low2 = state.low1;
  state.high1 = state.high;
  state.low1 = state.low;
  state.priorStop = state.value;
  state.priorDirection = state.direction;
  state.priorExtreme = state.extreme;
  state.priorAcceleration = state.acceleration;
  replaceLastParabolicSar(state, bar);
}

export function replaceLastParabolicSar(state: ParabolicSarState, { high, low }: IndicatorBar): void {
  state.high = high;
  state.low = low;
  if (state.count === 1) return; // One bar has no direction.
  if (state.count === 2) begin(state);
  if (state.priorDirection > 0) follow(state, 1, high, low, state.low1, state.low2);
  else follow(state, -1, -low, -high, -state.high1, -state.high2);
}

function begin(state: ParabolicSarState): void {
  const isUp = state.high + state.low >= state.high1 + state.low1;
  state.priorDirection = isUp ? 1 : -1;
  state.priorStop = isUp ? state.low1 : state.high1;
  state.priorExtreme = isUp ? state.high1 : state.low1;
  state.priorAcceleration = state.step;
}

/** As in a rising trend; a falling one comes upside down, its prices times −1. A comparison with NaN is false. */
function follow(state: ParabolicSarState, side: 1 | -1, high: number, low: number, low1: number, low2: number): void {
  const { step, limit, priorAcceleration } = state;
  const priorStop = side * state.priorStop;
  const priorExtreme = side * state.priorExtreme;
  let stop = priorStop + priorAcceleration * (priorExtreme - priorStop);
  if (low1 < stop) stop = low1;
  if (low2 < stop) stop = low2;
  const isNew = high > priorExtreme;
  const extreme = isNew ? high : priorExtreme;
  const isReversed = low < stop;
  state.value = side * (isReversed ? extreme : stop);
  state.direction = isReversed ? -side : side;
  state.extreme = side * (isReversed ? low : extreme);
  const grown = priorAcceleration + step < limit ? priorAcceleration + step : limit;
  state.acceleration = isReversed ? step : isNew ? grown : priorAcceleration;
}

export const parabolicSar: Indicator<ParabolicSarParams, ParabolicSarState, IndicatorBar> = {
  name: "parabolic sar",
  input: "bar",
  defaults: { step: 0.02, limit: 0.2 },
  outputs: ["value", "direction"],
  create: createParabolicSar,
  add: addParabolicSar,
  replaceLast: replaceLastParabolicSar,
  warmUp: () => 2,
};
