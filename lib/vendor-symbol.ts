/** Which contract does a platform, a broker or a file mean by its own spelling? One reader for bridge and imports. */

import { civilParts } from "#lib/civil.ts";
import { type Contract, parseContract } from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";

/** What stands before a contract: a venue as TradingView and CQG write it (CME_MINI:), a slash, an at sign. */
const BEFORE = /^(?:[A-Z][A-Z0-9_]*:|[/@])/;
/** What stands behind it: the venue of Rithmic and Quantower (.CME, @CME), the session of older NinjaTraders. */
const BEHIND = /(?:[.@](?:CME|CBOT|CBT|COMEX|CMX|NYMEX|NYM|GLOBEX)| GLOBEX)$/;
/** Calendar days that a position may stay on the books behind its last trade: settlement, a long weekend. */
const SETTLING_DAYS = 7;
/** Years ahead that the furthest contracts are listed (crude oil). */
const YEARS_AHEAD_MAX = 11;

/**
 * The contract of a vendor's text at the time it was said, which settles a one-digit year and forbids a contract that
 * was over more than a week before. At 2026-11-20 "MES 12-26", "MES DEC26", "MESZ6", "MESZ2026", "/MESZ26",
 * "CME_MINI:MESZ2026" and "MESZ6.CME" → {MES, 2026, 12}; anything else is refused by name.
 */
export function vendorContract(text: string, atMs: number): Contract | { readonly refused: string } {
  const bare = text.trim().toUpperCase().replace(BEFORE, "").replace(BEHIND, "");
  const contract = parseContract(bare, atMs);
  if ("refused" in contract) return { refused: contract.refused.replace(`"${bare}"`, `"${text}"`) };
  return outOfTime(contract, text, atMs) ?? contract;
}

function outOfTime(contract: Contract, text: string, atMs: number): { refused: string } | null {
  const instrument = instrumentOf(contract.root);
  if (instrument === null) return null;
  const today = tradeDateAt(instrument.calendar, atMs);
  const todayYear = civilParts(today).year;
  const isOver = lastTradeDate(contract) < today - SETTLING_DAYS;
  if (!isOver && contract.year - todayYear <= YEARS_AHEAD_MAX) return null;
  const why = isOver ? "was over by then" : "is more than eleven years ahead";
  return { refused: `contract "${text}": ${contract.root} ${contract.month}/${contract.year} ${why} (${todayYear})` };
}
