/** What do the orders of one contract say? CVD, divergences, large trades and footprints, one trade at a time. */

import { SIDE, type Side, type SignedTrade } from "#lib/bars/time-bars.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "../analysis-bar.ts";
import { addRows, addRowTrade, addVolume, clearRows, createPriceRows, type PriceRows } from "../price-rows.ts";
import { addCvdBar, amendCvd, type Cvd, type CvdState, createCvd, cvdOf } from "./cvd.ts";
import {
  addDivergenceBar,
  createDivergence,
  type DivergenceState,
  type Divergences,
  divergencesOf,
} from "./divergence.ts";
import { flowScaleOf } from "./flow-scale.ts";
import {
  addFootprintBar,
  createFootprint,
  type FootprintState,
  type PlacedMark,
  type TradedRows,
} from "./footprint.ts";
import {
  addLargeSweep,
  addLargeTradesBar,
  createLargeTrades,
  type LargeTrades,
  type LargeTradesState,
  largeTradesOf,
} from "./large-trades.ts";
import { addSweepTrade, createSweeps, endSweep, type SweepState } from "./sweeps.ts";

export type OrderFlowState = {
  sweeps: SweepState;
  /** Number of orders (joined sweeps) of the forming minute, at the price where each ended. */
  orders: PriceRows;
  large: LargeTradesState;
  cvd: CvdState;
  divergence: DivergenceState;
  minute: FootprintState;
  five: FootprintState;
  /** The closed minutes of the forming 5-minute bar. */
  forming: TradedRows;
  atMs: number;
  /** End of the newest closed 5-minute bar. */
  fiveEndMs: number;
};

export type OrderFlow = {
  atMs: number;
  /** Bars of the session. */
  n: number;
  session: Cvd;
  rth: Cvd;
  divergences: Divergences;
  large: LargeTrades;
  /** Of 1- and 5-minute footprints, newest first. */
  marks: PlacedMark[];
  /** Closed bars of the session whose trades were not all seen: they have no footprint. */
  unseenBars: number;
  reasons: string[];
};

export function createOrderFlow({ root }: { root: string }): OrderFlowState {
  const scale = flowScaleOf(root);
  return {
    sweeps: createSweeps(),
    orders: createPriceRows(),
    large: createLargeTrades(),
    cvd: createCvd(),
    divergence: createDivergence({ barsEachSide: 2 }),
    minute: createFootprint({ intervalMs: MS_PER_MINUTE, scale }),
    five: createFootprint({ intervalMs: 5 * MS_PER_MINUTE, scale }),
    forming: { rows: createPriceRows(), orders: createPriceRows() },
    atMs: Number.NaN,
    fiveEndMs: Number.NEGATIVE_INFINITY,
  };
}

/** Takes a trade of the forming minute, in its order: O(1). */
export function addOrderFlowTrade(state: OrderFlowState, trade: SignedTrade): void {
  if (addSweepTrade(state.sweeps, trade)) takeSweep(state);
}

function takeSweep(state: OrderFlowState): void {
  const { done } = state.sweeps;
  addLargeSweep(state.large, done);
  const side: Side = done.side === SIDE.buy ? SIDE.buy : SIDE.sell;
  addVolume(state.orders, done.lastTicks, side, 1);
}

/** Takes the next closed minute with the rows that hold its volume; rows that lack some of it are no footprint. */
export function addOrderFlowBar(state: OrderFlowState, bar: AnalysisBar, rows: PriceRows): void {
  if (endSweep(state.sweeps)) takeSweep(state);
  addLargeTradesBar(state.large, bar);
  addCvdBar(state.cvd, bar);
  const { orders, forming } = state;
  addFootprintBar(state.minute, bar, { rows, orders });
  addRows(forming.rows, rows);
  addRows(forming.orders, orders);
  clearRows(orders);
  state.atMs = bar.endMs;
}

/** Takes the next closed 5-minute bar, behind its minutes. */
export function addOrderFlowFive(state: OrderFlowState, bar: AnalysisBar): void {
  const { five, forming } = state;
  addFootprintBar(five, bar, forming);
  clearRows(forming.rows);
  clearRows(forming.orders);
  addDivergenceBar(state.divergence, bar, state.cvd);
  state.fiveEndMs = bar.endMs;
}

/** A trade that came after its minute had closed: published values stay, the next ones hold it. */
export function amendOrderFlow(state: OrderFlowState, trade: SignedTrade): void {
  amendCvd(state.cvd, trade);
  if (trade.exchangeMs >= state.fiveEndMs) addRowTrade(state.forming.rows, trade);
}

/** What is published of the bars taken so far. */
export function orderFlowOf(state: OrderFlowState): OrderFlow {
  const { cvd, minute, five } = state;
  const session = cvdOf(cvd, cvd.session);
  const marks = [...minute.marks, ...five.marks].sort((a, b) => b.atMs - a.atMs || a.intervalMs - b.intervalMs);
  const reasons = session.status === "ready" ? session.reasons.slice() : [];
  if (marks.length > 0) reasons.push(`${marks[0].kind}: ${marks[0].reason}`);
  return {
    atMs: state.atMs,
    n: cvd.session.bars,
    session,
    rth: cvdOf(cvd, cvd.rth),
    divergences: divergencesOf(state.divergence),
    large: largeTradesOf(state.large, state.atMs),
    marks,
    unseenBars: minute.unseenBars,
    reasons,
  };
}
