/** What was executed, and can it be what it says? */
import { instrumentOf } from "#lib/instrument.ts";

/**
 * One execution as the world told it; prices in ticks, size in contracts, signed by side. The price is a whole number
 * of ticks but where a source knows averages only (an order's average fill): then it is the average in fractional
 * ticks. `feeUsd` is all that the fill cost (broker, exchange, clearing), null where the source does not say.
 */
export type Fill = {
  executionId: string;
  account: string;
  root: string;
  year: number;
  month: number;
  side: "buy" | "sell";
  contracts: number;
  priceTicks: number;
  tickSize: number;
  atMs: number;
  orderId: string | null;
  feeUsd: number | null;
  source: string;
};

/**
 * Why this cannot be a fill: what, was, expected; null where it can. A tick size that is none of the product's is
 * refused, as its prices would be worth something else.
 */
export function fillFault(fill: Fill): string | null {
  const name = `fill ${fill.executionId}`;
  if (fill.executionId === "") return "fill without an execution id";
  const instrument = instrumentOf(fill.root);
  if (instrument === null) return `${name}: root was ${fill.root}, expected one that we list`;
  if (!Number.isInteger(fill.month) || fill.month < 1 || fill.month > 12 || !Number.isInteger(fill.year)) {
    return `${name}: expiry was ${fill.year}-${fill.month}, expected a year and a month from 1 to 12`;
  }
  if (fill.side !== "buy" && fill.side !== "sell") return `${name}: side was ${fill.side}, expected buy or sell`;
  if (!Number.isInteger(fill.contracts) || fill.contracts <= 0) {
    return `${name}: contracts was ${fill.contracts}, expected a whole number above 0`;
  }
  if (!Number.isFinite(fill.priceTicks)) return `${name}: priceTicks was ${fill.priceTicks}, expected a number`;
  const sizes = instrument.tickSizes.map(({ size }) => size);
  if (!sizes.includes(fill.tickSize)) {
    return `${name}: tickSize was ${fill.tickSize}, expected ${sizes.join(" or ")} for ${fill.root}`;
  }
  if (!Number.isFinite(fill.atMs)) return `${name}: atMs was ${fill.atMs}, expected epoch milliseconds`;
  if (fill.feeUsd !== null && !Number.isFinite(fill.feeUsd)) {
    return `${name}: feeUsd was ${fill.feeUsd}, expected dollars or null`;
  }
  return null;
}
