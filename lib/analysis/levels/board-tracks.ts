/** Which levels are on the board, since when, and were they touched? Keeps each level's track through its life. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { LEVEL_KINDS } from "./level-kinds.ts";
import type { LevelList } from "./level-list.ts";
import { countOutcome, OUTCOME, type OutcomeCounts, TOUCHED } from "./level-outcomes.ts";
import { planRandomLevels, type RandomLevelsState } from "./random-levels.ts";
import {
  addTrack,
  armTrack,
  createTouchTracks,
  followTrack,
  isArmedFrom,
  isConcerned,
  removeTrack,
  STEP,
  stopTrack,
  type TouchTracks,
} from "./touch-tracks.ts";

/** The tracks of the board's levels and what else is shown of each, slot by slot. */
export type BoardTracks = {
  tracks: TouchTracks;
  bornMs: Float64Array;
  isDeveloping: Uint8Array;
  /** No level any more, but a touch of it is undecided yet: followed until it is, and not shown. */
  isGone: Uint8Array;
  /** Edges of a zone; NaN for a line. */
  topTicks: Float64Array;
  bottomTicks: Float64Array;
  /** End of the first bar behind its birth that traded there; NaN: none yet. */
  touchedMs: Float64Array;
  /** Approaches that came to it. */
  touches: Uint16Array;
  /** Levels that found no room at the newest bar. */
  leftOut: number;
  /** Where the level that stands at this place of the list was found at the bar before: looked at first. */
  hints: Uint8Array;
};

/** Levels on one board; those that come later in the list are left out, and the board says how many. */
const LEVELS_MAX = 192;
/** Places of the list that have a hint; those behind are always searched for. */
const HINTS = 2 * LEVELS_MAX;
/** Mark of a slot, while the board takes over, whose level was not met yet. */
const UNMET = 2;

export function createBoardTracks(): BoardTracks {
  return {
    tracks: createTouchTracks(LEVELS_MAX),
    bornMs: new Float64Array(LEVELS_MAX),
    isDeveloping: new Uint8Array(LEVELS_MAX),
    isGone: new Uint8Array(LEVELS_MAX),
    topTicks: new Float64Array(LEVELS_MAX),
    bottomTicks: new Float64Array(LEVELS_MAX),
    touchedMs: new Float64Array(LEVELS_MAX),
    touches: new Uint16Array(LEVELS_MAX),
    leftOut: 0,
    hints: new Uint8Array(HINTS),
  };
}

type At = { atrTicks: number; minute: number };

/** A closed bar against every level as it stood before the bar. Developing levels are not watched. */
export function followBoard(
  board: BoardTracks,
  bar: AnalysisBar,
  at: At,
  to: { counts: OutcomeCounts; random: RandomLevelsState },
): void {
  noteTouches(board, bar);
  if (!(at.atrTicks > 0)) return;
  if (bar.isAfterBreak) stopBoard(board, bar, at, to.counts);
  const { tracks } = board;
  for (let slot = nextConcerned(board, bar, 0); slot < tracks.length; slot = nextConcerned(board, bar, slot + 1)) {
    const kind = tracks.kind[slot];
    const wasPending = tracks.pendingSide[slot] !== 0;
    const step = followTrack(tracks, slot, bar, at.atrTicks);
    if (step !== STEP.none && !wasPending) {
      board.touches[slot] += 1;
      if (Number.isNaN(board.touchedMs[slot])) board.touchedMs[slot] = bar.endMs;
      const [minute, distanceAtr] = [tracks.armedMinute[slot], tracks.armedDistanceAtr[slot]];
      planRandomLevels(to.random, { kind, minute, distanceAtr });
    }
    if (step !== STEP.none && step !== STEP.touched) countOutcome(to.counts, kind, TOUCHED.level, step);
  }
}

/** The first bar that trades at a level has touched it, approached or not. */
function noteTouches(
  { tracks, isDeveloping, touchedMs }: BoardTracks,
  { lowTicks, highTicks, endMs }: AnalysisBar,
): void {
  const { priceTicks, length } = tracks;
  for (let slot = 0; slot < length; slot += 1) {
    const price = priceTicks[slot];
    if (lowTicks > price || price > highTicks || isDeveloping[slot] === 1) continue;
    if (Number.isNaN(touchedMs[slot])) touchedMs[slot] = endMs;
  }
}

/** Behind a break of trading: what was pending stays undecided, and every approach begins anew at the bar's open. */
function stopBoard({ tracks, isDeveloping }: BoardTracks, bar: AnalysisBar, at: At, counts: OutcomeCounts): void {
  for (let slot = 0; slot < tracks.length; slot += 1) {
    if (isDeveloping[slot] === 1) continue;
    const isUndecided = stopTrack(tracks, slot) === OUTCOME.undecided;
    if (isUndecided) countOutcome(counts, tracks.kind[slot], TOUCHED.level, OUTCOME.undecided);
    armTrack(tracks, slot, { priceTicks: bar.openTicks, ...at });
  }
}

/** The next slot from `from` on that the bar may change: most levels lie where it does not come. */
function nextConcerned({ tracks, isDeveloping }: BoardTracks, bar: AnalysisBar, from: number): number {
  let slot = from;
  while (slot < tracks.length && (isDeveloping[slot] === 1 || !isConcerned(tracks, slot, bar))) slot += 1;
  return slot;
}

/**
 * The board takes over the levels that stand after the bar, list behind list: known ones keep their track, new ones get
 * one, those that are gone lose it once no touch of them is pending: a zone that ends because price went through it
 * must count. A moving or developing level is the same at any price, any other only at its own; each only since one
 * birth (of a VWAP: its anchor).
 */
export function syncBoard(board: BoardTracks, lists: readonly LevelList[], bar: AnalysisBar, at: At): void {
  const { tracks } = board;
  const fresh = meetLevels(board, lists);
  for (let slot = tracks.length - 1; slot >= 0; slot -= 1) {
    if (board.isGone[slot] !== UNMET) continue;
    if (tracks.pendingSide[slot] === 0) dropLevel(board, slot);
    else board.isGone[slot] = 1;
  }
  board.leftOut = 0;
  for (const level of fresh) {
    const slot = addLevel(board, level);
    if (slot < 0) board.leftOut += 1;
    else if (level.place < HINTS) board.hints[level.place] = slot;
  }
  if (!(at.atrTicks > 0)) return;
  const from = { priceTicks: bar.closeTicks, atrTicks: at.atrTicks, minute: at.minute };
  for (let slot = 0; slot < tracks.length; slot += 1) {
    if (isArmedFrom(tracks, slot, bar.closeTicks)) continue;
    if (board.isDeveloping[slot] === 0 && board.isGone[slot] === 0) armTrack(tracks, slot, from);
  }
}

/** A level that has no slot yet: row `row` of its list, place `place` of all lists. */
type NewLevel = { list: LevelList; row: number; place: number };

/** Takes over the prices of known levels and marks the slots of all others; returns the new ones. */
function meetLevels(board: BoardTracks, lists: readonly LevelList[]): NewLevel[] {
  const fresh: NewLevel[] = [];
  board.isGone.fill(UNMET, 0, board.tracks.length);
  let first = 0;
  for (const list of lists) {
    meetList(board, list, first, fresh);
    first += list.length;
  }
  return fresh;
}

function meetList(board: BoardTracks, list: LevelList, first: number, fresh: NewLevel[]): void {
  const { tracks } = board;
  let chains: Chains | null = null;
  for (let row = meetHinted(board, list, first, 0); row < list.length; row = meetHinted(board, list, first, row + 1)) {
    if (!Number.isFinite(list.priceTicks[row])) continue;
    chains ??= chainsOf(tracks);
    const slot = slotOf(board, chains, list, row);
    const place = first + row;
    if (slot >= 0) {
      if (place < HINTS) board.hints[place] = slot;
      meet(board, slot, list.priceTicks[row]);
    } else if (!fresh.some((other) => isTwin(other, list, row))) fresh.push({ list, row, place });
  }
}

/** Takes over the levels from row `from` on as long as each is where its hint says; returns the row that is not. */
function meetHinted(board: BoardTracks, list: LevelList, first: number, from: number): number {
  const { hints } = board;
  const { length } = board.tracks;
  const end = Math.min(list.length, HINTS - first);
  for (let row = from; row < end; row += 1) {
    const slot = hints[first + row];
    const priceTicks = list.priceTicks[row];
    if (slot >= length || !Number.isFinite(priceTicks) || !isSame(board, slot, list, row)) return row;
    meet(board, slot, priceTicks);
  }
  return Math.max(from, end);
}

function meet({ tracks, isGone }: BoardTracks, slot: number, priceTicks: number): void {
  isGone[slot] = 0;
  tracks.priceTicks[slot] = priceTicks;
}

/** The slots of each kind, as a chain: its first one, and behind each the next; −1 ends it. */
type Chains = { firstOf: Int16Array; nextOf: Int16Array };

function chainsOf(tracks: TouchTracks): Chains {
  const firstOf = new Int16Array(LEVEL_KINDS.length).fill(-1);
  const nextOf = new Int16Array(tracks.length);
  for (let slot = tracks.length - 1; slot >= 0; slot -= 1) {
    nextOf[slot] = firstOf[tracks.kind[slot]];
    firstOf[tracks.kind[slot]] = slot;
  }
  return { firstOf, nextOf };
}

function slotOf(board: BoardTracks, { firstOf, nextOf }: Chains, list: LevelList, row: number): number {
  let slot = firstOf[list.kind[row]];
  while (slot >= 0 && !isSame(board, slot, list, row)) slot = nextOf[slot];
  return slot;
}

function isSame({ tracks, bornMs, isDeveloping }: BoardTracks, slot: number, list: LevelList, row: number): boolean {
  const kind = tracks.kind[slot];
  if (kind !== list.kind[row] || bornMs[slot] !== list.bornMs[row]) return false;
  if (isDeveloping[slot] !== list.isDeveloping[row]) return false;
  if (isDeveloping[slot] === 1 || tracks.priceTicks[slot] === list.priceTicks[row]) return true;
  return LEVEL_KINDS[kind].isMoving;
}

/** Two gaps that one bar inverts, or two blocks that it breaks, may be one level: the first stands for both. */
function isTwin({ list: one, row: at }: NewLevel, other: LevelList, row: number): boolean {
  if (one.kind[at] !== other.kind[row] || one.bornMs[at] !== other.bornMs[row]) return false;
  return one.isDeveloping[at] === other.isDeveloping[row] && one.priceTicks[at] === other.priceTicks[row];
}

function addLevel(board: BoardTracks, { list, row }: NewLevel): number {
  const slot = addTrack(board.tracks, list.kind[row], list.priceTicks[row]);
  if (slot < 0) return slot;
  board.bornMs[slot] = list.bornMs[row];
  board.isDeveloping[slot] = list.isDeveloping[row];
  board.isGone[slot] = 0;
  board.topTicks[slot] = list.topTicks[row];
  board.bottomTicks[slot] = list.bottomTicks[row];
  board.touchedMs[slot] = Number.NaN;
  board.touches[slot] = 0;
  return slot;
}

function dropLevel(board: BoardTracks, slot: number): void {
  const last = board.tracks.length - 1;
  removeTrack(board.tracks, slot);
  board.bornMs[slot] = board.bornMs[last];
  board.isDeveloping[slot] = board.isDeveloping[last];
  board.isGone[slot] = board.isGone[last];
  board.topTicks[slot] = board.topTicks[last];
  board.bottomTicks[slot] = board.bottomTicks[last];
  board.touchedMs[slot] = board.touchedMs[last];
  board.touches[slot] = board.touches[last];
}
