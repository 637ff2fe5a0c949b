/** Is the market breaking out, trending, or turning over at an edge of its last bars? */
import {
  type AwesomeOscillatorState,
  addAwesomeOscillator,
  createAwesomeOscillator,
} from "#lib/indicators/awesome-oscillator.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { addLag, createLag, type Lag } from "#lib/indicators/lag.ts";
import { addSma, createSma, type SmaState } from "#lib/indicators/sma.ts";
import { quantileOf } from "#lib/math/quantiles.ts";

/** Not Wyckoff's schematics: momentum that wanes at the upper edge, or at the lower; flat: no momentum at all. */
export type MarketPhase = "uptrend" | "downtrend" | "distribution" | "accumulation" | "flat";

export type MarketPhaseState = {
  count: number;
  oscillator: AwesomeOscillatorState;
  formerOscillator: Lag;
  mean: SmaState;
  /** The last bars, the newest among them, in rings. */
  highs: Float64Array;
  lows: Float64Array;
  close: number;
};

/** Bars before the newest that make the edges, and how far back momentum is compared. */
const EDGE_BARS = 10;
const MEAN_BARS = 20;
const OSCILLATOR = { fast: 5, slow: 34 };
export const PHASE_BARS = OSCILLATOR.slow + EDGE_BARS;

export function createMarketPhase(): MarketPhaseState {
  return {
    count: 0,
    oscillator: createAwesomeOscillator(OSCILLATOR),
    formerOscillator: createLag(EDGE_BARS),
    mean: createSma({ period: MEAN_BARS }),
    highs: new Float64Array(EDGE_BARS + 1),
    lows: new Float64Array(EDGE_BARS + 1),
    close: Number.NaN,
  };
}

export function addMarketPhaseBar(state: MarketPhaseState, bar: IndicatorBar): void {
  addAwesomeOscillator(state.oscillator, bar);
  addLag(state.formerOscillator, state.oscillator.value);
  addSma(state.mean, bar.close);
  const slot = state.count % state.highs.length;
  state.highs[slot] = bar.high;
  state.lows[slot] = bar.low;
  state.close = bar.close;
  state.count += 1;
}

/**
 * The first that holds, from 44 bars on; the edges are those of the ten bars *before* the newest:
 * 1. close above the highest of them and AO > 0: uptrend; below the lowest and AO < 0: downtrend;
 * 2. close above the 75th percentile of their highs, AO > 0 but lower than 10 bars ago: distribution; below the 25th
 *    percentile of their lows, AO < 0 but higher than 10 bars ago: accumulation;
 * 3. AO > 0: uptrend where the close is above its mean of 20, else distribution (momentum is left, price has gone);
 *    AO < 0: downtrend below the mean, else accumulation; AO = 0: flat.
 */
export function marketPhaseOf(state: MarketPhaseState): MarketPhase {
  const { close } = state;
  const momentum = state.oscillator.value;
  const former = state.formerOscillator.value;
  const highs = beforeNewest(state.highs, state.count);
  const lows = beforeNewest(state.lows, state.count);
  if (momentum > 0) {
    if (close > highs[highs.length - 1]) return "uptrend";
    if (close > quantileOf(highs, 0.75) && momentum < former) return "distribution";
    return close > state.mean.value ? "uptrend" : "distribution";
  }
  if (momentum < 0) {
    if (close < lows[0]) return "downtrend";
    if (close < quantileOf(lows, 0.25) && momentum > former) return "accumulation";
    return close < state.mean.value ? "downtrend" : "accumulation";
  }
  return "flat";
}

/** The ring's values without the newest, ascending. */
function beforeNewest(ring: Float64Array, count: number): Float64Array {
  const newest = (count - 1) % ring.length;
  return ring.filter((_, slot) => slot !== newest).sort();
}
