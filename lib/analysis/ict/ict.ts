/** What does the ICT reading of the closed bars say? Takes each bar through its parts and publishes them as one. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { addOpensBar, createOpens, type Open, type OpenId, type OpensState } from "#lib/analysis/opens.ts";
import { addSwingBar, createSwings, type Swing, type SwingsState } from "#lib/analysis/swings.ts";
import { type ExplainedWarming, explainedWarming } from "#lib/analysis/warming.ts";
import { type AtrState, addAtr, createAtr } from "#lib/indicators/atr.ts";
import { type DealingRange, dealingRangeOf } from "./dealing-range.ts";
import type { EqualSwings } from "./equal-swings.ts";
import { addFairValueGapBar, type FairValueGap } from "./fair-value-gaps.ts";
import { ictReasons } from "./ict-reasons.ts";
import { type Killzone, killzoneAt, killzonesFrom } from "./killzones.ts";
import { addLiquidityBar, createLiquidity, type LiquidityState, type LiquiditySweep } from "./liquidity.ts";
import {
  addOrderBlockBar,
  createOrderBlocks,
  type FailedBlock,
  type OrderBlock,
  type OrderBlocksState,
} from "./order-blocks.ts";
import { addRecentBar, createRecentBars, type RecentBars } from "./recent-bars.ts";
import { addStructureBar, createStructure, type StructureBreak, type StructureState } from "./structure.ts";
import type { IctSide } from "./zone.ts";

export type IctSettings = {
  root: string;
  /** k of the swings: bars on each side. */
  barsEachSide: number;
};

export type IctState = {
  root: string;
  count: number;
  atMs: number;
  closeTicks: number;
  atr: AtrState;
  swings: SwingsState;
  recent: RecentBars;
  gaps: FairValueGap[];
  structure: StructureState;
  orderBlocks: OrderBlocksState;
  liquidity: LiquidityState;
  opens: OpensState;
  killzones: Killzone[];
};

/** Prices in ticks. Lists are oldest first; what is over (dead, failed, expired) stays until its place is needed. */
export type IctReady = {
  status: "ready";
  /** End of the bar that it stands on, and bars taken. */
  atMs: number;
  n: number;
  reasons: string[];
  atrTicks: number;
  trend: IctSide | "none";
  swingHighs: readonly Swing[];
  swingLows: readonly Swing[];
  breaks: readonly Readonly<StructureBreak>[];
  gaps: readonly Readonly<FairValueGap>[];
  orderBlocks: readonly Readonly<OrderBlock>[];
  failedBlocks: readonly Readonly<FailedBlock>[];
  sweeps: readonly Readonly<LiquiditySweep>[];
  equalSwings: readonly Readonly<EqualSwings>[];
  dealingRange: DealingRange | null;
  killzone: Killzone;
  opens: Readonly<Record<OpenId, Open | null>>;
};

export type IctReading = ExplainedWarming | IctReady;

export const DEFAULT_SWING_SIDE = 3;
const ATR_PERIOD = 14;
/** Bars before anything is said: Wilder's ATR has settled from its seed by then. */
const WARM_UP_BARS = 30;

export function createIct({ root, barsEachSide }: IctSettings): IctState {
  return {
    root,
    count: 0,
    atMs: Number.NaN,
    closeTicks: Number.NaN,
    atr: createAtr({ period: ATR_PERIOD }),
    swings: createSwings({ barsEachSide }),
    recent: createRecentBars(),
    gaps: [],
    structure: createStructure(),
    orderBlocks: createOrderBlocks(),
    liquidity: createLiquidity(),
    opens: createOpens(),
    killzones: [],
  };
}

/** Takes the next closed bar of one interval. Gaps, blocks and sweeps are looked for once there is an ATR (14 bars). */
export function addIctBar(state: IctState, bar: AnalysisBar): void {
  const { swings, recent, liquidity } = state;
  state.count += 1;
  state.atMs = bar.endMs;
  state.closeTicks = bar.closeTicks;
  addRecentBar(recent, bar);
  addSwingBar(swings, bar);
  addOpensBar(state.opens, bar);
  if (killzoneAt(state.killzones, bar.endMs) === null) state.killzones = killzonesFrom(state.root, bar.endMs);
  addAtr(state.atr, indicatorBarOf(bar));
  const atrTicks = state.atr.value;
  const confirmed = { high: swings.newHigh, low: swings.newLow };
  const newBreak = addStructureBar(state.structure, bar, { ...confirmed, ...extremesSince(swings) });
  if (!(atrTicks > 0)) return;
  addFairValueGapBar(state.gaps, recent, bar, atrTicks);
  addLiquidityBar(liquidity, bar, confirmed, atrTicks);
  addOrderBlockBar(state.orderBlocks, recent, bar, { atrTicks, newBreak, sweeps: liquidity });
}

/** Lowest low and highest high of the k bars that confirm: what happened since the bar in the middle. */
function extremesSince(swings: SwingsState): { lowSinceHigh: number; highSinceLow: number } {
  const span = swings.openMs.length;
  let [lowSinceHigh, highSinceLow] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let ago = 0; ago < swings.barsEachSide && ago < swings.count; ago += 1) {
    const slot = (swings.count - 1 - ago) % span;
    lowSinceHigh = Math.min(lowSinceHigh, swings.lowTicks[slot]);
    highSinceLow = Math.max(highSinceLow, swings.highTicks[slot]);
  }
  return { lowSinceHigh, highSinceLow };
}

/** The objects that are levels, as they stand: read them before the next bar. Null while ICT warms up. */
export type IctZones = Pick<IctReady, "gaps" | "orderBlocks" | "failedBlocks" | "equalSwings">;

export function ictZonesOf({ atMs, count, killzones, gaps, orderBlocks, liquidity }: IctState): IctZones | null {
  if (count < WARM_UP_BARS || killzoneAt(killzones, atMs) === null) return null;
  return { gaps, orderBlocks: orderBlocks.blocks, failedBlocks: orderBlocks.failed, equalSwings: liquidity.equals };
}

/** What the newest closed bar leaves, as a copy that nothing changes later. */
export function ictOf(state: IctState): IctReading {
  const { atMs, count, structure, orderBlocks, liquidity } = state;
  const killzone = killzoneAt(state.killzones, atMs);
  if (count < WARM_UP_BARS || killzone === null) {
    return explainedWarming({ have: count, need: WARM_UP_BARS }, atMs, `${count} of ${WARM_UP_BARS} bars`);
  }
  const reading: IctReady = {
    status: "ready",
    atMs,
    n: count,
    reasons: [],
    atrTicks: state.atr.value,
    trend: structure.trend,
    swingHighs: [...state.swings.highs],
    swingLows: [...state.swings.lows],
    breaks: copied(structure.breaks),
    gaps: copied(state.gaps),
    orderBlocks: copied(orderBlocks.blocks),
    failedBlocks: copied(orderBlocks.failed),
    sweeps: copied(liquidity.sweeps),
    equalSwings: copied(liquidity.equals),
    dealingRange: dealingRangeOf(structure.leg, state.closeTicks),
    killzone,
    opens: { ...state.opens.opens },
  };
  reading.reasons = ictReasons(reading);
  return reading;
}

function copied<Item extends object>(items: readonly Item[]): Item[] {
  return items.map((item) => ({ ...item }));
}
