/** What do statistics need to know of a trade, wherever it came from: fills, an imported list, a form? */
import type { RoundTrip } from "#lib/account/round-trip.ts";

export type TradeRow = {
  account: string;
  root: string;
  side: "long" | "short";
  contracts: number;
  /** Of the last exit. */
  tradeDate: number;
  entryMs: number;
  exitMs: number;
  grossUsd: number;
  feesUsd: number;
  netUsd: number;
  /** Null: no initial stop is known. Left out of figures in R, and counted. */
  r: number | null;
  setup: string | null;
  tags: readonly string[];
  /** Rules that this trade broke, by name. */
  ruleBreaks: readonly string[];
};

/** What fills cannot tell. */
export type TradeWords = Pick<TradeRow, "r" | "setup" | "tags" | "ruleBreaks">;

export function tradeRowOf(trip: RoundTrip, words: TradeWords): TradeRow {
  const { account, root, side, contracts, tradeDate, entryMs, exitMs, grossUsd, feesUsd, netUsd } = trip;
  return { account, root, side, contracts, tradeDate, entryMs, exitMs, grossUsd, feesUsd, netUsd, ...words };
}

/** Oldest exit first, then oldest entry, then the least net, so that the order given is nothing; a copy. */
export function inOrder(rows: readonly TradeRow[]): TradeRow[] {
  return rows.toSorted((a, b) => a.exitMs - b.exitMs || a.entryMs - b.entryMs || a.netUsd - b.netUsd);
}
