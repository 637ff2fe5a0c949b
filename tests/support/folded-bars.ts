/** Which longer bars do these bars make? Folded by the clock, by no code of the product. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

/** Bars of `minutes` from shorter ones; the last holds what there is of it. */
export function folded(bars: readonly AnalysisBar[], minutes: number): AnalysisBar[] {
  const length = minutes * MS_PER_MINUTE;
  const groups = Map.groupBy(bars, (bar) => Math.floor(bar.openMs / length));
  return [...groups.values()].map((group) => ({
    ...group[0],
    openMs: Math.floor(group[0].openMs / length) * length,
    endMs: (Math.floor(group[0].openMs / length) + 1) * length,
    highTicks: Math.max(...group.map((bar) => bar.highTicks)),
    lowTicks: Math.min(...group.map((bar) => bar.lowTicks)),
    closeTicks: group[group.length - 1].closeTicks,
    volume: group.reduce((sum, bar) => sum + bar.volume, 0),
  }));
}
