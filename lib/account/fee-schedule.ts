/** What did a fill cost in fees? What its source says, else the dated schedule, else the exchange's list price. */
import { assert } from "#lib/assert.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";
import { type Usd, usd } from "#lib/units.ts";
import type { Fill } from "./fill.ts";

/** Dollars for one contract and side of a product, from a trade date on; of one account, or of all (null). */
export type FeeRate = {
  account: string | null;
  root: string;
  fromDate: number;
  exchangeUsd: number;
  clearingUsd: number;
  brokerUsd: number;
};

/**
 * `list`: exchange, clearing and NFA of a non-member as lib/instrument-table.ts has them, the broker's own part
 * unknown; a net figure with such a fee is too high, and says so.
 */
export type FeeSource = "fill" | "schedule" | "list";
export type Fee = { usd: Usd; source: FeeSource };

/**
 * The fee of a whole fill. A fee in the fill is the truth, 0 and rebates too. In the schedule an account's own rates go
 * before those of all accounts, and of these the newest whose date has come, by the trade date of the fill; a rate is
 * one product's alone (MES has not ES's). 3 MES at 0.35 + 0.02 + 0.25 → 1.86.
 */
export function feeOf(fill: Fill, schedule: readonly FeeRate[]): Fee {
  if (fill.feeUsd !== null) return { usd: usd(fill.feeUsd), source: "fill" };
  const instrument = instrumentOf(fill.root);
  assert(instrument !== null, `feeOf: root was ${fill.root}, expected one that we list`);
  const rates = schedule.filter(({ root }) => root === fill.root);
  const date = rates.length === 0 ? 0 : tradeDateAt(instrument.calendar, fill.atMs);
  const rate = newest(rates, fill.account, date) ?? newest(rates, null, date);
  if (rate === null) return { usd: usd(instrument.feesUsdPerSide * fill.contracts), source: "list" };
  const perSideUsd = rate.exchangeUsd + rate.clearingUsd + rate.brokerUsd;
  return { usd: usd(perSideUsd * fill.contracts), source: "schedule" };
}

function newest(rates: readonly FeeRate[], account: string | null, date: number): FeeRate | null {
  let found: FeeRate | null = null;
  for (const rate of rates) {
    if (rate.account !== account || rate.fromDate > date) continue;
    if (found === null || rate.fromDate >= found.fromDate) found = rate;
  }
  return found;
}

/**
 * The part of a fee that belongs to the contracts `from` (inclusive) to `to` of a fill of so many: parts of a fill
 * always sum to its fee, to 4 decimals. 1.00 for 3 contracts: 0.3333, 0.3334, 0.3333.
 */
export function feePart(feeUsd: number, contracts: number, part: { from: number; to: number }): Usd {
  return usd(usd((feeUsd * part.to) / contracts) - usd((feeUsd * part.from) / contracts));
}
