/** Which orders were large for this contract? Sweeps above the 99.5th percentile of those of 20 sessions. */
import { SIDE } from "#lib/bars/time-bars.ts";
import { formatQuantity } from "#lib/format.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";
import { MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "../analysis-bar.ts";
import { type ExplainedWarming, explainedWarming } from "../warming.ts";
import { addPackedCounts, packCounts, SIZE_BUCKETS, sizeBucket, sizeQuantile } from "./size-histogram.ts";
import type { Sweep } from "./sweeps.ts";

export type LargeTrade = {
  atMs: number;
  side: "buy" | "sell";
  size: number;
  prints: number;
  /** First and last price of the sweep. */
  fromTicks: number;
  toTicks: number;
};

export type LargeTradesState = {
  tradeDate: number;
  isFullSession: boolean;
  sessionOpenMs: number;
  /** From here on sweeps belong to the next trade date; Infinity before the first bar. */
  dateEndMs: number;
  /** Time of the date's first sweep; NaN: none yet. */
  firstMs: number;
  today: Uint32Array;
  /** Histograms of completed full sessions, oldest first, packed: most buckets hold little. */
  past: Uint8Array[];
  /** Of the completed sessions: NaN while there are none. Sweeps in them. */
  thresholdSize: number;
  sweeps: number;
  /** Of the running date. */
  buyVolume: number;
  sellVolume: number;
  count: number;
  /** The newest large ones, number i in slot i mod LARGE_TRADES_KEPT. */
  atMs: Float64Array;
  side: Uint8Array;
  size: Uint32Array;
  prints: Uint32Array;
  fromTicks: Int32Array;
  toTicks: Int32Array;
};

export type ReadyLargeTrades = {
  status: "ready";
  atMs: number;
  /** Sweeps that the threshold stands on, of so many sessions. */
  n: number;
  sessions: number;
  thresholdSize: number;
  /** Of the running trade date. */
  count: number;
  buyVolume: number;
  sellVolume: number;
  /** Newest first. */
  recent: LargeTrade[];
  reasons: string[];
};

export type LargeTrades = ExplainedWarming | ReadyLargeTrades;

export const LARGE_TRADES_KEPT = 32;
const LARGE_SHARE = 0.995;
/** Fewer sweeps have not ten above the percentile. */
const SWEEPS_MIN = 2_000;
/** Prints this long behind the close belong to the date that closed. */
const CLOSING_MS = MS_PER_MINUTE;

export function createLargeTrades(): LargeTradesState {
  return {
    tradeDate: 0,
    isFullSession: false,
    sessionOpenMs: Number.NaN,
    dateEndMs: Number.POSITIVE_INFINITY,
    firstMs: Number.NaN,
    today: new Uint32Array(SIZE_BUCKETS),
    past: [],
    thresholdSize: Number.NaN,
    sweeps: 0,
    buyVolume: 0,
    sellVolume: 0,
    count: 0,
    atMs: new Float64Array(LARGE_TRADES_KEPT),
    side: new Uint8Array(LARGE_TRADES_KEPT),
    size: new Uint32Array(LARGE_TRADES_KEPT),
    prints: new Uint32Array(LARGE_TRADES_KEPT),
    fromTicks: new Int32Array(LARGE_TRADES_KEPT),
    toTicks: new Int32Array(LARGE_TRADES_KEPT),
  };
}

/** Takes a sweep that is over. Large is above the threshold of the sessions completed before this one. */
export function addLargeSweep(state: LargeTradesState, sweep: Sweep): void {
  if (sweep.exchangeMs >= state.dateEndMs) endDate(state);
  if (Number.isNaN(state.firstMs)) state.firstMs = sweep.exchangeMs;
  state.today[sizeBucket(sweep.size)] += 1;
  if (!(sweep.size > state.thresholdSize)) return;
  if (sweep.side === SIDE.buy) state.buyVolume += sweep.size;
  else state.sellVolume += sweep.size;
  const slot = state.count % LARGE_TRADES_KEPT;
  state.atMs[slot] = sweep.exchangeMs;
  state.side[slot] = sweep.side;
  state.size[slot] = sweep.size;
  state.prints[slot] = sweep.prints;
  state.fromTicks[slot] = sweep.firstTicks;
  state.toTicks[slot] = sweep.lastTicks;
  state.count += 1;
}

/** Takes the next closed bar: it says which trade date it is, and whether that is a full one. */
export function addLargeTradesBar(state: LargeTradesState, bar: AnalysisBar): void {
  if (bar.tradeDate === state.tradeDate) return;
  if (state.dateEndMs !== Number.POSITIVE_INFINITY) endDate(state);
  state.sessionOpenMs = bar.sessionOpenMs;
  state.tradeDate = bar.tradeDate;
  state.isFullSession = bar.isFullSession;
  state.dateEndMs = bar.sessionCloseMs + CLOSING_MS;
}

/** The date is over: a full session whose first hour had sweeps joins the past, and the threshold is made anew. */
function endDate(state: LargeTradesState): void {
  if (state.isFullSession && state.firstMs < state.sessionOpenMs + MS_PER_HOUR) {
    state.past.push(packCounts(state.today));
    if (state.past.length > BASELINE_SESSIONS) state.past.shift();
    findThreshold(state);
  }
  state.today.fill(0);
  state.firstMs = Number.NaN;
  state.dateEndMs = Number.POSITIVE_INFINITY;
  state.buyVolume = 0;
  state.sellVolume = 0;
  state.count = 0;
}

function findThreshold(state: LargeTradesState): void {
  const counts = new Float64Array(SIZE_BUCKETS);
  state.sweeps = 0;
  for (const session of state.past) state.sweeps += addPackedCounts(counts, session);
  state.thresholdSize = state.sweeps < SWEEPS_MIN ? Number.NaN : sizeQuantile(counts, LARGE_SHARE);
}

/** Today's large trades; warming until completed sessions have 2,000 sweeps. */
export function largeTradesOf(state: LargeTradesState, atMs: number): LargeTrades {
  if (Number.isNaN(state.thresholdSize)) {
    const why = `${formatQuantity(state.sweeps)} of ${formatQuantity(SWEEPS_MIN)} orders of completed sessions seen`;
    return explainedWarming({ have: state.sweeps, need: SWEEPS_MIN }, atMs, why);
  }
  const recent: LargeTrade[] = [];
  for (let number = state.count - 1; number >= Math.max(0, state.count - LARGE_TRADES_KEPT); number--) {
    const slot = number % LARGE_TRADES_KEPT;
    recent.push({
      atMs: state.atMs[slot],
      side: state.side[slot] === SIDE.buy ? "buy" : "sell",
      size: state.size[slot],
      prints: state.prints[slot],
      fromTicks: state.fromTicks[slot],
      toTicks: state.toTicks[slot],
    });
  }
  const { thresholdSize, sweeps, count, buyVolume, sellVolume } = state;
  const sessions = state.past.length;
  const standsOn = `99.5 % of ${formatQuantity(sweeps)} orders of ${sessions} sessions`;
  return {
    status: "ready",
    atMs,
    n: sweeps,
    sessions,
    thresholdSize,
    count,
    buyVolume,
    sellVolume,
    recent,
    reasons: [
      `large is above ${formatQuantity(thresholdSize)} contracts: ${standsOn}, to 6 %`,
      `${count} today, ${formatQuantity(buyVolume)} bought and ${formatQuantity(sellVolume)} sold`,
    ],
  };
}
