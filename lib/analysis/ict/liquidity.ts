/** Whose stops were taken, and did price turn there? Sweeps of confirmed swings, for as long as they are news. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { Swing } from "#lib/analysis/swings.ts";
import { MS_PER_DAY, MS_PER_HOUR } from "#lib/units.ts";
import { type EqualSwings, followEqualSwings, joinEqualSwings } from "./equal-swings.ts";
import { type IctObject, type IctSide, makeRoom, signOf } from "./zone.ts";

/**
 * Stops beyond a swing were taken and price closed back by at least half an ATR, with no close beyond between.
 * Side: what it speaks for, so bearish where highs (buy-side liquidity) were swept. live → expired: a later close
 * beyond the level, or SWEEP_RECENT_MS gone by.
 */
export type LiquiditySweep = IctObject & {
  kind: "sweep";
  liquidity: "buySide" | "sellSide";
  state: "live" | "expired";
  /** The outermost swing that was swept, and how many were. */
  levelTicks: number;
  levels: number;
  extremeTicks: number;
  reversalAtr: number;
};

/** A confirmed swing whose stops nobody has taken; `pokeBars` > 0: a wick went beyond it so many bars ago. */
type StopLevel = { priceTicks: number; atMs: number; pokeBars: number; extremeTicks: number };

export type LiquidityState = {
  highs: StopLevel[];
  lows: StopLevel[];
  sweeps: LiquiditySweep[];
  equals: EqualSwings[];
  /** End of the newest bar that swept highs, lows; −Infinity: none. */
  buySideMs: number;
  sellSideMs: number;
};

/** How far price must close back from the extreme. */
const REVERSAL_ATR_MIN = 0.5;
/** The bar that pokes through and the next two may close back. */
const REVERSAL_WITHIN_BARS = 3;
/** A swing is forgotten after so long: its stops have moved. */
const LEVEL_AGE_MS_MAX = 5 * MS_PER_DAY;
/** What "recent sweeps" means. */
export const SWEEP_RECENT_MS = 2 * MS_PER_HOUR;
/** Untaken swings kept on each side; the oldest goes. */
const LEVELS_MAX = 16;
/** Sweeps kept; an expired one goes first, else the oldest. */
const SWEEPS_MAX = 8;

export function createLiquidity(): LiquidityState {
  const [buySideMs, sellSideMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return { highs: [], lows: [], sweeps: [], equals: [], buySideMs, sellSideMs };
}

/**
 * Takes the next closed bar and the swings that it confirmed. A level dies at a close beyond it, when it was swept,
 * when a poke did not come back within three bars, and after five days. Swing high 100, ATR 8: a bar with high 103,
 * close 98 sweeps it (103 − 98 = 5 ≥ 4); with close 101 it is broken; with close 100 the next two bars may still do it.
 */
export function addLiquidityBar(
  state: LiquidityState,
  bar: AnalysisBar,
  confirmed: { high: Swing | null; low: Swing | null },
  atrTicks: number,
): void {
  for (const sweep of state.sweeps) followSweep(sweep, bar);
  followEqualSwings(state.equals, bar);
  state.highs = takeStops(state, "bearish", bar, atrTicks);
  state.lows = takeStops(state, "bullish", bar, atrTicks);
  if (confirmed.high !== null) addLevel(state, confirmed.high, { side: "bearish", bar, atrTicks });
  if (confirmed.low !== null) addLevel(state, confirmed.low, { side: "bullish", bar, atrTicks });
}

/** The levels of a side that outlive the bar. Swept highs speak for the bears: `side` bearish has those above price. */
function takeStops(state: LiquidityState, side: IctSide, bar: AnalysisBar, atrTicks: number): StopLevel[] {
  const sign = -signOf(side);
  const extreme = sign * (side === "bearish" ? bar.highTicks : bar.lowTicks);
  const close = sign * bar.closeTicks;
  const alive: StopLevel[] = [];
  for (const level of side === "bearish" ? state.highs : state.lows) {
    const price = sign * level.priceTicks;
    if (close > price || bar.endMs - level.atMs > LEVEL_AGE_MS_MAX) continue;
    if (extreme > price || level.pokeBars > 0) {
      level.extremeTicks = sign * Math.max(extreme, sign * level.extremeTicks);
      level.pokeBars += 1;
      const reversalAtr = (sign * level.extremeTicks - close) / atrTicks;
      if (reversalAtr >= REVERSAL_ATR_MIN) {
        addSweep(state, side, { ...level, reversalAtr }, bar);
        continue;
      }
      if (level.pokeBars >= REVERSAL_WITHIN_BARS) continue;
    }
    alive.push(level);
  }
  return alive;
}

/** All levels that one bar sweeps are one sweep. */
function addSweep(
  state: LiquidityState,
  side: IctSide,
  level: StopLevel & { reversalAtr: number },
  bar: AnalysisBar,
): void {
  const id = `sweep:${side}:${bar.endMs}`;
  const known = state.sweeps.find((sweep) => sweep.id === id);
  if (known !== undefined) {
    const outer = side === "bearish" ? Math.max : Math.min;
    known.levelTicks = outer(known.levelTicks, level.priceTicks);
    known.extremeTicks = outer(known.extremeTicks, level.extremeTicks);
    known.reversalAtr = Math.max(known.reversalAtr, level.reversalAtr);
    known.fromMs = Math.min(known.fromMs, level.atMs);
    known.levels += 1;
    return;
  }
  makeRoom(state.sweeps, SWEEPS_MAX, (sweep) => sweep.state === "expired");
  state.sweeps.push({
    kind: "sweep",
    id,
    side,
    liquidity: side === "bearish" ? "buySide" : "sellSide",
    fromMs: level.atMs,
    bornMs: bar.endMs,
    touched: false,
    state: "live",
    levelTicks: level.priceTicks,
    levels: 1,
    extremeTicks: level.extremeTicks,
    reversalAtr: level.reversalAtr,
  });
  if (side === "bearish") state.buySideMs = bar.endMs;
  else state.sellSideMs = bar.endMs;
}

function addLevel(
  state: LiquidityState,
  swing: Swing,
  at: { side: IctSide; bar: AnalysisBar; atrTicks: number },
): void {
  const levels = at.side === "bearish" ? state.highs : state.lows;
  joinEqualSwings(state.equals, levels, swing, at);
  if (levels.length >= LEVELS_MAX) levels.shift();
  levels.push({ priceTicks: swing.priceTicks, atMs: swing.atMs, pokeBars: 0, extremeTicks: swing.priceTicks });
}

function followSweep(sweep: LiquiditySweep, bar: AnalysisBar): void {
  if (sweep.state === "expired") return;
  const sign = -signOf(sweep.side);
  const reach = sweep.side === "bearish" ? bar.highTicks : bar.lowTicks;
  if (sign * reach >= sign * sweep.levelTicks) sweep.touched = true;
  const isBeyond = sign * bar.closeTicks > sign * sweep.levelTicks;
  if (isBeyond || bar.endMs - sweep.bornMs > SWEEP_RECENT_MS) sweep.state = "expired";
}
