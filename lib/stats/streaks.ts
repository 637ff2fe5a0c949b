/** How many in a row were won or lost, at most and now? */

/** Lengths; `current` is positive while winning, negative while losing, 0 after a break-even. */
export type Streaks = { longestWin: number; longestLoss: number; current: number };

/** Of nets in their order; one of exactly 0 ends a streak. +1, +2, −1, −1, −3 → 2, 3, −3. */
export function streaksOf(nets: Iterable<number>): Streaks {
  let [longestWin, longestLoss, current] = [0, 0, 0];
  for (const net of nets) {
    const step = Math.sign(net);
    current = step === 0 ? 0 : step === Math.sign(current) ? current + step : step;
    longestWin = Math.max(longestWin, current);
    longestLoss = Math.max(longestLoss, -current);
  }
  return { longestWin, longestLoss, current };
}
