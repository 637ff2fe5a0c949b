/** How much would figures differ had the same kind of days come in another draw? Whole trade dates, drawn again. */
import { createRandom, hashSeed } from "#lib/prng.ts";

/** How often each date was drawn: `dates` numbers for each resample, one after the other. */
export type DateResamples = { dates: number; count: number; times: Uint8Array };

/** A date that is drawn more often counts as so often: the chance of it is below 1 in 10^500. */
const TIMES_MAX = 255;

/**
 * Each resample draws as many dates as there are, with replacement, all trades of a date together: trades of one day
 * are alike, and drawn one by one they would seem to know more than they do.
 */
export function drawDates(given: { dates: number; count: number; seed: number }): DateResamples {
  const { dates, count, seed } = given;
  const random = createRandom(hashSeed("date-resamples", seed));
  const times = new Uint8Array(dates * count);
  for (let at = 0; at < dates * count; at += dates) {
    for (let draw = 0; draw < dates; draw += 1) {
      const place = at + Math.floor(random() * dates);
      if (times[place] < TIMES_MAX) times[place] += 1;
    }
  }
  return { dates, count, times };
}

/**
 * A figure of sums over dates in each resample: `columns` hold what each date adds, `figure` takes their sums. A mean
 * is ([sum, n]) => sum / n.
 */
export function resampled(
  resamples: DateResamples,
  columns: readonly Float64Array[],
  figures: readonly ((sums: Float64Array) => number)[],
): Float64Array[] {
  const { dates, count, times } = resamples;
  const found = figures.map(() => new Float64Array(count));
  const sums = new Float64Array(columns.length);
  for (let sample = 0; sample < count; sample += 1) {
    const from = sample * dates;
    for (let column = 0; column < columns.length; column += 1) {
      const values = columns[column];
      let sum = 0;
      for (let date = 0; date < dates; date += 1) sum += times[from + date] * values[date];
      sums[column] = sum;
    }
    for (let figure = 0; figure < figures.length; figure += 1) found[figure][sample] = figures[figure](sums);
  }
  return found;
}
