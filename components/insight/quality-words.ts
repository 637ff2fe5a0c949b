/** What does the signal quality say? The better side first, and what speaks for and against it. */

import { formatQuantity } from "#lib/format.ts";
import { SETUP_QUALITY_MIN } from "#lib/setup-quality.ts";
import type { InsightParts } from "#lib/wire/insight.ts";

type Quality = InsightParts["quality"];
type Factor = Extract<Quality, { status: "ready" }>["long"]["factors"][number];

export type FactorWords = { name: string; text: string; isFor: boolean };

export type QualityWords =
  | { status: "warming"; text: string }
  | {
      status: "ready";
      /** The side with more points; long where they are equal. */
      side: "long" | "short";
      score: string;
      /** "short 21". */
      other: string;
      /** The plan may trade from here on. */
      isStrong: boolean;
      /** "uncalibrated", and why. */
      calibration: string;
      why: string;
      factors: FactorWords[];
    };

/** A factor that gives less than a third of its points speaks against the side. */
const FOR_SHARE = 1 / 3;

function factorWords({ name, weight, share, reason }: Factor): FactorWords {
  const points = `${Math.round((share ?? 0) * (weight ?? 0))} of ${formatQuantity(weight)}`;
  return { name, text: `${name} ${points}: ${reason}`, isFor: (share ?? 0) >= FOR_SHARE };
}

export function qualityWords(quality: Quality): QualityWords {
  if (quality.status === "warming") {
    return { status: "warming", text: `${formatQuantity(quality.have)} of ${formatQuantity(quality.need)} bars` };
  }
  const long = quality.long.score ?? 0;
  const short = quality.short.score ?? 0;
  const side = short > long ? "short" : "long";
  const otherSide = side === "long" ? "short" : "long";
  const { calibration } = quality;
  return {
    status: "ready",
    side,
    score: String(Math.floor(Math.max(long, short))),
    other: `${otherSide} ${Math.floor(Math.min(long, short))}`,
    isStrong: Math.max(long, short) >= SETUP_QUALITY_MIN,
    calibration: calibration.status,
    why: calibration.reason,
    factors: quality[side].factors.map(factorWords).sort((a, b) => Number(b.isFor) - Number(a.isFor)),
  };
}
