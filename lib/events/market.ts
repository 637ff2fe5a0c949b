/** What can the market do to us? Events of the feed, in ticks, exactly as received. */
import { z } from "zod";
import type { BarBlock } from "./bar-block.ts";
import type { Stamp } from "./stamp.ts";
import type { TradeBlock } from "./trade-block.ts";

/** Who crossed the spread, as the feed says it. NONE: an auction, nobody did. UNKNOWN: the feed does not say. */
export const AGGRESSOR = { none: 0, buy: 1, sell: 2, unknown: 3 } as const;
export type Aggressor = (typeof AGGRESSOR)[keyof typeof AGGRESSOR];

/** Where a price came from; one byte in the log. */
export const SOURCE = { simulator: 1, file: 2, massive: 3, ninjatrader: 4 } as const;
export type Source = (typeof SOURCE)[keyof typeof SOURCE];

/**
 * A contract of this run gets its number. Later events name the contract by it; numbers start at 0 and have no gaps.
 * `tickSize` in points is the size valid in this run.
 */
export type InstrumentListed = Stamp & {
  type: "InstrumentListed";
  contract: number;
  root: string;
  year: number;
  month: number;
  tickSize: number;
};

/** One trade. `sourceSeq` is the vendor's per-trade number (a file: the row number), the key against duplicates. */
export type TradePrinted = Stamp & {
  type: "TradePrinted";
  contract: number;
  priceTicks: number;
  size: number;
  aggressor: Aggressor;
  exchangeMs: number;
  source: Source;
  sourceSeq: number;
};

/** The top of the book; a side that is absent has NO_PRICE and size 0. */
export type QuoteChanged = Stamp & {
  type: "QuoteChanged";
  contract: number;
  bidTicks: number;
  bidSize: number;
  askTicks: number;
  askSize: number;
  exchangeMs: number;
  source: Source;
  sourceSeq: number;
};

/**
 * A vendor's finished bar [openMs, openMs + intervalMs). `buyVolume` and `sellVolume` are 0 where the vendor does not
 * split the volume. `vwapTicks` is null where the vendor has none.
 */
export type BarReceived = Stamp & {
  type: "BarReceived";
  contract: number;
  intervalMs: number;
  openMs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
  buyVolume: number;
  sellVolume: number;
  trades: number;
  vwapTicks: number | null;
  source: Source;
  sourceSeq: number;
};

/** The exchange's settlement of a trade date, in fractional ticks. */
export type SettlementPublished = Stamp & {
  type: "SettlementPublished";
  contract: number;
  tradeDate: number;
  settlementTicks: number;
  exchangeMs: number;
  source: Source;
};

/** Older bars arrive in one piece. They never move the clock and never cause a signal. */
export type HistoryLoaded = Stamp & {
  type: "HistoryLoaded";
  contract: number;
  intervalMs: number;
  bars: BarBlock;
  source: Source;
};

/** Trades that were missed in [fromMs, toMs) arrive later. Like history: never a signal. */
export type GapFilled = Stamp & {
  type: "GapFilled";
  contract: number;
  fromMs: number;
  toMs: number;
  trades: TradeBlock;
  source: Source;
};

export const FEED_STATES = ["connecting", "connected", "paused", "backing-off", "ended", "failed"] as const;
export type FeedState = (typeof FEED_STATES)[number];

/** The feed's own word about its connection; it proves nothing about the data (see lib/engine/trust.ts). */
export type FeedStatusChanged = Stamp & { type: "FeedStatusChanged"; feed: string; state: FeedState; message: string };

/** A stretch in which trades may be missing; contract null: all of them. `toMs` null: still open. */
export type FeedGapFound = Stamp & {
  type: "FeedGapFound";
  contract: number | null;
  fromMs: number;
  toMs: number | null;
  reason: string;
};

/** The virtual clock of SIM or REPLAY jumps over a stretch without trading, and says why. */
export type FeedClockJumped = Stamp & { type: "FeedClockJumped"; fromMs: number; toMs: number; reason: string };

const whole = z.number().int();
export const instrumentListedSchema = z.strictObject({
  contract: whole.nonnegative(),
  root: z.string(),
  year: whole,
  month: whole.min(1).max(12),
  tickSize: z.number().positive(),
});
export const settlementPublishedSchema = z.strictObject({
  contract: whole.nonnegative(),
  tradeDate: whole,
  settlementTicks: z.number(),
  exchangeMs: z.number(),
  source: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
});
export const feedStatusChangedSchema = z.strictObject({
  feed: z.string(),
  state: z.enum(FEED_STATES),
  message: z.string(),
});
export const feedGapFoundSchema = z.strictObject({
  contract: whole.nonnegative().nullable(),
  fromMs: z.number(),
  toMs: z.number().nullable(),
  reason: z.string(),
});
export const feedClockJumpedSchema = z.strictObject({ fromMs: z.number(), toMs: z.number(), reason: z.string() });
