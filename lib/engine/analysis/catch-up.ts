/** Which closed bars has an analysis not taken yet? The same walk live, after a start and over history. */
import { type BarSeries, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVALS, windowEndMs } from "#lib/bars/interval.ts";
import type { ContractState } from "../state.ts";

/** Position of "1m" among the kept intervals: seconds are not analysed. */
export const FIRST_ANALYSED = 1;

/** How far each kept interval was taken, and what is next there. A plain record of the state. */
export type Walk = {
  /** Open of the newest bar taken; −Infinity: none yet. */
  takenMs: Float64Array;
  /** Open and end of the bar behind it, as last looked up: the end of a trade date is dear. */
  nextMs: Float64Array;
  nextEndMs: Float64Array;
};

export function createWalk(): Walk {
  const intervals = KEPT_INTERVALS.length;
  return {
    takenMs: new Float64Array(intervals).fill(Number.NEGATIVE_INFINITY),
    nextMs: new Float64Array(intervals).fill(Number.NEGATIVE_INFINITY),
    nextEndMs: new Float64Array(intervals),
  };
}

/** A closed bar: row `row` of kept series `kept`, ends at `endMs`; `formerMs`: open of the one before it. */
export type DueBar = { kept: number; row: number; endMs: number; formerMs: number };

export function createDueBar(): DueBar {
  return { kept: 0, row: 0, endMs: 0, formerMs: Number.NEGATIVE_INFINITY };
}

/**
 * Takes the next closed bar in order of its end, shorter intervals first: 10:04 of 1m, then 10:00 of 5m, then 10:05 of
 * 1m. False where all were taken. The order depends on the bars alone, so a rebuild takes what live took.
 */
export function takeDueBar(contract: ContractState, walk: Walk, out: DueBar): boolean {
  out.endMs = Number.POSITIVE_INFINITY;
  for (let kept = FIRST_ANALYSED; kept < contract.series.length; kept += 1) {
    const series = contract.series[kept];
    const last = series.length - 1;
    if (last < 0 || series.openMs[last] <= walk.takenMs[kept]) continue;
    const row = rowBehind(series, walk.takenMs[kept]);
    const endMs = endOf(contract, walk, kept, series.openMs[row]);
    if (endMs >= out.endMs) continue;
    out.kept = kept;
    out.row = row;
    out.endMs = endMs;
    out.formerMs = row > 0 ? series.openMs[row - 1] : Number.NEGATIVE_INFINITY;
  }
  if (out.endMs === Number.POSITIVE_INFINITY) return false;
  walk.takenMs[out.kept] = contract.series[out.kept].openMs[out.row];
  return true;
}

function endOf(contract: ContractState, walk: Walk, kept: number, openMs: number): number {
  if (walk.nextMs[kept] !== openMs) {
    walk.nextMs[kept] = openMs;
    walk.nextEndMs[kept] = windowEndMs(contract.calendar, contract.day, kept, openMs);
  }
  return walk.nextEndMs[kept];
}

/** Live the bar that is due is the newest: looked at first. */
function rowBehind(series: BarSeries, takenMs: number): number {
  const last = series.length - 1;
  if (last === 0 || series.openMs[last - 1] <= takenMs) return last;
  return rowAtOrAfter(series, takenMs + 1);
}
