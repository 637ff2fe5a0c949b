/** What is this product: its tick, its point value, its months, its format? */

import { INSTRUMENT_TABLE } from "#lib/instrument-table.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import type { CivilDay, TradeDate } from "#lib/units.ts";

/** How a price is written: with fixed decimals, or in 32nds of a point with a half or quarter behind (110'165). */
export type PriceFormat =
  | { readonly kind: "decimal" }
  | { readonly kind: "thirtySeconds"; readonly ticksPerThirtySecond: 1 | 2 };

/** When trading in a contract ends; `lastTradeDate` in lib/expiry.ts computes the day. */
export type LastTradeRule =
  /** The third Friday of the contract month, or the clearing day before it. */
  | { readonly kind: "thirdFriday" }
  /** The last Friday of the contract month, or the clearing day before it. */
  | { readonly kind: "lastFriday" }
  /** So many clearing days before the third Wednesday of the contract month. */
  | { readonly kind: "beforeThirdWednesday"; readonly clearingDays: number }
  /** The n-th last clearing day of the contract month (monthsBefore 0) or of the month before it (1). */
  | { readonly kind: "nthLastClearingDay"; readonly nth: number; readonly monthsBefore: 0 | 1 }
  /** So many clearing days before the 25th of the month before, or before the clearing day that precedes it. */
  | { readonly kind: "beforeThe25th"; readonly clearingDays: number };

/** When a holder of a long position can first be given notice of delivery. */
export type FirstNoticeRule = { readonly kind: "lastClearingDayOfMonthBefore" };

export type TickSize = { readonly fromDay: CivilDay; readonly size: number };

export type Instrument = {
  readonly root: string;
  readonly name: string;
  readonly exchange: "CME" | "CBOT" | "COMEX" | "NYMEX";
  readonly currency: "USD";
  readonly calendar: CalendarId;
  /** Tick sizes in points, oldest first; the last whose day has come is in force. */
  readonly tickSizes: readonly TickSize[];
  /** Dollars that one contract gains when the price rises by one point. */
  readonly pointValueUsd: number;
  /** Months (1–12) in which a contract may expire. */
  readonly listedMonths: readonly number[];
  /** Months that traders roll through: the ones that become front. */
  readonly rollMonths: readonly number[];
  /** Exchange, clearing and NFA of a non-member for one contract and side, without the broker's own: a default. */
  readonly feesUsdPerSide: number;
  readonly priceFormat: PriceFormat;
  readonly lastTrade: LastTradeRule;
  /** Null where the contract settles in cash or its notices come after the last trade. */
  readonly firstNotice: FirstNoticeRule | null;
  /** The root that this micro follows at the roll; null for the mini itself. */
  readonly mini: string | null;
};

export const INSTRUMENTS: readonly Instrument[] = INSTRUMENT_TABLE;

const BY_ROOT: ReadonlyMap<string, Instrument> = new Map(INSTRUMENTS.map((entry) => [entry.root, entry]));

/** The product of a root ("ES", "6E"), or null for one that we do not list. */
export function instrumentOf(root: string): Instrument | null {
  return BY_ROOT.get(root) ?? null;
}

/** Tick size in points on a trade date: 6E on 2016-01-08 → 0.0001, on 2016-01-11 → 0.00005. */
export function tickSizeAt(instrument: Instrument, tradeDate: TradeDate | CivilDay): number {
  const { tickSizes } = instrument;
  for (let index = tickSizes.length - 1; index > 0; index -= 1) {
    if (tradeDate >= tickSizes[index].fromDay) return tickSizes[index].size;
  }
  return tickSizes[0].size;
}

/** Dollars a tick and contract on a trade date, cleared of binary dust: ES → 12.5, 6E before 2016-01-11 → 12.5. */
export function tickValueUsd(instrument: Instrument, tradeDate: TradeDate | CivilDay): number {
  return Math.round(tickSizeAt(instrument, tradeDate) * instrument.pointValueUsd * 1e8) / 1e8;
}
