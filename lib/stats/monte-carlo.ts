/** Where may the money be after so many more days like these, and how deep may it fall on the way? */
import { quantileOf } from "#lib/math/quantiles.ts";
import { createRandom, hashSeed } from "#lib/prng.ts";
import { CLAIM_N_MIN } from "./estimate.ts";

export type MonteCarloInput = {
  /** Net of each past trade date. */
  nets: ArrayLike<number>;
  /** Days ahead. */
  horizon: number;
  paths: number;
  seed: number;
  /** What must not be lost: room to the floor, say; null: not asked. */
  roomUsd: number | null;
};

/** Quantiles of the cone, of each day's sums. */
export const CONE_SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export type MonteCarlo = {
  /** Past days that were drawn from. */
  n: number;
  paths: number;
  /** cone[i][day]: quantile CONE_SHARES[i] of the money after `day` + 1 days. */
  cone: Float64Array[];
  /** Deepest fall below the best so far (start included) of a path: median and 95th percentile, positive. */
  drawdownMedianUsd: number;
  drawdown95Usd: number;
  profitShare: number;
  /** Paths that at a day's end had lost `roomUsd` or more from the start; null where not asked. */
  roomLostShare: number | null;
};

/**
 * Draws days with replacement (the same days in another order, some twice, some not): days are taken as independent of
 * each other and as like to those to come, which is said beside it. Null below 30 days: nothing is claimed. The same
 * seed gives the same cone.
 */
export function monteCarloOf({ nets, horizon, paths, seed, roomUsd }: MonteCarloInput): MonteCarlo | null {
  if (nets.length < CLAIM_N_MIN) return null;
  const random = createRandom(hashSeed("monte-carlo", seed));
  const days = Array.from({ length: horizon }, () => new Float64Array(paths));
  const falls = new Float64Array(paths);
  let [profits, lost] = [0, 0];
  for (let path = 0; path < paths; path += 1) {
    let [sum, best, least] = [0, 0, 0];
    for (let day = 0; day < horizon; day += 1) {
      sum += nets[Math.floor(random() * nets.length)];
      days[day][path] = sum;
      best = Math.max(best, sum);
      least = Math.min(least, sum);
      falls[path] = Math.max(falls[path], best - sum);
    }
    if (sum > 0) profits += 1;
    if (roomUsd !== null && least <= -roomUsd) lost += 1;
  }
  for (const day of days) day.sort();
  falls.sort();
  return {
    n: nets.length,
    paths,
    cone: CONE_SHARES.map((share) => Float64Array.from(days, (day) => quantileOf(day, share))),
    drawdownMedianUsd: quantileOf(falls, 0.5),
    drawdown95Usd: quantileOf(falls, 0.95),
    profitShare: profits / paths,
    roomLostShare: roomUsd === null ? null : lost / paths,
  };
}
