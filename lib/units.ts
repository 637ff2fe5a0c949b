/** Which unit does this number have? The branded units, made and converted only here. */

declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

/** A price as a whole number of ticks; zero and negative are valid prices. */
export type Ticks = Branded<"ticks">;
/** A price between ticks: averages, VWAP, settlements. Never rounded to a tick. */
export type FractionalTicks = Branded<"fractionalTicks">;
/** A price as people and vendors write it. */
export type Points = Branded<"points">;
/** Dollars, after the last multiplication. */
export type Usd = Branded<"usd">;
/** Milliseconds since 1970-01-01T00:00Z, a double: parts of a millisecond are kept. */
export type EpochMs = Branded<"epochMs">;
/** A calendar day as days since 1970-01-01 (a Thursday). */
export type CivilDay = Branded<"civilDay">;
/** The exchange's trading day, as days since 1970-01-01; see lib/session.ts for when it begins and ends. */
export type TradeDate = Branded<"tradeDate">;

/** No price on this side: the smallest 32-bit integer, because 0 and −1 are prices. */
export const NO_PRICE = -2_147_483_648 as Ticks;

export const MS_PER_SECOND = 1_000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

/** Takes a whole number as ticks; throws RangeError for anything else. */
export function ticks(value: number): Ticks {
  if (!Number.isInteger(value)) throw new RangeError(`ticks: was ${value}, expected a whole number`);
  return value as Ticks;
}

export function fractionalTicks(value: number): FractionalTicks {
  return value as FractionalTicks;
}

export function points(value: number): Points {
  return value as Points;
}

export function epochMs(value: number): EpochMs {
  return value as EpochMs;
}

export function civilDay(value: number): CivilDay {
  return value as CivilDay;
}

export function tradeDate(value: number): TradeDate {
  return value as TradeDate;
}

/**
 * The price in ticks, or null where it does not lie on a tick (to one millionth of a tick, the dust of decimal input).
 * 4800.25 points at 0.25 → 19201; 4800.30 → null.
 */
export function ticksFromPoints(price: number, tickSize: number): Ticks | null {
  const exact = price / tickSize;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) <= 1e-6 * Math.max(1, Math.abs(whole) * 1e-3) ? (whole as Ticks) : null;
}

/**
 * The price in points, cleared of binary dust: 19201 ticks of 0.25 → 4800.25; 11 ticks of 0.1 → 1.1.
 */
export function pointsFromTicks(price: number, tickSize: number): Points {
  return (Math.round(price * tickSize * 1e10) / 1e10) as Points;
}

/** Money to 4 decimals, half away from zero so that a loss mirrors its gain; never −0. −0.00005 → −0.0001. */
export function usd(value: number): Usd {
  return ((Math.sign(value) * Math.round(Math.abs(value) * 1e4)) / 1e4 + 0) as Usd;
}

/** Money of a price move, to 4 decimals: 3 ticks of ZN (15.625 USD) × 2 contracts → 93.75 USD. */
export function usdFromTicks(move: number, tickValueUsd: number, contracts: number): Usd {
  return usd(move * tickValueUsd * contracts);
}
