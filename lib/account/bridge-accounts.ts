/** Which bridge accounts are there, and what does a report or a person's wish change of them? */

import type { BridgeReport } from "../events/bridge.ts";
import type { BridgeAccount } from "../events/bridge-ledger.ts";
import { BRIDGE_ACCOUNTS_MAX } from "../limits.ts";
import { type BridgeOutcome, createBridgeAccount, takeBridgeReport } from "./bridge-account.ts";

/**
 * Takes a report into its account, which begins with its first one. Beyond `BRIDGE_ACCOUNTS_MAX` a new account is
 * refused by name.
 */
export function takeReport(
  accounts: BridgeAccount[],
  report: BridgeReport,
  receivedMs: number,
): BridgeOutcome | { status: "refused"; reason: string } {
  let known = accounts.find(({ account }) => account === report.account);
  if (known === undefined) {
    if (accounts.length === BRIDGE_ACCOUNTS_MAX) {
      return { status: "refused", reason: `account "${report.account}": ${BRIDGE_ACCOUNTS_MAX} are known, no more` };
    }
    known = createBridgeAccount(report.account);
    accounts.push(known);
  }
  return takeBridgeReport(known, report, receivedMs);
}

/**
 * Forgets what an account (null: every one) reported; returns the names of those that had something. Known executions
 * stay, so that none counts twice; counting of positions begins anew with the next report.
 */
export function clearPositions(accounts: readonly BridgeAccount[], account: string | null): string[] {
  const cleared = accounts.filter((one) => (account === null || one.account === account) && hasReported(one));
  for (const one of cleared) {
    one.heartbeat = null;
    one.positions = null;
    one.orders = null;
    one.values = null;
    one.equityExtremes = null;
    one.newestContent = {};
    one.anchor = null;
    one.filledSince = {};
    one.drifts = {};
  }
  return cleared.map((one) => one.account);
}

/** Is there anything to show? Not of an account that was cleared and has been silent since. */
export function hasReported({ heartbeat, positions, orders, values }: BridgeAccount): boolean {
  return heartbeat !== null || positions !== null || orders !== null || values !== null;
}
