/** Does the market go up, down or nowhere, how wild is it, since when, and how sure is that? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import {
  confirmDirection,
  createDirection,
  type DirectionState,
  type Probabilities,
} from "#lib/analysis/regime/direction.ts";
import {
  addToContest,
  breakContest,
  contestScoreOf,
  createForecastContest,
  endContestSession,
  type ForecastContest,
} from "#lib/analysis/regime/forecast-contest.ts";
import { filterMove, MOVE_MAX, STATES } from "#lib/analysis/regime/hidden-markov.ts";
import type { RegimeFit } from "#lib/analysis/regime/regime-fit.ts";
import { addToHistory, createRegimeHistory, type RegimeHistory } from "#lib/analysis/regime/regime-history.ts";
import { hmmProbabilitiesOf, type VolatilityAxis, volatilityAxisOf } from "#lib/analysis/regime/regime-reading.ts";
import {
  addTrendRulesBar,
  createTrendRules,
  RULES_BARS,
  ruleProbabilitiesOf,
  type TrendRulesState,
  trendEvidenceOf,
} from "#lib/analysis/regime/trend-rules.ts";
import { addSessionPathBar, createSessionPath, moveInAtr, type SessionPath } from "#lib/analysis/session-path.ts";
import type { ClockVolatility } from "#lib/analysis/volatility.ts";
import { MS_PER_HOUR } from "#lib/units.ts";

export type RegimeState = {
  path: SessionPath;
  rules: TrendRulesState;
  /** Moves in ATRs, in a ring; how many there ever were, and how many of them on completed trade dates. */
  moves: Float32Array;
  moveCount: number;
  completedMoves: number;
  completedThroughMs: number;
  completedDates: number;
  tradeDate: number;
  /** What the roll to a trade date led to; null before the first. `refused`: why that date has no fit. */
  decided: { tradeDate: number; refused: string | null } | null;
  /** The fit of this trade date, its filtered shares (down, range, up), and whether it is what is shown. */
  fit: RegimeFit | null;
  shares: Float64Array;
  isHmmShown: boolean;
  contest: ForecastContest;
  direction: DirectionState;
  probabilities: Probabilities;
  volatility: VolatilityAxis;
  history: RegimeHistory;
  atMs: number;
};

/** Moves kept for the next fit: eleven sessions of 5-minute bars, 12 kB, fitted in some 10 ms. */
export const MOVES_MAX = 3_072;
/** Sessions that must be scored before the HMM may be shown. */
const CONTEST_SESSIONS_MIN = 10;

/** `intervalMs`: of the bars that it will be fed. */
export function createRegime({ intervalMs }: { intervalMs: number }): RegimeState {
  return {
    path: createSessionPath(),
    rules: createTrendRules(),
    moves: new Float32Array(MOVES_MAX),
    moveCount: 0,
    completedMoves: 0,
    completedThroughMs: 0,
    completedDates: 0,
    tradeDate: 0,
    decided: null,
    fit: null,
    shares: new Float64Array(STATES).fill(1 / STATES),
    isHmmShown: false,
    contest: createForecastContest(Math.round(MS_PER_HOUR / intervalMs)),
    direction: createDirection(),
    probabilities: { up: 0, down: 0, range: 1 },
    volatility: { label: "unknown", percentile: null, n: 0 },
    history: createRegimeHistory(),
    atMs: 0,
  };
}

/** `volatility`: what was published for the same bar. */
export function addRegimeBar(state: RegimeState, bar: AnalysisBar, volatility: ClockVolatility): void {
  if (bar.tradeDate !== state.tradeDate) enterTradeDate(state, bar);
  const { path } = state;
  addSessionPathBar(path, bar);
  addTrendRulesBar(state.rules, indicatorBarOf(bar, path.gapTicks));
  state.volatility = volatilityAxisOf(volatility);
  state.atMs = bar.endMs;
  if (!Number.isNaN(path.atr.value)) takeMove(state, Math.max(-MOVE_MAX, Math.min(MOVE_MAX, moveInAtr(path))));
  if (path.count < RULES_BARS) return;
  const rules = ruleProbabilitiesOf(trendEvidenceOf(state.rules).score);
  const hmm = hmmProbabilitiesOf(state);
  if (bar.isAfterBreak || hmm === null) breakContest(state.contest);
  if (hmm !== null) addToContest(state.contest, { moveTicks: path.moveTicks, rules, challenger: hmm });
  state.probabilities = hmm !== null && state.isHmmShown ? hmm : rules;
  confirmDirection(state.direction, state.probabilities, bar.endMs);
  const direction = state.direction.label;
  addToHistory(state.history, { openMs: bar.openMs, direction, volatility: state.volatility.label });
}

/** What is shown is decided here, once a date: on completed sessions alone. */
function enterTradeDate(state: RegimeState, bar: AnalysisBar): void {
  if (state.tradeDate !== 0) state.completedDates += 1;
  state.tradeDate = bar.tradeDate;
  state.completedMoves = state.moveCount;
  state.completedThroughMs = state.atMs;
  endContestSession(state.contest);
  const { sessions, challenger, rules } = contestScoreOf(state.contest);
  state.isHmmShown = sessions >= CONTEST_SESSIONS_MIN && challenger > rules;
}

function takeMove(state: RegimeState, move: number): void {
  state.moves[state.moveCount % MOVES_MAX] = move;
  state.moveCount += 1;
  if (state.fit !== null) filterMove(state.shares, state.fit.parameters, move);
}
