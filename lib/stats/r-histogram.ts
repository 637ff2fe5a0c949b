/** How are the results in R spread? */

/** From (inclusive) to (exclusive); the first and last take everything beyond, with an infinite end as null. */
export type RBin = { fromR: number | null; toR: number | null; n: number };
export type RHistogram = { bins: RBin[]; n: number; unknown: number };

const BIN_R = 0.5;
const LOWEST_R = -3;
const HIGHEST_R = 6;

/** Bins of half an R from below −3 to 6 and above. 0.99 → 0.5 to 1; −1 → −1 to −0.5; 7 → 6 and above. */
export function rHistogramOf(rows: readonly { r: number | null }[]): RHistogram {
  const inner = (HIGHEST_R - LOWEST_R) / BIN_R;
  const counts = new Array<number>(inner + 2).fill(0);
  let unknown = 0;
  for (const { r } of rows) {
    if (r === null) unknown += 1;
    else counts[Math.max(0, Math.min(inner + 1, Math.floor((r - LOWEST_R) / BIN_R) + 1))] += 1;
  }
  const bins = counts.map((n, at) => ({
    fromR: at === 0 ? null : LOWEST_R + (at - 1) * BIN_R,
    toR: at === inner + 1 ? null : LOWEST_R + at * BIN_R,
    n,
  }));
  return { bins, n: rows.length - unknown, unknown };
}
