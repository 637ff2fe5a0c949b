/** Which way does the market build? Breaks of confirmed swings by a close, and the dealing range they leave. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { Swing } from "#lib/analysis/swings.ts";
import { type IctObject, type IctSide, makeRoom, signOf } from "./zone.ts";

/**
 * BOS goes with the structure (or begins it), CHoCH against it. live → failed: a later bar closed back beyond the
 * level. Touched: price came back to the level.
 */
export type StructureBreak = IctObject & {
  kind: "BOS" | "CHoCH";
  state: "live" | "failed";
  levelTicks: number;
  /** Open of the bar that made the swing which broke. */
  swingMs: number;
};

/** The leg of the last break: bullish from its low to the highest high since, bearish mirrored. */
export type DealingLeg = { side: IctSide; lowTicks: number; highTicks: number; sinceMs: number };

/** A confirmed swing that no close has passed, and how far price went against it since: the origin of a break. */
type LiveSwing = Swing & { originTicks: number };

export type StructureState = {
  trend: IctSide | "none";
  /** The newest confirmed swing high and low, while unbroken. */
  high: LiveSwing | null;
  low: LiveSwing | null;
  breaks: StructureBreak[];
  leg: DealingLeg | null;
};

/** Breaks kept; a failed one goes first, else the oldest. */
const BREAKS_MAX = 12;

export function createStructure(): StructureState {
  return { trend: "none", high: null, low: null, breaks: [], leg: null };
}

/**
 * Takes the next closed bar and the swings that it confirmed, with the extreme on the other side since each of them
 * (the bars between swing and confirmation included). A break needs a *close* beyond the swing; a wick is none.
 * Returns the break that this bar made.
 */
export function addStructureBar(
  state: StructureState,
  bar: AnalysisBar,
  confirmed: { high: Swing | null; low: Swing | null; lowSinceHigh: number; highSinceLow: number },
): StructureBreak | null {
  for (const entry of state.breaks) follow(entry, bar);
  const { high, low } = state;
  if (high !== null) high.originTicks = Math.min(high.originTicks, bar.lowTicks);
  if (low !== null) low.originTicks = Math.max(low.originTicks, bar.highTicks);
  widenLeg(state.leg, bar);
  let made: StructureBreak | null = null;
  if (high !== null && bar.closeTicks > high.priceTicks) {
    made = breakSwing(state, "bullish", high, bar);
    state.high = null;
  } else if (low !== null && bar.closeTicks < low.priceTicks) {
    made = breakSwing(state, "bearish", low, bar);
    state.low = null;
  }
  if (confirmed.high !== null) state.high = { ...confirmed.high, originTicks: confirmed.lowSinceHigh };
  if (confirmed.low !== null) state.low = { ...confirmed.low, originTicks: confirmed.highSinceLow };
  return made;
}

function breakSwing(state: StructureState, side: IctSide, swing: LiveSwing, bar: AnalysisBar): StructureBreak {
  const kind = state.trend === "none" || state.trend === side ? "BOS" : "CHoCH";
  const made: StructureBreak = {
    kind,
    id: `${kind}:${side}:${bar.endMs}`,
    side,
    fromMs: swing.atMs,
    bornMs: bar.endMs,
    touched: false,
    state: "live",
    levelTicks: swing.priceTicks,
    swingMs: swing.atMs,
  };
  makeRoom(state.breaks, BREAKS_MAX, (entry) => entry.state === "failed");
  state.breaks.push(made);
  state.trend = side;
  const lowTicks = side === "bullish" ? swing.originTicks : bar.lowTicks;
  const highTicks = side === "bullish" ? bar.highTicks : swing.originTicks;
  state.leg = { side, lowTicks, highTicks, sinceMs: bar.endMs };
  return made;
}

function follow(entry: StructureBreak, bar: AnalysisBar): void {
  if (entry.state === "failed") return;
  const sign = signOf(entry.side);
  const backTicks = entry.side === "bullish" ? bar.lowTicks : bar.highTicks;
  if (sign * backTicks <= sign * entry.levelTicks) entry.touched = true;
  if (sign * bar.closeTicks < sign * entry.levelTicks) entry.state = "failed";
}

function widenLeg(leg: DealingLeg | null, bar: AnalysisBar): void {
  if (leg === null) return;
  leg.lowTicks = Math.min(leg.lowTicks, bar.lowTicks);
  leg.highTicks = Math.max(leg.highTicks, bar.highTicks);
}
