/** How does a vendor's finished bar enter a series? One source a window: own trades first, never both. */

import type { BarBlock } from "#lib/events/bar-block.ts";
import type { BarReceived } from "#lib/events/market.ts";
import { type BarSeries, DELTA_SOURCE, MADE_OF, rowAt } from "./bar-series.ts";
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
export function blockRow(block: BarBlock, row: number): VendorBar {
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
