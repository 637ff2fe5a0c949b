/** How long until the next try? Doubling waits with jitter up to a cap, forgotten after a success. */

export type BackOff = {
  /** The next wait, ms. */
  next(): number;
  /** Tries since the last success. */
  readonly tries: number;
  reset(): void;
};

/**
 * Waits of `firstMs`, twice that, and so on up to `mostMs`, each shortened by up to a half so that many clients do not
 * come back together. `random` gives [0, 1): with 0.5 and 1,000 → 750, 1,500, 3,000 …
 */
export function createBackOff(options: { firstMs: number; mostMs: number; random: () => number }): BackOff {
  const { firstMs, mostMs, random } = options;
  let tries = 0;
  return {
    next() {
      const wholeMs = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30));
      tries += 1;
      return Math.round(wholeMs * (0.5 + random() / 2));
    },
    get tries() {
      return tries;
    },
    reset() {
      tries = 0;
    },
  };
}
