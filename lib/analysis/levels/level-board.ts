/** Which levels lie around price, how far, touched or not, and what did price do at such levels before? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addOpensBar, createOpens, OPEN_IDS, type OpensState } from "#lib/analysis/opens.ts";
import { formatClock } from "#lib/format.ts";
import { type BoardTracks, createBoardTracks, followBoard, syncBoard } from "./board-tracks.ts";
import { addClockRangesBar, type ClockRangesState, createClockRanges, pushRangeLevels } from "./clock-ranges.ts";
import { kindsBy, LEVEL_KINDS, type LevelFamily, type LevelKind } from "./level-kinds.ts";
import { type LevelList, pushLine } from "./level-list.ts";
import {
  createOutcomeCounts,
  decidedTouches,
  type LevelOutcome,
  type OutcomeCounts,
  outcomeOf,
} from "./level-outcomes.ts";
import { addMonthDay, type LackingMonth } from "./month-ranges.ts";
import { addOpeningGapsBar, createOpeningGaps, type OpeningGapsState, pushGapLevels } from "./opening-gaps.ts";
import { addPriorPeriodsBar, createPriorPeriods, type PriorPeriodsState, pushPriorLevels } from "./prior-periods.ts";
import {
  addRandomLevelsBar,
  beginRandomDate,
  clockMinute,
  createRandomLevels,
  type RandomLevelsState,
} from "./random-levels.ts";

export type LevelBoardSettings = {
  root: string;
  /** Of the random prices: the same in every replay. */
  seed: number;
};

export type LevelBoardState = {
  atMs: number;
  tradeDate: number;
  closeTicks: number;
  /** 5-minute ATR14 at the newest bar; NaN: not known. */
  atrTicks: number;
  periods: PriorPeriodsState;
  ranges: ClockRangesState;
  opens: OpensState;
  gaps: OpeningGapsState;
  board: BoardTracks;
  random: RandomLevelsState;
  counts: OutcomeCounts;
};

export type Level = {
  id: string;
  kind: LevelKind;
  family: LevelFamily;
  label: string;
  priceTicks: number;
  /** False for averages, pivots and middles: they may lie between ticks. */
  isOnTick: boolean;
  /** Price less the last close: positive above it. In ATR null while there is none. */
  distanceTicks: number;
  distanceAtr: number | null;
  zone: { topTicks: number; bottomTicks: number } | null;
  bornMs: number;
  isDeveloping: boolean;
  touched: boolean;
  touchedMs: number | null;
  /** Approaches that came to it: re-armed half an ATR away. */
  touches: number;
  outcome: LevelOutcome;
  reasons: string[];
};

export type LevelBoard = {
  /** End of the bar that it stands on; decided touches that its outcomes rest on. */
  atMs: number;
  n: number;
  reasons: string[];
  lastTicks: number;
  atrTicks: number | null;
  /** Levels that cannot stand yet, for so many trade dates of their period were not seen. */
  missing: LackingMonth[];
  /** Nearest first. */
  levels: Level[];
};

const OPEN_KINDS = kindsBy(["open"], OPEN_IDS, (open, id) => `${open}.${id}`).open;

export function createLevelBoard({ root, seed }: LevelBoardSettings): LevelBoardState {
  return {
    atMs: Number.NaN,
    tradeDate: Number.NaN,
    closeTicks: Number.NaN,
    atrTicks: Number.NaN,
    periods: createPriorPeriods(root),
    ranges: createClockRanges(root),
    opens: createOpens(),
    gaps: createOpeningGaps(),
    board: createBoardTracks(),
    random: createRandomLevels(seed),
    counts: createOutcomeCounts(),
  };
}

/**
 * Takes the next closed minute, with the 5-minute ATR14 (NaN while there is none) and the levels of other analyses as
 * they stand after it. Touches are judged by the levels as they stood *before* the bar. `own` is emptied and gets the
 * board's own levels.
 */
export function addLevelBoardBar(
  state: LevelBoardState,
  bar: AnalysisBar,
  given: { atrTicks: number; levels: readonly LevelList[] },
  own: LevelList,
): void {
  const at = { atrTicks: given.atrTicks, minute: clockMinute(bar) };
  const { board, random, counts } = state;
  if (bar.tradeDate !== state.tradeDate) beginRandomDate(random);
  followBoard(board, bar, at, { counts, random });
  if (at.atrTicks > 0) addRandomLevelsBar(random, bar, at, counts);
  addPriorPeriodsBar(state.periods, bar);
  addClockRangesBar(state.ranges, bar);
  addOpensBar(state.opens, bar);
  addOpeningGapsBar(state.gaps, bar);
  own.length = 0;
  pushPriorLevels(state.periods, own);
  pushRangeLevels(state.ranges, own);
  pushOpens(state.opens, own);
  pushGapLevels(state.gaps, own);
  syncBoard(board, [own, ...given.levels], bar, at);
  state.atMs = bar.endMs;
  state.tradeDate = bar.tradeDate;
  state.closeTicks = bar.closeTicks;
  state.atrTicks = at.atrTicks;
}

/** Takes the next closed bar of 1d: the prior month's levels are made of them. */
export function addLevelBoardDay(state: LevelBoardState, day: AnalysisBar): void {
  addMonthDay(state.periods.months, day);
}

function pushOpens({ opens }: OpensState, levels: LevelList): void {
  for (const id of OPEN_IDS) {
    const open = opens[id];
    if (open !== null) pushLine(levels, OPEN_KINDS[id], open.priceTicks, open.atMs);
  }
}

/** The board as it stands after the newest closed minute. */
export function levelBoardOf(state: LevelBoardState): LevelBoard {
  const { tracks, leftOut } = state.board;
  const found: Level[] = [];
  const away = new Float64Array(tracks.length);
  const sayings = new Map<number, Saying>();
  for (let slot = 0; slot < tracks.length; slot += 1) {
    if (state.board.isGone[slot] !== 0) continue;
    const kind = tracks.kind[slot];
    const saying = sayings.get(kind) ?? sayingOf(state.counts, kind);
    sayings.set(kind, saying);
    away[found.length] = Math.abs(tracks.priceTicks[slot] - state.closeTicks);
    found.push(levelAt(state, slot, saying));
  }
  // By positions: the numbers that are compared lie in one column.
  const order = Array.from(found, (_, at) => at);
  order.sort((a, b) => away[a] - away[b] || (found[a].id < found[b].id ? -1 : 1));
  const levels = order.map((at) => found[at]);
  const n = decidedTouches(state.counts);
  const reasons = [`${levels.length} levels, ${n} decided touches so far`];
  if (leftOut > 0) reasons.push(`${leftOut} more found no room`);
  const atrTicks = state.atrTicks > 0 ? state.atrTicks : null;
  return {
    atMs: state.atMs,
    n,
    reasons,
    lastTicks: state.closeTicks,
    atrTicks,
    missing: state.periods.lacking,
    levels,
  };
}

/** What all levels of a kind say and share. */
type Saying = Pick<Level, "outcome" | "reasons">;

function sayingOf(counts: OutcomeCounts, kind: number): Saying {
  const outcome = outcomeOf(counts, kind);
  return { outcome, reasons: [outcomeInWords(outcome)] };
}

function levelAt(state: LevelBoardState, slot: number, { outcome, reasons }: Saying): Level {
  const { tracks, bornMs, isDeveloping, topTicks, bottomTicks, touchedMs, touches } = state.board;
  const index = tracks.kind[slot];
  const { kind, family, label, isMoving } = LEVEL_KINDS[index];
  const priceTicks = tracks.priceTicks[slot];
  const distanceTicks = priceTicks - state.closeTicks;
  const isLine = Number.isNaN(topTicks[slot]);
  const isStill = isDeveloping[slot] === 0 && !isMoving;
  const isUntouched = Number.isNaN(touchedMs[slot]);
  return {
    id: idOf(kind, isStill, bornMs[slot], priceTicks),
    kind,
    family,
    label: isAnchored(kind) ? `${label} ${formatClock("America/Chicago", bornMs[slot]).slice(0, 5)}` : label,
    priceTicks,
    isOnTick: Number.isInteger(priceTicks),
    distanceTicks,
    distanceAtr: state.atrTicks > 0 ? distanceTicks / state.atrTicks : null,
    zone: isLine ? null : { topTicks: topTicks[slot], bottomTicks: bottomTicks[slot] },
    bornMs: bornMs[slot],
    isDeveloping: isDeveloping[slot] === 1,
    touched: !isUntouched,
    touchedMs: isUntouched ? null : touchedMs[slot],
    touches: touches[slot],
    outcome,
    reasons,
  };
}

/** What moves or grows is one at any price; of anchored VWAPs there may be one an anchor. */
function idOf(kind: LevelKind, isStill: boolean, bornMs: number, priceTicks: number): string {
  if (isStill) return `${kind}:${bornMs}:${priceTicks}`;
  return isAnchored(kind) ? `${kind}:${bornMs}` : kind;
}

function isAnchored(kind: LevelKind): boolean {
  return kind.startsWith("vwap.anchored.");
}

function outcomeInWords(outcome: LevelOutcome): string {
  if (outcome.status === "too few") {
    const { n, randomN, need } = outcome;
    return `${n} past touches, ${randomN} of random prices: too few to say, ${need} of each are needed`;
  }
  const { level, random } = outcome;
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return `held ${percent(level.share)} of ${level.n}, random prices ${percent(random.share)} of ${random.n}`;
}
