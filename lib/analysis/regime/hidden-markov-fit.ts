/** Which drifts and transitions make the seen moves most likely? Baum and Welch's EM, capped, without chance. */
import { densitiesOf, type HmmParameters, STATES } from "#lib/analysis/regime/hidden-markov.ts";

/** Rounds at most, and the gain in log-likelihood a move below which it has settled. */
const ROUNDS_MAX = 20;
const GAIN_MIN = 1e-5;
/**
 * What is believed before the data: a state lasts 40 bars. It weighs as much as a tenth of the moves, or single wild
 * bars would become a state that is left at once.
 */
const STAY = 0.975;
const BELIEF_SHARE = 0.1;

/** Forward and backward shares, and their sums, of one round. */
type Pass = { forward: Float64Array; backward: Float64Array; densities: Float64Array; scales: Float64Array };

/** Where the fit begins without a former one: a quarter of a deviation of drift either way. */
export function firstParameters(moves: Float64Array): HmmParameters {
  const deviation = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length);
  return { means: [-deviation / 4, 0, deviation / 4], deviation, transitions: believedTransitions() };
}

function believedTransitions(): number[][] {
  return Array.from({ length: STATES }, (_, from) =>
    Array.from({ length: STATES }, (_, to) => (from === to ? STAY : (1 - STAY) / (STATES - 1))),
  );
}

/**
 * EM (Rabiner, 1989, eq. 27 and 30–40, scaled) from `start`, with one deviation for all states and a Dirichlet prior on
 * transitions. States stay in the order in which they began. Returns the parameters, and the log-likelihood a move of
 * those that the last round began with.
 */
export function fitHmm(
  moves: Float64Array,
  start: HmmParameters,
  rounds = ROUNDS_MAX,
): { parameters: HmmParameters; logLikelihood: number } {
  const pass: Pass = {
    forward: new Float64Array(moves.length * STATES),
    backward: new Float64Array(moves.length * STATES),
    densities: new Float64Array(moves.length * STATES),
    scales: new Float64Array(moves.length),
  };
  let parameters = start;
  let logLikelihood = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const likelihood = runForward(moves, parameters, pass) / moves.length;
    runBackward(moves, parameters, pass);
    parameters = maximise(moves, parameters, pass);
    const gain = likelihood - logLikelihood;
    logLikelihood = likelihood;
    if (gain < GAIN_MIN) break;
  }
  return { parameters, logLikelihood };
}

/** Filtered shares of every move, scaled to sum to 1; returns the log-likelihood of all. */
function runForward(moves: Float64Array, parameters: HmmParameters, pass: Pass): number {
  const { forward, densities, scales } = pass;
  const transitions = parameters.transitions.flat();
  const density = new Float64Array(STATES);
  const factor = -Math.log(parameters.deviation * Math.sqrt(2 * Math.PI));
  let likelihood = 0;
  for (let at = 0; at < moves.length; at += 1) {
    const row = at * STATES;
    densitiesOf(parameters, moves[at], density);
    let sum = 0;
    for (let to = 0; to < STATES; to += 1) {
      let share = at === 0 ? 1 / STATES : 0;
      if (at > 0) {
        for (let from = 0; from < STATES; from += 1)
          share += forward[row - STATES + from] * transitions[from * STATES + to];
      }
      densities[row + to] = density[to];
      forward[row + to] = share * density[to];
      sum += forward[row + to];
    }
    scales[at] = sum;
    for (let state = 0; state < STATES; state += 1) forward[row + state] /= sum;
    likelihood += Math.log(sum) + factor;
  }
  return likelihood;
}

function runBackward(moves: Float64Array, parameters: HmmParameters, pass: Pass): void {
  const { backward, densities, scales } = pass;
  const transitions = parameters.transitions.flat();
  backward.fill(1, (moves.length - 1) * STATES);
  for (let at = moves.length - 2; at >= 0; at -= 1) {
    const next = (at + 1) * STATES;
    for (let from = 0; from < STATES; from += 1) {
      let share = 0;
      for (let to = 0; to < STATES; to += 1) {
        share += transitions[from * STATES + to] * densities[next + to] * backward[next + to];
      }
      backward[at * STATES + from] = share / scales[at + 1];
    }
  }
}

function maximise(moves: Float64Array, parameters: HmmParameters, pass: Pass): HmmParameters {
  const { forward, backward, densities, scales } = pass;
  const transitions = parameters.transitions.flat();
  const weights = new Float64Array(STATES);
  const sums = new Float64Array(STATES);
  const steps = new Float64Array(STATES * STATES);
  let squares = 0;
  for (let at = 0; at < moves.length; at += 1) {
    const row = at * STATES;
    squares += moves[at] * moves[at];
    for (let to = 0; to < STATES; to += 1) {
      const share = forward[row + to] * backward[row + to];
      weights[to] += share;
      sums[to] += share * moves[at];
      if (at === 0) continue;
      const evidence = (densities[row + to] * backward[row + to]) / scales[at];
      for (let from = 0; from < STATES; from += 1) {
        const step = from * STATES + to;
        steps[step] += forward[row - STATES + from] * transitions[step] * evidence;
      }
    }
  }
  const means = Array.from(sums, (sum, state) => (weights[state] > 0 ? sum / weights[state] : 0));
  const explained = means.reduce((sum, mean, state) => sum + weights[state] * mean * mean, 0);
  const deviation = Math.sqrt((squares - explained) / moves.length);
  return { means, deviation, transitions: transitionsOf(steps, moves.length) };
}

/** Counted steps and believed ones, as shares of each row. */
function transitionsOf(steps: Float64Array, moves: number): number[][] {
  const belief = (BELIEF_SHARE * moves) / STATES;
  return believedTransitions().map((believed, from) => {
    const counts = believed.map((share, to) => steps[from * STATES + to] + belief * share);
    const sum = counts.reduce((total, count) => total + count, 0);
    return counts.map((count) => count / sum);
  });
}
