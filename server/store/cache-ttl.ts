/** How long does each kind of key live in the cache? All of them, in milliseconds. */

/** `rs:last:SYMBOL`, the newest quote: a key that is there was written by a living data-service. */
export const LAST_QUOTE_TTL_MS = 60_000;
/** Every quote is written again after this time, changed or not: three tries before the key goes. */
export const LAST_QUOTE_AGAIN_MS = 20_000;
/** `rs:insight:ROOT`, `rs:levels:ROOT`, `rs:scanner`: what closed bars say, for as long as three minutes of them. */
export const ANALYSIS_TTL_MS = 180_000;
/** The same three tries; each root's are some 100 kB, so not as often as quotes. */
export const ANALYSIS_AGAIN_MS = 60_000;
