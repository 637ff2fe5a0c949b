/** How good are a method's probabilities as forecasts, once what came behind such words before is taken in? */
import type { Probabilities } from "#lib/analysis/regime/direction.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";

/** Up, down, range: classes said and outcomes come, in this order. */
const CLASSES = 3;

/**
 * A method may be right and too sure. So each is judged by its calibrated forecast: what it says, times how often each
 * outcome came behind each class in *former* sessions. What is compared is then what they know, not how they speak.
 */
export type Forecaster = {
  /** What was said at each of the last bars, three numbers a bar, in a ring as long as the horizon. */
  said: Float64Array;
  /** Weighted counts [class said][outcome] of former sessions, and those of the running one. */
  table: Float64Array;
  pending: Float64Array;
  /** Log scores: of the running session, and of each of the last ones. */
  sum: number;
  sums: Float64Array;
};

/** Before any session: what is said comes true in half of the cases, with the weight of so many forecasts. */
const BELIEF = 50;
/** What a session's counts keep behind each later one: half their weight is gone after some 14. */
const KEPT_SHARE = 0.95;
/** A forecast of less counts as this: one surprise must not decide 20 sessions. */
const PROBABILITY_MIN = 0.01;

export function createForecaster(bars: number): Forecaster {
  return {
    said: new Float64Array(CLASSES * bars),
    table: Float64Array.from(
      { length: CLASSES * CLASSES },
      (_, at) => BELIEF * (at % (CLASSES + 1) === 0 ? 0.5 : 0.25),
    ),
    pending: new Float64Array(CLASSES * CLASSES),
    sum: 0,
    sums: new Float64Array(BASELINE_SESSIONS),
  };
}

/** What is said now waits in its slot of the ring. */
export function forecastOf({ said }: Forecaster, slot: number, { up, down, range }: Probabilities): void {
  said[CLASSES * slot] = up;
  said[CLASSES * slot + 1] = down;
  said[CLASSES * slot + 2] = range;
}

/** The outcome behind what was said in a slot: scored with the table of former sessions, counted for later ones. */
export function addOutcome(forecaster: Forecaster, slot: number, outcome: number): void {
  const { said, pending } = forecaster;
  forecaster.sum += Math.log(Math.max(PROBABILITY_MIN, calibrated(forecaster, slot, outcome)));
  for (let one = 0; one < CLASSES; one += 1) pending[CLASSES * one + outcome] += said[CLASSES * slot + one];
}

/** Σ over the classes of what was said × how often the outcome came behind it. Said up 1, up came in 50 %: 0.5. */
function calibrated({ said, table }: Forecaster, slot: number, outcome: number): number {
  let probability = 0;
  for (let one = 0; one < CLASSES; one += 1) {
    const row = CLASSES * one;
    const came = table[row + outcome] / (table[row] + table[row + 1] + table[row + 2]);
    probability += said[CLASSES * slot + one] * came;
  }
  return probability;
}

export function endForecasterSession(forecaster: Forecaster, slot: number): void {
  const { table, pending } = forecaster;
  for (let at = 0; at < table.length; at += 1) table[at] = KEPT_SHARE * table[at] + pending[at];
  pending.fill(0);
  forecaster.sums[slot] = forecaster.sum;
  forecaster.sum = 0;
}
