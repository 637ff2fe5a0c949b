/** In which hidden state is the market, given the moves up to now? A Gaussian HMM, filtered forward only. */

/** States in this order everywhere: 0 down, 1 range, 2 up. */
export const STATES = 3;

/**
 * A plain record, fit to be logged. The moves are in session ATRs, so volatility, which is the other axis, cancels:
 * all states share one deviation and differ in drift alone.
 */
export type HmmParameters = {
  /** Mean move a bar of each state, ascending. */
  means: number[];
  deviation: number;
  /** transitions[from][to]; each row sums to 1. */
  transitions: number[][];
};

/** A move of more is cut to it: one report must not make a state of its own. */
export const MOVE_MAX = 3;

/** Further out densities are equally small, and never 0: such a move is no evidence for any state. */
const EXPONENT_MIN = -300;

/** Densities of a move in each state, up to a common factor. */
export function densitiesOf({ means, deviation }: HmmParameters, move: number, out: Float64Array): void {
  for (let state = 0; state < STATES; state += 1) {
    const distance = (move - means[state]) / deviation;
    out[state] = Math.exp(Math.max(EXPONENT_MIN, -0.5 * distance * distance));
  }
}

/**
 * One step of the forward filter (Rabiner, 1989, eq. 20, scaled), in place: first the transition, then the move's
 * evidence. With staying certain, equal shares and densities in the ratio 1 : 2 : 1 → 0.25, 0.5, 0.25.
 */
export function filterMove(shares: Float64Array, parameters: HmmParameters, move: number): void {
  const densities = new Float64Array(STATES);
  densitiesOf(parameters, move, densities);
  const next = new Float64Array(STATES);
  let sum = 0;
  for (let to = 0; to < STATES; to += 1) {
    let share = 0;
    for (let from = 0; from < STATES; from += 1) share += shares[from] * parameters.transitions[from][to];
    next[to] = share * densities[to];
    sum += next[to];
  }
  for (let state = 0; state < STATES; state += 1) shares[state] = next[state] / sum;
}
