/** What does the engine say? Everything that leaves it, in the order of its inputs. */
import type { KeptInterval } from "../bars/interval.ts";
import type { ReportedExecution } from "../events/bridge.ts";
import type { BridgeIncident } from "../events/bridge-ledger.ts";
import type { TradeTelling } from "../events/trade-history.ts";
import type { AccountLiveness, PositionNow } from "./fact.ts";

/** What the engine concluded: bars closed or amended, fronts, settlements, staleness; what it asks of the clock. */
export type EngineOutput =
  | { type: "ContractListed"; contract: number; symbol: string }
  | { type: "BarClosed"; contract: number; interval: KeptInterval; openMs: number }
  | { type: "BarAmended"; contract: number; interval: KeptInterval; openMs: number; revision: number }
  /** Older bars stand now in [fromMs, toMs) of this interval, and longer ones were folded again over them. */
  | { type: "HistoryMerged"; contract: number; interval: KeptInterval; fromMs: number; toMs: number; bars: number }
  | { type: "FrontChanged"; root: string; contract: number; reason: string }
  | { type: "PinChanged"; root: string }
  | {
      type: "SettlementSet";
      contract: number;
      tradeDate: number;
      settlementTicks: number;
      source: "settlement" | "est.";
    }
  | { type: "StaleChanged"; contract: number; sinceMs: number | null }
  | { type: "FeedChanged" }
  /** Trades may be missing in [fromMs, toMs), of all contracts where it is null; and: what was missing has come. */
  | { type: "GapFound" | "GapFilled"; contract: number | null; fromMs: number; toMs: number | null; reason: string }
  /** The analysis of a contract has taken what has closed. */
  | { type: "AnalysisChanged"; contract: number }
  /** A trade date has begun: the regime's model was fitted anew, or refused; or a rebuilt analysis goes by this one. */
  | { type: "RegimeFitted"; contract: number }
  /** The user placed or removed an anchor. */
  | { type: "AnchorsChanged"; contract: number }
  /** What was told of trades that are over: it changes history, nothing that the engine holds. */
  | { type: "TradeHistoryTold"; telling: TradeTelling }
  | { type: "SettingsChanged" }
  /** A bridge account said something, went silent or was cleared: what the screen shows of it may differ. */
  | { type: "AccountChanged"; account: string }
  | { type: "FillReported"; fill: ReportedExecution }
  /** Another net size or average price than before. */
  | { type: "PositionChanged"; account: string; position: PositionNow }
  | { type: "LivenessChanged"; account: string; liveness: AccountLiveness }
  | { type: "IncidentRaised"; account: string; incident: BridgeIncident }
  | { type: "WakeAt"; clock: "feed" | "wall"; deadlineMs: number };

/**
 * Filled by process(), emptied by its owner. `touched[i]` is 1 where contract i has a new quote, trade or forming bar:
 * a tick costs no object.
 */
export type Outputs = { list: EngineOutput[]; touched: Uint8Array; anyTouched: boolean };

/** An empty Outputs for up to `contracts` contracts. */
export function createOutputs(contracts: number): Outputs {
  return { list: [], touched: new Uint8Array(contracts), anyTouched: false };
}

/** Empties it for the next batch without giving its memory back. */
export function clearOutputs(outputs: Outputs): void {
  outputs.list.length = 0;
  if (outputs.anyTouched) outputs.touched.fill(0);
  outputs.anyTouched = false;
}

/** What became of a command, for the answer to its sender. */
export type Outcome =
  | { status: "accepted" }
  | { status: "unchanged" }
  | { status: "refused"; reason: string }
  /** A report that came before, or that was sent before the newest of its kind. */
  | { status: "duplicate" }
  | { status: "stale"; sentMs: number; newestMs: number };
export const ACCEPTED: Outcome = { status: "accepted" };
export const UNCHANGED: Outcome = { status: "unchanged" };
