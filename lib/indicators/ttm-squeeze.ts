/** Is the market coiled, and which way does it lean? Carter's TTM squeeze: bands within the channel, and momentum. */
import { addBollinger, type BollingerState, createBollinger, replaceLastBollinger } from "#lib/indicators/bollinger.ts";
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { addKeltner, createKeltner, type KeltnerState, replaceLastKeltner } from "#lib/indicators/keltner.ts";
import {
  commitSlidingLine,
  createSlidingLine,
  type SlidingLine,
  setSlidingSums,
} from "#lib/indicators/sliding-line.ts";
import {
  addSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";

/** `deviations` of the bands, `ranges` (ATR) of the channel. */
export type TtmSqueezeParams = { period: number; deviations: number; ranges: number };
export type TtmSqueezeState = IndicatorState & {
  period: number;
  bands: BollingerState;
  channel: KeltnerState;
  window: SlidingRange;
  line: SlidingLine;
  /** 1 while Bollinger's bands lie within Keltner's channel, else 0. */
  isOn: number;
  /** In the unit of price; above 0 it leans up. */
  momentum: number;
};

/**
 * On = Bollinger (N, 2 σ) wholly within Keltner (EMA N, 1.5 × ATR N). Momentum = end of the regression line over N of
 * close − ½ × (middle of the highest high and lowest low + SMA), each over N (John Carter; Wilder's ATR as everywhere
 * here, where thinkorswim averages plainly). N = 2 over bars (high, low, close) (5, 3, 4), (9, 7, 8), (9, 7, 8): the
 * SMA is 6, then 8; the middle 6, then 8; so 2, then 0: the line through them ends at 0, its bands at 8 and 8 lie
 * within 7.33 ± 1.5 × 2.75: on.
 */
export function createTtmSqueeze({ period, deviations, ranges }: TtmSqueezeParams): TtmSqueezeState {
  return {
    count: 0,
    period,
    bands: createBollinger({ period, deviations }),
    channel: createKeltner({ period, atrPeriod: period, ranges }),
    window: createSlidingRange(period),
    line: createSlidingLine(period),
    isOn: Number.NaN,
    momentum: Number.NaN,
  };
}

export function addTtmSqueeze(state: TtmSqueezeState, bar: IndicatorBar): void {
  state.count += 1;
  addBollinger(state.bands, bar.close);
  addKeltner(state.channel, bar);
  addSlidingRange(state.window, bar.high, bar.low);
  if (state.count >= state.period) commitSlidingLine(state.line);
  setOutputs(state, bar.close);
}

export function replaceLastTtmSqueeze(state: TtmSqueezeState, bar: IndicatorBar): void {
  replaceLastBollinger(state.bands, bar.close);
  replaceLastKeltner(state.channel, bar);
  replaceLastSlidingRange(state.window, bar.high, bar.low);
  setOutputs(state, bar.close);
}

function setOutputs(state: TtmSqueezeState, close: number): void {
  const { count, period, bands, channel, window, line } = state;
  if (count < period) return;
  line.newest = close - ((window.highest + window.lowest) / 2 + bands.middle) / 2;
  setSlidingSums(line);
  if (count < 2 * period - 1) return;
  state.isOn = bands.upper < channel.upper && bands.lower > channel.lower ? 1 : 0;
  // A regression line ends at 3 × WMA − 2 × SMA of its values.
  state.momentum = line.base + (6 * line.weightedSum) / (period * (period + 1)) - (2 * line.sum) / period;
}

export const ttmSqueeze: Indicator<TtmSqueezeParams, TtmSqueezeState, IndicatorBar> = {
  name: "ttm squeeze",
  input: "bar",
  defaults: { period: 20, deviations: 2, ranges: 1.5 },
  outputs: ["isOn", "momentum"],
  create: createTtmSqueeze,
  add: addTtmSqueeze,
  replaceLast: replaceLastTtmSqueeze,
  warmUp: ({ period }) => 2 * period - 1,
};
