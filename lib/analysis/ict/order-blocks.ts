/** From which candle did the move start that broke structure? Order blocks, and what becomes of those that fail. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type RecentBars, slotAgo } from "./recent-bars.ts";
import type { StructureBreak } from "./structure.ts";
import { closesThrough, type IctSide, type IctZone, makeRoom, otherSide, reachInto, signOf } from "./zone.ts";

/** fresh → tested (price came back into it) → mitigated (back to its middle) → failed (a close beyond it). */
export type OrderBlock = IctZone & {
  kind: "orderBlock";
  state: "fresh" | "tested" | "mitigated" | "failed";
  /** Reach of the displacement ÷ ATR. */
  displacementAtr: number;
};

/**
 * A failed order block, which now holds the other side (`side` is the new one): a breaker where a swing on the far side
 * was swept since the block's candle, else a mitigation block. live → retested → dead (a close back beyond it).
 */
export type FailedBlock = IctZone & {
  kind: "breaker" | "mitigationBlock";
  state: "live" | "retested" | "dead";
  orderBlockId: string;
};

/** A displacement whose break of structure may still come: with its bar, or one of the next two. */
type Pending = { side: IctSide; topTicks: number; bottomTicks: number; fromMs: number; displacementAtr: number };

export type OrderBlocksState = {
  blocks: OrderBlock[];
  failed: FailedBlock[];
  pending: (Pending & { barsLeft: number })[];
};

/** What the sweeps say: the newest end of a bar that swept highs (buy side) and lows (sell side). */
export type LastSweeps = { buySideMs: number; sellSideMs: number };

/** Least reach of a displacement, from its extreme to its close, in ATR. */
const DISPLACEMENT_ATR_MIN = 1.5;
/** The block is the nearest opposite candle within so many bars before the displacement. */
const BLOCK_WITHIN_BARS = 3;
/** The displacement's own bar and the next two may break structure. */
const BREAK_WITHIN_BARS = 3;
/** Blocks kept; failed ones go first, else the oldest. */
const BLOCKS_MAX = 16;
const FAILED_MAX = 8;

export function createOrderBlocks(): OrderBlocksState {
  return { blocks: [], failed: [], pending: [] };
}

/**
 * Takes the next closed bar, already the newest of `recent`, with the break of structure that it made. Bullish: a green
 * bar whose close lies 1.5 ATR above its low; the block is the nearest red candle within 3 bars before it (no break of
 * trading between), its whole height; it is born when this bar or one of the next two closes above the live swing high.
 * Tests and mitigation count from the bar after its birth: not by the impulse itself.
 */
export function addOrderBlockBar(
  state: OrderBlocksState,
  recent: RecentBars,
  bar: AnalysisBar,
  at: { atrTicks: number; newBreak: StructureBreak | null; sweeps: LastSweeps },
): void {
  for (const block of state.failed) followFailed(block, bar);
  for (const block of state.blocks) followBlock(state, block, bar, at.sweeps);
  notePending(state, recent, bar, at.atrTicks);
  const { newBreak } = at;
  if (newBreak !== null) {
    const pending = state.pending.filter(({ side }) => side === newBreak.side);
    for (const found of pending) addBlock(state, found, bar);
    state.pending = state.pending.filter(({ side }) => side !== newBreak.side);
  }
  for (const found of state.pending) found.barsLeft -= 1;
  state.pending = state.pending.filter(({ barsLeft }) => barsLeft > 0);
}

function notePending(state: OrderBlocksState, recent: RecentBars, bar: AnalysisBar, atrTicks: number): void {
  const isUp = bar.closeTicks > bar.openTicks;
  const reachTicks = isUp ? bar.closeTicks - bar.lowTicks : bar.highTicks - bar.closeTicks;
  const displacementAtr = reachTicks / atrTicks;
  if (bar.closeTicks === bar.openTicks || !(displacementAtr >= DISPLACEMENT_ATR_MIN)) return;
  const side = isUp ? "bullish" : "bearish";
  const slot = oppositeCandle(recent, side);
  if (slot < 0) return;
  const fromMs = recent.openMs[slot];
  if (state.pending.some((entry) => entry.side === side && entry.fromMs === fromMs)) return;
  const topTicks = recent.highTicks[slot];
  const bottomTicks = recent.lowTicks[slot];
  state.pending.push({ side, topTicks, bottomTicks, fromMs, displacementAtr, barsLeft: BREAK_WITHIN_BARS });
}

/** The nearest candle against the move within three bars before the newest; −1: none, or trading stopped between. */
function oppositeCandle(recent: RecentBars, side: IctSide): number {
  const sign = signOf(side);
  for (let ago = 1; ago <= BLOCK_WITHIN_BARS; ago += 1) {
    const slot = slotAgo(recent, ago);
    if (slot < 0 || recent.isAfterBreak[slotAgo(recent, ago - 1)] === 1) return -1;
    if (sign * recent.closeTicks[slot] < sign * recent.openTicks[slot]) return slot;
  }
  return -1;
}

function addBlock(state: OrderBlocksState, found: Pending, bar: AnalysisBar): void {
  const { side, topTicks, bottomTicks, fromMs, displacementAtr } = found;
  const id = `ob:${side}:${fromMs}`;
  if (state.blocks.some((block) => block.id === id) || topTicks <= bottomTicks) return;
  makeRoom(state.blocks, BLOCKS_MAX, (block) => block.state === "failed");
  state.blocks.push({
    kind: "orderBlock",
    id,
    side,
    topTicks,
    bottomTicks,
    fromMs,
    bornMs: bar.endMs,
    touched: false,
    state: "fresh",
    displacementAtr,
  });
}

function followBlock(state: OrderBlocksState, block: OrderBlock, bar: AnalysisBar, sweeps: LastSweeps): void {
  if (block.state === "failed") return;
  const reach = reachInto(block, bar);
  if (reach >= 0) block.touched = true;
  if (reach >= 0.5) block.state = "mitigated";
  else if (reach >= 0 && block.state === "fresh") block.state = "tested";
  if (!closesThrough(block, bar)) return;
  block.state = "failed";
  const sweptMs = block.side === "bullish" ? sweeps.buySideMs : sweeps.sellSideMs;
  const kind = sweptMs > block.fromMs ? "breaker" : "mitigationBlock";
  makeRoom(state.failed, FAILED_MAX, (entry) => entry.state === "dead");
  state.failed.push({
    kind,
    id: `${kind}:${block.fromMs}:${bar.endMs}`,
    side: otherSide(block.side),
    topTicks: block.topTicks,
    bottomTicks: block.bottomTicks,
    fromMs: block.fromMs,
    bornMs: bar.endMs,
    touched: false,
    state: "live",
    orderBlockId: block.id,
  });
}

function followFailed(block: FailedBlock, bar: AnalysisBar): void {
  if (block.state === "dead") return;
  if (reachInto(block, bar) >= 0) {
    block.touched = true;
    block.state = "retested";
  }
  if (closesThrough(block, bar)) block.state = "dead";
}
