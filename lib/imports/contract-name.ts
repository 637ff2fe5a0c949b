/** Which contract does a vendor's spelling mean? One function for all imports and the bridge. */

import { type Contract, parseContract } from "#lib/contract.ts";
import { firstFront } from "#lib/front-contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";

export type NamedContract = {
  readonly contract: Contract;
  /** True where the text names no month, so that the front contract by the calendar was taken. */
  readonly isMonthAssumed: boolean;
};

/**
 * Reads "MES 12-26", "MESZ6", "MES DEC26", "MESZ2026", "/MESZ26", "CME:MESZ6", "MESZ6.CME", "F.US.MESZ6" at the time
 * of the trade (it settles a one-digit year). A bare root ("MNQ") is that day's front by the calendar, and says so.
 */
export function contractNamed(text: string, atMs: number): NamedContract | { readonly refused: string } {
  const bare = text
    .trim()
    .toUpperCase()
    .replace(/^(\/|F\.US\.|(CME|CBOT|COMEX|NYMEX)(_\w+)?:)/, "")
    .replace(/[.@:](X?CME|X?CBOT|X?CBT|COMEX|XCEC|X?NYMEX|XNYM)$/, "");
  const instrument = instrumentOf(bare);
  if (instrument !== null) {
    const contract = firstFront(bare, tradeDateAt(instrument.calendar, atMs));
    return { contract, isMonthAssumed: true };
  }
  const contract = parseContract(bare, atMs);
  return "refused" in contract ? contract : { contract, isMonthAssumed: false };
}
