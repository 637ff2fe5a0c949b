/** How far do the market's legs run, up against down, in session ATRs? */
import { medianOf, rankOf } from "#lib/math/quantiles.ts";

/** A leg: the stretch in which closes stay on one side of the average. */
export type LegsState = {
  /** 1: above the average, −1: below, 0: not known yet. */
  side: number;
  /** The path (in ATRs) where the leg began, and at its furthest; bars of the leg. */
  startAtr: number;
  furthestAtr: number;
  bars: number;
  /** The first leg was not seen from its beginning: it is not counted. */
  isFirst: boolean;
  /** Sizes of the last completed legs, in rings; how many there ever were. */
  up: Float64Array;
  down: Float64Array;
  upCount: number;
  downCount: number;
};

export type LegSide = { medianAtr: number; maxAtr: number; n: number };
export type LegStrength = "very weak" | "weak" | "moderate" | "strong" | "very strong";

export type CurrentLeg = {
  /** None: no close has left the average yet. */
  direction: "up" | "down" | "none";
  /** The furthest it got from where it began. */
  sizeAtr: number;
  bars: number;
};

export type LegStatistics =
  | { status: "not-enough-legs"; up: number; down: number; need: number }
  | {
      status: "ready";
      up: LegSide;
      down: LegSide;
      /** Median leg up ÷ median leg down. */
      ratio: number;
      /** (up − down) ÷ (up + down) of the medians, −1 to 1. */
      dominance: number;
      bias: "bullish" | "bearish" | "neutral";
      /** The running leg among the completed ones of its direction, 0 to 1, and ÷ their median. */
      currentPercentile: number;
      currentRatio: number;
      strength: LegStrength;
    };

/** Completed legs of each direction that are remembered: some five sessions of 5-minute bars. */
const LEGS_MAX = 100;
/** Fewer of either direction give no median worth a word. */
const LEGS_MIN = 8;
const NEUTRAL_DOMINANCE = 0.05;

export function createLegs(): LegsState {
  const rings = { up: new Float64Array(LEGS_MAX), down: new Float64Array(LEGS_MAX), upCount: 0, downCount: 0 };
  return { side: 0, startAtr: 0, furthestAtr: 0, bars: 0, isFirst: true, ...rings };
}

/**
 * Takes the path in ATRs before and after the newest bar, and on which side of the average it closed (0: on it, which
 * changes nothing). A crossing ends the leg and begins the next where the path stood before the bar.
 */
export function addToLegs(legs: LegsState, bar: { beforeAtr: number; afterAtr: number; side: number }): void {
  const { beforeAtr, afterAtr, side } = bar;
  if (side !== 0 && side !== legs.side) beginLeg(legs, side, beforeAtr);
  legs.bars += 1;
  if (legs.side * (afterAtr - legs.furthestAtr) > 0) legs.furthestAtr = afterAtr;
}

function beginLeg(legs: LegsState, side: number, startAtr: number): void {
  if (legs.side !== 0 && !legs.isFirst) {
    const size = Math.abs(legs.furthestAtr - legs.startAtr);
    if (legs.side > 0) legs.up[legs.upCount++ % LEGS_MAX] = size;
    else legs.down[legs.downCount++ % LEGS_MAX] = size;
  }
  legs.isFirst = legs.side === 0;
  legs.side = side;
  legs.startAtr = startAtr;
  legs.furthestAtr = startAtr;
  legs.bars = 0;
}

export function currentLegOf(legs: LegsState): CurrentLeg {
  const sizeAtr = Math.abs(legs.furthestAtr - legs.startAtr);
  return { direction: legs.side > 0 ? "up" : legs.side < 0 ? "down" : "none", sizeAtr, bars: legs.bars };
}

/**
 * Medians, because one runaway leg would carry a mean. Legs up 1, 2, 6 and down 1, 1, 2 (were three enough): medians
 * 2 and 1, ratio 2, dominance (2 − 1) ÷ 3 = 0.33, bullish; a running leg up of 3 is 1.5 × the median: moderate.
 */
export function legStatisticsOf(legs: LegsState): LegStatistics {
  const [up, down] = [sideOf(legs.up, legs.upCount), sideOf(legs.down, legs.downCount)];
  if (up.n < LEGS_MIN || down.n < LEGS_MIN) {
    return { status: "not-enough-legs", up: up.n, down: down.n, need: LEGS_MIN };
  }
  const dominance = (up.medianAtr - down.medianAtr) / (up.medianAtr + down.medianAtr);
  const { direction, sizeAtr } = currentLegOf(legs);
  const [same, median] =
    direction === "up" ? [legs.up.subarray(0, up.n), up.medianAtr] : [legs.down.subarray(0, down.n), down.medianAtr];
  const currentRatio = sizeAtr / median;
  return {
    status: "ready",
    up,
    down,
    ratio: up.medianAtr / down.medianAtr,
    dominance,
    bias: dominance > NEUTRAL_DOMINANCE ? "bullish" : dominance < -NEUTRAL_DOMINANCE ? "bearish" : "neutral",
    currentPercentile: rankOf(same, sizeAtr),
    currentRatio,
    strength: strengthOf(currentRatio),
  };
}

function sideOf(ring: Float64Array, count: number): LegSide {
  const n = Math.min(count, LEGS_MAX);
  const sizes = ring.subarray(0, n);
  return { medianAtr: medianOf(sizes), maxAtr: n === 0 ? Number.NaN : Math.max(...sizes), n };
}

/** A leg against the median one of its direction: above 2 very strong, 1.5 strong, 1 moderate, 0.5 weak. */
export function strengthOf(ratio: number): LegStrength {
  if (ratio > 2) return "very strong";
  if (ratio > 1.5) return "strong";
  if (ratio > 1) return "moderate";
  return ratio > 0.5 ? "weak" : "very weak";
}
