/** What does the regime say of its newest bar? Both axes, whose probabilities they are, and why. */
import { barsUntilConfirmed, type Direction, type Probabilities } from "#lib/analysis/regime/direction.ts";
import { type ContestScore, contestScoreOf } from "#lib/analysis/regime/forecast-contest.ts";
import type { RegimeState } from "#lib/analysis/regime/regime.ts";
import type { VolatilityRegime } from "#lib/analysis/regime/regime-history.ts";
import { regimeReasons } from "#lib/analysis/regime/regime-reasons.ts";
import { RULES_BARS, type TrendEvidence, trendEvidenceOf } from "#lib/analysis/regime/trend-rules.ts";
import type { ClockVolatility, VolatilityLevel } from "#lib/analysis/volatility.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";

/** Unknown with null until the clock baseline stands; `n` sessions behind the percentile. */
export type VolatilityAxis = { label: VolatilityRegime; percentile: number | null; n: number };

export type DirectionAxis = {
  label: Direction;
  probabilities: Probabilities;
  /** The highest of the probabilities. */
  confidence: number;
  /** Bars that the label has held, and the end of the first of them. */
  bars: number;
  sinceMs: number;
  candidate: Direction;
  barsUntilConfirmed: number;
};

export type HmmReading =
  | { status: "none"; why: string }
  | { status: "fitted"; probabilities: Probabilities; fittedThroughMs: number; n: number };

export type RegimeParts = {
  direction: DirectionAxis;
  volatility: VolatilityAxis;
  /** Whose probabilities are shown. */
  method: "rules" | "hmm";
  evidence: TrendEvidence;
  hmm: HmmReading;
  contest: ContestScore;
};

/** `n`: bars that the shown probabilities stand on. */
export type Regime = { atMs: number; n: number; reasons: string[] } & (Warming | ({ status: "ready" } & RegimeParts));

export function regimeOf(state: RegimeState): Regime {
  const { atMs, path, decided, fit, direction, probabilities } = state;
  if (path.count < RULES_BARS) {
    return { atMs, n: 0, reasons: [`${path.count} of ${RULES_BARS} bars seen`], ...warming(path.count, RULES_BARS) };
  }
  const hmm = hmmProbabilitiesOf(state);
  const isHmm = hmm !== null && state.isHmmShown;
  const { label, bars, sinceMs, candidate } = direction;
  const parts: RegimeParts = {
    direction: {
      label,
      probabilities: { ...probabilities },
      confidence: Math.max(probabilities.up, probabilities.down, probabilities.range),
      bars,
      sinceMs,
      candidate,
      barsUntilConfirmed: barsUntilConfirmed(direction),
    },
    volatility: { ...state.volatility },
    method: isHmm ? "hmm" : "rules",
    evidence: trendEvidenceOf(state.rules),
    hmm:
      hmm === null || fit === null
        ? { status: "none", why: decided?.refused ?? "not fitted before the first roll to a trade date" }
        : { status: "fitted", probabilities: hmm, fittedThroughMs: fit.fittedThroughMs, n: fit.n },
    contest: contestScoreOf(state.contest),
  };
  return {
    atMs,
    n: isHmm && fit !== null ? fit.n : RULES_BARS,
    reasons: regimeReasons(parts),
    status: "ready",
    ...parts,
  };
}

/** The filtered shares by name; null without a fit. */
export function hmmProbabilitiesOf({ fit, shares }: RegimeState): Probabilities | null {
  return fit === null ? null : { down: shares[0], range: shares[1], up: shares[2] };
}

const AXIS: Record<VolatilityLevel, VolatilityRegime> = {
  "very-low": "low",
  low: "low",
  normal: "normal",
  high: "high",
  "very-high": "high",
};

/** The five levels in three: very low is low, very high is high. */
export function volatilityAxisOf(volatility: ClockVolatility): VolatilityAxis {
  if (volatility.status === "warming" || volatility.sameClock.status === "warming") {
    return { label: "unknown", percentile: null, n: volatility.n };
  }
  const { level, percentile, n } = volatility.sameClock;
  return { label: AXIS[level], percentile, n };
}
