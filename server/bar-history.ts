/** Which bars has a contract had? Reads the closed columns, folds what is not kept, and answers in points. */
import {
  type BarSeries,
  createBarSeries,
  DELTA_SOURCE,
  MADE_OF,
  rowAtOrAfter,
  rowCount,
} from "#lib/bars/bar-series.ts";
import { type Delta, deltaOfParts, rowDelta } from "#lib/bars/delta.ts";
import { foldBase, foldRows } from "#lib/bars/fold.ts";
import { KEPT_INTERVAL_MS, KEPT_INTERVALS } from "#lib/bars/interval.ts";
import { createWindows, intervalLengthMs } from "#lib/bars/windows.ts";
import type { ContractState } from "#lib/engine/state.ts";
import { MS_PER_MINUTE, pointsFromTicks } from "#lib/units.ts";
import type { BarTuple } from "#lib/wire/stream.ts";
import type { Hours, TimeInterval } from "#lib/wire/topic.ts";

export type BarQuery = {
  interval: TimeInterval;
  hours: Hours;
  /** Bars that open in [fromMs, toMs). */
  fromMs: number;
  toMs: number;
  /** The newest so many of them. */
  limit: number;
};

/** `why` says why there is nothing; `next` is where the next older page ends, null at the beginning. */
export type BarPage = { bars: BarTuple[]; next: number | null; why: string | null };

const KEPT_NAMES: readonly string[] = KEPT_INTERVALS;

/** Most minutes of trading in a day or week: bounds how many base rows one folded bar can need. */
const DAY_MINUTES = 24 * 60;

/**
 * Bars of a contract, oldest first, the forming one last. `nowMs` is the engine's clock: a folded bar whose end lies
 * ahead of it still forms. The closed columns are the engine's own, read and never copied.
 */
export function barPage(contract: ContractState, query: BarQuery, nowMs: number): BarPage {
  if (query.interval === "1s" && contract.series[0].length === 0 && !contract.series[0].isForming) {
    return empty("no trades in this source, and so no second bars");
  }
  const kept = query.hours === "eth" ? KEPT_NAMES.indexOf(query.interval) : -1;
  if (kept >= 0 && rowCount(contract.series[kept]) > 0) return pageOf(contract, contract.series[kept], query);
  const base = foldBase(contract.series, query.interval, query.hours);
  if (base < 0) return empty(whyEmpty(contract));
  return foldedPage(contract, base, query, nowMs);
}

function empty(why: string): BarPage {
  return { bars: [], next: null, why };
}

function whyEmpty(contract: ContractState): string {
  const shortest = contract.series.find((series) => rowCount(series) > 0);
  if (shortest === undefined) return `nothing of ${contract.symbol} has been received yet`;
  return `no bars of this interval in this source: its shortest are ${shortest.interval}`;
}

function pageOf(contract: ContractState, series: BarSeries, query: BarQuery): BarPage {
  const end = rowAtOrAfter(series, query.toMs);
  const first = Math.max(rowAtOrAfter(series, query.fromMs), end - query.limit);
  const bars: BarTuple[] = [];
  for (let row = first; row < end; row++) bars.push(keptTuple(contract, series, row));
  const hasOlder = first > 0 && series.openMs[first - 1] >= query.fromMs;
  return {
    bars,
    next: hasOlder && bars.length > 0 ? bars[0][0] : null,
    why: bars.length === 0 ? "no bars there" : null,
  };
}

function foldedPage(contract: ContractState, kept: number, query: BarQuery, nowMs: number): BarPage {
  const base = contract.series[kept];
  const windows = createWindows(query.interval, query.hours, contract.root, contract.calendar);
  const endRow = rowAtOrAfter(base, query.toMs);
  const oldestRow = rowAtOrAfter(base, query.fromMs);
  const toRow = wholeWindowEnd(base, endRow, query, windows);
  let span = (query.limit + 1) * rowsOfBar(query.interval, kept);
  let folded: BarSeries = createBarSeries("folded");
  // Nights between regular hours hold rows that make no bar: go back further until there are enough. One bar more than
  // asked for, because the first may be made of its second half.
  for (let startRow = endRow + 1; folded.length <= query.limit && startRow > oldestRow; span *= 4) {
    startRow = Math.max(oldestRow, endRow - span);
    folded = foldRows(base, { fromRow: startRow, toRow }, windows);
  }
  const first = Math.max(0, rowAtOrAfter(folded, query.fromMs), folded.length - query.limit);
  const bars: BarTuple[] = [];
  for (let row = first; row < folded.length; row++) {
    if (folded.openMs[row] >= query.toMs) break;
    const endMs = windows.endMs(folded.openMs[row]);
    bars.push(barTuple(contract, folded, row, { isClosed: endMs <= nowMs, untilMs: endMs }));
  }
  const hasOlder = bars.length > 0 && base.length > 0 && base.openMs[0] < bars[0][0] && bars[0][0] > query.fromMs;
  return { bars, next: hasOlder ? bars[0][0] : null, why: bars.length === 0 ? "no bars there" : null };
}

/** How many base rows one bar can hold at most. */
function rowsOfBar(interval: TimeInterval, kept: number): number {
  const keptMs = KEPT_INTERVAL_MS[kept];
  const lengthMs = intervalLengthMs(interval);
  if (lengthMs !== null) return Math.max(1, Math.ceil(lengthMs / keptMs));
  const perDay = keptMs === 0 ? 1 : Math.ceil((DAY_MINUTES * MS_PER_MINUTE) / keptMs);
  return interval === "1w" ? perDay * 7 : perDay;
}

/** On to the end of the window that `toMs` cuts, so that no bar is made of its first half. */
function wholeWindowEnd(
  base: BarSeries,
  endRow: number,
  query: BarQuery,
  windows: { openMs(ms: number): number | null; endMs(openMs: number): number },
): number {
  if (endRow === 0 || endRow >= rowCount(base)) return endRow;
  const openMs = windows.openMs(base.openMs[endRow - 1]);
  if (openMs === null || openMs >= query.toMs) return endRow;
  return rowAtOrAfter(base, windows.endMs(openMs));
}

/** One row of a series without holes: a bar lasts until the next one opens. */
export function keptTuple(contract: ContractState, series: BarSeries, row: number): BarTuple {
  const untilMs = row + 1 < rowCount(series) ? series.openMs[row + 1] : Number.POSITIVE_INFINITY;
  return barTuple(contract, series, row, { isClosed: row < series.length, untilMs });
}

/**
 * The delta of a bar that ends before `untilMs`. Where no side is known of it, or of a part, it is estimated from the
 * finest bars that are kept for ever; second bars are not.
 */
export function barDelta(contract: ContractState, series: BarSeries, row: number, untilMs: number): Delta {
  const own = rowDelta(series, row);
  const isKnown = own.source !== DELTA_SOURCE.estimate && (series.madeOf[row] & MADE_OF.vendorBars) === 0;
  if (isKnown || series === contract.series[0]) return own;
  const span = { fromMs: series.openMs[row], untilMs, volume: series.volume[row] };
  return deltaOfParts(contract.series.slice(1), span) ?? own;
}

type BarEnd = { isClosed: boolean; untilMs: number };

/** One row as the wire says it. */
function barTuple(contract: ContractState, series: BarSeries, row: number, { isClosed, untilMs }: BarEnd): BarTuple {
  const { tickSize } = contract;
  const volume = series.volume[row];
  const vwapTicks = series.vwapSum[row] / volume;
  const delta = barDelta(contract, series, row, untilMs);
  return [
    series.openMs[row],
    pointsFromTicks(series.openTicks[row], tickSize),
    pointsFromTicks(series.highTicks[row], tickSize),
    pointsFromTicks(series.lowTicks[row], tickSize),
    pointsFromTicks(series.closeTicks[row], tickSize),
    volume,
    series.buyVolume[row],
    series.sellVolume[row],
    series.trades[row],
    Number.isFinite(vwapTicks) ? pointsFromTicks(vwapTicks, tickSize) : null,
    series.revision[row],
    isClosed ? 1 : 0,
    Math.round(delta.contracts),
    delta.source,
  ];
}
