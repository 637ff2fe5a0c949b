/** Which of two forecasters foretells the next hour better? Log scores of the last 20 sessions, kept per session. */

import type { Probabilities } from "#lib/analysis/regime/direction.ts";
import {
  addOutcome,
  createForecaster,
  endForecasterSession,
  type Forecaster,
  forecastOf,
} from "#lib/analysis/regime/forecaster.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";

export type ForecastContest = {
  /** Bars of the horizon. */
  bars: number;
  rules: Forecaster;
  challenger: Forecaster;
  /** The newest moves, in a ring as long as the horizon; bars since the last break. */
  moves: Float64Array;
  since: number;
  /** Forecasts resolved in the running session, and in each of the last ones; how many sessions there ever were. */
  count: number;
  counts: Float64Array;
  sessions: number;
};

/** Mean log scores of `n` forecasts in `sessions` of the last 20; NaN of none, 0 perfect, −1.1 knows nothing. */
export type ContestScore = { rules: number; challenger: number; n: number; sessions: number };

/** An hour in long bars is still so many: one bar's move is no direction. */
const HORIZON_BARS_MIN = 4;
/** Net move ÷ root of the sum of squared moves, beyond which an hour was up or down: a walk passes it in 32 %. */
const TREND_MOVE = 1;

export function createForecastContest(hourBars: number): ForecastContest {
  const bars = Math.max(HORIZON_BARS_MIN, hourBars);
  return {
    bars,
    rules: createForecaster(bars),
    challenger: createForecaster(bars),
    moves: new Float64Array(bars),
    since: 0,
    count: 0,
    counts: new Float64Array(BASELINE_SESSIONS),
    sessions: 0,
  };
}

/** Stores the session that is over; one without forecasts takes its place too, so that old ones go. */
export function endContestSession(contest: ForecastContest): void {
  const slot = contest.sessions % BASELINE_SESSIONS;
  endForecasterSession(contest.rules, slot);
  endForecasterSession(contest.challenger, slot);
  contest.counts[slot] = contest.count;
  contest.count = 0;
  contest.sessions += 1;
}

/** Forecasts that reach over a break of trading are dropped: there is no next hour. */
export function breakContest(contest: ForecastContest): void {
  contest.since = 0;
}

/** One closed bar: its move resolves the forecasts of an hour ago; then its own forecasts wait for theirs. */
export function addToContest(
  contest: ForecastContest,
  bar: { moveTicks: number; rules: Probabilities; challenger: Probabilities },
): void {
  const { bars, since, rules, challenger } = contest;
  const slot = since % bars;
  contest.moves[slot] = bar.moveTicks;
  // This slot holds the forecasts made exactly `bars` bars ago; all kept moves came behind them.
  if (since >= bars) {
    const outcome = outcomeOf(contest.moves);
    addOutcome(rules, slot, outcome);
    addOutcome(challenger, slot, outcome);
    contest.count += 1;
  }
  forecastOf(rules, slot, bar.rules);
  forecastOf(challenger, slot, bar.challenger);
  contest.since += 1;
}

/** Moves 1, 1, 1, 1: net 4, root of squares 2: 0, up. 2, −1, 1, −1: net 1, root 2.65: 2, range. 1 is down. */
export function outcomeOf(moves: Float64Array): number {
  let net = 0;
  let squares = 0;
  for (const move of moves) {
    net += move;
    squares += move * move;
  }
  const far = TREND_MOVE * Math.sqrt(squares);
  if (net > far) return 0;
  return net < -far ? 1 : 2;
}

export function contestScoreOf({ rules, challenger, counts, sessions: ever }: ForecastContest): ContestScore {
  const kept = Math.min(ever, BASELINE_SESSIONS);
  const sumOf = (values: Float64Array): number => values.subarray(0, kept).reduce((sum, value) => sum + value, 0);
  const n = sumOf(counts);
  const sessions = counts.subarray(0, kept).filter((count) => count > 0).length;
  return { rules: sumOf(rules.sums) / n, challenger: sumOf(challenger.sums) / n, n, sessions };
}
