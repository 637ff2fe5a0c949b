/** Does the market's sibling agree at its turns? SMT divergence from bars that both have closed, never one alone. */
import { DEFAULT_SWING_SIDE } from "#lib/analysis/ict/ict.ts";
import { addSmtSwing, createSmt, noSmt, type Smt, type SmtState, smtOf } from "#lib/analysis/ict/smt.ts";
import { addSwingBar, createSwings, type SwingsState } from "#lib/analysis/swings.ts";
import { type BarSeries, rowAt, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVAL_MS, KEPT_INTERVALS } from "#lib/bars/interval.ts";
import type { ContractState, EngineState } from "../state.ts";
import type { ContractAnalysis } from "./contract-analysis.ts";

/**
 * The two stock indices, each beside its siblings, best first: a micro goes with the other micro, and with the mini
 * where that is not followed, for both trade the same index. All have a tick of 0.25, so prices of both are told alike.
 */
export const SIBLINGS: Readonly<Record<string, readonly string[]>> = {
  ES: ["NQ", "MNQ"],
  NQ: ["ES", "MES"],
  MES: ["MNQ", "NQ"],
  MNQ: ["MES", "ES"],
};

/** Own market first, sibling second, of one trade date; `sibling` is a contract's number, −1: none is followed. */
export type PairState = {
  sibling: number;
  tradeDate: number;
  /** Open of the newest bar of both that was looked at, and end of the newest that both have. */
  takenMs: number;
  atMs: number;
  own: SwingsState;
  other: SwingsState;
  smt: SmtState;
};

export function createPair(): PairState {
  return {
    sibling: -1,
    tradeDate: 0,
    takenMs: Number.NEGATIVE_INFINITY,
    atMs: Number.NaN,
    own: createSwings({ barsEachSide: DEFAULT_SWING_SIDE }),
    other: createSwings({ barsEachSide: DEFAULT_SWING_SIDE }),
    smt: createSmt(),
  };
}

/**
 * Takes the bars of the analysis's interval that both markets have closed since, in their order; a window in which only
 * one has traded is left out. Each trade date, and each other contract of the sibling, begins anew from the session's
 * open, so that a rebuild comes to what live came to.
 */
export function takePairBars(state: EngineState, contract: ContractState, analysis: ContractAnalysis): void {
  const sibling = siblingOf(state, contract.root);
  const { tradeDate, openMs } = analysis.place;
  if (analysis.pair.tradeDate !== tradeDate || analysis.pair.sibling !== sibling) {
    analysis.pair = { ...createPair(), sibling, tradeDate, takenMs: openMs - 1 };
  }
  if (sibling < 0) return;
  const { pair } = analysis;
  const kept = KEPT_INTERVALS.indexOf(analysis.settings.interval);
  const own = contract.series[kept];
  const other = state.contracts[sibling].series[kept];
  const untilMs = Math.min(analysis.walk.takenMs[kept], newestClosedMs(other));
  for (let row = rowAtOrAfter(own, pair.takenMs + 1); row < own.length && own.openMs[row] <= untilMs; row += 1) {
    const otherRow = rowAt(other, own.openMs[row]);
    if (otherRow >= 0) takeBoth(pair, { own, row, other, otherRow, endMs: own.openMs[row] + KEPT_INTERVAL_MS[kept] });
  }
  pair.takenMs = Math.max(pair.takenMs, untilMs);
}

/** History of a sibling may stand where there was no bar of it: the trade date is gone through again. */
export function forgetPairs(state: EngineState, sibling: number): void {
  for (const analysis of state.analyses) {
    if (analysis?.pair.sibling !== sibling) continue;
    analysis.pair = createPair();
    analysis.changes += 1;
  }
}

/** Front of the first sibling that is followed; −1: none. */
function siblingOf(state: EngineState, root: string): number {
  for (const name of SIBLINGS[root] ?? []) {
    const followed = state.roots.find((entry) => entry.root === name);
    if (followed !== undefined) return followed.front;
  }
  return -1;
}

function newestClosedMs({ length, openMs }: BarSeries): number {
  return length === 0 ? Number.NEGATIVE_INFINITY : openMs[length - 1];
}

type Both = { own: BarSeries; row: number; other: BarSeries; otherRow: number; endMs: number };

function takeBoth(pair: PairState, { own, row, other, otherRow, endMs }: Both): void {
  pair.atMs = endMs;
  takeSwing(pair.smt, "first", pair.own, { series: own, row, endMs });
  takeSwing(pair.smt, "second", pair.other, { series: other, row: otherRow, endMs });
}

type ClosedRow = { series: BarSeries; row: number; endMs: number };

function takeSwing(smt: SmtState, market: "first" | "second", swings: SwingsState, at: ClosedRow): void {
  const { series, row, endMs } = at;
  const [highTicks, lowTicks] = [series.highTicks[row], series.lowTicks[row]];
  addSwingBar(swings, { openMs: series.openMs[row], endMs, highTicks, lowTicks });
  if (swings.newHigh !== null) addSmtSwing(smt, market, "high", swings.newHigh);
  if (swings.newLow !== null) addSmtSwing(smt, market, "low", swings.newLow);
}

/** What is published of the pair; where no sibling is followed, which one it needs. */
export function pairOf({ pair, asOfMs }: ContractAnalysis, roots: { own: string; sibling: string | null }): Smt {
  if (roots.sibling === null) return noSmt(SIBLINGS[roots.own]?.[0] ?? null, asOfMs);
  return smtOf(pair.smt, { atMs: pair.atMs, first: roots.own, second: roots.sibling });
}
