/** What does the engine know? One plain tree: numbers, text, arrays, typed arrays and records, nothing else. */
import { type BarSeries, createBarSeries } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVALS, type KeptInterval, type TradingDay } from "#lib/bars/interval.ts";
import { SIDE, type Side } from "#lib/bars/time-bars.ts";
import type { CalendarEvent } from "#lib/event-calendar.ts";
import type { BridgeAccount } from "#lib/events/bridge-ledger.ts";
import type { Mode } from "#lib/events/clock.ts";
import type { FeedState } from "#lib/events/market.ts";
import { DEFAULT_SETTINGS, type EngineSettings } from "#lib/events/operator.ts";
import { BAR_CLOSE_GRACE_MS, DUPLICATE_RING } from "#lib/limits.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { NO_PRICE } from "#lib/units.ts";
import type { ContractAnalysis } from "./analysis/contract-analysis.ts";

/** Raised when the tree's shape changes. */
export const STATE_VERSION = 4;
/** Raised when an analysis changes: what was computed before is thrown away and computed anew. */
export const ANALYSIS_VERSION = 3;

export type Settlement = { tradeDate: number; ticks: number; source: "settlement" | "est." };

/** Is the contract's data alive? See trust.ts. */
export type Trust = {
  /** nowMs of the newest trade, quote or vendor bar; −Infinity before the first. */
  eventMs: number;
  /** Null, or since when the data are stale (the newest event's nowMs). */
  staleSinceMs: number | null;
  marketOpen: boolean;
  /** When to look again; −Infinity: now. */
  reviewMs: number;
  /** When the present open or closed stretch began and ends. */
  segmentOpenMs: number;
  segmentUntilMs: number;
  /** Trades a second by minute of the Chicago day, mean of the last sessions; see usualSessions. */
  usualRate: Float64Array;
  usualSessions: number;
  /** Shortest vendor bar since the newest trade or quote, ms; Infinity: it is no feed of bars only. */
  barsOnlyMs: number;
  /** Smallest nowMs − exchangeMs in each of twelve slots of 5 s; and the slot's number. */
  delaySlotMs: Float64Array;
  delaySlot: Float64Array;
};

/**
 * Where the user's VWAP and CVD of a contract begin: the open of a minute. `knownMs`: open of the newest closed minute
 * when it was placed; its lines count as levels behind that one only, for nobody knew of them before.
 */
export type Anchor = { atMs: number; knownMs: number };

export type ContractState = {
  index: number;
  root: string;
  year: number;
  month: number;
  /** Name on the wire: "ESZ6", or "ESZ16" where this run has two of the same digit. */
  symbol: string;
  tickSize: number;
  calendar: CalendarId;
  day: TradingDay;
  /** Trade date that the usual rate was learned for; 0: not yet, or history came. */
  baselineFor: number;
  lastTicks: number;
  lastSize: number;
  lastMs: number;
  /** Who made the last change of price, for the tick rule. */
  lastSide: Side;
  bidTicks: number;
  bidSize: number;
  askTicks: number;
  askSize: number;
  hasQuotes: boolean;
  /** Newest exchangeMs of a trade; −Infinity before the first. */
  newestTradeMs: number;
  newestSourceSeq: number;
  recentSourceSeqs: Float64Array;
  /** In the order of KEPT_INTERVALS. */
  series: BarSeries<KeptInterval>[];
  /** Earliest end of a forming bar. */
  nextEndMs: number;
  settlements: Settlement[];
  /** When the settlement of the day is estimated, if none came; −Infinity: look now. */
  settleMs: number;
  /** Behind a bar's end the timer waits so long: grace plus the feed's delay. */
  closeWaitMs: number;
  trust: Trust;
  /** In the order in which they were placed. */
  anchors: Anchor[];
  lateTrades: number;
  droppedLate: number;
  duplicates: number;
  /** Vendor bars dropped for own trades of their window, and late trades dropped for a vendor bar of theirs. */
  superseded: number;
  /** End of the newest vendor bar, and the position of the shortest kept series that got any. */
  vendorUntilMs: number;
  vendorKept: number;
};

export type RootState = {
  root: string;
  calendar: CalendarId;
  /** Number of the front contract. */
  front: number;
  reason: string;
  /** Last completed trade date that the front was decided on; 0: none yet, or history came. */
  decidedOn: number;
  /** Open of the next trade date: when it is decided again. */
  nextRollMs: number;
};

export type Gap = { contract: number | null; fromMs: number; toMs: number | null; reason: string };

export type EngineState = {
  version: number;
  seq: number;
  nowMs: number;
  receivedMs: number;
  runId: string;
  mode: Mode;
  feed: string;
  seed: number | null;
  epoch: number;
  contracts: ContractState[];
  roots: RootState[];
  /** Root → long symbol; also of roots that have no contract yet. */
  pins: Record<string, string>;
  feedState: FeedState;
  feedMessage: string;
  jump: string | null;
  gaps: Gap[];
  settings: EngineSettings;
  /** The user's event calendar, oldest first; null: there is none. */
  calendar: readonly CalendarEvent[] | null;
  analysisVersion: number;
  /** By contract number; null: not analysed. */
  analyses: (ContractAnalysis | null)[];
  /** When the next slice of a rebuild is due; Infinity: nothing is rebuilt. */
  nextSliceMs: number;
  /** No slice is taken before this receivedMs: a feed whose time flies must not have the whole building at once. */
  sliceFromMs: number;
  /** When the clock next has work, and the deadline that was last asked for. */
  nextWorkMs: number;
  armedMs: number;
  heartbeats: number;
  /** What bridges reported, in the order in which their accounts first came; by `receivedMs`, whatever the mode. */
  accounts: BridgeAccount[];
  /** Accounts that were last said to be live, and the wall deadline that was last asked for; Infinity: none. */
  liveAccounts: string[];
  accountsWakeMs: number;
  /** Ids of the newest tellings of trades, oldest first: a repeat says nothing new. */
  tellings: string[];
};

export function createEngineState(): EngineState {
  return {
    version: STATE_VERSION,
    seq: -1,
    nowMs: 0,
    receivedMs: 0,
    runId: "",
    mode: "SIM",
    feed: "",
    seed: null,
    epoch: 0,
    contracts: [],
    roots: [],
    pins: {},
    feedState: "connecting",
    feedMessage: "",
    jump: null,
    gaps: [],
    settings: { ...DEFAULT_SETTINGS },
    calendar: null,
    analysisVersion: ANALYSIS_VERSION,
    analyses: [],
    nextSliceMs: Number.POSITIVE_INFINITY,
    sliceFromMs: Number.NEGATIVE_INFINITY,
    nextWorkMs: Number.POSITIVE_INFINITY,
    armedMs: Number.POSITIVE_INFINITY,
    heartbeats: 0,
    accounts: [],
    liveAccounts: [],
    accountsWakeMs: Number.POSITIVE_INFINITY,
    tellings: [],
  };
}

export type Listing = Pick<ContractState, "index" | "root" | "year" | "month" | "symbol" | "tickSize" | "calendar">;

export function createContractState(listing: Listing, day: TradingDay): ContractState {
  return {
    ...listing,
    day,
    baselineFor: 0,
    lastTicks: NO_PRICE,
    lastSize: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    lastSide: SIDE.unsigned,
    bidTicks: NO_PRICE,
    bidSize: 0,
    askTicks: NO_PRICE,
    askSize: 0,
    hasQuotes: false,
    newestTradeMs: Number.NEGATIVE_INFINITY,
    newestSourceSeq: -1,
    recentSourceSeqs: new Float64Array(DUPLICATE_RING).fill(-1),
    series: KEPT_INTERVALS.map((interval) => createBarSeries(interval)),
    nextEndMs: Number.POSITIVE_INFINITY,
    settlements: [],
    settleMs: Number.NEGATIVE_INFINITY,
    closeWaitMs: BAR_CLOSE_GRACE_MS,
    trust: createTrust(),
    anchors: [],
    lateTrades: 0,
    droppedLate: 0,
    duplicates: 0,
    superseded: 0,
    vendorUntilMs: Number.NEGATIVE_INFINITY,
    vendorKept: -1,
  };
}

function createTrust(): Trust {
  return {
    eventMs: Number.NEGATIVE_INFINITY,
    staleSinceMs: null,
    marketOpen: false,
    reviewMs: Number.NEGATIVE_INFINITY,
    segmentOpenMs: 0,
    segmentUntilMs: Number.NEGATIVE_INFINITY,
    usualRate: new Float64Array(1440),
    usualSessions: 0,
    barsOnlyMs: Number.POSITIVE_INFINITY,
    delaySlotMs: new Float64Array(12).fill(Number.POSITIVE_INFINITY),
    delaySlot: new Float64Array(12).fill(-1),
  };
}
