/** What traded at each price? Answers of GET /analysis/profile and /analysis/footprint, prices in points. */
import type { FlowMark } from "#lib/analysis/order-flow/flow-marks.ts";
import type { ValueAreaRule } from "#lib/analysis/value-area.ts";
import type { Mode } from "../events/clock.ts";
import type { DeltaSource } from "./stream.ts";

export const PROFILE_SPANS = ["session", "rth", "composite"] as const;
export type ProfileSpan = (typeof PROFILE_SPANS)[number];
/** How a value area grows: the first is the default. */
export const VALUE_AREA_RULES = ["two-row", "one-row"] as const satisfies readonly ValueAreaRule[];
/** Closed bars that open in [fromMs, toMs). */
export type ProfileRange = { fromMs: number; toMs: number };
export const FOOTPRINT_INTERVALS = ["1m", "5m"] as const;
export type FootprintInterval = (typeof FOOTPRINT_INTERVALS)[number];

/** `price` is the row's lowest; contracts bought, sold, and of neither side. */
export type PriceRow = { price: number; buy: number; sell: number; unsigned: number };

/** Rows with volume, lowest first; without a profile `whyNull` says why and the rest is empty. */
export type ProfileAnswer = {
  contract: string;
  mode: Mode;
  tickSize: number;
  span: ProfileSpan | "range";
  /** Of span "range": as it was asked for. */
  range: ProfileRange | null;
  /** How `val` and `vah` were found. */
  valueArea: ValueAreaRule;
  /** End of the newest bar in it. */
  asOfMs: number | null;
  poc: number | null;
  val: number | null;
  vah: number | null;
  /** Contracts, and the share of them that was spread over bars: above 0 the profile is an estimate. */
  n: number;
  estimatedShare: number;
  dates: number;
  rows: PriceRow[];
  reasons: string[];
  whyNull: string | null;
};

/** A row of a bar; `imbalance`: one side outweighs the other's diagonal neighbour 3:1, with the product's minimum. */
export type FootprintCell = PriceRow & { imbalance: "buy" | "sell" | "both" | null };

export type FootprintMark = { kind: FlowMark["kind"]; direction: FlowMark["direction"]; reason: string };

/** Cells are all rows from the bar's lowest to its highest, lowest first. */
export type FootprintBarView = {
  openMs: number;
  endMs: number;
  isForming: boolean;
  volume: number;
  delta: number;
  cells: FootprintCell[];
  marks: FootprintMark[];
};

/** Newest bars, oldest first, the forming one last. */
export type FootprintAnswer = {
  contract: string;
  mode: Mode;
  tickSize: number;
  interval: FootprintInterval;
  /** Height of a row in ticks, and contracts of a side below which nothing is marked. */
  rowTicks: number;
  minVolume: number;
  asOfMs: number | null;
  /** Who says the sides, the worst in the session. */
  source: DeltaSource;
  bars: FootprintBarView[];
  /** Closed bars of the trade date whose trades were not all seen: they have no footprint. */
  unseenBars: number;
  whyNull: string | null;
};
