/** How does a closed bar of the session read for an indicator? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";

/** Prices in ticks less `offsetTicks`: with a path's `gapTicks` they lie on the gap-free path. */
export function indicatorBarOf(bar: AnalysisBar, offsetTicks = 0): IndicatorBar {
  return {
    open: bar.openTicks - offsetTicks,
    high: bar.highTicks - offsetTicks,
    low: bar.lowTicks - offsetTicks,
    close: bar.closeTicks - offsetTicks,
    volume: bar.volume,
  };
}
