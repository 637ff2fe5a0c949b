/** Is this volatility one to trade in: neither asleep nor wild for the time of the day? */
import type { Volatility } from "#lib/analysis/volatility.ts";

/** What a score keeps: 1 all of it. */
export type VolatilityFit = { share: number; reason: string };

/** Percentiles between which nothing is taken away; below and above a line runs to what is left at 0 and at 1. */
const [CALM, WILD] = [0.2, 0.7];
const [SHARE_ASLEEP, SHARE_WILDEST] = [0.5, 0.4];

/** Percentile 0 → 0.5, 0.1 → 0.75, 0.2 to 0.7 → 1, 0.85 → 0.7, 1 → 0.4; not known yet → 1, and said so. */
export function volatilityFitOf(volatility: Volatility): VolatilityFit {
  if (volatility.status === "warming" || volatility.sameClock.status === "warming") {
    return { share: 1, reason: "not known yet at this clock time" };
  }
  const { percentile, level } = volatility.sameClock;
  const reason = `${level.replace("-", " ")}, above ${Math.round(percentile * 100)} % at this clock time`;
  if (percentile < CALM) return { share: SHARE_ASLEEP + ((1 - SHARE_ASLEEP) * percentile) / CALM, reason };
  if (percentile <= WILD) return { share: 1, reason };
  return { share: 1 - ((1 - SHARE_WILDEST) * (percentile - WILD)) / (1 - WILD), reason };
}
