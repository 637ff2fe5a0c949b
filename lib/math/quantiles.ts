/** Where in a set of values does a share of it lie, and where does a value rank among the others? */

/**
 * The p-quantile of ascending values, type 7 of Hyndman and Fan (1996), the default of R, NumPy and Excel: linear
 * between the order statistics at (n − 1) × p. NaN of no values. 25 % of 1, 2, 3, 10 → 1.75.
 */
export function quantileOf(ascending: ArrayLike<number>, p: number): number {
  const last = ascending.length - 1;
  if (last < 0) return Number.NaN;
  const at = last * p;
  const below = Math.floor(at);
  const above = below < last ? below + 1 : last;
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}

/** The median of values in any order, which stay as they are; NaN of no values. Of 9, 1, 4, 2 → 3. */
export function medianOf(values: Float64Array): number {
  return quantileOf(values.slice().sort(), 0.5);
}

/**
 * The share of values below x, each equal one counted half: 0 below all, 1 above all, 0.5 where all are equal to it.
 * NaN of no values. Of 3 among 1, 2, 3, 4 → (2 + ½) ÷ 4 = 0.625.
 */
export function rankOf(values: ArrayLike<number>, x: number): number {
  let points = 0;
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] < x) points += 1;
    else if (values[at] === x) points += 0.5;
  }
  return points / values.length;
}
