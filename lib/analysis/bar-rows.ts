/** At which prices did a bar trade whose trades we have not? By its volume at price, else spread: an estimate. */
import { type BarSeries, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { SIDE, type Side } from "#lib/bars/time-bars.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { type ByteCursor, readLeb128 } from "./leb128.ts";
import { addVolume, clearRows, PRICE_ROWS_MAX, type PriceRows } from "./price-rows.ts";

/** What of a bar says where its volume may lie. */
export type BarVolume = {
  lowTicks: number;
  highTicks: number;
  volume: number;
  buyVolume: number;
  sellVolume: number;
};

/**
 * Spreads each side of a bar evenly over its rows, to the contract, and counts it as estimated. A bar of one price is
 * one row and exact. 5 contracts over 10 … 12 → 1, 2, 2. A bar wider than PRICE_ROWS_MAX counts as outside.
 */
export function spreadBar(rows: PriceRows, bar: BarVolume): void {
  const count = bar.highTicks - bar.lowTicks + 1;
  if (count > PRICE_ROWS_MAX) {
    rows.outsideVolume += bar.volume;
    return;
  }
  const before = rows.volume;
  spreadSide(rows, bar.lowTicks, count, SIDE.buy, bar.buyVolume);
  spreadSide(rows, bar.lowTicks, count, SIDE.sell, bar.sellVolume);
  spreadSide(rows, bar.lowTicks, count, SIDE.unsigned, bar.volume - bar.buyVolume - bar.sellVolume);
  if (count > 1) rows.estimatedVolume += Math.max(0, rows.volume - before);
}

/**
 * The rows that hold all of a bar's volume: those of its trades where these are all of it, else `spread`, emptied and
 * filled with the bar (its minute began before us, a vendor's bar stands for a gap, a price found no row).
 */
export function wholeRows(traded: PriceRows, spread: PriceRows, bar: BarVolume): PriceRows {
  if (traded.volume === bar.volume) return traded;
  clearRows(spread);
  spreadBar(spread, bar);
  return spread;
}

function spreadSide(rows: PriceRows, lowTicks: number, count: number, side: Side, volume: number): void {
  let given = 0;
  for (let row = 0; row < count && given < volume; row++) {
    const upTo = Math.floor(((row + 1) * volume) / count);
    addVolume(rows, lowTicks + row, side, upTo - given);
    given = upTo;
  }
}

/**
 * Adds the totals that a vendor gave for each tick row of a bar, low to high, from the cursor on (see `volumeAtPrice`
 * in events/bar-block.ts), and moves it behind the bar; the vendor names no side.
 */
export function addVolumeAtPrice(
  rows: PriceRows,
  bar: Pick<BarVolume, "lowTicks" | "highTicks">,
  cursor: ByteCursor,
): void {
  const before = rows.volume;
  for (let price = bar.lowTicks; price <= bar.highTicks; price++) {
    addVolume(rows, price, SIDE.unsigned, readLeb128(cursor));
  }
  rows.pricedVolume += Math.max(0, rows.volume - before);
}

/** Bars that open in [fromMs, toMs): a fixed range. */
export type BarRange = { fromMs: number; toMs: number };

/** Adds the closed bars of a range, each spread over its rows. */
export function addSeriesRange(rows: PriceRows, series: BarSeries, { fromMs, toMs }: BarRange): void {
  for (let row = rowAtOrAfter(series, fromMs); row < series.length && series.openMs[row] < toMs; row++) {
    spreadBar(rows, {
      lowTicks: series.lowTicks[row],
      highTicks: series.highTicks[row],
      volume: series.volume[row],
      buyVolume: series.buyVolume[row],
      sellVolume: series.sellVolume[row],
    });
  }
}

/** Adds the bars of a block that open in a range: at their prices where the block has them, else spread. */
export function addBlockRange(rows: PriceRows, block: BarBlock, { fromMs, toMs }: BarRange): void {
  const cursor = { bytes: block.volumeAtPrice, at: 0 };
  for (let row = 0; row < block.count; row++) {
    const bar = {
      lowTicks: block.lowTicks[row],
      highTicks: block.highTicks[row],
      volume: block.volume[row],
      buyVolume: block.buyVolume[row],
      sellVolume: block.sellVolume[row],
    };
    const isInside = block.openMs[row] >= fromMs && block.openMs[row] < toMs;
    if (cursor.bytes.length > 0 && isInside) addVolumeAtPrice(rows, bar, cursor);
    else if (cursor.bytes.length > 0) for (let at = bar.lowTicks; at <= bar.highTicks; at++) readLeb128(cursor);
    else if (isInside) spreadBar(rows, bar);
  }
}
