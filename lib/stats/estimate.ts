/** What is the value, from how many, and between which bounds would it lie in as many days of the same kind? */
import { quantileOf } from "#lib/math/quantiles.ts";

/** `value` null: not defined (no losing trade, no R known). Bounds null: too little data to claim any. */
export type Estimate = { value: number | null; n: number; low: number | null; high: number | null };

/** With fewer trades nothing is claimed (domain), and a resampling of fewer dates would be too sure of itself. */
export const CLAIM_N_MIN = 30;
export const CLAIM_DATES_MIN = 10;

/**
 * An estimate with the 95 % percentile interval (Efron 1979) of its resampled values; those that are not defined in a
 * resample are left out. Infinite bounds are none.
 */
export function estimateOf(value: number, samples: Float64Array, count: { n: number; dates: number }): Estimate {
  const { n, dates } = count;
  if (!Number.isFinite(value)) return { value: null, n, low: null, high: null };
  if (n < CLAIM_N_MIN || dates < CLAIM_DATES_MIN) return { value, n, low: null, high: null };
  const known = samples.filter((sample) => !Number.isNaN(sample)).sort();
  return { value, n, low: boundOf(known, 0.025), high: boundOf(known, 0.975) };
}

function boundOf(ascending: Float64Array, p: number): number | null {
  const bound = quantileOf(ascending, p);
  return Number.isFinite(bound) ? bound : null;
}
