/** Are filter and fit those of the textbook? Checked against every path of states, one by one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterMove, type HmmParameters, STATES } from "#lib/analysis/regime/hidden-markov.ts";
import { firstParameters, fitHmm } from "#lib/analysis/regime/hidden-markov-fit.ts";
import { carryShares, fitRegime, orderByMean } from "#lib/analysis/regime/regime-fit.ts";
import { createRandom } from "#lib/prng.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { gaussian } from "#tests/support/shaped-bars.ts";

const PARAMETERS: HmmParameters = {
  means: [-0.5, 0.1, 0.6],
  deviation: 0.7,
  transitions: [
    [0.8, 0.15, 0.05],
    [0.1, 0.7, 0.2],
    [0.02, 0.18, 0.8],
  ],
};

const normal = (x: number, mean: number, sd: number): number =>
  Math.exp(-((x - mean) ** 2) / (2 * sd * sd)) / (sd * Math.sqrt(2 * Math.PI));

/** Every path of states through the moves with its joint probability; the first state is any of three. */
function paths(moves: readonly number[], { means, deviation, transitions }: HmmParameters): [number[], number][] {
  let all: [number[], number][] = [[[], 1]];
  moves.forEach((move, at) => {
    all = all.flatMap(([path, probability]) =>
      [0, 1, 2].map((state): [number[], number] => {
        const step = at === 0 ? 1 / 3 : transitions[path[at - 1]][state];
        return [[...path, state], probability * step * normal(move, means[state], deviation)];
      }),
    );
  });
  return all;
}

const farthest = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, at) => Math.abs(value - other[at])));

const MOVES = [0.3, -0.8, 0.1, 0.9, 1.4, -0.2, 0.7];

test("the filter gives the probability of the last state, summed over all 2,187 paths", () => {
  const shares = new Float64Array(STATES);
  // The first move has no transition before it: from equal shares and equal steps.
  const first = { ...PARAMETERS, transitions: Array.from({ length: 3 }, () => [1 / 3, 1 / 3, 1 / 3]) };
  shares.fill(1 / 3);
  MOVES.forEach((move, at) => {
    filterMove(shares, at === 0 ? first : PARAMETERS, move);
    const all = paths(MOVES.slice(0, at + 1), PARAMETERS);
    const sum = all.reduce((total, [, probability]) => total + probability, 0);
    for (const state of [0, 1, 2]) {
      const ends = all
        .filter(([path]) => path[at] === state)
        .reduce((total, [, probability]) => total + probability, 0);
      assert.ok(Math.abs(shares[state] - ends / sum) < 1e-12, `move ${at}, state ${state}`);
    }
  });
});

test("the worked example of one step, and a move far out that says nothing", () => {
  const staying = {
    means: [-1, 0, 1],
    deviation: 1 / Math.sqrt(2 * Math.log(2)),
    transitions: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  const shares = new Float64Array(3).fill(1 / 3);
  filterMove(shares, staying, 0);
  assert.ok(farthest([0.25, 0.5, 0.25], [...shares]) < 1e-12);
  filterMove(shares, { ...staying, deviation: 1e-3 }, 3);
  assert.ok(shares.every((share) => share > 0));
});

/** One round of EM by enumeration: expected counts over every path, with the believed transitions added. */
function slowRound(
  moves: readonly number[],
  start: HmmParameters,
): { means: number[]; deviation: number; transitions: number[][] } {
  const all = paths(moves, start);
  const sum = all.reduce((total, [, probability]) => total + probability, 0);
  const expected = (count: (path: number[]) => number): number =>
    all.reduce((total, [path, probability]) => total + (probability / sum) * count(path), 0);
  const means = [0, 1, 2].map((state) => {
    const weight = expected((path) => path.filter((one) => one === state).length);
    return expected((path) => path.reduce((total, one, at) => total + (one === state ? moves[at] : 0), 0)) / weight;
  });
  const scatter = expected((path) => path.reduce((total, state, at) => total + (moves[at] - means[state]) ** 2, 0));
  const transitions = [0, 1, 2].map((from) => {
    const counts = [0, 1, 2].map((to) => {
      const seen = expected((path) => path.filter((one, at) => at > 0 && path[at - 1] === from && one === to).length);
      return seen + ((0.1 * moves.length) / 3) * (from === to ? 0.975 : 0.0125);
    });
    return counts.map((count) => count / counts.reduce((total, one) => total + one, 0));
  });
  return { means, deviation: Math.sqrt(scatter / moves.length), transitions };
}

test("each round of the fit equals expected counts over all paths", () => {
  let slow: HmmParameters = PARAMETERS;
  for (const rounds of [1, 2, 3]) {
    slow = slowRound(MOVES, slow);
    const { parameters } = fitHmm(Float64Array.from(MOVES), PARAMETERS, rounds);
    const [ours, theirs] = [parameters, slow].map((one) => [...one.means, one.deviation, ...one.transitions.flat()]);
    assert.ok(farthest(ours, theirs) < 1e-9, `round ${rounds}`);
  }
});

/** Moves of states that last about 80 bars. */
function plantedMoves(seed: number, count: number, drift: number): Float64Array {
  const random = createRandom(seed);
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    if (random() < 1 / 80) state = (state + 1 + Math.floor(random() * 2)) % 3;
    return (state - 1) * drift + 0.7 * gaussian(random);
  });
}

for (const seed of testSeeds("hidden-markov")) {
  test(`planted drifts are found, the same ones in every fit, seed ${seed}`, () => {
    const moves = plantedMoves(seed, 3000, 0.4);
    const fit = fitRegime(moves, 1000, null);
    assert.ok(!("refused" in fit));
    const { means, deviation, transitions } = fit.parameters;
    assert.ok(farthest([-0.4, 0, 0.4], means) < 0.15, `means ${means}`);
    assert.ok(Math.abs(deviation - 0.7) < 0.05);
    assert.ok(
      transitions.every((row, state) => row[state] > 0.95 && Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-12),
    );
    assert.deepEqual(fitRegime(moves, 1000, null), fit);
    assert.deepEqual([fit.fittedThroughMs, fit.n], [1000, 3000]);
  });

  test(`noise has no states: its fits are refused, seed ${seed}`, () => {
    const fit = fitRegime(plantedMoves(seed + 2, 3000, 0), 0, null);
    assert.ok("refused" in fit, JSON.stringify(fit));
  });

  test(`a likelihood never falls from round to round, seed ${seed}`, () => {
    const moves = plantedMoves(seed + 1, 800, 0.3);
    let parameters = firstParameters(moves);
    let former = Number.NEGATIVE_INFINITY;
    for (let restart = 0; restart < 4; restart += 1) {
      const fit = fitHmm(moves, parameters);
      // The belief weighs a tenth of the moves: that much may be traded for it.
      assert.ok(fit.logLikelihood > former - 1e-3);
      former = fit.logLikelihood;
      parameters = fit.parameters;
    }
  });
}

test("states are named by their means, whatever order the fit had them in; their shares go along", () => {
  assert.deepEqual(orderByMean([0.3, -0.2, 0]), [1, 2, 0]);
  const moves = plantedMoves(5, 3000, 0.5);
  const straight = fitRegime(moves, 0, null);
  assert.ok(!("refused" in straight));
  const { means, deviation, transitions } = straight.parameters;
  const turned = [2, 0, 1];
  const start = {
    means: turned.map((state) => means[state]),
    deviation,
    transitions: turned.map((from) => turned.map((to) => transitions[from][to])),
  };
  const fit = fitRegime(moves, 0, start);
  assert.ok(!("refused" in fit));
  assert.deepEqual(fit.former, [1, 2, 0]);
  assert.ok(farthest(means, fit.parameters.means) < 0.01);
  // The start's first state was the highest: its share is now that of up.
  assert.deepEqual([...carryShares(Float64Array.of(0.7, 0.1, 0.2), fit)], [0.1, 0.2, 0.7]);
});

test("a market without drift, or without any move, is refused with its numbers", () => {
  const random = createRandom(3);
  const jitter = Float64Array.from({ length: 3000 }, (_, at) => (at % 2 === 0 ? 1 : -1) * (0.5 + 0.1 * random()));
  const none = fitRegime(jitter, 0, null);
  assert.ok("refused" in none);
  assert.match(
    none.refused,
    /^the lowest and highest state drift -?0\.\d\d and -?0\.\d\d deviations in their usual life;/,
  );
  assert.deepEqual(fitRegime(new Float64Array(500), 0, null), { refused: "no bar has moved" });
});
