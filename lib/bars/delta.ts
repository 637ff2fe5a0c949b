/** What is a bar's delta, and who says so? Bought − sold where sides are known, else an estimate. */
import { MS_PER_MINUTE } from "#lib/units.ts";
import { type BarSeries, DELTA_SOURCE, rowAtOrAfter, rowCount } from "./bar-series.ts";
import { estimateDelta } from "./estimate-delta.ts";

/** `contracts` bought minus sold; `source` is one of DELTA_SOURCE, the worst in it; none: nothing was traded. */
export type Delta = { contracts: number; source: number };

/** The shortest stop of trading is a quarter of an hour. */
const STOP_MS_MIN = 15 * MS_PER_MINUTE;

/** Delta of one row by itself, in parts of contracts where it is estimated. */
export function rowDelta(series: BarSeries, row: number): Delta {
  const volume = series.volume[row];
  const source = series.deltaSource[row];
  if (source !== DELTA_SOURCE.none || volume === 0) {
    return { contracts: series.buyVolume[row] - series.sellVolume[row], source };
  }
  const bar = {
    openTicks: series.openTicks[row],
    highTicks: series.highTicks[row],
    lowTicks: series.lowTicks[row],
    closeTicks: series.closeTicks[row],
    volume,
  };
  return { contracts: estimateDelta(bar, formerCloseTicks(series, row)), source: DELTA_SOURCE.estimate };
}

/** Close of the bar before; NaN where a stop of trading may lie between, and so for every bar of more than that. */
function formerCloseTicks(series: BarSeries, row: number): number {
  const isNear = row > 0 && series.openMs[row] - series.openMs[row - 1] <= STOP_MS_MIN;
  return isNear ? series.closeTicks[row - 1] : Number.NaN;
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
