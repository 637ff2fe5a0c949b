/** What is Wilder's average? An exponential one whose newest value weighs 1 ÷ N: the RMA or SMMA of the charts. */
import {
  addEma,
  commitEma,
  createWeighted,
  type EmaParams,
  type EmaState,
  replaceLastEma,
} from "#lib/indicators/ema.ts";
import type { Indicator } from "#lib/indicators/indicator.ts";

/**
 * RMA = prior + (v − prior) ÷ N, in the unit of the input; the N-th value is the SMA of the first N (Wilder, 1978).
 * N = 3 over 1, 2, 3, 8: the seed is 2, then 2 + (8 − 2) ÷ 3 = 4.
 */
export function createRma({ period }: EmaParams): EmaState {
  return createWeighted(period, 1 / period);
}

export const addRma = addEma;
export const commitRma = commitEma;
export const replaceLastRma = replaceLastEma;

export const rma: Indicator<EmaParams, EmaState, number> = {
  name: "rma",
  input: "value",
  defaults: { period: 14 },
  outputs: ["value"],
  create: createRma,
  add: addRma,
  replaceLast: replaceLastRma,
  warmUp: ({ period }) => period,
};
