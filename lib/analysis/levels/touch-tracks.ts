/** Did price come to a level, and what did it do there? One rule for levels and for the random prices beside them. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { OUTCOME, type Outcome } from "./level-outcomes.ts";

/**
 * Prices under watch, one a slot. Armed: price was 0.5 ATR away and has not come back yet (1: it is above the level,
 * −1: below, 0: not armed). Pending: it came, from that side, and neither 0.5 ATR away nor through has happened yet.
 */
export type TouchTracks = {
  length: number;
  /** Slots that the columns grow to. */
  max: number;
  /** Index into LEVEL_KINDS. */
  kind: Uint8Array;
  priceTicks: Float64Array;
  armedSide: Int8Array;
  /** When it was armed (minute of the clock) and how far price was then: (level − close) ÷ ATR. */
  armedMinute: Uint16Array;
  armedDistanceAtr: Float32Array;
  pendingSide: Int8Array;
  /** Level and ATR as they were at the touch: a moving level does not run away from its outcome. */
  pendingPriceTicks: Float64Array;
  pendingAtrTicks: Float64Array;
};

/** What a bar did to a track: an outcome, or that it was touched and is undecided yet, or nothing. */
export const STEP = { none: -1, touched: -2 } as const;
export type Step = Outcome | (typeof STEP)[keyof typeof STEP];

/** Re-armed, held and broken at half an ATR (domain). */
export const AWAY_ATR = 0.5;

export function createTouchTracks(max: number, capacity = max): TouchTracks {
  return {
    length: 0,
    max,
    kind: new Uint8Array(capacity),
    priceTicks: new Float64Array(capacity),
    armedSide: new Int8Array(capacity),
    armedMinute: new Uint16Array(capacity),
    armedDistanceAtr: new Float32Array(capacity),
    pendingSide: new Int8Array(capacity),
    pendingPriceTicks: new Float64Array(capacity),
    pendingAtrTicks: new Float64Array(capacity),
  };
}

/** The slot of a new track, or −1 where there is no room. */
export function addTrack(tracks: TouchTracks, kind: number, priceTicks: number): number {
  const slot = tracks.length;
  if (slot >= tracks.max) return -1;
  if (slot === tracks.kind.length) grow(tracks);
  tracks.length += 1;
  tracks.kind[slot] = kind;
  tracks.priceTicks[slot] = priceTicks;
  tracks.armedSide[slot] = 0;
  tracks.pendingSide[slot] = 0;
  return slot;
}

function grow(tracks: TouchTracks): void {
  const next = createTouchTracks(tracks.max, Math.min(tracks.max, tracks.kind.length * 2));
  next.kind.set(tracks.kind);
  next.priceTicks.set(tracks.priceTicks);
  next.armedSide.set(tracks.armedSide);
  next.armedMinute.set(tracks.armedMinute);
  next.armedDistanceAtr.set(tracks.armedDistanceAtr);
  next.pendingSide.set(tracks.pendingSide);
  next.pendingPriceTicks.set(tracks.pendingPriceTicks);
  next.pendingAtrTicks.set(tracks.pendingAtrTicks);
  Object.assign(tracks, next, { length: tracks.length });
}

/** Takes a track out; the last one moves into its slot. */
export function removeTrack(tracks: TouchTracks, slot: number): void {
  const last = tracks.length - 1;
  tracks.length = last;
  tracks.kind[slot] = tracks.kind[last];
  tracks.priceTicks[slot] = tracks.priceTicks[last];
  tracks.armedSide[slot] = tracks.armedSide[last];
  tracks.armedMinute[slot] = tracks.armedMinute[last];
  tracks.armedDistanceAtr[slot] = tracks.armedDistanceAtr[last];
  tracks.pendingSide[slot] = tracks.pendingSide[last];
  tracks.pendingPriceTicks[slot] = tracks.pendingPriceTicks[last];
  tracks.pendingAtrTicks[slot] = tracks.pendingAtrTicks[last];
}

/** Arms a track at a price (a close, or the open behind a break) that is half an ATR away or more. */
export function armTrack(
  tracks: TouchTracks,
  slot: number,
  at: { priceTicks: number; atrTicks: number; minute: number },
): void {
  if (tracks.pendingSide[slot] !== 0) return;
  const away = at.priceTicks - tracks.priceTicks[slot];
  if (!(Math.abs(away) >= AWAY_ATR * at.atrTicks)) return;
  const side = away > 0 ? 1 : -1;
  if (side === tracks.armedSide[slot]) return;
  tracks.armedSide[slot] = side;
  tracks.armedMinute[slot] = at.minute;
  tracks.armedDistanceAtr[slot] = -away / at.atrTicks;
}

/** Already armed from the side that `priceTicks` lies on: arming there changes nothing. */
export function isArmedFrom({ armedSide, priceTicks: levels }: TouchTracks, slot: number, priceTicks: number): boolean {
  return armedSide[slot] === (priceTicks > levels[slot] ? 1 : -1);
}

/** Whether the bar may change the track: a touch of it is pending, or the bar comes as far as an armed one. */
export function isConcerned(
  { armedSide, pendingSide, priceTicks }: TouchTracks,
  slot: number,
  { lowTicks, highTicks }: AnalysisBar,
): boolean {
  const side = armedSide[slot];
  if (side > 0 ? lowTicks <= priceTicks[slot] : side < 0 && highTicks >= priceTicks[slot]) return true;
  return pendingSide[slot] !== 0;
}

/**
 * One closed bar against one track, whose price was known before the bar. A touch counts once per approach. Through =
 * an extreme 0.5 ATR beyond; away = an extreme 0.5 ATR back, on the touching bar its close, as only that surely came
 * after the touch; a bar that shows both went through (the stop first). Level 100 from above, ATR 8: a bar with low 100
 * touches; then high 104 before low 96 is a hold.
 */
export function followTrack(tracks: TouchTracks, slot: number, bar: AnalysisBar, atrTicks: number): Step {
  const pending = tracks.pendingSide[slot];
  if (pending !== 0) {
    const away = pending > 0 ? bar.highTicks : bar.lowTicks;
    return resolve(tracks, slot, bar, away);
  }
  if (!isConcerned(tracks, slot, bar)) return STEP.none;
  tracks.pendingSide[slot] = tracks.armedSide[slot];
  tracks.armedSide[slot] = 0;
  tracks.pendingPriceTicks[slot] = tracks.priceTicks[slot];
  tracks.pendingAtrTicks[slot] = atrTicks;
  const decided = resolve(tracks, slot, bar, bar.closeTicks);
  return decided === STEP.none ? STEP.touched : decided;
}

/** Trading stopped: what is pending stays undecided, and no approach goes on over a break. */
export function stopTrack(tracks: TouchTracks, slot: number): Step {
  const wasPending = tracks.pendingSide[slot] !== 0;
  tracks.pendingSide[slot] = 0;
  tracks.armedSide[slot] = 0;
  return wasPending ? OUTCOME.undecided : STEP.none;
}

function resolve(tracks: TouchTracks, slot: number, bar: AnalysisBar, awayTicks: number): Step {
  const side = tracks.pendingSide[slot];
  const price = tracks.pendingPriceTicks[slot];
  const reach = AWAY_ATR * tracks.pendingAtrTicks[slot];
  const beyond = side > 0 ? bar.lowTicks : bar.highTicks;
  const isThrough = side * (price - beyond) >= reach;
  if (!isThrough && !(side * (awayTicks - price) >= reach)) return STEP.none;
  tracks.pendingSide[slot] = 0;
  return isThrough ? OUTCOME.through : OUTCOME.hold;
}
