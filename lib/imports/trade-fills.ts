/** Which executions does a trade list tell? Each trade gives an entry and an exit; parts of one fill are joined. */

import { withIds } from "#lib/imports/content-id.ts";
import type { ReadFill, ReadTrade, RowConflict } from "#lib/imports/import-record.ts";

/**
 * The fills of trades, in the order of the rows. A fill that several rows pair off (Tradovate) is one execution with
 * the sum of their contracts and fees. A row that repeats a pair is left out and named. A trade's costs are halved
 * between entry and exit; null where the file lists none.
 */
export function fillsOfTrades(trades: readonly ReadTrade[]): { fills: ReadFill[]; conflicts: RowConflict[] } {
  const conflicts: RowConflict[] = [];
  const pairs = new Map<string, number>();
  const byId = new Map<string, ReadFill>();
  const unnamed: ReadFill[] = [];
  for (const trade of trades) {
    const ids = [trade.entry.executionId, trade.exit.executionId];
    const pair = [trade.account, ...ids].join("|");
    const seen = ids.includes("") ? undefined : pairs.get(pair);
    if (seen !== undefined) {
      conflicts.push({ row: trade.row, kind: "repeated", stated: ids.join(" / "), ours: `row ${seen} told this pair` });
      continue;
    }
    pairs.set(pair, trade.row);
    for (const fill of legsAsFills(trade)) {
      if (fill.executionId === "") unnamed.push(fill);
      else joinPart(byId, fill, conflicts);
    }
  }
  const fills = [...byId.values(), ...inRowOrder(withIds(unnamed))].sort((a, b) => a.row - b.row);
  return { fills, conflicts };
}

/**
 * Fills of one account and contract that a coarse clock puts at one instant, a millisecond apart in the order in which
 * the file tells them: a short that is entered and left within the minute stays a short. Ids keep the file's time.
 */
function inRowOrder(fills: readonly ReadFill[]): ReadFill[] {
  const counts = new Map<string, number>();
  return fills.map((fill) => {
    const instant = [fill.account, fill.root, fill.year, fill.month, fill.atMs].join("|");
    const before = counts.get(instant) ?? 0;
    counts.set(instant, before + 1);
    return { ...fill, atMs: fill.atMs + before };
  });
}

function legsAsFills(trade: ReadTrade): [ReadFill, ReadFill] {
  const { row, source, account, root, year, month, tickSize, contracts } = trade;
  const common = { row, source, account, root, year, month, tickSize, contracts, orderId: null };
  const costUsd = trade.feesUsd === null && trade.otherFeesUsd === 0 ? null : (trade.feesUsd ?? 0) + trade.otherFeesUsd;
  const entryFeeUsd = costUsd === null ? null : Math.round(costUsd * 5e3) / 1e4;
  const exitFeeUsd = costUsd === null ? null : Math.round((costUsd - (entryFeeUsd ?? 0)) * 1e4) / 1e4;
  const [entrySide, exitSide] = trade.side === "long" ? (["buy", "sell"] as const) : (["sell", "buy"] as const);
  return [
    { ...common, ...trade.entry, side: entrySide, feeUsd: entryFeeUsd },
    { ...common, ...trade.exit, side: exitSide, feeUsd: exitFeeUsd },
  ];
}

function joinPart(byId: Map<string, ReadFill>, part: ReadFill, conflicts: RowConflict[]): void {
  const key = `${part.account}|${part.executionId}`;
  const whole = byId.get(key);
  if (whole === undefined) {
    byId.set(key, part);
    return;
  }
  const { row } = part;
  if (whole.priceTicks !== part.priceTicks || whole.atMs !== part.atMs || whole.side !== part.side) {
    const stated = `fill ${part.executionId} at another price, time or side`;
    conflicts.push({ row, kind: "repeated", stated, ours: `row ${whole.row}: its price, time and side are taken` });
  }
  const feeUsd = whole.feeUsd === null && part.feeUsd === null ? null : (whole.feeUsd ?? 0) + (part.feeUsd ?? 0);
  byId.set(key, { ...whole, contracts: whole.contracts + part.contracts, feeUsd });
}
