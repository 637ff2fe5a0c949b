/** How much wider must a stop be in this volatility, and how much smaller the size, so that the risk stays? */

/** Factors of the usual stop distance and the usual size; their product is 1. */
export type StopAndSize = { stopFactor: number; sizeFactor: number };

/** Wider or tighter than this a stop is another trade, not the same one in other volatility. */
const STOP_FACTOR_MAX = 2;
const STOP_FACTOR_MIN = 0.5;

/**
 * A pure function of its two inputs, so applying it again changes nothing. The stop grows with the session ATR against
 * what is usual at this clock time, the size shrinks by the same factor: session ATR 30, usual 20 → stop × 1.5,
 * size × 0.667. Where nothing is usual yet (0) both stay.
 */
export function stopAndSizeOf(sessionAtrTicks: number, usualTicks: number): StopAndSize {
  if (usualTicks === 0) return { stopFactor: 1, sizeFactor: 1 };
  const stopFactor = Math.max(STOP_FACTOR_MIN, Math.min(STOP_FACTOR_MAX, sessionAtrTicks / usualTicks));
  return { stopFactor, sizeFactor: 1 / stopFactor };
}
