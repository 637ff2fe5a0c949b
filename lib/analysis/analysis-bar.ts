/** What does an analysis read? A closed bar with its place in the session; prices in ticks. */

/**
 * One closed bar as every analysis takes it; the object is reused by its owner: copy what you keep. Prices in ticks,
 * volumes in contracts; unsigned = volume − buyVolume − sellVolume.
 */
export type AnalysisBar = {
  openMs: number;
  /** End, exclusive. */
  endMs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
  buyVolume: number;
  sellVolume: number;
  /** Σ price × size in ticks × contracts; NaN where a part had no VWAP. */
  vwapSum: number;
  /** One of DELTA_SOURCE (bars/bar-series.ts). */
  deltaSource: number;
  /** The exchange's trade date (a day number, see units.ts), and that date's open and close. */
  tradeDate: number;
  sessionOpenMs: number;
  sessionCloseMs: number;
  /** RTH of the trade date; both NaN where it has none. */
  rthOpenMs: number;
  rthCloseMs: number;
  /** The bar before it belongs to another segment: a break, halt or weekend lies between. */
  isAfterBreak: boolean;
  /** The trade date is a full one: no holiday segment, no early close. Baselines skip the others. */
  isFullSession: boolean;
};
