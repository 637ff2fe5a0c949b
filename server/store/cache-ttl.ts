/** How long does each kind of key live in the cache? All of them, in milliseconds. */

/** `rs:last:SYMBOL`, the newest quote: a key that is there was written by a living data-service. */
export const LAST_QUOTE_TTL_MS = 60_000;
/** Every quote is written again after this time, changed or not: three tries before the key goes. */
export const LAST_QUOTE_AGAIN_MS = 20_000;
