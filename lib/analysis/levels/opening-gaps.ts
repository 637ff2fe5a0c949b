/** Where did trading open away from where it had stopped? Gaps of RTH, day and week: levels, never fair value gaps. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { tradeDate } from "#lib/units.ts";
import { weekStartMs } from "#lib/windows.ts";
import { type GapId, kindsBy } from "./level-kinds.ts";
import { type LevelList, pushLine } from "./level-list.ts";

/** From the close before to the open after, in ticks; filled when price has traded at `fromTicks` again. */
export type OpeningGap = { fromTicks: number; toTicks: number; bornMs: number; filledMs: number | null };

const GAPS = ["rth", "day", "week"] as const;
const KINDS = kindsBy(GAPS, ["upper", "middle", "lower"], (id, part) => `gap.${id}.${part}`);

export type OpeningGapsState = {
  tradeDate: number;
  /** Start of the week (Sunday 18:00 New York) of the trade date, and open of the newest bar. */
  weekMs: number;
  formerMs: number;
  /** Close of the newest bar, and of the newest RTH bar of a former trade date; NaN: none. */
  closeTicks: number;
  rthCloseTicks: number;
  /** Close of the newest RTH bar, its trade date, and the open of that RTH. */
  newestRthCloseTicks: number;
  newestRthDate: number;
  rthOpenTicks: number;
  gaps: Record<GapId, OpeningGap | null>;
};

export function createOpeningGaps(): OpeningGapsState {
  const nan = Number.NaN;
  return {
    tradeDate: nan,
    weekMs: nan,
    formerMs: Number.NEGATIVE_INFINITY,
    closeTicks: nan,
    rthCloseTicks: nan,
    newestRthCloseTicks: nan,
    newestRthDate: nan,
    rthOpenTicks: nan,
    gaps: { rth: null, day: null, week: null },
  };
}

/**
 * Takes the next closed bar. RTH gap = RTH open − prior RTH close (domain); day and week gap = first open − the close
 * before the break. Closed at 100, opens at 112: 100 to 112, middle 106, filled by a trade at 100. No gap: null.
 */
export function addOpeningGapsBar(state: OpeningGapsState, bar: AnalysisBar): void {
  for (const id of GAPS) fill(state.gaps[id], bar);
  if (bar.tradeDate !== state.tradeDate) {
    state.gaps.day = gapTo(state.closeTicks, bar);
    state.tradeDate = bar.tradeDate;
    state.weekMs = weekStartMs(tradeDate(bar.tradeDate));
  }
  if (bar.openMs >= state.weekMs && state.formerMs < state.weekMs) state.gaps.week = gapTo(state.closeTicks, bar);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) {
    if (state.newestRthDate !== bar.tradeDate) {
      state.rthCloseTicks = state.newestRthCloseTicks;
      state.rthOpenTicks = bar.openTicks;
      state.gaps.rth = gapTo(state.rthCloseTicks, bar);
      state.newestRthDate = bar.tradeDate;
    }
    state.newestRthCloseTicks = bar.closeTicks;
  }
  state.closeTicks = bar.closeTicks;
  state.formerMs = bar.openMs;
}

/** Prior RTH close and, once RTH has begun, this date's RTH open; NaN: not known (yet). */
export function rthEdgesOf(state: OpeningGapsState): { priorCloseTicks: number; openTicks: number } {
  const hasBegun = state.newestRthDate === state.tradeDate;
  return hasBegun
    ? { priorCloseTicks: state.rthCloseTicks, openTicks: state.rthOpenTicks }
    : { priorCloseTicks: state.newestRthCloseTicks, openTicks: Number.NaN };
}

/** Edges lie on ticks; the middle of an odd gap lies between. */
export function pushGapLevels(state: OpeningGapsState, levels: LevelList): void {
  for (const id of GAPS) {
    const gap = state.gaps[id];
    if (gap === null) continue;
    const { upper, middle, lower } = KINDS[id];
    pushLine(levels, upper, Math.max(gap.fromTicks, gap.toTicks), gap.bornMs);
    pushLine(levels, middle, (gap.fromTicks + gap.toTicks) / 2, gap.bornMs);
    pushLine(levels, lower, Math.min(gap.fromTicks, gap.toTicks), gap.bornMs);
  }
}

function gapTo(fromTicks: number, bar: AnalysisBar): OpeningGap | null {
  if (Number.isNaN(fromTicks) || fromTicks === bar.openTicks) return null;
  const gap: OpeningGap = { fromTicks, toTicks: bar.openTicks, bornMs: bar.endMs, filledMs: null };
  fill(gap, bar);
  return gap;
}

function fill(gap: OpeningGap | null, bar: AnalysisBar): void {
  if (gap === null || gap.filledMs !== null) return;
  if (bar.lowTicks <= gap.fromTicks && bar.highTicks >= gap.fromTicks) gap.filledMs = bar.endMs;
}
