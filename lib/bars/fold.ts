/** How are bars of an interval that nobody keeps made from those that are kept? */
import { type BarSeries, createBarSeries } from "./bar-series.ts";
import { KEPT_INTERVAL_MS, KEPT_INTERVALS } from "./interval.ts";
import { addRow, openBar } from "./time-bars.ts";
import { intervalLengthMs, type Windows } from "./windows.ts";

/** RTH opens lie on five minutes (SI 07:25 CT), so longer kept bars may straddle them. */
const RTH_BASE_MAX = KEPT_INTERVALS.indexOf("5m");

/**
 * Position of the kept series that an interval is folded from: the longest that has rows and divides it; −1: none.
 * 10m → 5m; 4h → 1h; 1w → 1d; 2m where only 5m bars came → −1.
 */
export function foldBase(series: readonly BarSeries[], interval: string, hours: "eth" | "rth"): number {
  const lengthMs = intervalLengthMs(interval);
  const longest = hours === "rth" ? RTH_BASE_MAX : KEPT_INTERVALS.length - 1;
  for (let kept = longest; kept >= 0; kept--) {
    const isEmpty = series[kept].length === 0 && !series[kept].isForming;
    const keptMs = KEPT_INTERVAL_MS[kept];
    if (isEmpty) continue;
    if (
      lengthMs === null ? keptMs > 0 || interval === "1w" || hours === "eth" : keptMs > 0 && lengthMs % keptMs === 0
    ) {
      return kept;
    }
  }
  return -1;
}

/**
 * Folds rows [fromRow, toRow) of `base` into bars of `windows`; rows outside the hours are left out. Every row of the
 * result is closed; the caller knows the time and so which one still forms.
 */
export function foldRows(base: BarSeries, range: { fromRow: number; toRow: number }, windows: Windows): BarSeries {
  const folded = createBarSeries("folded");
  for (let row = range.fromRow; row < range.toRow; row++) {
    const openMs = windows.openMs(base.openMs[row]);
    if (openMs === null) continue;
    if (folded.length === 0 || folded.openMs[folded.length - 1] !== openMs) {
      openBar(folded, openMs, Number.POSITIVE_INFINITY);
      folded.length++;
    }
    addRow(folded, folded.length - 1, base, row);
  }
  folded.isForming = false;
  folded.formingEndMs = Number.POSITIVE_INFINITY;
  return folded;
}
