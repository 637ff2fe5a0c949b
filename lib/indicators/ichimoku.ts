/** Where do the middles of three ranges stand? Hosoda's Ichimoku, each line as drawn over the newest bar. */
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { commitLag, createLag, type Lag, replaceLastLag } from "#lib/indicators/lag.ts";
import {
  commitSlidingRange,
  createSlidingRange,
  replaceLastSlidingRange,
  type SlidingRange,
} from "#lib/indicators/sliding-range.ts";

/** Look-backs of conversion line, base line and span B; the cloud is drawn `base` bars ahead. */
export type IchimokuParams = { conversion: number; base: number; span: number };
export type IchimokuState = IndicatorState & {
  warmUp: number;
  conversionWindow: SlidingRange;
  baseWindow: SlidingRange;
  spanWindow: SlidingRange;
  /** The cloud's edges, waiting until they are drawn. */
  aheadA: Lag;
  aheadB: Lag;
  conversion: number;
  base: number;
  spanA: number;
  spanB: number;
  /** The newest close, which a chart draws `base` bars back: no line reads a bar that has not come. */
  lagging: number;
};

/**
 * Conversion and base = middle of the highest high and the lowest low over 9 and 26; span A = middle of those two and
 * span B = middle over 52, both as they were `base` bars ago (Skender; TradingView draws them one bar earlier).
 * 1, 2, 2 over bars (high, low) (4, 2), (8, 6), (9, 7), (5, 3): conversion 4, base 6, span A (7 + 5) ÷ 2 = 6, span B 5.
 */
export function createIchimoku({ conversion, base, span }: IchimokuParams): IchimokuState {
  return {
    count: 0,
    warmUp: warmUpOf({ conversion, base, span }),
    conversionWindow: createSlidingRange(conversion),
    baseWindow: createSlidingRange(base),
    spanWindow: createSlidingRange(span),
    aheadA: createLag(base),
    aheadB: createLag(base),
    conversion: Number.NaN,
    base: Number.NaN,
    spanA: Number.NaN,
    spanB: Number.NaN,
    lagging: Number.NaN,
  };
}

const warmUpOf = ({ conversion, base, span }: IchimokuParams): number => base + Math.max(conversion, base, span);

export function addIchimoku(state: IchimokuState, bar: IndicatorBar): void {
  state.count += 1;
  commitSlidingRange(state.conversionWindow);
  commitSlidingRange(state.baseWindow);
  commitSlidingRange(state.spanWindow);
  commitLag(state.aheadA);
  commitLag(state.aheadB);
  replaceLastIchimoku(state, bar);
}

export function replaceLastIchimoku(state: IchimokuState, { high, low, close }: IndicatorBar): void {
  const conversion = middleWith(state.conversionWindow, high, low);
  const base = middleWith(state.baseWindow, high, low);
  replaceLastLag(state.aheadA, (conversion + base) / 2);
  replaceLastLag(state.aheadB, middleWith(state.spanWindow, high, low));
  if (state.count < state.warmUp) return;
  state.conversion = conversion;
  state.base = base;
  state.spanA = state.aheadA.value;
  state.spanB = state.aheadB.value;
  state.lagging = close;
}

/** The middle of the window once the newest bar is this one. */
function middleWith(window: SlidingRange, high: number, low: number): number {
  replaceLastSlidingRange(window, high, low);
  return (window.highest + window.lowest) / 2;
}

export const ichimoku: Indicator<IchimokuParams, IchimokuState, IndicatorBar> = {
  name: "ichimoku",
  input: "bar",
  defaults: { conversion: 9, base: 26, span: 52 },
  outputs: ["conversion", "base", "spanA", "spanB", "lagging"],
  create: createIchimoku,
  add: addIchimoku,
  replaceLast: replaceLastIchimoku,
  warmUp: warmUpOf,
};
