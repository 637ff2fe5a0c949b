/** Is there a setup in the middle timeframe: a lean, a pullback to its average, room in RSI, closes that hold? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type Lean, leanOf } from "#lib/analysis/confluence/layer.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { type AtrState, addAtr, createAtr } from "#lib/indicators/atr.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";
import { addRsi, createRsi, type RsiState } from "#lib/indicators/rsi.ts";

export type SetupLayerState = {
  fast: EmaState;
  slow: EmaState;
  atr: AtrState;
  rsi: RsiState;
  /** Closes in a row beyond the fast average: positive above, negative below, 0 on it. */
  holdBars: number;
  /** Bars since a low, and since a high, came near the fast average. */
  lowNearAgo: number;
  highNearAgo: number;
};

export type Setup =
  | Warming
  | {
      status: "ready";
      lean: Lean;
      /** 0.4 for a lean, then what is added; 0 where it is neutral. */
      quality: number;
      isPulledBack: boolean;
      isRsiInRoom: boolean;
      /** Closes in a row beyond the average on the lean's side. */
      holdBars: number;
      n: number;
    };

const [FAST, SLOW, ATR_BARS, RSI_BARS] = [10, 20, 14, 14];
/** Averages nearer than this, in ATRs, lean nowhere. */
const NEUTRAL_SPREAD = 0.1;
/** A pullback: within half an ATR of the average, in one of the last five bars. */
const NEAR = 0.5;
const NEAR_BARS = 5;
const HOLD_BARS = 3;

export function createSetupLayer(): SetupLayerState {
  return {
    fast: createEma({ period: FAST }),
    slow: createEma({ period: SLOW }),
    atr: createAtr({ period: ATR_BARS }),
    rsi: createRsi({ period: RSI_BARS }),
    holdBars: 0,
    lowNearAgo: Number.POSITIVE_INFINITY,
    highNearAgo: Number.POSITIVE_INFINITY,
  };
}

export function addSetupBar(layer: SetupLayerState, bar: AnalysisBar): void {
  addEma(layer.fast, bar.closeTicks);
  addEma(layer.slow, bar.closeTicks);
  addAtr(layer.atr, indicatorBarOf(bar));
  addRsi(layer.rsi, bar.closeTicks);
  const average = layer.fast.value;
  if (Number.isNaN(average)) return;
  layer.holdBars = heldBars(layer.holdBars, Math.sign(bar.closeTicks - average));
  const near = NEAR * layer.atr.value;
  layer.lowNearAgo = Math.abs(bar.lowTicks - average) <= near ? 0 : layer.lowNearAgo + 1;
  layer.highNearAgo = Math.abs(bar.highTicks - average) <= near ? 0 : layer.highNearAgo + 1;
}

/** Closes in a row, counted until the first that is not beyond the average on the same side: 2 and one more up → 3. */
export function heldBars(held: number, side: number): number {
  return Math.sign(held) === side ? held + side : side;
}

/**
 * Bullish where EMA 10 lies a tenth of an ATR above EMA 20, bearish below. Quality = 0.4, + 0.3 for a pullback to EMA
 * 10, + 0.15 for an RSI with room (45–70, short 30–55), + 0.15 for three closes in a row beyond EMA 10.
 */
export function setupOf({ fast, slow, atr, rsi, holdBars, lowNearAgo, highNearAgo }: SetupLayerState): Setup {
  const n = slow.count;
  if (n < SLOW) return warming(n, SLOW);
  const spread = (fast.value - slow.value) / atr.value;
  const side = Math.abs(spread) > NEUTRAL_SPREAD ? Math.sign(spread) : 0;
  const isPulledBack = (side > 0 ? lowNearAgo : highNearAgo) < NEAR_BARS;
  const isRsiInRoom = side > 0 ? rsi.value > 45 && rsi.value < 70 : rsi.value > 30 && rsi.value < 55;
  const held = Math.max(0, side * holdBars);
  const quality = 0.4 + (isPulledBack ? 0.3 : 0) + (isRsiInRoom ? 0.15 : 0) + (held >= HOLD_BARS ? 0.15 : 0);
  if (side === 0) {
    return { status: "ready", lean: "neutral", quality: 0, isPulledBack: false, isRsiInRoom: false, holdBars: 0, n };
  }
  return { status: "ready", lean: leanOf(side), quality, isPulledBack, isRsiInRoom, holdBars: held, n };
}
