/** Where does each cell of a footprint stand, and in which words? Rows by price, highest first. */

import { formatClock, formatQuantity } from "#lib/format.ts";
import type { FootprintAnswer, FootprintBarView, FootprintCell } from "#lib/wire/footprint.ts";

/** Prices of the rows that the bars reach over, highest first; `rowPoints` apart. */
export type FootprintGrid = { prices: number[]; rowPoints: number };

/** Rows at most: a bar beyond them is drawn as far as it goes. */
const ROWS_MAX = 400;

/** Of the bars given, from the highest cell to the lowest. */
export function gridOf({
  bars,
  tickSize,
  rowTicks,
}: Pick<FootprintAnswer, "bars" | "tickSize" | "rowTicks">): FootprintGrid {
  const rowPoints = tickSize * rowTicks;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { cells } of bars) {
    low = Math.min(low, cells[0]?.price ?? low);
    high = Math.max(high, cells[cells.length - 1]?.price ?? high);
  }
  if (low > high) return { prices: [], rowPoints };
  const count = Math.min(ROWS_MAX, Math.round((high - low) / rowPoints) + 1);
  // Of whole rows, so that no dust of sums grows.
  const top = Math.round(high / rowPoints);
  return { prices: Array.from({ length: count }, (_, row) => (top - row) * rowPoints), rowPoints };
}

/** Row of a cell in the grid, 0 at the top. */
export function rowOf({ prices, rowPoints }: FootprintGrid, price: number): number {
  return Math.round((prices[0] - price) / rowPoints);
}

/** "17 × 52": sold at the bid × bought at the ask; contracts without a side behind a plus. */
export function cellText({ buy, sell, unsigned }: FootprintCell): string {
  const text = `${formatQuantity(sell)} × ${formatQuantity(buy)}`;
  return unsigned === 0 ? text : `${text} +${formatQuantity(unsigned)}`;
}

/** Contracts of the bar's largest cell, for the tint behind each. */
export function mostOf({ cells }: FootprintBarView): number {
  return cells.reduce((most, { buy, sell, unsigned }) => Math.max(most, buy + sell + unsigned), 0);
}

/** "▲ stacked imbalance: 3 rows with 3:1 diagonals, 180 bought". */
export function markText({ kind, direction, reason }: FootprintBarView["marks"][number]): string {
  return `${direction === "up" ? "▲" : "▼"} ${kind}: ${reason}`;
}

export function barClock(openMs: number): string {
  return formatClock("America/Chicago", openMs).slice(0, 5);
}
