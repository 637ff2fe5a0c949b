/** What does a connected feed say of itself? Late or live, and what really comes. */
import type { LiveFeedLevel } from "#server/feeds/live-feed.ts";
import type { LiveMode } from "./timeliness.ts";

export type Flow = { mode: LiveMode; contracts: number; wanted: LiveFeedLevel; received: LiveFeedLevel | null };

/** DELAYED, 2 contracts, bars wanted → "Massive, 10 minutes late: bars only of 2 contracts (as chosen); …". */
export function connectedWords({ mode, contracts, wanted, received }: Flow): string {
  const late = mode === "DELAYED" ? "Massive, 10 minutes late" : "Massive, live";
  if (received === "trades") return `${late}: trades, quotes and bars of ${contracts} contracts`;
  const why = wanted === "bars" ? "as chosen" : "this plan has no trades and quotes";
  return `${late}: bars only of ${contracts} contracts (${why}); buyers and sellers cannot be told apart`;
}
