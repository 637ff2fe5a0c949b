/** Where did the market turn? Confirmed swing points: each counts from the bar that confirms it, never before. */
import { assert } from "#lib/assert.ts";

/** What a swing reads of a bar. */
export type SwingBar = { openMs: number; endMs: number; highTicks: number; lowTicks: number };

export type Swing = {
  readonly priceTicks: number;
  /** Open of the bar that made the extreme. */
  readonly atMs: number;
  /** End of the bar that confirmed it: nobody knew of the swing before. */
  readonly confirmedMs: number;
};

export type SwingsState = {
  /** Bars on each side that must not pass the extreme. */
  barsEachSide: number;
  /** Bars taken. */
  count: number;
  /** The newest 2k + 1 bars, bar i in slot i mod (2k + 1). */
  openMs: Float64Array;
  highTicks: Float64Array;
  lowTicks: Float64Array;
  /** Confirmed swings, newest last. */
  highs: Swing[];
  lows: Swing[];
  /** What the newest bar confirmed. */
  newHigh: Swing | null;
  newLow: Swing | null;
};

/** Swings kept on each side; the oldest goes. */
export const SWINGS_MAX = 16;
const BARS_EACH_SIDE_MAX = 50;

/** No swings yet; `barsEachSide` = k from 1 to 50. */
export function createSwings({ barsEachSide }: { barsEachSide: number }): SwingsState {
  const isSide = Number.isInteger(barsEachSide) && barsEachSide >= 1 && barsEachSide <= BARS_EACH_SIDE_MAX;
  assert(isSide, `barsEachSide was ${barsEachSide}, expected a whole number from 1 to ${BARS_EACH_SIDE_MAX}`);
  const span = 2 * barsEachSide + 1;
  return {
    barsEachSide,
    count: 0,
    openMs: new Float64Array(span),
    highTicks: new Float64Array(span),
    lowTicks: new Float64Array(span),
    highs: [],
    lows: [],
    newHigh: null,
    newLow: null,
  };
}

/**
 * Takes the next closed bar, O(k). A swing high is a bar whose high is above the highs of the k bars behind it and not
 * below those of the k bars before it, so that of equal highs the latest is the swing (lows mirrored; Williams' fractal
 * with k = 2). k = 1 over highs 3, 5, 4: the bar with 4 confirms the swing high 5.
 */
export function addSwingBar(state: SwingsState, bar: SwingBar): void {
  const span = state.openMs.length;
  const slot = state.count % span;
  state.openMs[slot] = bar.openMs;
  state.highTicks[slot] = bar.highTicks;
  state.lowTicks[slot] = bar.lowTicks;
  state.count += 1;
  state.newHigh = null;
  state.newLow = null;
  if (state.count < span) return;
  const middle = (state.count - 1 - state.barsEachSide) % span;
  if (isExtreme(state.highTicks, middle, state.barsEachSide, 1)) {
    state.newHigh = swingAt(state, state.highTicks, middle, bar.endMs);
    keep(state.highs, state.newHigh);
  }
  if (isExtreme(state.lowTicks, middle, state.barsEachSide, -1)) {
    state.newLow = swingAt(state, state.lowTicks, middle, bar.endMs);
    keep(state.lows, state.newLow);
  }
}

/** `sign` 1: highs, −1: lows. */
function isExtreme(prices: Float64Array, middle: number, barsEachSide: number, sign: number): boolean {
  const span = prices.length;
  const extreme = sign * prices[middle];
  for (let step = 1; step <= barsEachSide; step += 1) {
    if (sign * prices[(middle + span - step) % span] > extreme) return false;
    if (sign * prices[(middle + step) % span] >= extreme) return false;
  }
  return true;
}

function swingAt(state: SwingsState, prices: Float64Array, slot: number, confirmedMs: number): Swing {
  return { priceTicks: prices[slot], atMs: state.openMs[slot], confirmedMs };
}

function keep(swings: Swing[], swing: Swing): void {
  swings.push(swing);
  if (swings.length > SWINGS_MAX) swings.shift();
}
