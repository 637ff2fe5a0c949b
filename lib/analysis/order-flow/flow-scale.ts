/** How high is a footprint row of a product, and how much volume makes it worth a word? */

/** `rowTicks`: height of a row. `minVolume`: contracts of one side in a row below which nothing is said. */
export type FlowScale = { rowTicks: number; minVolume: number };

/**
 * Rows so high that a usual RTH minute has some six to fifteen of them; the minimum is about half of what one side
 * trades in such a row. From the products' usual volume and range of 2024 to 2026: a start, to be set by the user.
 */
export const FLOW_SCALES: Readonly<Record<string, readonly [rowTicks: number, minVolume: number]>> = {
  ES: [1, 50],
  NQ: [4, 15],
  YM: [3, 8],
  RTY: [2, 8],
  GC: [3, 8],
  SI: [2, 5],
  HG: [2, 4],
  CL: [2, 15],
  NG: [1, 10],
  ZN: [1, 300],
  ZB: [1, 60],
  "6E": [1, 15],
  "6B": [1, 10],
  "6J": [1, 12],
  BTC: [5, 2],
  MES: [1, 40],
  MNQ: [4, 30],
  MYM: [3, 8],
  M2K: [2, 6],
  MGC: [3, 6],
  SIL: [2, 2],
  MHG: [2, 2],
  MCL: [2, 4],
  M6E: [1, 3],
  MBT: [5, 2],
};

/** The scale of a root; one that is not listed gets rows of one tick and ten contracts. */
export function flowScaleOf(root: string): FlowScale {
  const [rowTicks, minVolume] = FLOW_SCALES[root] ?? [1, 10];
  return { rowTicks, minVolume };
}
