/** What did each row of a bar's footprint trade? Rows of the product's height, lowest first. */
import { SIDE } from "#lib/bars/time-bars.ts";
import { type PriceRows, sideVolumeAt } from "../price-rows.ts";

/** Row i covers prices from (first + i) × rowTicks, rowTicks of them. */
export type FlowRows = { rowTicks: number; first: number; buy: Float64Array; sell: Float64Array };

/** Bought and sold contracts by row; of sweeps counted by price it gives their numbers. */
export function flowRowsOf(
  rows: PriceRows,
  rowTicks: number,
  range: { lowTicks: number; highTicks: number },
): FlowRows {
  const first = Math.floor(range.lowTicks / rowTicks);
  const count = Math.floor(range.highTicks / rowTicks) - first + 1;
  const buy = new Float64Array(count);
  const sell = new Float64Array(count);
  for (let price = range.lowTicks; price <= range.highTicks; price++) {
    const row = Math.floor(price / rowTicks) - first;
    buy[row] += sideVolumeAt(rows, price, SIDE.buy);
    sell[row] += sideVolumeAt(rows, price, SIDE.sell);
  }
  return { rowTicks, first, buy, sell };
}

/** Lowest price of a row. */
export function rowLow(rows: FlowRows, row: number): number {
  return (rows.first + row) * rows.rowTicks;
}

/** Highest price of a row. */
export function rowHigh(rows: FlowRows, row: number): number {
  return rowLow(rows, row) + rows.rowTicks - 1;
}
