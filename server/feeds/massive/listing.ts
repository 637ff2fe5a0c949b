/** Which contracts does the vendor have for a root, on which price scale? The nearest expiries, or a refusal. */
import { civilDayIso } from "#lib/civil.ts";
import { type Contract, contractLongSymbol, expiryOrder, parseContract } from "#lib/contract.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { MASSIVE_EXPIRIES } from "#lib/limits.ts";
import { tradeDateAt } from "#lib/session.ts";
import { civilDay, MS_PER_DAY } from "#lib/units.ts";
import type { RestClient, RestRow } from "./rest-client.ts";

/** A contract under its vendor name; prices ÷ `vendorTick` are our ticks. */
export type Listing = { contract: Contract; ticker: string; vendorTick: number };

export type RootListing = { root: string; listings: Listing[] } | { root: string; refused: string };

/** The nearest expiries of a root at a time, single contracts only. Throws MassiveRestError. */
export async function listRoot(rest: RestClient, root: string, nowMs: number): Promise<RootListing> {
  const instrument = instrumentOf(root);
  if (instrument === null) return { root, refused: "is no root that we list" };
  const today = Math.floor(nowMs / MS_PER_DAY);
  let rows: RestRow[] = [];
  // The vendor's day may not have begun yet.
  for (const day of [today, today - 1]) {
    const date = civilDayIso(civilDay(day));
    const query = { product_code: root, date, active: "true", type: "single", limit: 1000 };
    rows = await rest.rows("contracts", query);
    if (rows.length > 0) break;
  }
  const ours = tickSizeAt(instrument, tradeDateAt(instrument.calendar, nowMs));
  const known = new Map<string, Listing>();
  for (const row of rows) {
    const { ticker, trade_tick_size: tick } = row;
    if (row.product_code !== root || typeof ticker !== "string" || ticker.includes("-")) continue;
    const contract = parseContract(ticker, nowMs);
    if ("refused" in contract || contract.root !== root) continue;
    const vendorTick = Number(tick);
    if (!isPowerOfTen(ours / vendorTick)) {
      return {
        root,
        refused: `the vendor's tick of ${ticker} is ${String(tick)}, ours ${ours}: no power of ten apart`,
      };
    }
    known.set(contractLongSymbol(contract), { contract, ticker, vendorTick });
  }
  if (known.size === 0) return { root, refused: "the vendor lists no single contract of it" };
  const listings = [...known.values()].sort((a, b) => expiryOrder(a.contract, b.contract));
  return { root, listings: listings.slice(0, MASSIVE_EXPIRIES) };
}

/** 0.0001 → true (6C: our 0.00005 ÷ the vendor's 0.5); 0.8 → false. */
export function isPowerOfTen(ratio: number): boolean {
  if (!(ratio > 0) || !Number.isFinite(ratio)) return false;
  const exponent = Math.log10(ratio);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9;
}
