/** What is one execution of an account, wherever it was told? */

/**
 * One execution as the world told it; prices in ticks, size in contracts, signed by side. `priceTicks` lies between
 * ticks only where the source gives averages (order lists, trade lists). `feeUsd` is the cost of this fill, null where
 * the source does not say it. An execution id is unique within (source, account).
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
