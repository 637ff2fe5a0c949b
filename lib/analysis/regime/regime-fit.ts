/** Which fitted state is up, which down, which range, and which state of the former fit was it? */

import type { HmmParameters } from "#lib/analysis/regime/hidden-markov.ts";
import { firstParameters, fitHmm } from "#lib/analysis/regime/hidden-markov-fit.ts";

/** What a fit is logged as: plain numbers, enough to filter on with no more data. */
export type RegimeFit = {
  parameters: HmmParameters;
  /** End of the last bar it has seen: it may not be used for that bar or any before. */
  fittedThroughMs: number;
  /** former[state]: which state of the former fit (or of the start) this one goes on from. */
  former: number[];
  /** Moves it was fitted on, and their mean log-likelihood in the last round. */
  n: number;
  logLikelihood: number;
};

/** Over a state's usual life its drift must come to this many standard deviations of the moves, or it is noise. */
const DRIFT_MIN = 1;

/**
 * Fits the moves (in ATRs) from the former parameters on. EM keeps the order in which its states began, so each is
 * matched to a former one; then they are named by their means: lowest down, highest up. Refused where up or down drifts
 * no further in its usual life than noise would: drift 0.3, deviation 0.75, staying 0.98, a life of 50 bars: 0.3 × 50 ÷
 * (0.75 × √50) = 2.83 is enough.
 */
export function fitRegime(
  moves: Float64Array,
  fittedThroughMs: number,
  formerFit: HmmParameters | null,
): RegimeFit | { refused: string } {
  if (moves.every((move) => move === 0)) return { refused: "no bar has moved" };
  const { parameters, logLikelihood } = fitHmm(moves, formerFit ?? firstParameters(moves));
  const former = orderByMean(parameters.means);
  const named = reordered(parameters, former);
  const [down, , up] = lifeDriftsOf(named);
  if (up >= DRIFT_MIN && down <= -DRIFT_MIN) {
    return { parameters: named, fittedThroughMs, former, n: moves.length, logLikelihood };
  }
  const drifts = `${down.toFixed(2)} and ${up.toFixed(2)} deviations in their usual life`;
  return { refused: `the lowest and highest state drift ${drifts}; at least ±${DRIFT_MIN} are needed` };
}

/** Drift of each state over its usual life of 1 ÷ (1 − staying) bars, in standard deviations of so many moves. */
function lifeDriftsOf({ means, deviation, transitions }: HmmParameters): number[] {
  return means.map((mean, state) => mean / (deviation * Math.sqrt(1 - transitions[state][state])));
}

/** State numbers by ascending mean: of 0.3, −0.2, 0 → 1, 2, 0. */
export function orderByMean(means: readonly number[]): number[] {
  return means.map((_, state) => state).sort((a, b) => means[a] - means[b]);
}

function reordered({ means, deviation, transitions }: HmmParameters, order: readonly number[]): HmmParameters {
  return {
    means: order.map((state) => means[state]),
    deviation,
    transitions: order.map((from) => order.map((to) => transitions[from][to])),
  };
}

/** The filtered shares of the former states, carried over to the states that go on from them. */
export function carryShares(shares: Float64Array, { former }: RegimeFit): Float64Array {
  return Float64Array.from(former, (was) => shares[was]);
}
