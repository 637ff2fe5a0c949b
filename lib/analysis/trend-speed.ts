/** How fast does price run, in ATRs a bar, and does it gain speed or lose it? */
import {
  addLinearRegression,
  createLinearRegression,
  type LinearRegressionState,
} from "#lib/indicators/linear-regression.ts";

export type TrendSpeedState = {
  line: LinearRegressionState;
  /** The speeds of the last bars in a ring, the newest three of them again; how many there ever were. */
  recent: Float64Array;
  count: number;
  speed: number;
  prior: number;
  priorToThat: number;
};

export type Momentum = "accelerating" | "decelerating" | "steady" | "flat";

export type TrendSpeed = {
  direction: "up" | "down" | "flat";
  /** ATRs a bar. */
  speed: number;
  /** The speed ÷ the root mean square of the last 100: ±1 is usual. */
  relativeSpeed: number;
  momentum: Momentum;
};

const LINE_BARS = 5;
const RECENT_MAX = 100;

export function createTrendSpeed(): TrendSpeedState {
  const nan = Number.NaN;
  const line = createLinearRegression({ period: LINE_BARS });
  return { line, recent: new Float64Array(RECENT_MAX), count: 0, speed: nan, prior: nan, priorToThat: nan };
}

/** Takes where the path stands, in ATRs. */
export function addToTrendSpeed(state: TrendSpeedState, pathAtr: number): void {
  addLinearRegression(state.line, pathAtr);
  const { slope } = state.line;
  if (Number.isNaN(slope)) return;
  state.priorToThat = state.prior;
  state.prior = state.speed;
  state.speed = slope;
  state.recent[state.count % RECENT_MAX] = slope;
  state.count += 1;
}

/** Speed = slope of the straight line through the last five points of the path: 0, 0.5, 1, 1.5, 2 → 0.5 ATR a bar. */
export function trendSpeedOf(state: TrendSpeedState): TrendSpeed {
  const { speed, recent } = state;
  const n = Math.min(state.count, RECENT_MAX);
  let squares = 0;
  for (let at = 0; at < n; at += 1) squares += recent[at] * recent[at];
  const usual = Math.sqrt(squares / n);
  return {
    direction: speed > 0 ? "up" : speed < 0 ? "down" : "flat",
    speed,
    relativeSpeed: usual > 0 ? speed / usual : 0,
    momentum: momentumOf(speed, state.prior, state.priorToThat),
  };
}

/** Three speeds in a row, newest first: 3, 2, 1 accelerating; 1, 2, 3 decelerating; −3, −2, −1 accelerating. */
export function momentumOf(speed: number, prior: number, priorToThat: number): Momentum {
  if (speed === 0) return "flat";
  const way = Math.sign(speed);
  const [last, before] = [way * (speed - prior), way * (prior - priorToThat)];
  if (last > 0 && before > 0) return "accelerating";
  return last < 0 && before < 0 ? "decelerating" : "steady";
}
