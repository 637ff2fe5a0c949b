/** How did RTH begin? Initial balance of the first hour, and the opening type that it turned out to be. */
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "./analysis-bar.ts";
import { type ExplainedWarming, explainedWarming } from "./warming.ts";

export const INITIAL_BALANCE_MS = 60 * MS_PER_MINUTE;

/** Shares of the first hour's range: up to `DRIVE` against the move is none, up to `TEST` a test, more a rejection. */
const DRIVE_ADVERSE_MAX = 0.1;
const TEST_ADVERSE_MAX = 0.33;
/** A drive ends the hour in the outer quarter of its range; a rejection so far beyond the open. */
const DRIVE_CLOSE_MIN = 0.75;
const REJECTION_BEYOND_MIN = 0.2;
/** The first bar must open so early in RTH, or the open was not seen and there is no type. */
const OPEN_SEEN_MS_MAX = 5 * MS_PER_MINUTE;

export type OpeningType = "open drive" | "open test drive" | "open rejection reverse" | "open auction";

/** What is kept of a trade date's first hour of RTH, and of the RTH before it. */
export type OpeningState = {
  tradeDate: number;
  rthOpenMs: number;
  /** End of the newest bar of any kind: when the hour is over. */
  atMs: number;
  /** Bars of the first hour; 0: RTH has not opened. And when the first of them opened. */
  bars: number;
  firstMs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  /** When the extremes were made first. */
  highMs: number;
  lowMs: number;
  /** Extremes of RTH so far; low > high before it opened. */
  rthHighTicks: number;
  rthLowTicks: number;
  /** The RTH before; low > high: none is known. */
  formerHighTicks: number;
  formerLowTicks: number;
};

export type ReadyOpening = {
  status: "ready";
  atMs: number;
  /** Bars of the first hour. */
  n: number;
  /** While the first hour runs its range is not final and there is no type. */
  isFinal: boolean;
  ibHighTicks: number;
  ibLowTicks: number;
  /** How far RTH has gone beyond the initial balance, ticks. */
  extensionUpTicks: number;
  extensionDownTicks: number;
  type: OpeningType | null;
  direction: "up" | "down" | null;
  /** Did it open within the range of the RTH before? Null: that is not known. */
  opensInFormerRange: boolean | null;
  reasons: string[];
};

export type Opening = ExplainedWarming | ReadyOpening;

export function createOpening(): OpeningState {
  return {
    tradeDate: 0,
    rthOpenMs: Number.NaN,
    atMs: Number.NaN,
    bars: 0,
    firstMs: Number.NaN,
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    closeTicks: 0,
    highMs: 0,
    lowMs: 0,
    rthHighTicks: -1,
    rthLowTicks: 0,
    formerHighTicks: -1,
    formerLowTicks: 0,
  };
}

/** Takes the next closed bar; the hour is that of the bars which open in it. */
export function addOpeningBar(state: OpeningState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) beginDate(state, bar);
  state.atMs = bar.endMs;
  if (!(bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs)) return;
  const isFirst = state.rthLowTicks > state.rthHighTicks;
  state.rthHighTicks = isFirst ? bar.highTicks : Math.max(state.rthHighTicks, bar.highTicks);
  state.rthLowTicks = isFirst ? bar.lowTicks : Math.min(state.rthLowTicks, bar.lowTicks);
  if (bar.openMs < bar.rthOpenMs + INITIAL_BALANCE_MS) addFirstHour(state, bar);
}

function beginDate(state: OpeningState, bar: AnalysisBar): void {
  if (state.rthLowTicks <= state.rthHighTicks) {
    state.formerHighTicks = state.rthHighTicks;
    state.formerLowTicks = state.rthLowTicks;
  }
  state.tradeDate = bar.tradeDate;
  state.rthOpenMs = bar.rthOpenMs;
  state.bars = 0;
  state.rthHighTicks = -1;
  state.rthLowTicks = 0;
}

function addFirstHour(state: OpeningState, bar: AnalysisBar): void {
  if (state.bars === 0) {
    state.firstMs = bar.openMs;
    state.openTicks = bar.openTicks;
    state.highTicks = state.lowTicks = bar.openTicks;
    state.highMs = state.lowMs = bar.openMs;
  }
  state.bars += 1;
  if (bar.highTicks > state.highTicks) {
    state.highTicks = bar.highTicks;
    state.highMs = bar.openMs;
  }
  if (bar.lowTicks < state.lowTicks) {
    state.lowTicks = bar.lowTicks;
    state.lowMs = bar.openMs;
  }
  state.closeTicks = bar.closeTicks;
}

/** Initial balance and opening type of the newest trade date; warming before RTH opens, as of `newestMs`. */
export function openingOf(state: OpeningState, newestMs = state.atMs): Opening {
  if (state.bars === 0) return explainedWarming({ have: 0, need: 1 }, newestMs, "no bar of RTH yet");
  const isFinal = state.atMs >= state.rthOpenMs + INITIAL_BALANCE_MS;
  const isOpenSeen = state.firstMs <= state.rthOpenMs + OPEN_SEEN_MS_MAX;
  const kind = isFinal && isOpenSeen ? typeOf(state) : null;
  const opensInFormerRange = opensInside(state);
  return {
    status: "ready",
    atMs: state.atMs,
    n: state.bars,
    isFinal,
    ibHighTicks: state.highTicks,
    ibLowTicks: state.lowTicks,
    extensionUpTicks: state.rthHighTicks - state.highTicks,
    extensionDownTicks: state.lowTicks - state.rthLowTicks,
    type: kind === null ? null : kind.type,
    direction: kind === null ? null : kind.direction,
    opensInFormerRange,
    reasons: reasonsOf(
      kind,
      opensInFormerRange,
      isFinal ? "the open of RTH was not seen" : "the first hour still runs",
    ),
  };
}

function opensInside({ openTicks, formerLowTicks, formerHighTicks }: OpeningState): boolean | null {
  if (formerLowTicks > formerHighTicks) return null;
  return openTicks >= formerLowTicks && openTicks <= formerHighTicks;
}

type Kind = { type: OpeningType; direction: "up" | "down" | null; adverse: number; close: number };

/**
 * Dalton's four openings (Mind over Markets, 1993) in numbers. With R the range of the first hour, the direction is
 * that of its close from the open; the adverse move is how far it went against it, as a share of R, and counts as
 * "first" where that extreme was made in an earlier bar than the other.
 * Open drive: adverse ≤ 10 %, close in the outer quarter. Open test drive: adverse first and ≤ 33 %, close in the outer
 * quarter. Open rejection reverse: adverse first and > 33 %, then back through the open to close at least 20 % of R
 * beyond it. Everything else is an open auction, without a direction.
 * Open 100, high 110, low 99, close 109: adverse 1 of 11 = 9 % → open drive up.
 */
function typeOf(state: OpeningState): Kind {
  const range = state.highTicks - state.lowTicks;
  const isUp = state.closeTicks > state.openTicks;
  const none: Kind = { type: "open auction", direction: null, adverse: 0, close: 0 };
  if (range === 0 || state.closeTicks === state.openTicks) return none;
  const direction = isUp ? "up" : "down";
  const adverse = (isUp ? state.openTicks - state.lowTicks : state.highTicks - state.openTicks) / range;
  const close = (isUp ? state.closeTicks - state.lowTicks : state.highTicks - state.closeTicks) / range;
  const beyond = Math.abs(state.closeTicks - state.openTicks) / range;
  const isAdverseFirst = isUp ? state.lowMs < state.highMs : state.highMs < state.lowMs;
  if (close >= DRIVE_CLOSE_MIN && adverse <= DRIVE_ADVERSE_MAX)
    return { type: "open drive", direction, adverse, close };
  if (close >= DRIVE_CLOSE_MIN && adverse <= TEST_ADVERSE_MAX && isAdverseFirst) {
    return { type: "open test drive", direction, adverse, close };
  }
  if (adverse > TEST_ADVERSE_MAX && isAdverseFirst && beyond >= REJECTION_BEYOND_MIN) {
    return { type: "open rejection reverse", direction, adverse, close };
  }
  return { ...none, adverse, close };
}

function reasonsOf(kind: Kind | null, opensInFormerRange: boolean | null, whyNone: string): string[] {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const reasons =
    kind === null
      ? [whyNone]
      : [
          `${percent(kind.adverse)} of the first hour's range went against its close`,
          `it closed at ${percent(kind.close)} of its range`,
        ];
  if (opensInFormerRange !== null) {
    reasons.push(`opened ${opensInFormerRange ? "within" : "outside"} the range of the RTH before`);
  }
  return reasons;
}
