/** What does one contract do in a minute of a trade date: how many trades, how much volume, who leans which way? */
import type { Contract } from "#lib/contract.ts";
import type { MinuteFlow } from "#lib/simulator/minute-plan.ts";
import { nextLogistic, nextUniform, placeStream, type Stream } from "#lib/simulator/noise.ts";
import type { PriceDay } from "#lib/simulator/price-day.ts";
import type { FlowProfile } from "#lib/simulator/product-profile.ts";
import type { TradeDate } from "#lib/units.ts";

/** One contract on one trade date: everything that its minutes need. */
export type ContractDay = {
  readonly contract: Contract;
  readonly date: TradeDate;
  readonly price: PriceDay;
  readonly profile: FlowProfile;
  /** The expiry's part of the root's volume. */
  readonly volumeShare: number;
  readonly offsetTicks: number;
  readonly tickRatio: number;
  /** Word that places the streams of this contract. */
  readonly base: number;
  /** Indices [rthFrom, rthTo) of the minutes of RTH; equal where there is none. */
  readonly rthFrom: number;
  readonly rthTo: number;
};

/** A minute has at most this many trades per event a second that the product may make: the rate bound's first half. */
const TRADES_PER_EVENT_MAX = 9;
/** How far buyers lean with the minute's move, and by themselves. */
const LEAN_WITH_MOVE = 0.24;
const LEAN_BY_ITSELF = 0.035;
/** With few trades the move is those few: they lean further with it. */
const THIN_LEAN = 3.5;
const AUCTION_SHARE = 0.12;

/** Room for one minute's flow, written over and over. */
export function createMinuteFlow(): MinuteFlow {
  return { trades: 0, volume: 0, buyShare: 0.5, auctionVolume: 0, offsetTicks: 0, tickRatio: 1 };
}

/** Trades that this product may print in a minute, as a bound. ES: 260 events a second → 2,340. */
export function tradesPerMinuteMax(profile: FlowProfile): number {
  return profile.eventsPerSecondMax * TRADES_PER_EVENT_MAX;
}

/**
 * Writes what the contract does in a minute; false where it does not trade. Volume = day's volume × expiry's share ×
 * clock and mood × own noise; thin minutes are rounded by chance, so that some have none.
 */
export function writeMinuteFlow(flow: MinuteFlow, day: ContractDay, minute: number, stream: Stream): boolean {
  placeStream(stream, day.base, minute, 2);
  const { price, profile, volumeShare } = day;
  const noise = 0.65 + 0.7 * nextUniform(stream);
  const expected = profile.dailyVolume * volumeShare * price.activity[minute] * noise;
  const volume = Math.floor(expected + nextUniform(stream));
  const sizeNoise = 0.85 + 0.3 * nextUniform(stream);
  const ownLean = nextLogistic(stream);
  if (volume < 1) return false;
  const tradesMax = Math.min(volume, Math.max(1, Math.floor(tradesPerMinuteMax(profile) * volumeShare)));
  flow.volume = volume;
  flow.trades = Math.min(tradesMax, Math.max(1, Math.round((volume / profile.tradeSize) * sizeNoise)));
  const sigma = price.sigmaTicks[minute];
  const move = sigma > 0 ? (price.levelTicks[minute + 1] - price.levelTicks[minute]) / sigma : 0;
  const lean = LEAN_WITH_MOVE * (1 + THIN_LEAN / Math.sqrt(flow.trades));
  flow.buyShare = 0.5 + lean * (move / (1 + Math.abs(move))) + LEAN_BY_ITSELF * ownLean;
  flow.auctionVolume = price.grid.isOpening[minute] === 1 ? 1 + Math.floor(volume * AUCTION_SHARE) : 0;
  flow.offsetTicks = day.offsetTicks;
  flow.tickRatio = day.tickRatio;
  return true;
}
