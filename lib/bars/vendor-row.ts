/** How does a vendor's finished bar enter a series? One source a window: own trades first, never both. */

import type { BarBlock } from "#lib/events/bar-block.ts";
import type { BarReceived } from "#lib/events/market.ts";
import {
  type BarSeries,
  DELTA_SOURCE,
  edgeOf,
  MADE_OF,
  moveRows,
  noteChange,
  reserveRows,
  rowAt,
  rowAtOrAfter,
  rowCount,
  sealEdges,
} from "./bar-series.ts";
import { insertableRow } from "./time-bars.ts";

/** A vendor bar by value, as a row is written. */
export type VendorBar = {
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
  buyVolume: number;
  sellVolume: number;
  trades: number;
  /** NaN: the vendor has none. */
  vwapTicks: number;
};

export type RowVerdict = "added" | "amended" | "same" | "own trades";

/** Row `row` of a block as a vendor bar. */
function blockRow(block: BarBlock, row: number): VendorBar {
  return {
    openTicks: block.openTicks[row],
    highTicks: block.highTicks[row],
    lowTicks: block.lowTicks[row],
    closeTicks: block.closeTicks[row],
    volume: block.volume[row],
    buyVolume: block.buyVolume[row],
    sellVolume: block.sellVolume[row],
    trades: block.trades[row],
    vwapTicks: block.vwapTicks[row],
  };
}

export function receivedBar(event: BarReceived): VendorBar {
  return { ...event, vwapTicks: event.vwapTicks ?? Number.NaN };
}

/** Writes a vendor bar over a row, with the sides' source: aggressor where the vendor splits the volume, else none. */
export function writeVendorRow(series: BarSeries, row: number, bar: VendorBar): void {
  noteChange(series, row);
  series.openTicks[row] = bar.openTicks;
  series.highTicks[row] = bar.highTicks;
  series.lowTicks[row] = bar.lowTicks;
  series.closeTicks[row] = bar.closeTicks;
  series.volume[row] = bar.volume;
  series.buyVolume[row] = bar.buyVolume;
  series.sellVolume[row] = bar.sellVolume;
  series.trades[row] = bar.trades;
  series.vwapSum[row] = bar.vwapTicks * bar.volume;
  series.deltaSource[row] = bar.buyVolume + bar.sellVolume > 0 ? DELTA_SOURCE.aggressor : DELTA_SOURCE.none;
  series.madeOf[row] = MADE_OF.vendorBars;
}

/**
 * Puts a vendor bar into its window. A window with own trades keeps them; the same bar again changes nothing; another
 * bar for a known window is an amendment with the next revision.
 */
export function putVendorRow(series: BarSeries, openMs: number, bar: VendorBar): RowVerdict {
  const known = rowAt(series, openMs);
  if (known >= 0 && (series.madeOf[known] & MADE_OF.trades) !== 0) return "own trades";
  if (known >= 0 && isSame(series, known, bar)) return "same";
  const row = known >= 0 ? known : insertableRow(series, openMs);
  writeVendorRow(series, row, bar);
  if (known < 0) return "added";
  series.revision[row] += 1;
  return "amended";
}

export type MergedBlock = { added: number; same: number; ownTrades: number; firstMs: number };

/**
 * Puts the bars of a block, oldest first, into a series. Where the block fills a stretch that holds no row yet, the
 * rows behind it move up once.
 */
export function mergeBlock(series: BarSeries, block: BarBlock, windowOpen: (ms: number) => number): MergedBlock {
  const merged: MergedBlock = { added: 0, same: 0, ownTrades: 0, firstMs: Number.POSITIVE_INFINITY };
  const first = rowAtOrAfter(series, windowOpen(block.openMs[0]));
  const behind = rowAtOrAfter(series, windowOpen(block.openMs[block.count - 1]) + 1);
  if (first === behind) makeRoom(series, first, block.count);
  for (let row = 0; row < block.count; row++) {
    const openMs = windowOpen(block.openMs[row]);
    if (first === behind) writeNewRow(series, first + row, openMs, blockRow(block, row));
    else if (!countVerdict(merged, putVendorRow(series, openMs, blockRow(block, row)))) continue;
    merged.firstMs = Math.min(merged.firstMs, openMs);
  }
  if (first === behind) merged.added = block.count;
  return merged;
}

function countVerdict(merged: MergedBlock, verdict: RowVerdict): boolean {
  if (verdict === "same") merged.same++;
  else if (verdict === "own trades") merged.ownTrades++;
  else merged.added++;
  return verdict === "added" || verdict === "amended";
}

/** Rows from `row` on move up by `count`. */
function makeRoom(series: BarSeries, row: number, count: number): void {
  const rows = rowCount(series);
  noteChange(series, row);
  const edge = edgeOf(series, series.length);
  const [firstMs, lastMs] = [series.edgeMs[edge], series.edgeMs[edge + 1]];
  reserveRows(series, rows + count);
  if (row < rows) moveRows(series, row + count, row, rows);
  series.length += count;
  sealEdges(series, firstMs, lastMs);
}

function writeNewRow(series: BarSeries, row: number, openMs: number, bar: VendorBar): void {
  series.openMs[row] = openMs;
  series.revision[row] = 0;
  writeVendorRow(series, row, bar);
}

function isSame(series: BarSeries, row: number, bar: VendorBar): boolean {
  return (
    series.openTicks[row] === bar.openTicks &&
    series.highTicks[row] === bar.highTicks &&
    series.lowTicks[row] === bar.lowTicks &&
    series.closeTicks[row] === bar.closeTicks &&
    series.volume[row] === bar.volume &&
    series.buyVolume[row] === bar.buyVolume &&
    series.sellVolume[row] === bar.sellVolume
  );
}
