/** How did price move while the market was open? The path and its true range without the gaps of session breaks. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { trueRangeOf } from "#lib/indicators/atr.ts";
import type { EmaState } from "#lib/indicators/ema.ts";
import { addRma, createRma } from "#lib/indicators/rma.ts";

export type SessionPath = {
  /** Bars taken. */
  count: number;
  closeTicks: number;
  /** Of the newest bar: its close less the close before it, or less its own open behind a session break. */
  moveTicks: number;
  /** Sum of the gaps left out so far: a price less this lies on the gap-free path. */
  gapTicks: number;
  /** Wilder's average of the true range, where the first bar behind a break counts its high − low. */
  atr: EmaState;
};

/** Wilder's usual period. */
const ATR_PERIOD = 14;

/**
 * `sessionAtr` (domain: it serves volatility and wave) is `atr.value` in ticks, NaN for 13 bars. Closes 100, then
 * behind a break a bar 110–112 that opens 110 and closes 111: the move is +1, the gap 10, the true range 2.
 */
export function createSessionPath(): SessionPath {
  return { count: 0, closeTicks: Number.NaN, moveTicks: 0, gapTicks: 0, atr: createRma({ period: ATR_PERIOD }) };
}

export function addSessionPathBar(path: SessionPath, bar: AnalysisBar): void {
  const isFirst = path.count === 0;
  const isBehindGap = isFirst || bar.isAfterBreak;
  if (bar.isAfterBreak && !isFirst) path.gapTicks += bar.openTicks - path.closeTicks;
  path.moveTicks = bar.closeTicks - (isBehindGap ? bar.openTicks : path.closeTicks);
  addRma(path.atr, trueRangeOf(bar.highTicks, bar.lowTicks, isBehindGap ? Number.NaN : path.closeTicks));
  path.closeTicks = bar.closeTicks;
  path.count += 1;
}

/** The newest move in session ATRs; 0 where nothing has ranged, NaN until the ATR stands. */
export function moveInAtr({ moveTicks, atr }: SessionPath): number {
  return atr.value === 0 ? 0 : moveTicks / atr.value;
}
