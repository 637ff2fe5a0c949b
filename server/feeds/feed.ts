/** What does every market feed promise? One contract for the simulator, files and vendors. */
import type { Contract } from "#lib/contract.ts";
import type { Mode } from "#lib/events/clock.ts";
import type {
  BarReceived,
  FeedClockJumped,
  FeedGapFound,
  FeedStatusChanged,
  GapFilled,
  HistoryLoaded,
  QuoteChanged,
  SettlementPublished,
  TradePrinted,
} from "#lib/events/market.ts";

/**
 * What a feed may publish. seq is 0; `nowMs` is set by feeds with a virtual clock, `receivedMs` (wall time) by feeds
 * that take a whole frame at one instant; else they are 0.
 */
export type FeedEvent =
  | TradePrinted
  | QuoteChanged
  | BarReceived
  | HistoryLoaded
  | GapFilled
  | SettlementPublished
  | FeedStatusChanged
  | FeedGapFound
  | FeedClockJumped;

/** Why a row or message was dropped; each is counted and shown. */
export const REJECT_REASONS = [
  "not-a-number",
  "negative-size",
  "time-backwards",
  "time-ahead",
  "unknown-contract",
  "off-tick",
  "other-scale",
  "malformed",
  "duplicate",
  "not-filled",
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** What a feed may ask of the house. */
export type FeedSink = {
  /** The run's number of a contract; a new one is listed (InstrumentListed) first. Throws when CONTRACTS_MAX is hit. */
  contractNumber(contract: Contract): number;
  /** Hands events over, in order. Never blocks; look at `drained` after a batch. */
  publish(event: FeedEvent): void;
  /** Null when there is room; else resolves when the sequencer has worked off its queue. Await it between batches. */
  drained(): Promise<void> | null;
  /** Counts a dropped row by reason; `detail` says which row, what it was, what was expected (kept: the newest few). */
  reject(reason: RejectReason, detail: string): void;
};

/** Where a restarted feed goes on: what the log already holds. */
export type FeedResume = {
  nowMs: number;
  /** Largest logged sourceSeq of a contract over trades, quotes and bars; −1 when none. */
  lastSourceSeq(contract: Contract): number;
};

/** The feed's clock: wall time for live vendors; virtual for SIM and REPLAY. */
export type FeedClock = {
  nowMs(): number;
  /** Virtual milliseconds per wall millisecond; Infinity = as fast as possible; 0 = standing. */
  speed(): number;
};

export type BackfillRequest = { contract: Contract; fromMs: number; toMs: number };

export type Feed = {
  readonly name: string;
  readonly mode: Mode;
  readonly seed: number | null;
  /** One word for the run's identity: a run is continued only by the feed with the same identity. */
  readonly identity: string;
  readonly clock: FeedClock;
  /** Loads first history (or goes on behind `resume`) and resolves when that is done; then events flow. */
  connect(sink: FeedSink, resume: FeedResume | null): Promise<void>;
  /** Follows more roots; resolves with those that this feed cannot deliver. */
  subscribe(roots: readonly string[]): Promise<readonly string[]>;
  /** Asks for missed trades: they arrive as GapFilled. False: this feed has none (the gap stays listed). */
  backfill(request: BackfillRequest): Promise<boolean>;
  [Symbol.asyncDispose](): Promise<void>;
};
