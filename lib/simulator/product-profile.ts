/** What does each simulated product trade like: its price level, its swings, its volume, its depth? */
import type { Instrument } from "#lib/instrument.ts";

/** Products of one family share a factor, news and moods. */
export type Family = "equity" | "metals" | "energy" | "rates" | "fx" | "crypto";

/** A price that a mini and its micro share. */
export type PriceProfile = {
  readonly family: Family;
  /** The level around which the price wanders, in points (late 2026). */
  readonly levelPoints: number;
  /** Standard deviation of a day's change and of an average RTH minute's change, in parts of the price. */
  readonly dailySigma: number;
  readonly minuteSigma: number;
  /** Share of the family's factor in the change: the correlation of two products is the product of their loadings. */
  readonly loading: number;
  /** Change of price per month of expiry, in parts of the price. */
  readonly carryPerMonth: number;
};

/** What a product has for itself, also where it shares its price. */
export type FlowProfile = {
  readonly dailyVolume: number;
  /** Contracts per trade on average. */
  readonly tradeSize: number;
  /** Contracts shown at the best price on average. */
  readonly depth: number;
  /** Trades and quotes in one second, at most. Those of the 16 default roots sum to 2,000. */
  readonly eventsPerSecondMax: number;
  /** How often the spread is wider than one tick in RTH and overnight, as a share of visits to a price. */
  readonly wideShareRth: number;
  readonly wideShareOvernight: number;
};

type PriceRow = readonly [Family, number, number, number, number, number];

/** family, level, daily and minute sigma in basis points, loading, carry a month in basis points */
const PRICES: Readonly<Record<string, PriceRow>> = {
  ES: ["equity", 6_800, 85, 3.4, 0.96, 28],
  NQ: ["equity", 25_000, 115, 4.4, 0.93, 28],
  YM: ["equity", 47_000, 80, 3.2, 0.92, 26],
  RTY: ["equity", 2_500, 120, 4.4, 0.88, 26],
  GC: ["metals", 4_100, 95, 3, 0.9, 33],
  SI: ["metals", 51, 170, 5.2, 0.85, 33],
  HG: ["metals", 5, 120, 3.4, 0.45, 30],
  CL: ["energy", 60, 180, 5.6, 0.8, -12],
  NG: ["energy", 4, 300, 9, 0.35, 40],
  ZN: ["rates", 112.5, 32, 0.85, 0.95, -8],
  ZB: ["rates", 117, 60, 1.5, 0.93, -10],
  "6E": ["fx", 1.16, 45, 1.15, 0.85, 14],
  "6B": ["fx", 1.31, 48, 1.25, 0.8, 1],
  "6J": ["fx", 0.0064, 55, 1.4, 0.6, 28],
  BTC: ["crypto", 90_000, 250, 7, 0.97, 45],
};

type FlowRow = readonly [number, number, number, number, number, number];

/** daily volume, contracts a trade, depth, events a second at most, wide share in RTH and overnight */
const FLOWS: Readonly<Record<string, FlowRow>> = {
  ES: [1_300_000, 4.2, 45, 260, 0.02, 0.06],
  NQ: [550_000, 1.8, 5, 300, 0.06, 0.25],
  YM: [130_000, 1.7, 6, 80, 0.06, 0.3],
  RTY: [180_000, 2, 9, 90, 0.06, 0.3],
  GC: [220_000, 1.5, 7, 160, 0.06, 0.25],
  SI: [75_000, 1.5, 5, 80, 0.08, 0.4],
  HG: [60_000, 1.6, 7, 50, 0.08, 0.4],
  CL: [320_000, 2, 14, 140, 0.04, 0.2],
  NG: [180_000, 2.2, 12, 80, 0.06, 0.3],
  ZN: [1_600_000, 14, 900, 120, 0.01, 0.02],
  ZB: [350_000, 7, 150, 80, 0.01, 0.03],
  "6E": [220_000, 2.6, 40, 80, 0.03, 0.12],
  "6B": [110_000, 2.4, 30, 60, 0.04, 0.2],
  "6J": [150_000, 2.6, 40, 60, 0.04, 0.2],
  BTC: [12_000, 1.4, 3, 40, 0.1, 0.5],
  MES: [1_100_000, 3.2, 60, 220, 0.02, 0.06],
  MNQ: [1_500_000, 3.2, 16, 300, 0.03, 0.12],
  MYM: [150_000, 2, 8, 60, 0.06, 0.3],
  M2K: [140_000, 2, 14, 60, 0.06, 0.3],
  MGC: [180_000, 2, 12, 110, 0.06, 0.25],
  SIL: [25_000, 1.4, 7, 40, 0.08, 0.45],
  MHG: [8_000, 1.3, 9, 15, 0.1, 0.5],
  MCL: [90_000, 1.8, 20, 35, 0.06, 0.3],
  M6E: [25_000, 1.8, 60, 30, 0.02, 0.05],
  MBT: [40_000, 2, 6, 40, 0.1, 0.5],
};

/** The sixteen products that the simulator follows when nobody says otherwise. */
export const DEFAULT_ROOTS: readonly string[] = [
  ...["ES", "NQ", "YM", "RTY", "GC", "SI", "HG", "CL"],
  ...["MES", "MNQ", "MYM", "M2K", "MGC", "SIL", "MHG", "MCL"],
];

/** The root whose price a product follows: its mini's, or its own. "MES" → "ES". */
export function priceRoot(instrument: Instrument): string {
  return instrument.mini ?? instrument.root;
}

/** How the price of a root (a mini, see `priceRoot`) behaves; throws RangeError for a root without a row. */
export function priceProfile(root: string): PriceProfile {
  const row = PRICES[root];
  if (row === undefined) throw new RangeError(`priceProfile: root was ${root}, expected one with a price of its own`);
  const [family, levelPoints, dailyBp, minuteBp, loading, carryBp] = row;
  const bp = 1e-4;
  return {
    family,
    levelPoints,
    dailySigma: dailyBp * bp,
    minuteSigma: minuteBp * bp,
    loading,
    carryPerMonth: carryBp * bp,
  };
}

/** How a product trades; throws RangeError for a root without a row. */
export function flowProfile(root: string): FlowProfile {
  const row = FLOWS[root];
  if (row === undefined) throw new RangeError(`flowProfile: root was ${root}, expected one that the simulator knows`);
  const [dailyVolume, tradeSize, depth, eventsPerSecondMax, wideShareRth, wideShareOvernight] = row;
  return { dailyVolume, tradeSize, depth, eventsPerSecondMax, wideShareRth, wideShareOvernight };
}
