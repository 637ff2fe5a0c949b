/** What do the data-service and the browser say to each other on /stream? Prices in points, time in epoch ms. */

import type { Mode } from "../events/clock.ts";
import type { FeedState } from "../events/market.ts";
import type { ScannerView } from "./insight.ts";
import type { Heard, SaidCards, SaidLevels } from "./insight-stream.ts";
import type { InstrumentRow } from "./instruments.ts";
import type { OpsReport } from "./ops.ts";
import type { BridgeAccountRow } from "./positions.ts";

/** First message of each connection. A changed runId means: forget everything. */
export type Hello = {
  kind: "hello";
  epoch: number;
  runId: string;
  mode: Mode;
  /** The feed's clock now, and how fast it runs against wall time (0: stands, null: as fast as possible). */
  nowMs: number;
  speed: number | null;
};

/** Where a client got to; events behind it are sent again, everything else begins with a snapshot. */
export type Cursor = { epoch: number; seq: number };

/** Replaces the client's whole subscription. */
export type SubscribeRequest = { subscribe: readonly string[]; cursor?: Cursor | undefined };

export type StreamError = { kind: "error"; code: string; message: string; topic?: string; action: string };

/** Who says which side a delta is on, best first; the worst source in it counts. none: nothing was traded. */
export const DELTA_SOURCES = ["none", "aggressor", "quote", "tick", "estimate"] as const;
export type DeltaSource = (typeof DELTA_SOURCES)[number];

/** One contract's newest numbers; null = not known yet, never 0 in its place. */
export type Quote = {
  contract: string;
  mode: Mode;
  last: number | null;
  lastSize: number | null;
  lastMs: number | null;
  bid: number | null;
  bidSize: number;
  ask: number | null;
  askSize: number;
  /** last − previous settlement; `changeSource` says which one, or why there is none. */
  change: number | null;
  changeSource: "settlement" | "est." | "no previous settlement";
  previousSettlement: number | null;
  /** Of this trade date so far. */
  tradeDate: string | null;
  open: number | null;
  high: number | null;
  low: number | null;
  volume: number;
  delta: number;
  deltaSource: DeltaSource;
  vwap: number | null;
  /** Time of the newest trade, quote or vendor bar by the feed's clock; its age is nowMs − this. */
  eventMs: number | null;
  /** Since when the contract is stale; null = it is not. */
  staleSinceMs: number | null;
  /** Is its market open by the exchange's calendar? */
  marketOpen: boolean;
};

/**
 * openMs, open, high, low, close, volume, buy, sell, trades, vwap (null: unknown), revision, closed 1 or forming 0,
 * delta in whole contracts, its source as a place in DELTA_SOURCES. buy − sell is the delta, unless it is an estimate.
 */
export type BarTuple = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number | null,
  number,
  0 | 1,
  number,
  number,
];

export type QuoteMessage = Header & { topic: `quote:${string}`; kind: "snapshot" | "delta"; quote: Quote };
export type BarMessage = Header & {
  topic: `bar:${string}`;
  kind: "snapshot" | "delta";
  /** Snapshot: all that a chart opens with, oldest first. Delta: bars to add or replace by openMs. */
  bars: BarTuple[];
  /** Why there is nothing: "needs trades", "no bars of this interval in this file". */
  why: string | null;
};
export type InstrumentsMessage = Header & { topic: "instruments"; kind: "snapshot"; instruments: InstrumentRow[] };
export type FeedsMessage = Header & { topic: "feeds"; kind: "snapshot"; feeds: FeedsReport };
export type OpsMessage = Header & { topic: "ops"; kind: "snapshot"; ops: OpsReport };

/** `receivedMs` is that of the newest input in the message. */
export type Header = { seq: number; nowMs: number; receivedMs: number };

/** What the analyses of a root's front say: at each close, and once a second what the forming bars change of it. */
export type InsightMessage = Header & { topic: `insight:${string}` } & Heard<SaidCards>;
/** The same of its level board and ICT. */
export type LevelsMessage = Header & { topic: `levels:${string}` } & Heard<SaidLevels>;
export type ScannerMessage = Header & { topic: "scanner"; kind: "snapshot"; scanner: ScannerView };

/** Ages in it are those of the moment it was said; it is said anew each second while there is an account. */
export type PositionsMessage = Header & { topic: "positions"; kind: "snapshot"; accounts: BridgeAccountRow[] };

export type TopicMessage =
  | QuoteMessage
  | BarMessage
  | InsightMessage
  | LevelsMessage
  | ScannerMessage
  | PositionsMessage
  | InstrumentsMessage
  | FeedsMessage
  | OpsMessage;
/** One websocket frame: hello and errors stand alone, topics come in batches. */
export type ServerFrame = Hello | StreamError | TopicMessage[];

/** How far the feed and each contract's data can be trusted. */
export type FeedsReport = {
  feed: string;
  mode: Mode;
  state: FeedState;
  message: string;
  speed: number | null;
  /** The last jump of a virtual clock, in words; null: none in this run. */
  jump: string | null;
  rejects: { reason: string; count: number; last: string }[];
  contracts: TrustRow[];
  gaps: { contract: string | null; fromMs: number; toMs: number | null; reason: string }[];
};

export type TrustRow = {
  contract: string;
  root: string;
  eventMs: number | null;
  /** Smallest nowMs − exchangeMs of the last minute; null until measured. */
  delayMs: number | null;
  staleSinceMs: number | null;
  marketOpen: boolean;
  lateTrades: number;
  droppedLate: number;
  duplicates: number;
};
