/** How far did price go overnight, in Asia, London, New York, the initial balance, the opening range? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { tradeDate } from "#lib/units.ts";
import { type TradingWindow, windowsOf } from "#lib/windows.ts";
import { kindsBy, type RangeId } from "./level-kinds.ts";
import { type LevelList, pushGrowing } from "./level-list.ts";

/** High and low of one window of windows.ts; it is final when a bar has reached the window's end. */
export type ClockRange = {
  id: RangeId;
  openMs: number;
  closeMs: number;
  highTicks: number;
  lowTicks: number;
  isFinal: boolean;
  /** Seen from its beginning on. */
  isWhole: boolean;
};

export type ClockRangesState = {
  root: string;
  tradeDate: number;
  formerMs: number;
  windows: { id: RangeId; openMs: number; closeMs: number }[];
  ranges: ClockRange[];
};

/** Those of RTH go with the trade date; the others stay until their window begins anew. */
const OF_THE_DATE: readonly RangeId[] = ["initialBalance", "openingRange5", "openingRange15", "openingRange30"];
const RANGES: readonly RangeId[] = ["overnight", "asia", "london", "newYork", ...OF_THE_DATE];
const KINDS = kindsBy(RANGES, ["high", "low"], (id, part) => `${id}.${part}`);
const KILLZONES = ["killzoneLondon", "killzoneNyAm", "killzoneNyPm"];

export function createClockRanges(root: string): ClockRangesState {
  return { root, tradeDate: Number.NaN, formerMs: Number.NEGATIVE_INFINITY, windows: [], ranges: [] };
}

/** Takes the next closed bar; a bar belongs to the windows in which it opens. */
export function addClockRangesBar(state: ClockRangesState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) {
    state.tradeDate = bar.tradeDate;
    state.windows = windowsOf(state.root, tradeDate(bar.tradeDate)).filter(isRange);
    state.ranges = state.ranges.filter(({ id }) => !OF_THE_DATE.includes(id));
  }
  for (const range of state.ranges) if (bar.openMs >= range.closeMs) range.isFinal = true;
  for (const window of state.windows) {
    if (bar.openMs < window.openMs || bar.openMs >= window.closeMs) continue;
    const range = rangeOf(state, window, bar);
    range.highTicks = Math.max(range.highTicks, bar.highTicks);
    range.lowTicks = Math.min(range.lowTicks, bar.lowTicks);
    range.isFinal = bar.endMs >= range.closeMs;
  }
  state.formerMs = bar.openMs;
}

/** Adds highs and lows; one that was not seen from its window's beginning gives none. */
export function pushRangeLevels(state: ClockRangesState, levels: LevelList): void {
  for (const { id, highTicks, lowTicks, closeMs: bornMs, isFinal, isWhole } of state.ranges) {
    if (!isWhole) continue;
    const { high, low } = KINDS[id];
    pushGrowing(levels, high, highTicks, { bornMs, isFinal });
    pushGrowing(levels, low, lowTicks, { bornMs, isFinal });
  }
}

function rangeOf(state: ClockRangesState, window: ClockRangesState["windows"][number], bar: AnalysisBar): ClockRange {
  const known = state.ranges.find(({ id }) => id === window.id);
  if (known?.openMs === window.openMs) return known;
  const made: ClockRange = {
    ...window,
    highTicks: bar.highTicks,
    lowTicks: bar.lowTicks,
    isFinal: false,
    isWhole: state.formerMs > Number.NEGATIVE_INFINITY || bar.openMs <= window.openMs,
  };
  if (known === undefined) state.ranges.push(made);
  else state.ranges[state.ranges.indexOf(known)] = made;
  return made;
}

function isRange(window: TradingWindow): window is TradingWindow & { id: RangeId } {
  return !KILLZONES.includes(window.id);
}
