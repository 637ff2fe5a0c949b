/** Which way does the higher timeframe lean, by the order of its averages? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { Lean } from "#lib/analysis/confluence/layer.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { type AtrState, addAtr, createAtr } from "#lib/indicators/atr.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";

export type BiasLayerState = { fast: EmaState; middle: EmaState; slow: EmaState; atr: AtrState; closeTicks: number };

/** Confidence 0 to 1; 0 where it is neutral. */
export type Bias = Warming | { status: "ready"; lean: Lean; confidence: number; n: number };

const [FAST, MIDDLE, SLOW, ATR_BARS] = [10, 20, 50, 14];
/** Averages so many ATRs apart give all that their distance can give. */
const SPREAD_FULL = 2;

export function createBiasLayer(): BiasLayerState {
  return {
    fast: createEma({ period: FAST }),
    middle: createEma({ period: MIDDLE }),
    slow: createEma({ period: SLOW }),
    atr: createAtr({ period: ATR_BARS }),
    closeTicks: Number.NaN,
  };
}

export function addBiasBar(layer: BiasLayerState, bar: AnalysisBar): void {
  addEma(layer.fast, bar.closeTicks);
  addEma(layer.middle, bar.closeTicks);
  addEma(layer.slow, bar.closeTicks);
  addAtr(layer.atr, indicatorBarOf(bar));
  layer.closeTicks = bar.closeTicks;
}

/**
 * Bullish where EMA 10 > 20 > 50, bearish where 10 < 20 < 50. Confidence = 0.7 × (10 to 50 in ATRs, 2 are full) + 0.3
 * where the close is beyond all three: EMAs 110, 105, 100, ATR 10, close 112 → 0.7 × ½ + 0.3 = 0.65.
 */
export function biasOf({ fast, middle, slow, atr, closeTicks }: BiasLayerState): Bias {
  const n = slow.count;
  if (n < SLOW) return warming(n, SLOW);
  const isUp = fast.value > middle.value && middle.value > slow.value;
  const isDown = fast.value < middle.value && middle.value < slow.value;
  if (!isUp && !isDown) return { status: "ready", lean: "neutral", confidence: 0, n };
  const spread = Math.min(1, Math.abs(fast.value - slow.value) / (SPREAD_FULL * atr.value));
  const isBeyond = isUp ? closeTicks > fast.value : closeTicks < fast.value;
  return { status: "ready", lean: isUp ? "bullish" : "bearish", confidence: 0.7 * spread + (isBeyond ? 0.3 : 0), n };
}
