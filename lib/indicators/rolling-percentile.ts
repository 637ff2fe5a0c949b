/** Where does the newest value stand among the N before it? The percentile rank, 0 lowest to 100 highest. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type RollingPercentileParams = { period: number };
export type RollingPercentileState = IndicatorState & {
  period: number;
  newest: number;
  /** The N values before the newest, in the order they came, and sorted; +Infinity where there is none yet. */
  ring: Float64Array;
  sorted: Float64Array;
  /** Slot of the oldest of them. */
  at: number;
  value: number;
};

/**
 * Rank = 100 × (values below + half of the equal ones) ÷ N, over the N values before the newest, itself left out. Ties
 * count half, so that a value that never changes stands at 50. N = 4 over 1, 2, 3, 3, 3: 100 × (2 + 1) ÷ 4 = 75.
 */
export function createRollingPercentile({ period }: RollingPercentileParams): RollingPercentileState {
  assertPeriod(period);
  const ring = new Float64Array(period).fill(Number.POSITIVE_INFINITY);
  return { count: 0, period, newest: Number.NaN, ring, sorted: ring.slice(), at: 0, value: Number.NaN };
}

export function addRollingPercentile(state: RollingPercentileState, value: number): void {
  if (state.count > 0) {
    const { ring, at } = state;
    swapSorted(state.sorted, ring[at], state.newest);
    ring[at] = state.newest;
    state.at = at + 1 === state.period ? 0 : at + 1;
  }
  state.count += 1;
  replaceLastRollingPercentile(state, value);
}

export function replaceLastRollingPercentile(state: RollingPercentileState, value: number): void {
  state.newest = value;
  if (state.count <= state.period) return;
  const { sorted, period } = state;
  const below = firstNotBelow(sorted, value);
  let equal = 0;
  while (below + equal < period && sorted[below + equal] === value) equal++;
  state.value = (100 * (below + equal / 2)) / period;
}

/** Takes `leaving` out of the sorted values and `entering` in; moves only what lies between them. */
function swapSorted(sorted: Float64Array, leaving: number, entering: number): void {
  const last = sorted.length - 1;
  let i = firstNotBelow(sorted, leaving);
  for (; i < last && sorted[i + 1] < entering; i++) sorted[i] = sorted[i + 1];
  for (; i > 0 && sorted[i - 1] > entering; i--) sorted[i] = sorted[i - 1];
  sorted[i] = entering;
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const rollingPercentile: Indicator<RollingPercentileParams, RollingPercentileState, number> = {
  name: "rolling percentile",
  input: "value",
  defaults: { period: 100 },
  outputs: ["value"],
  create: createRollingPercentile,
  add: addRollingPercentile,
  replaceLast: replaceLastRollingPercentile,
  warmUp: ({ period }) => period + 1,
};
