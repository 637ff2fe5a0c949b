/**
 * Which products do we know? One row a root; point values and ticks as the exchange publishes them.
 * Fees: exchange and clearing of a non-member on Globex plus 0.02 USD NFA, 2026; the broker's commission comes on top.
 */

import { civilDayFrom } from "#lib/civil.ts";
import type { Instrument, LastTradeRule, PriceFormat, TickSize } from "#lib/instrument.ts";

const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;
const QUARTERLY = [3, 6, 9, 12] as const;
/** Gold rolls G J M Q Z: October trades thinly. */
const GOLD_ROLL = [2, 4, 6, 8, 12] as const;
const SILVER_COPPER_ROLL = [3, 5, 7, 9, 12] as const;

const THIRD_FRIDAY: LastTradeRule = { kind: "thirdFriday" };
const LAST_FRIDAY: LastTradeRule = { kind: "lastFriday" };
const BEFORE_THIRD_WEDNESDAY: LastTradeRule = { kind: "beforeThirdWednesday", clearingDays: 2 };
const METALS_END: LastTradeRule = { kind: "nthLastClearingDay", nth: 3, monthsBefore: 0 };
const GAS_END: LastTradeRule = { kind: "nthLastClearingDay", nth: 3, monthsBefore: 1 };
/** The seventh clearing day before the last one: the eighth last. */
const TREASURY_END: LastTradeRule = { kind: "nthLastClearingDay", nth: 8, monthsBefore: 0 };
const NOTICE = { kind: "lastClearingDayOfMonthBefore" } as const;
const DECIMAL: PriceFormat = { kind: "decimal" };

function always(size: number): readonly TickSize[] {
  return [{ fromDay: civilDayFrom(1970, 1, 1), size }];
}

/** What equal products share, so that a row says only what sets it apart. */
const USD = { currency: "USD", priceFormat: DECIMAL, firstNotice: null, mini: null } as const;
const EQUITY = {
  ...USD,
  calendar: "equity",
  listedMonths: QUARTERLY,
  rollMonths: QUARTERLY,
  lastTrade: THIRD_FRIDAY,
} as const;
const METALS = {
  ...USD,
  exchange: "COMEX",
  calendar: "metals",
  listedMonths: ALL_MONTHS,
  lastTrade: METALS_END,
  firstNotice: NOTICE,
} as const;
const ENERGY = {
  ...USD,
  exchange: "NYMEX",
  calendar: "energy",
  listedMonths: ALL_MONTHS,
  rollMonths: ALL_MONTHS,
} as const;
const RATES = {
  ...USD,
  exchange: "CBOT",
  calendar: "rates",
  listedMonths: QUARTERLY,
  rollMonths: QUARTERLY,
  lastTrade: TREASURY_END,
  firstNotice: NOTICE,
} as const;
const FX = {
  ...USD,
  exchange: "CME",
  calendar: "fx",
  listedMonths: ALL_MONTHS,
  rollMonths: QUARTERLY,
  lastTrade: BEFORE_THIRD_WEDNESDAY,
} as const;
const CRYPTO = {
  ...USD,
  exchange: "CME",
  calendar: "crypto",
  listedMonths: ALL_MONTHS,
  rollMonths: ALL_MONTHS,
  lastTrade: LAST_FRIDAY,
} as const;

const MINIS: readonly Instrument[] = [
  {
    ...EQUITY,
    root: "ES",
    name: "E-mini S&P 500",
    exchange: "CME",
    tickSizes: always(0.25),
    pointValueUsd: 50,
    feesUsdPerSide: 1.4,
  },
  {
    ...EQUITY,
    root: "NQ",
    name: "E-mini Nasdaq-100",
    exchange: "CME",
    tickSizes: always(0.25),
    pointValueUsd: 20,
    feesUsdPerSide: 1.4,
  },
  {
    ...EQUITY,
    root: "YM",
    name: "E-mini Dow ($5)",
    exchange: "CBOT",
    tickSizes: always(1),
    pointValueUsd: 5,
    feesUsdPerSide: 1.4,
  },
  {
    ...EQUITY,
    root: "RTY",
    name: "E-mini Russell 2000",
    exchange: "CME",
    tickSizes: always(0.1),
    pointValueUsd: 50,
    feesUsdPerSide: 1.4,
  },
  {
    ...METALS,
    root: "GC",
    name: "Gold",
    rollMonths: GOLD_ROLL,
    tickSizes: always(0.1),
    pointValueUsd: 100,
    feesUsdPerSide: 1.62,
  },
  {
    ...METALS,
    root: "SI",
    name: "Silver",
    rollMonths: SILVER_COPPER_ROLL,
    tickSizes: always(0.005),
    pointValueUsd: 5_000,
    feesUsdPerSide: 1.62,
  },
  {
    ...METALS,
    root: "HG",
    name: "Copper",
    rollMonths: SILVER_COPPER_ROLL,
    tickSizes: always(0.0005),
    pointValueUsd: 25_000,
    feesUsdPerSide: 1.62,
  },
  {
    ...ENERGY,
    root: "CL",
    name: "Crude Oil (WTI)",
    tickSizes: always(0.01),
    pointValueUsd: 1_000,
    feesUsdPerSide: 1.52,
    lastTrade: { kind: "beforeThe25th", clearingDays: 3 },
  },
  {
    ...ENERGY,
    root: "NG",
    name: "Henry Hub Natural Gas",
    tickSizes: always(0.001),
    pointValueUsd: 10_000,
    feesUsdPerSide: 1.62,
    lastTrade: GAS_END,
  },
  {
    ...RATES,
    root: "ZN",
    name: "10-Year T-Note",
    tickSizes: always(1 / 64),
    pointValueUsd: 1_000,
    feesUsdPerSide: 0.82,
    priceFormat: { kind: "thirtySeconds", ticksPerThirtySecond: 2 },
  },
  {
    ...RATES,
    root: "ZB",
    name: "U.S. Treasury Bond",
    tickSizes: always(1 / 32),
    pointValueUsd: 1_000,
    feesUsdPerSide: 0.91,
    priceFormat: { kind: "thirtySeconds", ticksPerThirtySecond: 1 },
  },
  {
    ...FX,
    root: "6E",
    name: "Euro FX",
    tickSizes: [...always(0.0001), { fromDay: civilDayFrom(2016, 1, 11), size: 0.00005 }],
    pointValueUsd: 125_000,
    feesUsdPerSide: 1.62,
  },
  {
    ...FX,
    root: "6B",
    name: "British Pound",
    tickSizes: always(0.0001),
    pointValueUsd: 62_500,
    feesUsdPerSide: 1.62,
  },
  {
    ...FX,
    root: "6J",
    name: "Japanese Yen",
    tickSizes: always(0.0000005),
    pointValueUsd: 12_500_000,
    feesUsdPerSide: 1.62,
  },
  {
    ...CRYPTO,
    root: "BTC",
    name: "Bitcoin",
    tickSizes: always(5),
    pointValueUsd: 5,
    feesUsdPerSide: 6.02,
  },
];

/** A micro trades its mini's price and calendar; size, fees and sometimes tick and expiry are its own. */
function micro(mini: string, own: Pick<Instrument, "root" | "name" | "pointValueUsd" | "feesUsdPerSide">): Instrument {
  const parent = MINIS.find((entry) => entry.root === mini);
  if (parent === undefined) throw new Error(`micro ${own.root}: mini was ${mini}, expected a listed root`);
  return { ...parent, ...own, mini };
}

const MICROS: readonly Instrument[] = [
  micro("ES", { root: "MES", name: "Micro E-mini S&P 500", pointValueUsd: 5, feesUsdPerSide: 0.37 }),
  micro("NQ", { root: "MNQ", name: "Micro E-mini Nasdaq-100", pointValueUsd: 2, feesUsdPerSide: 0.37 }),
  micro("YM", { root: "MYM", name: "Micro E-mini Dow", pointValueUsd: 0.5, feesUsdPerSide: 0.37 }),
  micro("RTY", { root: "M2K", name: "Micro E-mini Russell 2000", pointValueUsd: 5, feesUsdPerSide: 0.37 }),
  micro("GC", { root: "MGC", name: "Micro Gold", pointValueUsd: 10, feesUsdPerSide: 0.62 }),
  micro("SI", { root: "SIL", name: "Micro Silver", pointValueUsd: 1_000, feesUsdPerSide: 1.02 }),
  {
    ...micro("HG", { root: "MHG", name: "Micro Copper", pointValueUsd: 2_500, feesUsdPerSide: 0.62 }),
    // Settles in cash at the third last clearing day of the month before, while its mini goes on to deliver.
    lastTrade: { kind: "nthLastClearingDay", nth: 3, monthsBefore: 1 },
    firstNotice: null,
  },
  {
    ...micro("CL", { root: "MCL", name: "Micro WTI Crude Oil", pointValueUsd: 100, feesUsdPerSide: 0.52 }),
    lastTrade: { kind: "beforeThe25th", clearingDays: 4 },
  },
  {
    ...micro("6E", { root: "M6E", name: "Micro EUR/USD", pointValueUsd: 12_500, feesUsdPerSide: 0.26 }),
    tickSizes: always(0.0001),
    listedMonths: QUARTERLY,
  },
  micro("BTC", { root: "MBT", name: "Micro Bitcoin", pointValueUsd: 0.1, feesUsdPerSide: 2.52 }),
];

export const INSTRUMENT_TABLE: readonly Instrument[] = [...MINIS, ...MICROS];
