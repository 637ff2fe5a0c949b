/** Which bar does a minute's plan make? */
import { assert } from "#lib/assert.ts";
import type { MinutePlan } from "#lib/simulator/minute-plan.ts";

/** A minute bar in ticks; what neither side initiated is unsignedVolume. Rows of volumeAtPrice run from low to high. */
export type MinuteBar = {
  openMs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
  buyVolume: number;
  sellVolume: number;
  unsignedVolume: number;
  trades: number;
  vwapTicks: number;
  volumeAtPrice: readonly number[];
};

/** The bar's numbers while folding; `rows[i]` is the volume at lowTicks + i. */
export type FoldedMinute = {
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  buyVolume: number;
  sellVolume: number;
  unsignedVolume: number;
  trades: number;
  /** Σ price × contracts, a whole number. */
  priceVolume: number;
  rows: Uint32Array;
};

/** A minute that runs over more ticks than this is a fault of the model. */
export const MINUTE_ROWS_MAX = 32_768;

export function createFoldedMinute(): FoldedMinute {
  return {
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    closeTicks: 0,
    buyVolume: 0,
    sellVolume: 0,
    unsignedVolume: 0,
    trades: 0,
    priceVolume: 0,
    rows: new Uint32Array(MINUTE_ROWS_MAX),
  };
}

/**
 * Folds a plan. On the way up a visit begins with its sells and ends with its buys, on the way down the other way
 * round (lib/simulator/minute-tape.ts prints in that order), which settles open and close.
 */
export function foldPlan(folded: FoldedMinute, plan: MinutePlan, direction: Int8Array): void {
  findRange(folded, plan);
  const { rows } = folded;
  const low = folded.lowTicks;
  assert(folded.highTicks - low < MINUTE_ROWS_MAX, `minute fold: range ${low}–${folded.highTicks} ticks is too wide`);
  rows.fill(0, 0, folded.highTicks - low + 1);
  let buyVolume = 0;
  let sellVolume = 0;
  let trades = 0;
  let priceVolume = 0;
  let open = 0;
  let close = 0;
  if (plan.auctionVolume > 0) {
    open = plan.bidTicks[0];
    rows[open - low] += plan.auctionVolume;
    priceVolume = open * plan.auctionVolume;
    trades = 1;
  }
  const {
    traded,
    visitsTraded,
    bidTicks,
    buys: planBuys,
    sells: planSells,
    buyVolume: bought,
    sellVolume: sold,
  } = plan;
  for (let index = 0; index < visitsTraded; index += 1) {
    const visit = traded[index];
    const buys = planBuys[visit];
    const sells = planSells[visit];
    const bid = bidTicks[visit];
    const isUp = direction[visit] >= 0;
    if (trades === 0) open = isUp ? (sells > 0 ? bid : bid + 1) : buys > 0 ? bid + 1 : bid;
    close = isUp ? (buys > 0 ? bid + 1 : bid) : sells > 0 ? bid : bid + 1;
    trades += buys + sells;
    if (sells > 0) {
      rows[bid - low] += sold[visit];
      sellVolume += sold[visit];
      priceVolume += bid * sold[visit];
    }
    if (buys > 0) {
      rows[bid + 1 - low] += bought[visit];
      buyVolume += bought[visit];
      priceVolume += (bid + 1) * bought[visit];
    }
  }
  folded.openTicks = open;
  folded.closeTicks = close;
  folded.buyVolume = buyVolume;
  folded.sellVolume = sellVolume;
  folded.unsignedVolume = plan.auctionVolume;
  folded.trades = trades;
  folded.priceVolume = priceVolume;
}

function findRange(folded: FoldedMinute, plan: MinutePlan): void {
  let low = plan.auctionVolume > 0 ? plan.bidTicks[0] : 2_147_483_647;
  let high = plan.auctionVolume > 0 ? plan.bidTicks[0] : -2_147_483_648;
  const { traded, visitsTraded, bidTicks, buys, sells } = plan;
  for (let index = 0; index < visitsTraded; index += 1) {
    const visit = traded[index];
    const bid = bidTicks[visit];
    if (sells[visit] > 0) {
      if (bid < low) low = bid;
      if (bid > high) high = bid;
    }
    if (buys[visit] > 0) {
      if (bid + 1 < low) low = bid + 1;
      if (bid + 1 > high) high = bid + 1;
    }
  }
  folded.lowTicks = low;
  folded.highTicks = high;
}

/** The folded minute as an object of its own. */
export function minuteBarOf(folded: FoldedMinute, openMs: number): MinuteBar {
  const volume = folded.buyVolume + folded.sellVolume + folded.unsignedVolume;
  return {
    openMs,
    openTicks: folded.openTicks,
    highTicks: folded.highTicks,
    lowTicks: folded.lowTicks,
    closeTicks: folded.closeTicks,
    volume,
    buyVolume: folded.buyVolume,
    sellVolume: folded.sellVolume,
    unsignedVolume: folded.unsignedVolume,
    trades: folded.trades,
    vwapTicks: folded.priceVolume / volume,
    volumeAtPrice: [...folded.rows.subarray(0, folded.highTicks - folded.lowTicks + 1)],
  };
}
