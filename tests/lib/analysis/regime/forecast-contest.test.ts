/** Are forecasts scored by the hour behind them, session by session, and never over a break? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Probabilities } from "#lib/analysis/regime/direction.ts";
import {
  addToContest,
  breakContest,
  contestScoreOf,
  createForecastContest,
  endContestSession,
  type ForecastContest,
  outcomeOf,
} from "#lib/analysis/regime/forecast-contest.ts";
import { createRandom } from "#lib/prng.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const EVEN: Probabilities = { up: 1 / 3, down: 1 / 3, range: 1 / 3 };
const UP: Probabilities = { up: 0.8, down: 0.1, range: 0.1 };

test("the worked outcomes: up, range, down", () => {
  assert.equal(outcomeOf(Float64Array.of(1, 1, 1, 1)), 0);
  assert.equal(outcomeOf(Float64Array.of(2, -1, 1, -1)), 2);
  assert.equal(outcomeOf(Float64Array.of(-1, -1, -1, 0.5)), 1);
  assert.equal(outcomeOf(new Float64Array(4)), 2);
});

/** A session of nine bars that each rise: five forecasts are resolved, all up. */
function risingSession(contest: ForecastContest, rules: Probabilities, challenger: Probabilities): void {
  breakContest(contest);
  for (let bar = 0; bar < 9; bar += 1) addToContest(contest, { moveTicks: 1, rules, challenger });
}

test("before any session what is said counts half: up said with 0.8 scores ln 0.45, knowing nothing ln 1/3", () => {
  const contest = createForecastContest(4);
  risingSession(contest, EVEN, UP);
  assert.equal(contestScoreOf(contest).n, 0, "the running session is not in it");
  endContestSession(contest);
  const { rules, challenger, n, sessions } = contestScoreOf(contest);
  assert.deepEqual([n, sessions], [5, 1]);
  assert.ok(
    Math.abs(challenger - Math.log(0.8 * 0.5 + 0.2 * 0.25)) < 1e-12 && Math.abs(rules - Math.log(1 / 3)) < 1e-12,
  );
});

test("what is compared is what they know, not how they speak: who always says the opposite is understood", () => {
  const contest = createForecastContest(4);
  const [up, down] = [
    { up: 1, down: 0, range: 0 },
    { up: 0, down: 1, range: 0 },
  ];
  for (let session = 0; session < 200; session += 1) {
    risingSession(contest, up, down);
    endContestSession(contest);
  }
  const { rules, challenger } = contestScoreOf(contest);
  assert.ok(rules > -0.01 && challenger > -0.01, `${rules}, ${challenger}`);
});

test("a surprise costs ln 0.01 at most, and calibrates later sessions, never its own", () => {
  const contest = createForecastContest(4);
  const up = { up: 1, down: 0, range: 0 };
  for (let session = 0; session < 250; session += 1) {
    risingSession(contest, up, up);
    endContestSession(contest);
  }
  for (let session = 0; session < 20; session += 1) endContestSession(contest);
  breakContest(contest);
  for (let bar = 0; bar < 9; bar += 1) addToContest(contest, { moveTicks: -1, rules: up, challenger: up });
  endContestSession(contest);
  assert.ok(Math.abs(contestScoreOf(contest).rules - Math.log(0.01)) < 1e-12);
  for (let session = 0; session < 20; session += 1) endContestSession(contest);
  breakContest(contest);
  for (let bar = 0; bar < 9; bar += 1) addToContest(contest, { moveTicks: -1, rules: up, challenger: up });
  endContestSession(contest);
  assert.ok(contestScoreOf(contest).rules > Math.log(0.01) + 0.5, "up said is now known to be down at times");
});

test("sessions without forecasts push old scores out: 20 sessions are 20 sessions", () => {
  const contest = createForecastContest(4);
  for (let bar = 0; bar < 9; bar += 1) addToContest(contest, { moveTicks: 1, rules: EVEN, challenger: UP });
  for (let session = 0; session < 20; session += 1) endContestSession(contest);
  assert.deepEqual([contestScoreOf(contest).n, contestScoreOf(contest).sessions], [5, 1]);
  endContestSession(contest);
  assert.deepEqual([contestScoreOf(contest).n, contestScoreOf(contest).sessions], [0, 0]);
});

type Bar = { moveTicks: number; rules: Probabilities; challenger: Probabilities };
const NAMES = ["up", "down", "range"] as const;

/** The slow version for one method: log scores by session, each with the table of the sessions before it. */
function slowScores(
  sessions: readonly (readonly Bar[])[][],
  method: "rules" | "challenger",
): [sum: number, n: number][] {
  let table = NAMES.map((said) => NAMES.map((came) => 50 * (said === came ? 0.5 : 0.25)));
  return sessions.map((stretches) => {
    const seen = NAMES.map(() => [0, 0, 0]);
    let [sum, n] = [0, 0];
    for (const stretch of stretches) {
      stretch.slice(0, -12).forEach((bar, at) => {
        const moves = stretch.slice(at + 1, at + 13).map((one) => one.moveTicks);
        const net = moves.reduce((total, move) => total + move, 0);
        const far = Math.sqrt(moves.reduce((total, move) => total + move * move, 0));
        const outcome = net > far ? 0 : net < -far ? 1 : 2;
        const said = NAMES.map((name) => bar[method][name]);
        const probability = said.reduce((total, share, one) => {
          return total + (share * table[one][outcome]) / table[one].reduce((a, b) => a + b);
        }, 0);
        sum += Math.log(Math.max(0.01, probability));
        n += 1;
        said.forEach((share, one) => {
          seen[one][outcome] += share;
        });
      });
    }
    table = table.map((row, said) => row.map((count, came) => 0.95 * count + seen[said][came]));
    return [sum, n];
  });
}

for (const seed of testSeeds("forecast-contest")) {
  test(`equals the slow way over breaks and 25 sessions, seed ${seed}`, () => {
    const random = createRandom(seed);
    const anyForecast = (): Probabilities => {
      const [a, b, c] = [random(), random(), random()];
      return { up: a / (a + b + c), down: b / (a + b + c), range: c / (a + b + c) };
    };
    const sessions = Array.from({ length: 25 }, () =>
      [40, 5, 31].map((length) =>
        Array.from({ length }, (): Bar => {
          return { moveTicks: Math.round((random() - 0.45) * 10), rules: anyForecast(), challenger: anyForecast() };
        }),
      ),
    );
    const contest = createForecastContest(12);
    for (const stretches of sessions) {
      for (const stretch of stretches) {
        breakContest(contest);
        for (const bar of stretch) addToContest(contest, bar);
      }
      endContestSession(contest);
    }
    const score = contestScoreOf(contest);
    for (const method of ["rules", "challenger"] as const) {
      const last = slowScores(sessions, method).slice(-20);
      const [sum, n] = [0, 1].map((part) => last.reduce((total, one) => total + one[part], 0));
      assert.deepEqual([score.n, score.sessions], [n, 20]);
      assert.ok(Math.abs(score[method] - sum / n) < 1e-9);
    }
  });
}
