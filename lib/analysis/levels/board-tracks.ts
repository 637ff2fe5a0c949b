/** Which levels are on the board, since when, and were they touched? Keeps each level's track through its life. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { LEVEL_KIND_INDEX, LEVEL_KINDS, type LevelInput } from "./level-kinds.ts";
import { countOutcome, OUTCOME, type OutcomeCounts, TOUCHED } from "./level-outcomes.ts";
import { planRandomLevels, type RandomLevelsState } from "./random-levels.ts";
import {
  addTrack,
  armTrack,
  createTouchTracks,
  followTrack,
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
  const { tracks } = board;
  for (let slot = 0; slot < tracks.length; slot += 1) {
    if (board.isDeveloping[slot] === 1) continue;
    const price = tracks.priceTicks[slot];
    if (bar.lowTicks <= price && price <= bar.highTicks && Number.isNaN(board.touchedMs[slot])) {
      board.touchedMs[slot] = bar.endMs;
    }
    if (!(at.atrTicks > 0)) continue;
    const kind = tracks.kind[slot];
    if (bar.isAfterBreak) {
      if (stopTrack(tracks, slot) === OUTCOME.undecided)
        countOutcome(to.counts, kind, TOUCHED.level, OUTCOME.undecided);
      armTrack(tracks, slot, { priceTicks: bar.openTicks, ...at });
    }
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

/**
 * The board takes over the levels that stand after the bar: known ones keep their track, new ones get one, those that
 * are gone lose it once no touch of them is pending: a zone that ends because price went through it must count. A
 * moving or developing level is the same at any price, any other only at its own; each only since one birth (of a VWAP:
 * its anchor).
 */
export function syncBoard(board: BoardTracks, levels: readonly LevelInput[], bar: AnalysisBar, at: At): void {
  const { tracks } = board;
  const fresh = meetLevels(board, levels);
  for (let slot = tracks.length - 1; slot >= 0; slot -= 1) {
    if (board.isGone[slot] !== UNMET) continue;
    if (tracks.pendingSide[slot] === 0) dropLevel(board, slot);
    else board.isGone[slot] = 1;
  }
  board.leftOut = 0;
  for (const place of fresh) {
    const slot = addLevel(board, levels[place]);
    if (slot < 0) board.leftOut += 1;
    else if (place < HINTS) board.hints[place] = slot;
  }
  if (!(at.atrTicks > 0)) return;
  const from = { priceTicks: bar.closeTicks, atrTicks: at.atrTicks, minute: at.minute };
  for (let slot = 0; slot < tracks.length; slot += 1) {
    if (board.isDeveloping[slot] === 0 && board.isGone[slot] === 0) armTrack(tracks, slot, from);
  }
}

/** Takes over the prices of known levels and marks the slots of all others; returns the places of the new ones. */
function meetLevels(board: BoardTracks, levels: readonly LevelInput[]): number[] {
  const { tracks, hints } = board;
  const fresh: number[] = [];
  let chains: Chains | null = null;
  board.isGone.fill(UNMET, 0, tracks.length);
  for (let place = 0; place < levels.length; place += 1) {
    const level = levels[place];
    if (!Number.isFinite(level.priceTicks)) continue;
    let slot = place < HINTS ? hints[place] : LEVELS_MAX;
    if (slot >= tracks.length || LEVEL_KINDS[tracks.kind[slot]].kind !== level.kind || !isSame(board, slot, level)) {
      chains ??= chainsOf(tracks);
      slot = slotOf(board, chains, level);
      if (slot >= 0 && place < HINTS) hints[place] = slot;
    }
    if (slot < 0) {
      if (!fresh.some((other) => isTwin(levels[other], level))) fresh.push(place);
      continue;
    }
    board.isGone[slot] = 0;
    tracks.priceTicks[slot] = level.priceTicks;
  }
  return fresh;
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

function slotOf(board: BoardTracks, { firstOf, nextOf }: Chains, level: LevelInput): number {
  const kind = LEVEL_KIND_INDEX[level.kind];
  let slot = firstOf[kind];
  while (slot >= 0 && !isSame(board, slot, level)) slot = nextOf[slot];
  return slot;
}

/** Of one kind: is it this level? */
function isSame({ tracks, bornMs, isDeveloping }: BoardTracks, slot: number, level: LevelInput): boolean {
  if (bornMs[slot] !== level.bornMs || (isDeveloping[slot] === 1) !== level.isDeveloping) return false;
  if (level.isDeveloping || tracks.priceTicks[slot] === level.priceTicks) return true;
  return LEVEL_KINDS[tracks.kind[slot]].isMoving;
}

/** Two gaps that one bar inverts, or two blocks that it breaks, may be one level: the first stands for both. */
function isTwin(one: LevelInput, other: LevelInput): boolean {
  if (one.kind !== other.kind || one.bornMs !== other.bornMs) return false;
  return one.isDeveloping === other.isDeveloping && one.priceTicks === other.priceTicks;
}

function addLevel(board: BoardTracks, level: LevelInput): number {
  const slot = addTrack(board.tracks, LEVEL_KIND_INDEX[level.kind], level.priceTicks);
  if (slot < 0) return slot;
  board.bornMs[slot] = level.bornMs;
  board.isDeveloping[slot] = level.isDeveloping ? 1 : 0;
  board.isGone[slot] = 0;
  board.topTicks[slot] = level.zone?.topTicks ?? Number.NaN;
  board.bottomTicks[slot] = level.zone?.bottomTicks ?? Number.NaN;
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
