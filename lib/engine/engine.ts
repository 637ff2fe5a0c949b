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
import type { Stamp } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { GAPS_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import { assert } from "../assert.ts";
import { doClockWork } from "./clock-work.ts";
import { conclude } from "./conclude.ts";
import { createDigester } from "./digest.ts";
import { applyPin, joinRoot } from "./front.ts";
import { applyGap } from "./gap.ts";
import { setSettlement } from "./settlement.ts";
import { type ContractState, createContractState, createEngineState, type EngineState } from "./state.ts";
import { applyTrade } from "./trade.ts";
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

/** A new engine that knows nothing yet. The event object may be reused by the caller after process() returns. */
export function createEngine(): Engine {
  const state = createEngineState();
  const digester = createDigester(state);
  const scratch: SignedTrade = { priceTicks: 0, size: 0, side: SIDE.unsigned, deltaSource: 0, exchangeMs: 0 };
  return {
    state,
    process: (event, outputs) => processEvent(state, scratch, event, outputs),
    conclude: (event, outputs, from, put) => conclude(state, { event, outputs, from }, put),
    digest: digester.digest,
    digestAhead: digester.ahead,
  };
}

function processEvent(state: EngineState, scratch: SignedTrade, event: InputEvent, outputs: Outputs): Outcome {
  state.seq = event.seq;
  state.receivedMs = event.receivedMs;
  if (event.type === "HistoryLoaded" || event.type === "GapFilled") return applyPast(state, event, outputs);
  state.nowMs = event.nowMs;
  if (event.nowMs >= state.nextWorkMs) doClockWork(state, event.nowMs, outputs);
  const outcome = applyEvent(state, scratch, event, outputs);
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
    case "DeadlineReached":
      // The alarm has rung, maybe for an older wish: what is still to come must be asked for again.
      if (event.clock === "feed") state.armedMs = Number.POSITIVE_INFINITY;
      return ACCEPTED;
    case "RunStarted":
      return onRun(state, event);
    case "EngineStarted":
      return onStarted(state, event);
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
  contract.trust.barsOnlyMs = Number.POSITIVE_INFINITY;
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
    contract.trust.reviewMs = Number.NEGATIVE_INFINITY;
    state.nextWorkMs = Math.min(state.nextWorkMs, nowMs);
  }
  noteEvent(contract, nowMs, outputs);
  noteDelay(contract.trust, nowMs, exchangeMs);
}

function onQuote(state: EngineState, event: QuoteChanged, outputs: Outputs): Outcome {
  const contract = contractOf(state, event.contract);
  noteAlive(state, contract, event.nowMs, event.exchangeMs, outputs);
  contract.trust.barsOnlyMs = Number.POSITIVE_INFINITY;
  contract.bidTicks = event.bidTicks;
  contract.bidSize = event.bidSize;
  contract.askTicks = event.askTicks;
  contract.askSize = event.askSize;
  contract.hasQuotes = true;
  return ACCEPTED;
}

function onBar(state: EngineState, event: BarReceived, outputs: Outputs): Outcome {
  const contract = contractOf(state, event.contract);
  const isBarsOnly = !contract.hasQuotes && contract.newestTradeMs === Number.NEGATIVE_INFINITY;
  if (isBarsOnly) contract.trust.barsOnlyMs = Math.min(contract.trust.barsOnlyMs, event.intervalMs);
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

function onRun(state: EngineState, event: RunStarted): Outcome {
  state.runId = event.runId;
  state.mode = event.mode;
  state.feed = event.feed;
  state.seed = event.seed;
  state.pins = { ...event.pins };
  return ACCEPTED;
}

/** A start arms the clock anew: what the former process asked for died with it. */
function onStarted(state: EngineState, event: EngineStarted): Outcome {
  state.epoch = event.epoch;
  state.armedMs = Number.POSITIVE_INFINITY;
  return ACCEPTED;
}
