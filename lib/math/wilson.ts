/** Between which bounds does a true share lie, given what was counted? Wilson's score interval. */

export type ShareInterval = { low: number; high: number };

/** Two-sided 95 %. */
const Z = 1.959_963_984_540_054;

/**
 * The 95 % interval of a share of `n` independent trials; (NaN, NaN) where n is 0. Source: E. B. Wilson (1927),
 * formula (1). 81 of 263 → 0.2553 to 0.3662 (R. G. Newcombe, 1998, table I).
 */
export function wilsonInterval(successes: number, n: number): ShareInterval {
  if (n === 0) return { low: Number.NaN, high: Number.NaN };
  const share = successes / n;
  const centre = share + (Z * Z) / (2 * n);
  const reach = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return { low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}
