/** How often did price turn at a kind of level, and how often at random prices? Counts, and what may be claimed. */
import { type ShareInterval, wilsonInterval } from "#lib/math/wilson.ts";
import { LEVEL_KINDS } from "./level-kinds.ts";

/** Whose touches: of levels, or of the random prices beside them. */
export const TOUCHED = { level: 0, random: 1 } as const;
export type Touched = (typeof TOUCHED)[keyof typeof TOUCHED];

/** What became of a touch: half an ATR away first, half an ATR through first, or trading stopped before either. */
export const OUTCOME = { hold: 0, through: 1, undecided: 2 } as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

/** Eight counts a kind: hold, through, undecided and one spare, of levels, then of random prices. */
export type OutcomeCounts = Uint32Array;

export type HoldShare = {
  /** Decided touches. */
  n: number;
  share: number;
  interval: ShareInterval;
};

/** Below 30 decided touches on either side nothing is claimed (domain). */
export type LevelOutcome =
  | { status: "too few"; n: number; randomN: number; need: number }
  | { status: "known"; level: HoldShare; random: HoldShare };

const CLAIM_MIN = 30;
const PER_SIDE = 4;

export function createOutcomeCounts(): OutcomeCounts {
  return new Uint32Array(LEVEL_KINDS.length * 2 * PER_SIDE);
}

export function countOutcome(counts: OutcomeCounts, kind: number, touched: Touched, outcome: Outcome): void {
  counts[(kind * 2 + touched) * PER_SIDE + outcome] += 1;
}

/**
 * What past touches of a kind say. 24 holds and 16 breaks, beside 20 and 20 of random prices: known, 0.6 of n = 40
 * beside 0.5 of n = 40. Undecided touches are left out of both.
 */
export function outcomeOf(counts: OutcomeCounts, kind: number): LevelOutcome {
  const n = decidedOf(counts, kind, TOUCHED.level);
  const randomN = decidedOf(counts, kind, TOUCHED.random);
  if (n < CLAIM_MIN || randomN < CLAIM_MIN) return { status: "too few", n, randomN, need: CLAIM_MIN };
  const [level, random] = [shareOf(counts, kind, TOUCHED.level), shareOf(counts, kind, TOUCHED.random)];
  return { status: "known", level, random };
}

/** Decided touches of all kinds of levels. */
export function decidedTouches(counts: OutcomeCounts): number {
  let sum = 0;
  for (let kind = 0; kind < LEVEL_KINDS.length; kind += 1) sum += decidedOf(counts, kind, TOUCHED.level);
  return sum;
}

function shareOf(counts: OutcomeCounts, kind: number, touched: Touched): HoldShare {
  const holds = counts[(kind * 2 + touched) * PER_SIDE + OUTCOME.hold];
  const n = decidedOf(counts, kind, touched);
  return { n, share: holds / n, interval: wilsonInterval(holds, n) };
}

function decidedOf(counts: OutcomeCounts, kind: number, touched: Touched): number {
  const at = (kind * 2 + touched) * PER_SIDE;
  return counts[at + OUTCOME.hold] + counts[at + OUTCOME.through];
}
