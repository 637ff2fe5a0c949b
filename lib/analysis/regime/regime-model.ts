/** How does a new fit enter the regime: on completed trade dates, never for bars it has seen, resetting nothing? */

import { STATES } from "#lib/analysis/regime/hidden-markov.ts";
import { MOVES_MAX, type RegimeState } from "#lib/analysis/regime/regime.ts";
import { carryShares, fitRegime, type RegimeFit } from "#lib/analysis/regime/regime-fit.ts";

/** Fewer completed dates or moves are no ground for three states. */
const DATES_MIN = 5;
const MOVES_MIN = 300;

/**
 * The fit for a trade date that begins (17:00 CT), on the dates completed before it; moves of that date itself are left
 * out, so a call a few bars late gives the same. Pure: it changes nothing until it is applied.
 */
export function fitRegimeModel(state: RegimeState, tradeDate: number): RegimeFit | { refused: string } {
  const isCompleted = tradeDate > state.tradeDate;
  const end = isCompleted ? state.moveCount : state.completedMoves;
  const dates = state.completedDates + (isCompleted && state.tradeDate !== 0 ? 1 : 0);
  if (dates < DATES_MIN) return { refused: `${dates} of ${DATES_MIN} completed trade dates seen` };
  const first = Math.max(0, state.moveCount - MOVES_MAX);
  if (end - first < MOVES_MIN) return { refused: `${end - first} of ${MOVES_MIN} bars of completed trade dates seen` };
  const moves = Float64Array.from({ length: end - first }, (_, at) => state.moves[(first + at) % MOVES_MAX]);
  const throughMs = isCompleted ? state.atMs : state.completedThroughMs;
  return fitRegime(moves, throughMs, state.fit?.parameters ?? null);
}

/** At the roll to a trade date: fits on what was completed before it, takes the fit or goes by the rules alone. */
export function rollRegimeModel(state: RegimeState, tradeDate: number): void {
  const fit = fitRegimeModel(state, tradeDate);
  const applied = applyRegimeFit(state, "refused" in fit ? null : fit);
  const refused = "refused" in fit ? fit.refused : "refused" in applied ? applied.refused : null;
  state.decided = { tradeDate, refused };
}

/**
 * Takes the fit of a trade date for the bars to come, or null where it was refused: then the rules alone are left. The
 * label and the bars it has held go on in any case; the filtered shares go over to the matched states.
 */
export function applyRegimeFit(state: RegimeState, fit: RegimeFit | null): { applied: true } | { refused: string } {
  if (fit !== null && fit.fittedThroughMs > state.atMs) {
    return { refused: `fitted through ${fit.fittedThroughMs}, but the newest bar ended at ${state.atMs}` };
  }
  if (fit === null) state.shares.fill(1 / STATES);
  else if (state.fit !== null) state.shares = carryShares(state.shares, fit);
  state.fit = fit;
  return { applied: true };
}
