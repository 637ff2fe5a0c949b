/** How are longer bars made again from shorter ones, from one moment on? */
import {
  type BarSeries,
  copyRow,
  createBarSeries,
  noteChange,
  reserveRows,
  rowAtOrAfter,
  rowCount,
  sealEdges,
} from "./bar-series.ts";
import { addRow, openBar } from "./time-bars.ts";

/** Window of a bar of the longer interval that holds an instant. */
export type WindowOpen = (ms: number) => number;
export type WindowEnd = (openMs: number) => number;

/**
 * Makes the rows of `longer` from the window that holds `fromMs` on anew from `finer`, its forming bar included. Rows
 * that change get the next revision; a last row whose end lies behind `coveredMs` is left forming. Returns the opens
 * of the rows that existed before and changed.
 */
export function refold(
  finer: BarSeries,
  longer: BarSeries,
  { fromMs, coveredMs }: { fromMs: number; coveredMs: number },
  windowOpen: WindowOpen,
  windowEnd: WindowEnd,
): number[] {
  const startMs = windowOpen(fromMs);
  const first = rowAtOrAfter(longer, startMs);
  const finerRows = rowCount(finer);
  const firstFiner = rowAtOrAfter(finer, startMs);
  const fresh = createBarSeries(longer.interval, finerRows - firstFiner + 1);
  for (let row = firstFiner; row < finerRows; row++) {
    const openMs = windowOpen(finer.openMs[row]);
    const at = fresh.length - 1;
    if (at < 0 || fresh.openMs[at] !== openMs) {
      openBar(fresh, openMs, Number.POSITIVE_INFINITY);
      fresh.length++;
    }
    addRow(fresh, fresh.length - 1, finer, row);
  }
  fresh.isForming = false;
  const changed = splice(longer, first, fresh, (openMs) => windowEnd(openMs) > coveredMs, windowEnd);
  sealEdges(longer, Number.NEGATIVE_INFINITY, coveredMs);
  return changed;
}

/** Replaces the rows from `first` on by those of `fresh`. */
function splice(
  longer: BarSeries,
  first: number,
  fresh: BarSeries,
  isStillForming: (openMs: number) => boolean,
  windowEnd: WindowEnd,
): number[] {
  const changed: number[] = [];
  const rowsBefore = rowCount(longer);
  for (let row = 0; row < fresh.length; row++) {
    const old = findFrom(longer, first, rowsBefore, fresh.openMs[row]);
    fresh.revision[row] = 0;
    if (old < 0) continue;
    const isChanged = !rowsEqual(longer, old, fresh, row);
    fresh.revision[row] = longer.revision[old] + (isChanged ? 1 : 0);
    if (isChanged) changed.push(fresh.openMs[row]);
  }
  noteChange(longer, first);
  reserveRows(longer, first + fresh.length + 1);
  for (let row = 0; row < fresh.length; row++) copyRow(fresh, row, longer, first + row);
  longer.length = first + fresh.length;
  longer.isForming = false;
  longer.formingEndMs = Number.POSITIVE_INFINITY;
  const last = longer.length - 1;
  if (last >= 0 && isStillForming(longer.openMs[last])) {
    longer.length = last;
    longer.isForming = true;
    longer.formingEndMs = windowEnd(longer.openMs[last]);
  }
  return changed;
}

function findFrom(series: BarSeries, first: number, end: number, openMs: number): number {
  for (let low = first, high = end - 1; low <= high; ) {
    const middle = (low + high) >>> 1;
    if (series.openMs[middle] === openMs) return middle;
    if (series.openMs[middle] < openMs) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function rowsEqual(a: BarSeries, rowA: number, b: BarSeries, rowB: number): boolean {
  return (
    a.openTicks[rowA] === b.openTicks[rowB] &&
    a.highTicks[rowA] === b.highTicks[rowB] &&
    a.lowTicks[rowA] === b.lowTicks[rowB] &&
    a.closeTicks[rowA] === b.closeTicks[rowB] &&
    a.volume[rowA] === b.volume[rowB] &&
    a.buyVolume[rowA] === b.buyVolume[rowB] &&
    a.sellVolume[rowA] === b.sellVolume[rowB] &&
    a.trades[rowA] === b.trades[rowB]
  );
}
