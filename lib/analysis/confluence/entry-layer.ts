/** Does the lower timeframe lean the same way, and has it just given a trigger on a closed bar? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type CandleSide, candleSideOf } from "#lib/analysis/candle.ts";
import { type Lean, leanOf } from "#lib/analysis/confluence/layer.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { addRsi, createRsi, type RsiState } from "#lib/indicators/rsi.ts";
import { addSma, createSma, type SmaState } from "#lib/indicators/sma.ts";

export type EntryLayerState = {
  fast: EmaState;
  slow: EmaState;
  rsi: RsiState;
  usualVolume: SmaState;
  /** 1: fast above slow, −1: below, 0: neither yet; and bars since that changed. */
  side: number;
  sideBars: number;
  prior: IndicatorBar | null;
  candle: CandleSide;
  volume: number;
};

export type Entry =
  | Warming
  | {
      status: "ready";
      lean: Lean;
      /** A cross of the last three bars or a candle, on the lean's side, with more volume than usual. */
      isTriggered: boolean;
      candle: CandleSide;
      /** Bars since the averages crossed. */
      crossedAgo: number;
      /** Volume of the newest bar ÷ the mean of the last 20. */
      volumeRatio: number;
      n: number;
    };

const [FAST, SLOW, RSI_BARS, VOLUME_BARS] = [9, 21, 14, 20];
const CROSS_BARS = 3;

export function createEntryLayer(): EntryLayerState {
  return {
    fast: createEma({ period: FAST }),
    slow: createEma({ period: SLOW }),
    rsi: createRsi({ period: RSI_BARS }),
    usualVolume: createSma({ period: VOLUME_BARS }),
    side: 0,
    sideBars: Number.POSITIVE_INFINITY,
    prior: null,
    candle: "none",
    volume: 0,
  };
}

export function addEntryBar(layer: EntryLayerState, bar: AnalysisBar): void {
  addEma(layer.fast, bar.closeTicks);
  addEma(layer.slow, bar.closeTicks);
  addRsi(layer.rsi, bar.closeTicks);
  addSma(layer.usualVolume, bar.volume);
  const candle = indicatorBarOf(bar);
  layer.candle = candleSideOf(candle, bar.isAfterBreak ? null : layer.prior);
  layer.prior = candle;
  layer.volume = bar.volume;
  const spread = layer.fast.value - layer.slow.value;
  if (Number.isNaN(spread)) return;
  const side = spread === 0 ? layer.side : Math.sign(spread);
  layer.sideBars = side === layer.side ? layer.sideBars + 1 : layer.side === 0 ? Number.POSITIVE_INFINITY : 0;
  layer.side = side;
}

/**
 * Bullish where EMA 9 > EMA 21 and RSI > 45, bearish where EMA 9 < EMA 21 and RSI < 55, else neutral. Triggered where
 * the averages crossed within the last three bars or the newest candle speaks for that side, on a closed bar with more
 * volume than the mean of 20.
 */
export function entryOf({ slow, rsi, usualVolume, side, sideBars, candle, volume }: EntryLayerState): Entry {
  const n = slow.count;
  if (n < SLOW) return warming(n, SLOW);
  const lean = leanOf((side > 0 && rsi.value > 45) || (side < 0 && rsi.value < 55) ? side : 0);
  const volumeRatio = usualVolume.value > 0 ? volume / usualVolume.value : 0;
  const isOccasion = sideBars < CROSS_BARS || candle === lean;
  const isTriggered = lean !== "neutral" && isOccasion && volumeRatio > 1;
  return { status: "ready", lean, isTriggered, candle, crossedAgo: sideBars, volumeRatio, n };
}
