/** How was a trade handled: what did it risk, how far did it run each way, what was left, what did waiting cost? */
import { assert } from "#lib/assert.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { type FractionalTicks, fractionalTicks, MS_PER_MINUTE, MS_PER_SECOND, type Usd, usd } from "#lib/units.ts";
import { gainOf, type RoundTrip } from "./round-trip.ts";

/** One price of a stop order while it worked, in ticks of the trip; a moved stop is a new row. */
export type WorkingStop = {
  orderId: string;
  side: "buy" | "sell";
  priceTicks: number;
  fromMs: number;
  /** When it was moved, filled or cancelled; null while it works. */
  toMs: number | null;
};

/** Prices over time, oldest first: ticks (`barMs` 0, high and low the same) or bars by their open time. */
export type PricePath = {
  barMs: number;
  atMs: ArrayLike<number>;
  highTicks: ArrayLike<number>;
  lowTicks: ArrayLike<number>;
};

/** A stop counts as the first one so long after the first entry fill (domain). */
const INITIAL_STOP_MS = MS_PER_MINUTE;

/**
 * The stop that R is measured by: the plan's, else the first that worked within 60 s of the first entry fill, while
 * the trip was open, on the side that closes it; null where there was none. One that worked before the entry counts
 * from the entry on; of several it is the oldest order. What becomes of it later changes nothing.
 */
export function initialStopOf(
  trip: RoundTrip,
  given: { planStopTicks: number | null; stops: readonly WorkingStop[] },
): number | null {
  if (given.planStopTicks !== null) return given.planStopTicks;
  const closingSide = trip.side === "long" ? "sell" : "buy";
  const lastMs = Math.min(trip.entryMs + INITIAL_STOP_MS, trip.exitMs);
  let first: WorkingStop | null = null;
  for (const stop of given.stops) {
    if (stop.side !== closingSide || stop.fromMs > lastMs) continue;
    if (stop.toMs !== null && stop.toMs <= trip.entryMs) continue;
    if (first === null || stop.fromMs < first.fromMs) first = stop;
  }
  return first?.priceTicks ?? null;
}

/** Σ |entry − initial stop| × tick value × contracts over the entry fills: 2 at 100, stop 92, MES → 20. */
export function riskUsdOf(trip: RoundTrip, stopTicks: number): Usd {
  const entries = trip.uses.filter(({ role }) => role === "entry");
  const ticks = sumOf(entries, ({ priceTicks, contracts }) => Math.abs(priceTicks - stopTicks) * contracts);
  return usd(ticks * trip.tickValueUsd);
}

/**
 * Net P&L ÷ initial risk, signed; null without an initial stop or with one at the entry: unknown, never 0.
 * Net −21.24 of 20 risked → −1.062.
 */
export function rMultipleOf(trip: RoundTrip, stopTicks: number | null): number | null {
  if (stopTicks === null) return null;
  const riskUsd = riskUsdOf(trip, stopTicks);
  return riskUsd === 0 ? null : trip.netUsd / riskUsd;
}

export type Excursions = {
  /** Most that the price went against the average entry: positive, or below 0 where it never went against it. */
  maeTicks: FractionalTicks;
  /** Most that it went our way; 0 or less where it never did. */
  mfeTicks: FractionalTicks;
  /** From bars longer than a second: the bars of entry and exit are left out. */
  isApprox: boolean;
};

/**
 * MAE and MFE from prices strictly between first entry and last exit, against the average entry price (as
 * NinjaTrader has them per contract). A bar that holds the entry or the exit is left out, as some of its prices may lie
 * outside. Null without a price in between. Long at 100, prices 97 to 108 → MAE 3, MFE 8.
 */
export function excursionsOf(trip: RoundTrip, path: PricePath): Excursions | null {
  const range = rangeBetween(path, trip.entryMs, trip.exitMs);
  if (range === null) return null;
  const entry = trip.entryPriceTicks;
  const [worst, best] = trip.side === "long" ? [range.low, range.high] : [range.high, range.low];
  return {
    maeTicks: fractionalTicks(gainOf(trip.side, worst, entry)),
    mfeTicks: fractionalTicks(gainOf(trip.side, entry, best)),
    isApprox: path.barMs > MS_PER_SECOND,
  };
}

/**
 * (exit − entry) × side ÷ MFE by average prices; null where MFE ≤ 0. Above 1 where the exit beat every price in
 * between. Long 100 → 106, MFE 8 → 0.75.
 */
export function exitEfficiencyOf(trip: RoundTrip, mfeTicks: number): number | null {
  return mfeTicks <= 0 ? null : gainOf(trip.side, trip.entryPriceTicks, trip.exitPriceTicks) / mfeTicks;
}

/** How far the price went behind the last exit, from the average exit: on our way, and back against it. */
export type PostExitRun = { runTicks: FractionalTicks; againstTicks: FractionalTicks; isApprox: boolean };

/**
 * From prices strictly between the last exit and `untilMs` (the caller's window, the session's close at the latest).
 * Null without one, and while `knownMs`, up to which the path is known, has not reached the end: no half windows.
 * Long, out at 106, then 104 to 111 → run 5, against 2.
 */
export function postExitRunOf(
  trip: RoundTrip,
  path: PricePath,
  window: { untilMs: number; knownMs: number },
): PostExitRun | null {
  assert(window.untilMs > trip.exitMs, `postExitRunOf: window ends at ${window.untilMs}, exit was ${trip.exitMs}`);
  if (window.knownMs < window.untilMs) return null;
  const range = rangeBetween(path, trip.exitMs, window.untilMs);
  if (range === null) return null;
  const [worst, best] = trip.side === "long" ? [range.low, range.high] : [range.high, range.low];
  return {
    runTicks: fractionalTicks(gainOf(trip.side, trip.exitPriceTicks, best)),
    againstTicks: fractionalTicks(gainOf(trip.side, worst, trip.exitPriceTicks)),
    isApprox: path.barMs > MS_PER_SECOND,
  };
}

/** Wall time from the first entry to the last exit, breaks included. */
export function holdingMsOf(trip: RoundTrip): number {
  return trip.exitMs - trip.entryMs;
}

/**
 * What the entry cost against the signal's price: positive where it was worse. Long at 101 for a signal at 100, 2 MES
 * → 1 tick, 2.50 USD.
 */
export function entrySlippageOf(trip: RoundTrip, signalTicks: number): { ticks: FractionalTicks; usd: Usd } {
  const ticks = fractionalTicks(gainOf(trip.side, signalTicks, trip.entryPriceTicks));
  return { ticks, usd: usd(ticks * trip.tickValueUsd * trip.contracts) };
}

/** Highest and lowest price strictly between two instants: of ticks between them, of bars that lie wholly there. */
function rangeBetween(path: PricePath, fromMs: number, toMs: number): { high: number; low: number } | null {
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let at = firstBehind(path.atMs, fromMs); at < path.atMs.length; at += 1) {
    const isBefore = path.barMs === 0 ? path.atMs[at] < toMs : path.atMs[at] + path.barMs <= toMs;
    if (!isBefore) break;
    high = Math.max(high, path.highTicks[at]);
    low = Math.min(low, path.lowTicks[at]);
  }
  return low > high ? null : { high, low };
}

function firstBehind(atMs: ArrayLike<number>, ms: number): number {
  let [low, high] = [0, atMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (atMs[middle] > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
