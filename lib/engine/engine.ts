/** What follows from this event? The one pure, single-threaded, deterministic machine: events in, outputs out. */
import { unreachable } from "#lib/assert.ts";
import { tradingDayAt } from "#lib/bars/interval.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { contractLongSymbol, contractSymbol } from "#lib/contract.ts";
import type { EngineStarted, RunStarted } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type {
  BarReceived,
  FeedGapFound,
  HistoryLoaded,
  InstrumentListed,
  QuoteChanged,
  TradePrinted,
} from "#lib/events/market.ts";
import type { SettingsApplied } from "#lib/events/operator.ts";
import type { Stamp } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { GAPS_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import { assert } from "../assert.ts";
import { applyCleared, applyReport, restartLiveness, reviewLiveness, takeOverAccounts } from "./accounts.ts";
import {
  type AnalysisScratch,
  analyseOutputs,
  analyseTrade,
  buildSlice,
  createAnalysisScratch,
  notePrices,
  rebuildAll,
  rebuildContracts,
  rebuildFrom,
} from "./analysis/analyse.ts";
import { placeAnchor, removeAnchor } from "./anchors.ts";
import { doClockWork } from "./clock-work.ts";
import { conclude } from "./conclude.ts";
import { createDigester } from "./digest.ts";
import { applyPin, joinRoot } from "./front.ts";
import { applyGap } from "./gap.ts";
import { setSettlement } from "./settlement.ts";
import { type ContractState, createContractState, createEngineState, type EngineState } from "./state.ts";
import { applyTrade } from "./trade.ts";
import { passOn } from "./trade-history.ts";
import { noteDelay, noteEvent } from "./trust.ts";
import { applyHistory, applyVendorBar } from "./vendor-bars.ts";

export type Engine = {
  readonly state: EngineState;
  /** Applies one stamped event; says what follows into `outputs`, and what became of a command as its result. */
  process(event: InputEvent, outputs: Outputs): Outcome;
  /** Shows the facts among what `event` has just led to: the outputs from index `from` on. Call it before the next. */
  conclude(event: Stamp, outputs: Outputs, from: number, put: (fact: Fact) => void): void;
  /** Hash of the whole state; equal for equal histories. Closed rows that have not changed are not read again. */
  digest(): string;
  /** Takes up at most about `rowsMax` closed rows for the next digest; true when few are left. */
  digestAhead(rowsMax: number): boolean;
};

/**
 * A new engine that knows nothing yet. The event object may be reused by the caller after process() returns. Without
 * `analyses` it makes bars, fronts and trust alone: what a run that reads no analysis needs.
 */
export function createEngine({ analyses: isAnalysed = true } = {}): Engine {
  const state = createEngineState();
  const digester = createDigester(state);
  const scratch: Scratch = { trade: createSignedTrade(), analysis: isAnalysed ? createAnalysisScratch() : null };
  return {
    state,
    process: (event, outputs) => processEvent(state, scratch, event, outputs),
    conclude: (event, outputs, from, put) => conclude(state, { event, outputs, from }, put),
    digest: digester.digest,
    digestAhead: digester.ahead,
  };
}

type Scratch = { trade: SignedTrade; analysis: AnalysisScratch | null };

function createSignedTrade(): SignedTrade {
  return { priceTicks: 0, size: 0, side: SIDE.unsigned, deltaSource: 0, exchangeMs: 0 };
}

function processEvent(state: EngineState, scratch: Scratch, event: InputEvent, outputs: Outputs): Outcome {
  state.seq = event.seq;
  state.receivedMs = event.receivedMs;
  const from = outputs.list.length;
  if (event.type === "HistoryLoaded" || event.type === "GapFilled") {
    const outcome = applyPast(state, event, outputs);
    if (scratch.analysis !== null) analyseOutputs(state, scratch.analysis, outputs, from);
    if (event.type === "GapFilled") rebuildFrom(state, event.contract, event.fromMs);
    else notePrices(state, event);
    return outcome;
  }
  state.nowMs = event.nowMs;
  if (event.nowMs >= state.nextWorkMs) doClockWork(state, event.nowMs, outputs);
  if (event.receivedMs >= state.accountsWakeMs) reviewLiveness(state, outputs);
  const outcome = applyEvent(state, scratch.trade, event, outputs);
  // What has closed is taken before the trade that closed it.
  if (scratch.analysis !== null) {
    if (outputs.list.length > from) analyseOutputs(state, scratch.analysis, outputs, from);
    if (event.nowMs >= state.nextSliceMs) buildSlice(state, scratch.analysis, outputs);
  }
  if (event.type === "TradePrinted" && outcome === ACCEPTED) analyseTrade(state, event.contract, scratch.trade);
  if (state.nextWorkMs < state.armedMs || state.armedMs <= event.nowMs) arm(state, outputs);
  return outcome;
}

/** Asks to be woken at the next deadline, once. */
function arm(state: EngineState, outputs: Outputs): void {
  if (state.nextWorkMs === Number.POSITIVE_INFINITY) return;
  state.armedMs = state.nextWorkMs;
  outputs.list.push({ type: "WakeAt", clock: "feed", deadlineMs: state.nextWorkMs });
}

type LiveEvent = Exclude<InputEvent, { type: "HistoryLoaded" | "GapFilled" }>;

function applyEvent(state: EngineState, scratch: SignedTrade, event: LiveEvent, outputs: Outputs): Outcome {
  switch (event.type) {
    case "TradePrinted":
      return onTrade(state, scratch, event, outputs);
    case "QuoteChanged":
      return onQuote(state, event, outputs);
    case "BarReceived":
      return onBar(state, event, outputs);
    case "InstrumentListed":
      return onListed(state, event, outputs);
    case "SettlementPublished": {
      const settlement = { tradeDate: event.tradeDate, ticks: event.settlementTicks, source: "settlement" as const };
      setSettlement(contractOf(state, event.contract), settlement, outputs);
      return ACCEPTED;
    }
    case "FeedStatusChanged":
      state.feedState = event.state;
      state.feedMessage = event.message;
      return sayFeedChanged(outputs);
    case "FeedClockJumped":
      state.jump = event.reason;
      return sayFeedChanged(outputs);
    case "FeedGapFound":
      return onGap(state, event, outputs);
    case "ContractPinned":
      return applyPin(state, event, outputs);
    case "HeartbeatReceived":
      state.heartbeats++;
      return ACCEPTED;
    case "PositionsReported":
    case "OrdersReported":
    case "ExecutionsReported":
    case "AccountReported":
    case "HeartbeatReported":
      return applyReport(state, event, outputs);
    case "PositionsCleared":
      return applyCleared(state, event, outputs);
    case "DeadlineReached":
      // The alarm has rung, maybe for an older wish: what is still to come must be asked for again.
      if (event.clock === "feed") state.armedMs = Number.POSITIVE_INFINITY;
      return ACCEPTED;
    case "AnalysisRebuilt":
      return rebuildContracts(state, event.contracts) ? ACCEPTED : UNCHANGED;
    case "AnchorPlaced":
      return placeAnchor(state, event, outputs);
    case "AnchorRemoved":
      return removeAnchor(state, event, outputs);
    case "SettingsApplied":
      return onSettings(state, event, outputs);
    case "CalendarApplied":
      state.calendar = event.events;
      outputs.list.push({ type: "SettingsChanged" });
      return ACCEPTED;
    case "FillsImported":
    case "ImportUndone":
    case "TradeEntered":
    case "TradeRemoved":
    case "TradeNoted":
      return passOn(state, event, outputs);
    case "RunStarted":
      return onRun(state, event);
    case "EngineStarted":
      return onStarted(state, event, outputs);
    default:
      return unreachable(event);
  }
}

function contractOf(state: EngineState, index: number): ContractState {
  const contract = state.contracts[index];
  assert(contract !== undefined, `contract ${index} is not listed, expected below ${state.contracts.length}`);
  return contract;
}

function sayFeedChanged(outputs: Outputs): Outcome {
  outputs.list.push({ type: "FeedChanged" });
  return ACCEPTED;
}

function onTrade(state: EngineState, scratch: SignedTrade, event: TradePrinted, outputs: Outputs): Outcome {
  const contract = contractOf(state, event.contract);
  noteAlive(state, contract, event.nowMs, event.exchangeMs, outputs);
  noteBarsOnly(state, contract, Number.POSITIVE_INFINITY);
  if (!applyTrade(contract, event, scratch, outputs)) return UNCHANGED;
  const dueMs = contract.nextEndMs + contract.closeWaitMs;
  if (dueMs < state.nextWorkMs) state.nextWorkMs = dueMs;
  return ACCEPTED;
}

/** The first event of a contract, and the first after a silence, starts the watch over it: a review is due at once. */
function noteAlive(
  state: EngineState,
  contract: ContractState,
  nowMs: number,
  exchangeMs: number,
  outputs: Outputs,
): void {
  if (contract.trust.eventMs === Number.NEGATIVE_INFINITY || contract.trust.staleSinceMs !== null) {
    reviewNow(state, contract, nowMs);
  }
  noteEvent(contract, nowMs, outputs);
  noteDelay(contract.trust, nowMs, exchangeMs);
}

function reviewNow(state: EngineState, contract: ContractState, nowMs: number): void {
  contract.trust.reviewMs = Number.NEGATIVE_INFINITY;
  state.nextWorkMs = Math.min(state.nextWorkMs, nowMs);
}

/** Bars alone come, of this length, or (Infinity) ticks: another silence is borne from now on. */
function noteBarsOnly(state: EngineState, contract: ContractState, intervalMs: number): void {
  if (contract.trust.barsOnlyMs === intervalMs) return;
  contract.trust.barsOnlyMs = intervalMs;
  reviewNow(state, contract, state.nowMs);
}

function onQuote(state: EngineState, event: QuoteChanged, outputs: Outputs): Outcome {
  const contract = contractOf(state, event.contract);
  noteAlive(state, contract, event.nowMs, event.exchangeMs, outputs);
  noteBarsOnly(state, contract, Number.POSITIVE_INFINITY);
  contract.bidTicks = event.bidTicks;
  contract.bidSize = event.bidSize;
  contract.askTicks = event.askTicks;
  contract.askSize = event.askSize;
  contract.hasQuotes = true;
  return ACCEPTED;
}

function onBar(state: EngineState, event: BarReceived, outputs: Outputs): Outcome {
  const contract = contractOf(state, event.contract);
  // What really comes decides, not what the feed says of itself: a bar behind the newest trade, and no quote since.
  const isBarsOnly = event.openMs > contract.newestTradeMs;
  if (isBarsOnly) noteBarsOnly(state, contract, Math.min(contract.trust.barsOnlyMs, event.intervalMs));
  noteAlive(state, contract, event.nowMs, event.openMs + event.intervalMs, outputs);
  if (!applyVendorBar(contract, event, outputs)) return UNCHANGED;
  const dueMs = contract.nextEndMs + contract.closeWaitMs;
  if (dueMs < state.nextWorkMs) state.nextWorkMs = dueMs;
  return ACCEPTED;
}

function applyPast(
  state: EngineState,
  event: HistoryLoaded | Extract<InputEvent, { type: "GapFilled" }>,
  outputs: Outputs,
): Outcome {
  const contract = contractOf(state, event.contract);
  if (event.type === "HistoryLoaded") applyHistory(contract, event, outputs);
  else applyGap(state, contract, event, outputs);
  contract.baselineFor = 0;
  contract.settleMs = Number.NEGATIVE_INFINITY;
  for (const root of state.roots) root.decidedOn = 0;
  // Not before time moves on: a whole history is looked through once, not once a block.
  state.nextWorkMs = Math.min(state.nextWorkMs, state.nowMs + 1);
  outputs.touched[contract.index] = 1;
  outputs.anyTouched = true;
  return ACCEPTED;
}

function onListed(state: EngineState, event: InstrumentListed, outputs: Outputs): Outcome {
  assert(
    event.contract === state.contracts.length,
    `contract number ${event.contract}, expected ${state.contracts.length}`,
  );
  const instrument = instrumentOf(event.root);
  assert(instrument !== null, `root "${event.root}" is none that we list`);
  const short = contractSymbol(event);
  const isTaken = state.contracts.some((contract) => contract.symbol === short);
  const { root, year, month, tickSize } = event;
  const symbol = isTaken ? contractLongSymbol(event) : short;
  const { calendar } = instrument;
  const contract = createContractState(
    { index: event.contract, root, year, month, symbol, tickSize, calendar },
    tradingDayAt(calendar, event.nowMs),
  );
  state.contracts.push(contract);
  outputs.list.push({ type: "ContractListed", contract: contract.index, symbol });
  joinRoot(state, contract, outputs);
  state.nextWorkMs = Math.min(state.nextWorkMs, event.nowMs);
  return ACCEPTED;
}

function onGap(state: EngineState, event: FeedGapFound, outputs: Outputs): Outcome {
  const { contract, fromMs, toMs, reason } = event;
  const open = state.gaps.find((gap) => gap.toMs === null && gap.contract === contract && gap.fromMs === fromMs);
  if (open !== undefined) open.toMs = toMs;
  else state.gaps.push({ contract, fromMs, toMs, reason });
  if (state.gaps.length > GAPS_MAX) state.gaps.shift();
  outputs.list.push({ type: "GapFound", contract, fromMs, toMs, reason });
  return sayFeedChanged(outputs);
}

/** New settings change what is analysed: everything is taken anew. The same settings again change nothing. */
function onSettings(state: EngineState, event: SettingsApplied, outputs: Outputs): Outcome {
  const { interval, lookbackDates, accountSizeUsd } = event.settings;
  const former = state.settings;
  const isRebuilt = former.interval !== interval || former.lookbackDates !== lookbackDates;
  if (!isRebuilt && former.accountSizeUsd === accountSizeUsd) return UNCHANGED;
  state.settings = { interval, lookbackDates, accountSizeUsd };
  if (isRebuilt) rebuildAll(state);
  outputs.list.push({ type: "SettingsChanged" });
  return ACCEPTED;
}

function onRun(state: EngineState, event: RunStarted): Outcome {
  state.runId = event.runId;
  state.mode = event.mode;
  state.feed = event.feed;
  state.seed = event.seed;
  state.pins = { ...event.pins };
  state.settings = { ...event.settings };
  state.calendar = event.calendar;
  takeOverAccounts(state, event);
  return ACCEPTED;
}

/** A start arms the clock anew: what the former process asked for died with it. */
function onStarted(state: EngineState, event: EngineStarted, outputs: Outputs): Outcome {
  state.epoch = event.epoch;
  state.armedMs = Number.POSITIVE_INFINITY;
  restartLiveness(state, outputs);
  return ACCEPTED;
}
