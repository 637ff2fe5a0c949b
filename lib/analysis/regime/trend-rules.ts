/** Does the market trend by the usual rules: how straight is its way, and how far do up and down moves differ? */
import type { Probabilities } from "#lib/analysis/regime/direction.ts";
import { type AdxState, addAdx, createAdx } from "#lib/indicators/adx.ts";
import {
  addEfficiencyRatio,
  createEfficiencyRatio,
  type EfficiencyRatioState,
} from "#lib/indicators/efficiency-ratio.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";

export type TrendRulesState = { adx: AdxState; efficiency: EfficiencyRatioState };

export type TrendEvidence = {
  /** Kaufman's ratio of the last 20 bars, signed by their way: −1 to 1. */
  efficiency: number;
  adx: number;
  /** (+DI − −DI) ÷ (+DI + −DI), −1 to 1. */
  spread: number;
  /** The mean of efficiency and spread, the latter in full only where ADX is 40. */
  score: number;
};

const EFFICIENCY_BARS = 20;
const ADX_BARS = 14;
const ADX_FULL = 40;
/** Bars until ADX stands; efficiency needs fewer. */
export const RULES_BARS = 2 * ADX_BARS;
/**
 * At this score a trend is as probable as a range, and with this slope that turns. Both from planted paths: a random
 * walk passes the score on 13 % of bars; drifts of 0.6 standard deviations a bar are named on 85 % (see the tests).
 */
const TREND_SCORE = 0.38;
const SLOPE = 6;

export function createTrendRules(): TrendRulesState {
  return { adx: createAdx({ period: ADX_BARS }), efficiency: createEfficiencyRatio({ period: EFFICIENCY_BARS }) };
}

/** Takes a bar of the gap-free path. */
export function addTrendRulesBar(state: TrendRulesState, bar: IndicatorBar): void {
  addAdx(state.adx, bar);
  addEfficiencyRatio(state.efficiency, bar.close);
}

/** 20 bars of which each closes higher (efficiency 1), +DI 30, −DI 10, ADX 20: ½ × 1 + ½ × 0.5 × 0.5 = 0.625. */
export function trendEvidenceOf({ adx, efficiency }: TrendRulesState): TrendEvidence {
  const way = Math.sign(efficiency.newest - efficiency.start.value);
  const moves = adx.plusDi + adx.minusDi;
  const spread = moves === 0 ? 0 : (adx.plusDi - adx.minusDi) / moves;
  const signed = way * efficiency.value;
  const score = 0.5 * signed + 0.5 * spread * Math.min(1, adx.adx / ADX_FULL);
  return { efficiency: signed, adx: adx.adx, spread, score };
}

/**
 * Softmax of SLOPE × (score − 0.38) for up, SLOPE × (−score − 0.38) for down, and 0 for range. Score 0.38: up 0.497,
 * range 0.497, down 0.005; score 0: range 0.83.
 */
export function ruleProbabilitiesOf(score: number): Probabilities {
  const up = Math.exp(SLOPE * (score - TREND_SCORE));
  const down = Math.exp(SLOPE * (-score - TREND_SCORE));
  const sum = up + down + 1;
  return { up: up / sum, down: down / sum, range: 1 / sum };
}
