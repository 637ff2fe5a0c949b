/** What can happen TO us? The one union of everything that is sequenced, logged and processed. */
import type { HeartbeatReceived } from "./account.ts";
import type { BridgeReported, PositionsCleared } from "./bridge.ts";
import type { DeadlineReached, EngineStarted, RunStarted } from "./clock.ts";
import type {
  BarReceived,
  FeedClockJumped,
  FeedGapFound,
  FeedStatusChanged,
  GapFilled,
  HistoryLoaded,
  InstrumentListed,
  QuoteChanged,
  SettlementPublished,
  TradePrinted,
} from "./market.ts";
import type {
  AnalysisRebuilt,
  AnchorPlaced,
  AnchorRemoved,
  CalendarApplied,
  ContractPinned,
  SettingsApplied,
} from "./operator.ts";
import type { TradeTelling } from "./trade-history.ts";

export type InputEvent =
  | TradePrinted
  | QuoteChanged
  | BarReceived
  | HistoryLoaded
  | GapFilled
  | InstrumentListed
  | SettlementPublished
  | FeedStatusChanged
  | FeedGapFound
  | FeedClockJumped
  | ContractPinned
  | SettingsApplied
  | AnalysisRebuilt
  | AnchorPlaced
  | AnchorRemoved
  | CalendarApplied
  | TradeTelling
  | HeartbeatReceived
  | BridgeReported
  | PositionsCleared
  | DeadlineReached
  | RunStarted
  | EngineStarted;

/** What the market repeats every moment: dropped, and counted, while the log cannot be written. */
export function isMarketTick(event: InputEvent): boolean {
  return event.type === "TradePrinted" || event.type === "QuoteChanged" || event.type === "BarReceived";
}

/**
 * What the market said and nobody decided: gone after LOG_RETAIN_DAYS. Everything else is ledger, kept for ever. The
 * feed clock's deadlines go with the bars that they closed.
 */
export function isMarketRecord(event: InputEvent): boolean {
  switch (event.type) {
    case "TradePrinted":
    case "QuoteChanged":
    case "BarReceived":
    case "HistoryLoaded":
    case "GapFilled":
      return true;
    case "DeadlineReached":
      return event.clock === "feed";
    default:
      return false;
  }
}
