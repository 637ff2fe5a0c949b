/** What would any price have done? Seeded random prices at the distance and clock time of real touches, days later. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { createRandom, hashSeed } from "#lib/prng.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { LEVEL_KINDS } from "./level-kinds.ts";
import { countOutcome, type OutcomeCounts, TOUCHED } from "./level-outcomes.ts";
import {
  AWAY_ATR,
  addTrack,
  armTrack,
  createTouchTracks,
  followTrack,
  removeTrack,
  STEP,
  type TouchTracks,
} from "./touch-tracks.ts";

/**
 * A touch of a level leaves plans: on one of the next two trade dates (drawn), at the clock minute at which the level's
 * approach began, a price as many ATR away on the same side. What price does there is the level's measure. A kind gets
 * some three plans a date, so that those that are touched all day do not crowd out those that are touched once.
 */
export type RandomLevelsState = {
  seed: number;
  /** Trade dates seen; a plan is due on one of them. */
  dates: number;
  /** Plans made so far; plan i lies in slot i mod PLANS. */
  plans: number;
  dueDate: Uint16Array;
  minute: Uint16Array;
  distanceAtr: Float32Array;
  kind: Uint8Array;
  /** A bit for each clock minute at which a plan was due when the trade date began. */
  dueMinutes: Uint8Array;
  /** Touches of each kind on the trade date before, and on this one so far. */
  touchesBefore: Uint16Array;
  touchesToday: Uint16Array;
  /** Random prices under watch on this trade date. */
  tracks: TouchTracks;
};

/** Plans waiting; a new one takes the place of the oldest. */
const PLANS = 640;
const PLANS_PER_DATE = 3;
const PLANS_PER_TOUCH_MAX = 2;
const DATES_AHEAD_MAX = 2;
const MINUTES_A_DAY = 1_440;
/** Random prices under watch; one that finds no room is left out. */
const TRACKS = 320;
const TRACKS_AT_FIRST = 80;

export function createRandomLevels(seed: number): RandomLevelsState {
  return {
    seed,
    dates: 0,
    plans: 0,
    dueDate: new Uint16Array(PLANS),
    minute: new Uint16Array(PLANS),
    distanceAtr: new Float32Array(PLANS),
    kind: new Uint8Array(PLANS),
    dueMinutes: new Uint8Array(MINUTES_A_DAY / 8),
    touchesBefore: new Uint16Array(LEVEL_KINDS.length),
    touchesToday: new Uint16Array(LEVEL_KINDS.length),
    tracks: createTouchTracks(TRACKS, TRACKS_AT_FIRST),
  };
}

/** The Chicago minute of the day in which a bar opens: the clock that touches are compared by. */
export function clockMinute(bar: AnalysisBar): number {
  return Math.floor(localParts("America/Chicago", bar.openMs).msOfDay / MS_PER_MINUTE);
}

/** Plans the random prices for a touched level, whose approach began at `minute`, `distanceAtr` away. */
export function planRandomLevels(
  state: RandomLevelsState,
  touched: { kind: number; minute: number; distanceAtr: number },
): void {
  const { kind } = touched;
  state.touchesToday[kind] += 1;
  const random = createRandom(hashSeed(state.seed, state.plans, state.dates, kind, state.touchesToday[kind]));
  const wanted = Math.min(PLANS_PER_TOUCH_MAX, PLANS_PER_DATE / Math.max(1, state.touchesBefore[kind]));
  const copies = Math.floor(wanted + random());
  for (let copy = 0; copy < copies; copy += 1) {
    const slot = state.plans % PLANS;
    const ahead = 1 + Math.floor(random() * DATES_AHEAD_MAX);
    state.dueDate[slot] = state.dates + ahead;
    state.minute[slot] = touched.minute;
    state.distanceAtr[slot] = touched.distanceAtr;
    state.kind[slot] = kind;
    state.plans += 1;
  }
}

/** The random prices of a trade date end with it, those that were not decided uncounted. */
export function beginRandomDate(state: RandomLevelsState): void {
  state.dates += 1;
  state.touchesBefore.set(state.touchesToday);
  state.touchesToday.fill(0);
  state.tracks.length = 0;
  noteDueMinutes(state);
}

/** Plans made on this trade date are for later ones: those that are due on it are known as it begins. */
function noteDueMinutes({ plans, dates, dueDate, minute, dueMinutes }: RandomLevelsState): void {
  dueMinutes.fill(0);
  for (let plan = 0; plan < Math.min(plans, PLANS); plan += 1) {
    if (dueDate[plan] === dates) dueMinutes[minute[plan] >> 3] |= 1 << (minute[plan] & 7);
  }
}

/** What a closed bar does to the random prices; then those that are due at its minute are laid from its close. */
export function addRandomLevelsBar(
  state: RandomLevelsState,
  bar: AnalysisBar,
  at: { atrTicks: number; minute: number },
  counts: OutcomeCounts,
): void {
  const { tracks } = state;
  if (bar.isAfterBreak) tracks.length = 0;
  for (let slot = tracks.length - 1; slot >= 0; slot -= 1) {
    const step = followTrack(tracks, slot, bar, at.atrTicks);
    if (step === STEP.none || step === STEP.touched) continue;
    countOutcome(counts, tracks.kind[slot], TOUCHED.random, step);
    removeTrack(tracks, slot);
  }
  if ((state.dueMinutes[at.minute >> 3] & (1 << (at.minute & 7))) === 0) return;
  const planned = Math.min(state.plans, PLANS);
  for (let plan = 0; plan < planned; plan += 1) {
    if (state.minute[plan] !== at.minute || state.dueDate[plan] !== state.dates) continue;
    const distance = state.distanceAtr[plan];
    const ticksAway = Math.max(Math.round(Math.abs(distance) * at.atrTicks), Math.ceil(AWAY_ATR * at.atrTicks));
    const priceTicks = bar.closeTicks + Math.sign(distance) * ticksAway;
    const slot = addTrack(tracks, state.kind[plan], priceTicks);
    if (slot >= 0) armTrack(tracks, slot, { priceTicks: bar.closeTicks, ...at });
  }
}
