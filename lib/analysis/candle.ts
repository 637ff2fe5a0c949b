/** Does the newest candle speak for one side: a hammer, a pin bar, an engulfing body, or the mirror image? */
import type { IndicatorBar } from "#lib/indicators/indicator.ts";

export type CandleSide = "bullish" | "bearish" | "none";

/**
 * Bullish: a hammer (body under 30 % of the range, lower wick over two bodies, upper wick under one), a pin bar (lower
 * wick over 60 % of the range, body and upper wick each under 30 %), or a body up that engulfs the body down before it
 * (`prior` null: behind a session break there is none). Bearish is the mirror image; both at once say nothing.
 * Open 100, high 101, low 90, close 100.5: wick 10 of 11, body 0.5: bullish.
 */
export function candleSideOf(bar: IndicatorBar, prior: IndicatorBar | null): CandleSide {
  const isBullish = speaksUp(bar, prior);
  const isBearish = speaksUp(mirrored(bar), prior === null ? null : mirrored(prior));
  if (isBullish === isBearish) return "none";
  return isBullish ? "bullish" : "bearish";
}

function speaksUp(bar: IndicatorBar, prior: IndicatorBar | null): boolean {
  const range = bar.high - bar.low;
  if (range === 0) return false;
  const body = Math.abs(bar.close - bar.open);
  const lower = Math.min(bar.open, bar.close) - bar.low;
  const upper = bar.high - Math.max(bar.open, bar.close);
  const isHammer = body < 0.3 * range && lower > 2 * body && upper < body;
  const isPin = lower > 0.6 * range && body < 0.3 * range && upper < 0.3 * range;
  return isHammer || isPin || (prior !== null && engulfsUp(bar, prior));
}

/** Open at or below the prior close: without gaps inside a session strictly below would hardly ever be. */
function engulfsUp(bar: IndicatorBar, prior: IndicatorBar): boolean {
  return prior.close < prior.open && bar.close > bar.open && bar.open <= prior.close && bar.close > prior.open;
}

function mirrored({ open, high, low, close, volume }: IndicatorBar): IndicatorBar {
  return { open: -open, high: -low, low: -high, close: -close, volume };
}
