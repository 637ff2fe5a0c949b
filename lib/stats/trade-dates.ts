/** Which trade dates do trades have, and what did each date add? */
import type { TradeRow } from "./trade-row.ts";

/** The dates in order, and the number of the date of each row. */
export type TradeDates = { dates: number[]; dateOf: Int32Array };

export function tradeDatesOf(rows: readonly TradeRow[]): TradeDates {
  const dates = [...new Set(rows.map(({ tradeDate }) => tradeDate))].sort((a, b) => a - b);
  const numbers = new Map(dates.map((date, at) => [date, at]));
  return { dates, dateOf: Int32Array.from(rows, ({ tradeDate }) => numbers.get(tradeDate) ?? 0) };
}

/** What each date adds: for every row the value of `pick`. */
export function dateSums(
  { dates, dateOf }: TradeDates,
  rows: readonly TradeRow[],
  pick: (row: TradeRow) => number,
): Float64Array {
  const sums = new Float64Array(dates.length);
  for (let at = 0; at < rows.length; at += 1) sums[dateOf[at]] += pick(rows[at]);
  return sums;
}
