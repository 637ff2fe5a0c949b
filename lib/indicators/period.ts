/** Is a look-back period one that an indicator can work with? A whole number from its least to a bound. */
import { assert } from "#lib/assert.ts";

/** The most inputs an indicator may look back on; a ring of this many numbers is 40 kB. */
export const PERIOD_MAX = 5_000;

/** Throws where `period` is no whole number from `min` to PERIOD_MAX. */
export function assertPeriod(period: number, min = 1): void {
  const isPeriod = Number.isInteger(period) && period >= min && period <= PERIOD_MAX;
  assert(isPeriod, `period was ${period}, expected a whole number from ${min} to ${PERIOD_MAX}`);
}
