/** Which conclusions of the engine outlive the moment? Facts: values, never pointers, kept in the log for ever. */
import type { RegimeFit } from "../analysis/regime/regime-fit.ts";
import type { KeptInterval } from "../bars/interval.ts";
import type { ReportedExecution, ReportedPosition } from "../events/bridge.ts";
import type { BridgeIncident } from "../events/bridge-ledger.ts";
import type { AnalysisInterval } from "../events/operator.ts";
import type { TradeTelling } from "../events/trade-history.ts";

/** 1-second bars stay in memory and are no facts. */
export const FACT_INTERVALS = ["1m", "5m", "15m", "1h", "1d"] as const satisfies readonly KeptInterval[];
export type FactInterval = (typeof FACT_INTERVALS)[number];

/** Where a fact stands in a run: the `ordinal`-th fact (from 0) of event `seq`. */
export type FactCursor = { seq: number; ordinal: number };

/** Before the first fact of a run. */
export const FACTS_BEGIN: Readonly<FactCursor> = { seq: 0, ordinal: 0 };
/** Ordinal behind every fact of a seq. */
export const ORDINAL_END = 0xffff_ffff;

/** Negative where `a` stands before `b`, 0 where they are the same place. {7, 1} stands before {8, 0}: −1. */
export function compareCursors(a: FactCursor, b: FactCursor): number {
  return a.seq - b.seq || a.ordinal - b.ordinal;
}

/** Its place, and the two clocks of the event that led to it. */
export type FactHead = FactCursor & { nowMs: number; receivedMs: number };

/** Which contract: `contract` is its number in this run, the rest holds everywhere. `tickSize` in points. */
export type FactContract = { contract: number; root: string; year: number; month: number; tickSize: number };

/**
 * A closed bar as it was behind the event. Prices in ticks, volumes in contracts; `vwapTicks` null: unknown.
 * `deltaSource` is one of DELTA_SOURCE, `madeOf` bits of MADE_OF (both of bars/bar-series.ts).
 */
export type FactBar = {
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
  revision: number;
  deltaSource: number;
  madeOf: number;
};

/** A bar closed (revision 0), or a closed bar was amended (revision 1 and up). */
export type BarFact = FactHead & FactContract & FactBar & { type: "BarClosed" | "BarAmended"; interval: FactInterval };

/** Closed bars that history brought or changed, oldest first; each replaces what was known of its `openMs`. */
export type HistoryFact = FactHead &
  FactContract & { type: "HistoryMerged"; interval: FactInterval; bars: readonly FactBar[] };

/** From now on `contract` is the front of its root. */
export type FrontFact = FactHead & FactContract & { type: "FrontChanged"; reason: string };

export type SettlementFact = FactHead &
  FactContract & { type: "SettlementSet"; tradeDate: number; settlementTicks: number; source: "settlement" | "est." };

/** `symbol` is the long one ("ESZ26"); null: the root is free again. */
export type PinFact = FactHead & { type: "PinChanged"; root: string; symbol: string | null };

/**
 * Trades may be missing in [fromMs, toMs) (null: until further notice), or what was missing there has come. `symbol` is
 * the long one; null: of every contract. A stretch is known by its symbol and `fromMs`.
 */
export type GapFact = FactHead & {
  type: "GapFound" | "GapFilled";
  symbol: string | null;
  fromMs: number;
  toMs: number | null;
  reason: string;
};

/**
 * By which model the regime of a trade date goes. `fit` holds the parameters, what it was fitted through and on how
 * many moves; null: refused, and why. `shown`: whose probabilities are shown, by the mean log scores of the last
 * sessions (null: none scored). A later one of the same trade date, made on other history, replaces it.
 */
export type RegimeFact = FactHead &
  FactContract & {
    type: "RegimeFitted";
    tradeDate: number;
    barInterval: AnalysisInterval;
    fit: RegimeFit | null;
    refused: string | null;
    shown: "rules" | "hmm";
    scores: { rules: number | null; challenger: number | null; n: number; sessions: number };
  };

/** A new execution of a bridge account, told once however often it is reported. */
export type FillFact = FactHead & { type: "FillReported"; fill: ReportedExecution };

/** Net 0 is flat; the average is then that of the position that was closed. */
export type PositionNow = Pick<ReportedPosition, "contract" | "netContracts" | "averageTicks" | "tickSize">;
/** From now on an account holds this, as its bridge reports it. */
export type PositionFact = FactHead & { type: "PositionChanged"; account: string; position: PositionNow };

/** `sinceMs` is our wall clock; `reason` as in bridgeLiveness, "cleared" by the user. */
export type AccountLiveness =
  | { status: "live" }
  | {
      status: "stale";
      reason: "silent" | "noHeartbeat" | "brokerAway" | "nothingYet" | "cleared";
      sinceMs: number | null;
    };
/** An account's positions are what it has now, or are no longer known to be. */
export type LivenessFact = FactHead & { type: "LivenessChanged"; account: string; liveness: AccountLiveness };

/** Something that a person must be told: a drift with both numbers, an execution that changed its words. */
export type IncidentFact = FactHead & { type: "IncidentRaised"; account: string; incident: BridgeIncident };

export type AccountFact = FillFact | PositionFact | LivenessFact | IncidentFact;

/** What was told of trades that are over, as it was told: tables of trades are made of these alone. */
export type TradeHistoryFact = FactHead & TradeTelling;

export type Fact =
  | BarFact
  | HistoryFact
  | FrontFact
  | SettlementFact
  | PinFact
  | GapFact
  | RegimeFact
  | AccountFact
  | TradeHistoryFact;
