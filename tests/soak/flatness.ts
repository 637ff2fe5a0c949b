/** Does a series of memory samples grow? Behind the warm-up, by a straight line through its low points. */

/** The first part fills caches and bounded windows. */
export const WARM_SHARE = 0.25;
const WINDOWS = 15;
/** What the line may rise from the end of the warm-up to the last sample. */
const GROWTH_MAX = 0.1;

export type Flatness = {
  firstBytes: number;
  lastBytes: number;
  peakBytes: number;
  /** Rise of the line over what was measured ÷ its begin; 0.02: two per cent more at the end. */
  growth: number;
  isFlat: boolean;
};

/**
 * Garbage waits for its collector, so each fifteenth of the samples counts with its lowest. Least squares through
 * those. A series that stands at 100 → growth 0, flat; one that goes from 100 to 200 → growth near 1, not flat.
 */
export function flatnessOf(samples: readonly number[]): Flatness {
  const warm = samples.slice(Math.floor(samples.length * WARM_SHARE));
  if (warm.length < WINDOWS) throw new Error(`${samples.length} samples are too few to tell a slope`);
  const lows = Array.from({ length: WINDOWS }, (_, window) => {
    const from = Math.floor((window * warm.length) / WINDOWS);
    return Math.min(...warm.slice(from, Math.floor(((window + 1) * warm.length) / WINDOWS)));
  });
  const middle = (WINDOWS - 1) / 2;
  const mean = lows.reduce((sum, low) => sum + low, 0) / WINDOWS;
  let covariance = 0;
  let variance = 0;
  for (const [at, low] of lows.entries()) {
    covariance += (at - middle) * (low - mean);
    variance += (at - middle) * (at - middle);
  }
  const slope = covariance / variance;
  const firstBytes = mean - slope * middle;
  const lastBytes = mean + slope * middle;
  const growth = (lastBytes - firstBytes) / firstBytes;
  return { firstBytes, lastBytes, peakBytes: Math.max(...samples), growth, isFlat: growth <= GROWTH_MAX };
}
