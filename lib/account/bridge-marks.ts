/** At which price does an open position stand, who says so, and what is the account worth by it? */

import type { ReportedPosition } from "../events/bridge.ts";
import type { BridgeAccount, Equities } from "../events/bridge-ledger.ts";
import type { Mode } from "../events/clock.ts";
import { usdFromTicks } from "../units.ts";

/** What our own feed says of a contract now; null where it does not follow it. */
export type FeedPrice = { mode: Mode; isStale: boolean; lastTicks: number | null; tickValueUsd: number };

/** Whose price it is; with `bridge` the open P&L is the platform's own number. */
export type PositionMark = {
  contract: string;
  source: "feed" | "bridge";
  markTicks: number | null;
  unrealizedUsd: number | null;
};

/**
 * Marks a position from our feed while that contract is LIVE and not stale, else by the bridge's own mark: prices of
 * SIM, REPLAY and DELAYED never touch it. Long 2 MES from 24,049.5 ticks, last 24,052: 2.5 × 2 × 1.25 = 6.25 USD.
 */
export function markPosition(position: ReportedPosition, feed: FeedPrice | null): PositionMark {
  const { contract, netContracts, averageTicks } = position;
  if (feed === null || feed.mode !== "LIVE" || feed.isStale || feed.lastTicks === null) {
    return { contract, source: "bridge", markTicks: position.markTicks, unrealizedUsd: position.unrealizedUsd };
  }
  const unrealizedUsd = usdFromTicks(feed.lastTicks - averageTicks, feed.tickValueUsd, netContracts) + 0; // never −0
  return { contract, source: "feed", markTicks: feed.lastTicks, unrealizedUsd };
}

/**
 * The account's worth by the platform (net liquidation, else cash and its open P&L) and by our marks (cash and theirs),
 * in order; one where only one can be told, null without either. Cash 50,000, platform 50,010, our marks +6.25:
 * lower 50,006.25, higher 50,010.
 */
export function equitiesOf(state: BridgeAccount, marks: readonly PositionMark[]): Equities | null {
  if (state.values === null) return null;
  const { cashUsd, netLiquidationUsd, unrealizedUsd } = state.values.reported;
  const platformUsd = netLiquidationUsd ?? sumUsd([cashUsd, unrealizedUsd]);
  const ownUsd = sumUsd([cashUsd, ...marks.map((mark) => mark.unrealizedUsd)]);
  const known = [platformUsd, ownUsd].filter((usd) => usd !== null);
  if (known.length === 0) return null;
  return { lowerUsd: Math.min(...known), higherUsd: Math.max(...known) };
}

/** Null where a part is not known. */
function sumUsd(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** Keeps how far the worth went between two posts of the account: floor and peak see it, not only the posts. */
export function noteEquities(state: BridgeAccount, equities: Equities): void {
  const former = state.equityExtremes ?? equities;
  state.equityExtremes = {
    lowerUsd: Math.min(former.lowerUsd, equities.lowerUsd),
    higherUsd: Math.max(former.higherUsd, equities.higherUsd),
  };
}
