/** What is a bar's delta, and who says so? Bought − sold where sides are known, else an estimate from its shape. */
import { type BarSeries, DELTA_SOURCE, rowAtOrAfter, rowCount } from "./bar-series.ts";

/** `contracts` bought minus sold; `source` is one of DELTA_SOURCE, the worst in it; none: nothing was traded. */
export type Delta = { contracts: number; source: number };

/**
 * Delta of a bar of which no side is known: close location value × volume, as Chaikin's accumulation/distribution line
 * weighs it: ((close − low) − (high − close)) ÷ (high − low) × volume; −volume to +volume, parts of contracts kept.
 * High 110, low 100, close 107.5, volume 40 → 20. A bar of one price → 0.
 */
export function estimateDelta(bar: {
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
}): number {
  const { highTicks, lowTicks, closeTicks, volume } = bar;
  const rangeTicks = highTicks - lowTicks;
  return rangeTicks === 0 ? 0 : ((closeTicks - lowTicks - (highTicks - closeTicks)) / rangeTicks) * volume;
}

/** Delta of one row by itself. */
export function rowDelta(series: BarSeries, row: number): Delta {
  const volume = series.volume[row];
  const source = series.deltaSource[row];
  if (source !== DELTA_SOURCE.none || volume === 0) {
    return { contracts: series.buyVolume[row] - series.sellVolume[row], source };
  }
  const [highTicks, lowTicks, closeTicks] = [series.highTicks[row], series.lowTicks[row], series.closeTicks[row]];
  return { contracts: estimateDelta({ highTicks, lowTicks, closeTicks, volume }), source: DELTA_SOURCE.estimate };
}

/**
 * Delta of the bar [fromMs, untilMs) of so much volume: its parts in the finest of `series` that hold all of it, added
 * up, because the estimate of a long bar says little. `series` go from fine to long; null: none of them holds it whole.
 */
export function deltaOfParts(
  series: readonly BarSeries[],
  { fromMs, untilMs, volume }: { fromMs: number; untilMs: number; volume: number },
): Delta | null {
  for (const finer of series) {
    const end = rowCount(finer);
    const sum: Delta = { contracts: 0, source: DELTA_SOURCE.none };
    let held = 0;
    for (let row = rowAtOrAfter(finer, fromMs); row < end && finer.openMs[row] < untilMs; row++) {
      const { contracts, source } = rowDelta(finer, row);
      sum.contracts += contracts;
      sum.source = Math.max(sum.source, source);
      held += finer.volume[row];
    }
    if (held === volume) return sum;
  }
  return null;
}
