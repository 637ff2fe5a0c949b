/** What did each trade date bring? P&L belongs to the date of the closing fill, also of a part. */
import { type Usd, usd } from "#lib/units.ts";
import type { Realised } from "./round-trip.ts";
import type { TripLedger } from "./round-trips.ts";

export type DayPnl = {
  tradeDate: number;
  /** Closed contracts. */
  contracts: number;
  grossUsd: Usd;
  feesUsd: Usd;
  netUsd: Usd;
};

/** Days with an exit, oldest first; exits of trips that are still open count on their own date. */
export function dailyPnlOf(ledger: TripLedger): DayPnl[] {
  const days = new Map<number, DayPnl>();
  for (const { trips, open } of Object.values(ledger.books)) {
    for (const { realised } of trips) addParts(days, realised);
    if (open !== null) addParts(days, open.realised);
  }
  return [...days.values()].sort((a, b) => a.tradeDate - b.tradeDate);
}

function addParts(days: Map<number, DayPnl>, parts: readonly Realised[]): void {
  for (const { tradeDate, contracts, grossUsd, feesUsd } of parts) {
    const day = days.get(tradeDate) ?? { tradeDate, contracts: 0, grossUsd: usd(0), feesUsd: usd(0), netUsd: usd(0) };
    day.contracts += contracts;
    day.grossUsd = usd(day.grossUsd + grossUsd);
    day.feesUsd = usd(day.feesUsd + feesUsd);
    day.netUsd = usd(day.grossUsd - day.feesUsd);
    days.set(tradeDate, day);
  }
}
