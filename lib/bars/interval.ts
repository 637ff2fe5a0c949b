/** Which bars does the engine itself keep? */

/** Kept for every followed contract; all other time intervals are folded from these on demand. */
export const KEPT_INTERVALS = ["1s", "1m", "5m", "15m", "1h", "1d"] as const;
export type KeptInterval = (typeof KEPT_INTERVALS)[number];
