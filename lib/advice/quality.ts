/** How much speaks for a long now, and how much for a short? A score for each side, with its factors. */
import { type VolatilityFit, volatilityFitOf } from "#lib/advice/volatility-fit.ts";
import type { Confluence } from "#lib/analysis/confluence/confluence.ts";
import type { Regime } from "#lib/analysis/regime/regime-reading.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import type { Wave } from "#lib/analysis/wave.ts";

/** What was published for the newest closed bars; nothing else enters, so equal inputs give equal scores. */
export type QualityInput = { volatility: Volatility; wave: Wave; regime: Regime; confluence: Confluence };

export type Side = "long" | "short";
export type FactorName = "direction" | "higher timeframe" | "speed" | "momentum" | "legs" | "candle";

export type QualityFactor = {
  name: FactorName;
  /** Points that the factor can give, and the share of them that it gives. */
  weight: number;
  share: number;
  reason: string;
};

/** `score` 0 to 100 = fit of volatility × Σ weight × share. */
export type SideQuality = { score: number; factors: QualityFactor[] };

/** A score is no probability: one may be named only when past scores were compared with what came of them. */
export type Calibration = { status: "uncalibrated"; reason: string };

/** `n`: scored outcomes behind the calibration. */
export type Quality = { atMs: number; n: number; reasons: string[]; calibration: Calibration } & (
  | Warming
  | { status: "ready"; long: SideQuality; short: SideQuality; volatilityFit: VolatilityFit }
);

type ReadyInput = {
  wave: Extract<Wave, { status: "ready" }>;
  regime: Extract<Regime, { status: "ready" }>;
  confluence: Extract<Confluence, { status: "ready" }>;
};

const UNCALIBRATED: Calibration = { status: "uncalibrated", reason: "no scoreboard yet" };

/** A speed of so many times the usual one gives all that speed can give. */
const FULL_SPEED = 2;
/** A dominance of legs that gives all that legs can give. */
const FULL_DOMINANCE = 0.3;
/** A running leg longer than this share of its kind is stretched: the rest of the way counts down to 0. */
const STRETCHED = 0.8;

/**
 * Every factor is 0 without evidence for its side, so a market that shows nothing scores 0 both ways, however quiet it
 * is; mirrored inputs swap the sides. Weights: direction 25, higher timeframe 20, speed 20, momentum 10, legs 15,
 * candle 10. All full for a long, volatility fit 0.5 → long 50, short 0.
 */
export function qualityOf({ volatility, wave, regime, confluence }: QualityInput): Quality {
  const atMs = Math.max(volatility.atMs, wave.atMs, regime.atMs, confluence.atMs);
  const reading = { atMs, n: 0, calibration: { ...UNCALIBRATED } };
  if (wave.status !== "ready" || regime.status !== "ready" || confluence.status !== "ready") {
    const missing = [wave, regime, confluence].find((part) => part.status === "warming");
    const [have, need] = missing?.status === "warming" ? [missing.have, missing.need] : [0, 0];
    return { ...reading, reasons: missing?.reasons ?? [], ...warming(have, need) };
  }
  const volatilityFit = volatilityFitOf(volatility);
  const input = { wave, regime, confluence };
  const [long, short] = (["long", "short"] as const).map((side) => sideQualityOf(side, input, volatilityFit.share));
  return { ...reading, reasons: reasonsOf(long, short, volatilityFit), status: "ready", long, short, volatilityFit };
}

function sideQualityOf(side: Side, input: ReadyInput, fit: number): SideQuality {
  const sign = side === "long" ? 1 : -1;
  const factors = [
    directionFactor(sign, input.regime),
    higherTimeframeFactor(sign, input.confluence),
    speedFactor(sign, input.wave),
    momentumFactor(sign, input.wave),
    legsFactor(sign, input.wave),
    candleFactor(sign, input.confluence),
  ];
  return { score: fit * factors.reduce((sum, factor) => sum + factor.weight * factor.share, 0), factors };
}

/** A share of 0 to 1. */
function cut(value: number): number {
  return Math.max(0, Math.min(1, value));
}

function directionFactor(sign: number, { direction }: ReadyInput["regime"]): QualityFactor {
  const { up, down } = direction.probabilities;
  const reason = `up ${Math.round(up * 100)} %, down ${Math.round(down * 100)} %`;
  return { name: "direction", weight: 25, share: cut(sign * (up - down)), reason };
}

function higherTimeframeFactor(sign: number, { bias }: ReadyInput["confluence"]): QualityFactor {
  const agrees = bias.lean === (sign > 0 ? "bullish" : "bearish");
  const reason = `${bias.lean}, confidence ${bias.confidence.toFixed(2)}`;
  return { name: "higher timeframe", weight: 20, share: agrees ? cut(bias.confidence) : 0, reason };
}

function speedFactor(sign: number, { relativeSpeed }: ReadyInput["wave"]): QualityFactor {
  const reason = `${relativeSpeed.toFixed(1)} × the usual speed`;
  return { name: "speed", weight: 20, share: cut((sign * relativeSpeed) / FULL_SPEED), reason };
}

const MOMENTUM_SHARES = { accelerating: 1, steady: 0.5, decelerating: 0, flat: 0 } as const;

function momentumFactor(sign: number, { direction, momentum }: ReadyInput["wave"]): QualityFactor {
  const agrees = direction === (sign > 0 ? "up" : "down");
  const reason = direction === "flat" ? "flat" : `${momentum} ${direction}`;
  return { name: "momentum", weight: 10, share: agrees ? MOMENTUM_SHARES[momentum] : 0, reason };
}

function legsFactor(sign: number, { leg, legs }: ReadyInput["wave"]): QualityFactor {
  if (legs.status === "not-enough-legs") return { name: "legs", weight: 15, share: 0, reason: "not enough legs" };
  const isRunning = leg.direction === (sign > 0 ? "up" : "down");
  const room = isRunning ? cut((1 - legs.currentPercentile) / (1 - STRETCHED)) : 1;
  const stretched = room < 1 ? `, running leg longer than ${Math.round(legs.currentPercentile * 100)} %` : "";
  const reason = `dominance ${legs.dominance.toFixed(2)}${stretched}`;
  return { name: "legs", weight: 15, share: cut((sign * legs.dominance) / FULL_DOMINANCE) * room, reason };
}

function candleFactor(sign: number, { entry }: ReadyInput["confluence"]): QualityFactor {
  const agrees = entry.candle === (sign > 0 ? "bullish" : "bearish");
  return { name: "candle", weight: 10, share: Number(agrees), reason: entry.candle };
}

function reasonsOf(long: SideQuality, short: SideQuality, fit: VolatilityFit): string[] {
  const better = long.score >= short.score ? long : short;
  const named = better.factors
    .filter((factor) => factor.share > 0)
    .map(
      (factor) => `${factor.name} +${(factor.weight * factor.share).toFixed(0)} of ${factor.weight}: ${factor.reason}`,
    );
  return [
    `long ${long.score.toFixed(0)}, short ${short.score.toFixed(0)} of 100, ${UNCALIBRATED.status}: ${UNCALIBRATED.reason}`,
    ...named,
    `volatility × ${fit.share.toFixed(2)}: ${fit.reason}`,
  ];
}
