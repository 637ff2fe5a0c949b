/** Which prices follow from the last completed day alone? Classic, Fibonacci and Camarilla pivots. */
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "./analysis-bar.ts";
import { type ExplainedWarming, explainedWarming } from "./warming.ts";

/** Fractional ticks: a third of three prices lies between ticks and is not rounded. */
export type PivotSet = { ppTicks: number | null; resistancesTicks: number[]; supportsTicks: number[] };

/** High, low and close of a day, in (fractional) ticks. */
export type PivotDay = { highTicks: number; lowTicks: number; closeTicks: number };

/**
 * Classic (floor) pivots. PP = (H + L + C) ÷ 3, R1 = 2 PP − L, S1 = 2 PP − H, R2/S2 = PP ± (H − L),
 * R3 = H + 2 (PP − L), S3 = L − 2 (H − PP).
 * H 110, L 100, C 108 → PP 106; R 112, 116, 122; S 102, 96, 92.
 */
export function classicPivots({ highTicks: high, lowTicks: low, closeTicks: close }: PivotDay): PivotSet {
  const pp = (high + low + close) / 3;
  const range = high - low;
  return {
    ppTicks: pp,
    resistancesTicks: [2 * pp - low, pp + range, high + 2 * (pp - low)],
    supportsTicks: [2 * pp - high, pp - range, low - 2 * (high - pp)],
  };
}

/** PP as classic, R and S at 38.2, 61.8 and 100 % of the range. H 110, L 100, C 108 → R 109.82, 112.18, 116. */
export function fibonacciPivots({ highTicks: high, lowTicks: low, closeTicks: close }: PivotDay): PivotSet {
  const pp = (high + low + close) / 3;
  const range = high - low;
  const shares = [0.382, 0.618, 1];
  return {
    ppTicks: pp,
    resistancesTicks: shares.map((s) => pp + s * range),
    supportsTicks: shares.map((s) => pp - s * range),
  };
}

/**
 * Camarilla (Stott, 1989): close ± range × 1.1 ÷ 12, 6, 4, 2; it has no PP of its own.
 * H 110, L 100, C 108 → R 108.917, 109.833, 110.75, 113.5.
 */
export function camarillaPivots({ highTicks: high, lowTicks: low, closeTicks: close }: PivotDay): PivotSet {
  const range = (high - low) * 1.1;
  const parts = [12, 6, 4, 2];
  return {
    ppTicks: null,
    resistancesTicks: parts.map((p) => close + range / p),
    supportsTicks: parts.map((p) => close - range / p),
  };
}

/** A trade date's extremes and last price as its bars give them; low > high: nothing traded. */
export type PivotSpan = { highTicks: number; lowTicks: number; closeTicks: number };

export type PivotsState = {
  tradeDate: number;
  atMs: number;
  /** The running date was seen from its first minutes on. */
  isWhole: boolean;
  session: PivotSpan;
  rth: PivotSpan;
  /** The last completed trade date; 0: none yet. */
  formerDate: number;
  formerSession: PivotSpan;
  formerRth: PivotSpan;
  /** Settlement of the last completed date, and the newest behind it: today's, which closes today's pivots only. */
  former: PivotSettlement;
  newest: PivotSettlement;
};

/** `tradeDate` 0: none is known. */
export type PivotSettlement = { tradeDate: number; ticks: number; source: "settlement" | "est." };

export type ReadyPivots = {
  status: "ready";
  basis: "session" | "rth";
  atMs: number;
  /** Trade dates they stand on: one. */
  n: number;
  fromTradeDate: number;
  closeSource: "settlement" | "est. settlement" | "last price";
  classic: PivotSet;
  fibonacci: PivotSet;
  camarilla: PivotSet;
  reasons: string[];
};

export type Pivots = ExplainedWarming | ReadyPivots;

/** The first date seen counts only when its first bar opens so early in the session. */
const WHOLE_MS_MAX = 15 * MS_PER_MINUTE;

export function createPivots(): PivotsState {
  return {
    tradeDate: 0,
    atMs: Number.NaN,
    isWhole: false,
    session: emptySpan(),
    rth: emptySpan(),
    formerDate: 0,
    formerSession: emptySpan(),
    formerRth: emptySpan(),
    former: noSettlement(),
    newest: noSettlement(),
  };
}

function noSettlement(): PivotSettlement {
  return { tradeDate: 0, ticks: Number.NaN, source: "est." };
}

function emptySpan(): PivotSpan {
  return { highTicks: -1, lowTicks: 0, closeTicks: 0 };
}

/** Takes the next closed bar; its trade date is completed by the first bar of the next. */
export function addPivotsBar(state: PivotsState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) {
    if (state.isWhole) {
      state.formerDate = state.tradeDate;
      state.former = state.newest;
      state.formerSession = { ...state.session };
      state.formerRth = { ...state.rth };
    }
    const isFirst = state.tradeDate === 0;
    state.isWhole = !isFirst || bar.openMs <= bar.sessionOpenMs + WHOLE_MS_MAX;
    state.tradeDate = bar.tradeDate;
    state.session = emptySpan();
    state.rth = emptySpan();
  }
  state.atMs = bar.endMs;
  widen(state.session, bar);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) widen(state.rth, bar);
}

function widen(span: PivotSpan, bar: AnalysisBar): void {
  const isFirst = span.lowTicks > span.highTicks;
  span.highTicks = isFirst ? bar.highTicks : Math.max(span.highTicks, bar.highTicks);
  span.lowTicks = isFirst ? bar.lowTicks : Math.min(span.lowTicks, bar.lowTicks);
  span.closeTicks = bar.closeTicks;
}

/** A settlement became known: it is the close of its trade date. An older date's changes nothing. */
export function setPivotsSettlement(state: PivotsState, { tradeDate, ticks, source }: PivotSettlement): void {
  if (tradeDate === state.formerDate) state.former = { tradeDate, ticks, source };
  else if (tradeDate >= Math.max(state.formerDate, state.newest.tradeDate)) {
    state.newest = { tradeDate, ticks, source };
  }
}

function noPivots(atMs: number, basis: "session" | "rth"): ExplainedWarming {
  const why = `no ${basis === "rth" ? "RTH" : "trade date"} was seen whole yet`;
  return explainedWarming({ have: 0, need: 1 }, atMs, why);
}

/**
 * Pivots of the last completed trade date, from its high and low of the full date or of RTH, with its settlement as
 * close; where none is known its last price, said so.
 */
export function pivotsOf(state: PivotsState, basis: "session" | "rth" = "session"): Pivots {
  const span = basis === "session" ? state.formerSession : state.formerRth;
  if (state.formerDate === 0 || span.lowTicks > span.highTicks) return noPivots(state.atMs, basis);
  const { former } = state;
  const isSettled = former.tradeDate === state.formerDate;
  const closeSource = !isSettled ? "last price" : former.source === "est." ? "est. settlement" : "settlement";
  const day = { ...span, closeTicks: isSettled ? former.ticks : span.closeTicks };
  return {
    status: "ready",
    basis,
    atMs: state.atMs,
    n: 1,
    fromTradeDate: state.formerDate,
    closeSource,
    classic: classicPivots(day),
    fibonacci: fibonacciPivots(day),
    camarilla: camarillaPivots(day),
    reasons: [`from ${basis === "rth" ? "RTH of " : ""}the last completed trade date, close is its ${closeSource}`],
  };
}
