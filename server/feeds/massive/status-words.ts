/** What does the feed say of itself? Late or live, what really comes, and why a connection ended. */
import type { FeedState } from "#lib/events/market.ts";
import type { LiveFeedLevel } from "#server/feeds/live-feed.ts";
import type { ConnectionEnd } from "./connection.ts";
import type { LiveMode } from "./timeliness.ts";

export type Flow = { mode: LiveMode; contracts: number; wanted: LiveFeedLevel; received: LiveFeedLevel | null };
export type FeedWords = { state: FeedState; message: string };

/** DELAYED, 2 contracts, bars wanted → "Massive, 10 minutes late: bars only of 2 contracts (as chosen); …". */
export function connectedWords({ mode, contracts, wanted, received }: Flow): string {
  const late = mode === "DELAYED" ? "Massive, 10 minutes late" : "Massive, live";
  if (received === "trades") return `${late}: trades, quotes and bars of ${contracts} contracts`;
  const why = wanted === "bars" ? "as chosen" : "this plan has no trades and quotes";
  return `${late}: bars only of ${contracts} contracts (${why}); the delta is an estimate`;
}

/** An end that does not pass by itself; null: one that does, after a wait. */
export function finalWords({ kind, message }: ConnectionEnd): FeedWords | null {
  switch (kind) {
    case "refused":
      return {
        state: "failed",
        message: `Massive refused: ${message}. Check MASSIVE_API_KEY and the plan, then press Start.`,
      };
    case "taken-over":
      return {
        state: "paused",
        message:
          "Taken over: another program logged in with this key, and Massive allows one. Press Start to take it back.",
      };
    case "stopped":
      return { state: "paused", message };
    case "lost":
    case "slow-reader":
    case "frozen":
      return null;
  }
}

/** "Connection lost: close code 1006. Next try in 3 s." */
export function retryWords({ kind, message }: ConnectionEnd, waitMs: number): FeedWords {
  const what = kind === "slow-reader" ? "Cut as a slow reader" : kind === "frozen" ? "Frozen" : "Connection lost";
  return { state: "backing-off", message: `${what}: ${message}. Next try in ${Math.ceil(waitMs / 1_000)} s.` };
}
