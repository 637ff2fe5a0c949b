/** Which way does the market go, how sure may one be, and since when has it been so? */

/** Shares of 1: they sum to 1. */
export type Probabilities = { up: number; down: number; range: number };
export type Direction = "up" | "down" | "range" | "unknown";

/** The label that holds, and one that would follow it. The bars it has held are never set back by a new fit. */
export type DirectionState = {
  label: Direction;
  /** Bars that the label has held, and the end of the first of them. */
  bars: number;
  sinceMs: number;
  candidate: Direction;
  candidateBars: number;
};

/** Below this no direction is named. */
export const CONFIDENCE_MIN = 0.5;
/** Bars in a row that must say the same before the label changes. */
export const CONFIRM_BARS = 3;

export function createDirection(): DirectionState {
  return { label: "unknown", bars: 0, sinceMs: 0, candidate: "unknown", candidateBars: 0 };
}

/** The most probable direction, or unknown where none reaches the confidence. 0.55, 0.05, 0.4 → up. */
export function mostProbable({ up, down, range }: Probabilities): Direction {
  const confidence = Math.max(up, down, range);
  if (confidence < CONFIDENCE_MIN) return "unknown";
  if (confidence === up) return "up";
  return confidence === down ? "down" : "range";
}

/** One closed bar: the label changes when its follower was the most probable for three bars in a row. */
export function confirmDirection(state: DirectionState, probabilities: Probabilities, endMs: number): void {
  const direction = mostProbable(probabilities);
  state.candidateBars = direction === state.candidate ? state.candidateBars + 1 : 1;
  state.candidate = direction;
  state.bars += 1;
  if (direction === state.label || state.candidateBars < CONFIRM_BARS) return;
  state.label = direction;
  state.bars = 1;
  state.sinceMs = endMs;
}

/** Bars that the candidate still needs; 0 where it is the label. */
export function barsUntilConfirmed({ label, candidate, candidateBars }: DirectionState): number {
  return candidate === label ? 0 : CONFIRM_BARS - candidateBars;
}
