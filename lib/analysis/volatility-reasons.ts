/** In which words is volatility explained? */
import type { VolatilityParts } from "#lib/analysis/volatility.ts";

/** One line a part, with its numbers; what is still missing says how much. */
export function volatilityReasons({ atrTicks, sessionAtrTicks, clusters, sameClock, day }: VolatilityParts): string[] {
  const reasons = [`ATR ${atrTicks.toFixed(1)} ticks, ${sessionAtrTicks.toFixed(1)} without session gaps`];
  if (sameClock.status === "warming") {
    reasons.push(`${sameClock.have} of ${sameClock.need} full sessions seen at this clock time`);
  } else {
    const { percentile, level, usualTicks, n, stopFactor, sizeFactor } = sameClock;
    const above = `above ${Math.round(percentile * 100)} % of ${n} sessions at this clock time`;
    reasons.push(`${level.replace("-", " ")}: ${above} (usual ${usualTicks.toFixed(1)})`);
    reasons.push(`same risk: stop × ${stopFactor.toFixed(2)}, size × ${sizeFactor.toFixed(2)}`);
  }
  if (clusters.status === "warming") reasons.push(`${clusters.have} of ${clusters.need} bars for clusters`);
  else reasons.push(`${clusters.cluster} cluster of the last ${clusters.n} bars`);
  if (day.status === "warming") {
    reasons.push(`${day.have} of ${day.need} trade dates for the day's range`);
  } else {
    const used = `${Math.round(day.usedShare * 100)} % of the day's usual ${day.atrTicks.toFixed(0)} ticks are used`;
    reasons.push(`${used}, ${day.remainingTicks.toFixed(0)} left`);
  }
  return reasons;
}
