/** What does one line of the scanner say of a contract? Prices in points exact to the tick, distances in ticks. */
import type { MinutePulse } from "#lib/analysis/minute-pulse.ts";
import { assert } from "#lib/assert.ts";
import { formatPrice } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { contractsInWords } from "#lib/risk/position-size.ts";
import { type Points, pointsFromTicks } from "#lib/units.ts";
import type { FocusCard } from "./focus.ts";

/** Prices in ticks, fractional where they are averages; null: not known. */
export type ScannerInput = {
  root: string;
  /** With its month: "ES Z6". */
  label: string;
  tickSize: number;
  /** End of the closed bar that all of it but `lastTicks` stands on. */
  atMs: number;
  lastTicks: number | null;
  settlementTicks: number | null;
  vwapTicks: number | null;
  pivots: { pp: number; r1: number; r2: number; s1: number; s2: number } | null;
  atrTicks: number | null;
  /** Range of the trade date ÷ ATR14 of completed ones. */
  atrUsedShare: number | null;
  volume: number;
  relativeVolume: number | null;
  pulse: MinutePulse;
  /** Rank of volatility at this clock time, 0 to 1. */
  volatilityRank: number | null;
  regime: { direction: string; volatility: string } | null;
  wave: { bias: string; ratio: number } | null;
  quality: { long: number; short: number } | null;
  cvd: { contracts: number; source: string } | null;
  confluence: { direction: string; score: number; isConflict: boolean } | null;
  nearest: { label: string; priceTicks: number } | null;
  card: FocusCard | null;
};

export type ScannerRow = {
  root: string;
  label: string;
  atMs: number;
  last: Points | null;
  /** From the previous settlement; the percent null at a settlement of zero or less. */
  change: Points | null;
  changeTicks: number | null;
  changePercent: number | null;
  vwap: Points | null;
  vwapAwayTicks: number | null;
  vwapAwayPercent: number | null;
  pivot: Points | null;
  s1: Points | null;
  r1: Points | null;
  s2: Points | null;
  r2: Points | null;
  pivotAwayTicks: number | null;
  atr: Points | null;
  atrUsedPercent: number | null;
  volume: number;
  relativeVolume: number | null;
  minuteTrend: "up" | "down" | "flat" | null;
  minuteMomentumTicks: number | null;
  isVolumeSurge: boolean;
  volatilityRankPercent: number | null;
  regime: ScannerInput["regime"];
  wave: ScannerInput["wave"];
  /** Of the better side. */
  quality: { side: "long" | "short"; score: number } | null;
  cvd: ScannerInput["cvd"];
  confluence: ScannerInput["confluence"];
  nearest: { label: string; awayTicks: number } | null;
  idea: { side: "long" | "short" | "none"; text: string } | null;
  /** Why a cell is empty, for those that are. */
  missing: string[];
};

/**
 * The incumbent's columns and those of the screen. Nothing is rounded: HG at 8,643 ticks of 0.0005 is 4.3215, its VWAP
 * at 8,642.4 ticks is 4.3212. Change is from the previous settlement, never from a calendar day's close.
 */
export function scannerRowOf(input: ScannerInput): ScannerRow {
  const { lastTicks, tickSize, pivots, pulse } = input;
  assert(tickSize > 0, `scannerRowOf: tick size of ${input.root} was ${tickSize}`);
  const points = (priceTicks: number | null): Points | null =>
    priceTicks === null ? null : pointsFromTicks(priceTicks, tickSize);
  const away = (fromTicks: number | null): number | null =>
    lastTicks === null || fromTicks === null ? null : lastTicks - fromTicks;
  const percent = (fromTicks: number | null): number | null => {
    const ticks = away(fromTicks);
    return ticks === null || fromTicks === null || fromTicks <= 0 ? null : (ticks / fromTicks) * 100;
  };
  const isPulse = pulse.status === "ready";
  return {
    root: input.root,
    label: input.label,
    atMs: input.atMs,
    last: points(lastTicks),
    change: points(away(input.settlementTicks)),
    changeTicks: away(input.settlementTicks),
    changePercent: percent(input.settlementTicks),
    vwap: points(input.vwapTicks),
    vwapAwayTicks: away(input.vwapTicks),
    vwapAwayPercent: percent(input.vwapTicks),
    pivot: points(pivots?.pp ?? null),
    s1: points(pivots?.s1 ?? null),
    r1: points(pivots?.r1 ?? null),
    s2: points(pivots?.s2 ?? null),
    r2: points(pivots?.r2 ?? null),
    pivotAwayTicks: away(pivots?.pp ?? null),
    atr: points(input.atrTicks),
    atrUsedPercent: input.atrUsedShare === null ? null : input.atrUsedShare * 100,
    volume: input.volume,
    relativeVolume: input.relativeVolume,
    minuteTrend: isPulse ? pulse.trend : null,
    minuteMomentumTicks: isPulse ? pulse.momentumTicks : null,
    isVolumeSurge: isPulse && pulse.isVolumeSurge,
    volatilityRankPercent: input.volatilityRank === null ? null : input.volatilityRank * 100,
    regime: input.regime,
    wave: input.wave,
    quality: betterSide(input.quality),
    cvd: input.cvd,
    confluence: input.confluence,
    nearest: nearestOf(input),
    idea: input.card === null ? null : ideaOf(input.card, input),
    missing: missingOf(input),
  };
}

/** At equal scores neither side is better. */
function betterSide(quality: ScannerInput["quality"]): ScannerRow["quality"] {
  if (quality === null || quality.long === quality.short) return null;
  return quality.long > quality.short ? { side: "long", score: quality.long } : { side: "short", score: quality.short };
}

/** Distance of the level from the last price: positive above it. */
function nearestOf({ nearest, lastTicks }: ScannerInput): ScannerRow["nearest"] {
  if (nearest === null || lastTicks === null) return null;
  return { label: nearest.label, awayTicks: nearest.priceTicks - lastTicks };
}

function ideaOf(card: FocusCard, { root, tickSize }: ScannerInput): ScannerRow["idea"] {
  if (card.status === "stand aside") return { side: "none", text: card.whyNot[0] ?? "stand aside" };
  const instrument = instrumentOf(root);
  assert(instrument !== null, `scannerRowOf: root was ${root}, expected one that we list`);
  const { entryLowTicks, entryHighTicks, stopTicks } = card.bracket;
  const prices = [entryLowTicks, entryHighTicks, stopTicks];
  const [low, high, stop] = prices.map((price) => formatPrice(pointsFromTicks(price, tickSize), instrument));
  const size = card.status === "trade" ? contractsInWords(card.size.contracts) : "do not trade";
  return { side: card.side, text: `${card.side} ${low} to ${high}, stop ${stop}, ${size}` };
}

function missingOf(input: ScannerInput): string[] {
  const missing: string[] = [];
  if (input.lastTicks === null) missing.push("no trade yet");
  if (input.settlementTicks === null) missing.push("no previous settlement in this file");
  if (input.vwapTicks === null) missing.push("no VWAP yet");
  if (input.pivots === null) missing.push("pivots need a completed trade date");
  if (input.atrTicks === null) missing.push("ATR is warming up");
  if (input.relativeVolume === null) missing.push("RVOL needs past sessions");
  if (input.pulse.status !== "ready") missing.push(...input.pulse.reasons);
  if (input.volatilityRank === null) missing.push("volatility rank needs past sessions");
  if (input.regime === null) missing.push("regime is warming up");
  if (input.quality === null) missing.push("quality is warming up");
  return missing;
}

/** Widest move first; those without a change last, by root. */
export function sortScannerRows(rows: readonly ScannerRow[]): ScannerRow[] {
  const size = ({ changePercent }: ScannerRow): number => (changePercent === null ? -1 : Math.abs(changePercent));
  return [...rows].sort((a, b) => size(b) - size(a) || (a.root < b.root ? -1 : 1));
}
