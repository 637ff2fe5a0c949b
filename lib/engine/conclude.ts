/** Which facts followed from this event? Bars by value, as they are right behind it; fronts, settlements, pins. */
import { contestScoreOf } from "#lib/analysis/regime/forecast-contest.ts";
import { assert } from "#lib/assert.ts";
import { type BarSeries, rowAt, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVALS, type KeptInterval, windowOpenMs } from "#lib/bars/interval.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import type { Stamp } from "#lib/events/stamp.ts";
import type { Fact, FactBar, FactContract, FactHead, FactInterval } from "#lib/outputs/fact.ts";
import type { EngineOutput, Outputs } from "#lib/outputs/output.ts";
import type { ContractState, EngineState } from "./state.ts";

/**
 * Shows every fact of `said.event` to `put`, ordinals from 0: of the outputs from index `from` on. Call it before the
 * next event, whose trades may change the same rows. 1-second bars and bars that still form are no facts.
 */
export function conclude(
  state: EngineState,
  said: { event: Stamp; outputs: Outputs; from: number },
  put: (fact: Fact) => void,
): void {
  const { seq, nowMs, receivedMs } = said.event;
  const head: FactHead = { seq, ordinal: 0, nowMs, receivedMs };
  const { list } = said.outputs;
  let ordinal = 0;
  const take = (fact: Fact | null): void => {
    if (fact === null) return;
    fact.ordinal = ordinal;
    ordinal += 1;
    put(fact);
  };
  for (let at = said.from; at < list.length; at += 1) {
    concludeOne(state, list[at], head, take);
  }
}

function concludeOne(
  state: EngineState,
  output: EngineOutput,
  head: FactHead,
  take: (fact: Fact | null) => void,
): void {
  switch (output.type) {
    case "BarClosed":
    case "BarAmended":
      take(barFact(contractOf(state, output.contract), output, head));
      break;
    case "HistoryMerged":
      for (const interval of KEPT_INTERVALS)
        take(historyFact(contractOf(state, output.contract), output, interval, head));
      break;
    case "FrontChanged":
      take({ type: "FrontChanged", ...head, ...identity(contractOf(state, output.contract)), reason: output.reason });
      break;
    case "SettlementSet": {
      const { tradeDate, settlementTicks, source } = output;
      const contract = identity(contractOf(state, output.contract));
      take({ type: "SettlementSet", ...head, ...contract, tradeDate, settlementTicks, source });
      break;
    }
    case "PinChanged":
      take({ type: "PinChanged", ...head, root: output.root, symbol: state.pins[output.root] ?? null });
      break;
    case "GapFound":
    case "GapFilled": {
      const { type, contract, fromMs, toMs, reason } = output;
      const symbol = contract === null ? null : contractLongSymbol(contractOf(state, contract));
      take({ type, ...head, symbol, fromMs, toMs, reason });
      break;
    }
    case "FillReported":
    case "PositionChanged":
    case "LivenessChanged":
    case "IncidentRaised":
      take({ ...output, ...head });
      break;
    case "RegimeFitted":
      take(regimeFact(state, output.contract, head));
      break;
    case "TradeHistoryTold":
      take({ ...output.telling, ...head });
      break;
    default:
    // Of the moment only: listed contracts, staleness, the feed's state, alarms, what a screen shows anew.
  }
}

function contractOf(state: EngineState, index: number): ContractState {
  const contract = state.contracts[index];
  assert(contract !== undefined, `contract ${index} was said, ${state.contracts.length} are listed`);
  return contract;
}

function identity({ index, root, year, month, tickSize }: ContractState): FactContract {
  return { contract: index, root, year, month, tickSize };
}

/** Null where the analysis has ended since. */
function regimeFact(state: EngineState, index: number, head: FactHead): Fact | null {
  const analysis = state.analyses[index] ?? null;
  if (analysis === null || analysis.regime.decided === null) return null;
  const { decided, fit, isHmmShown, contest } = analysis.regime;
  const { rules, challenger, n, sessions } = contestScoreOf(contest);
  return {
    type: "RegimeFitted",
    ...head,
    ...identity(contractOf(state, index)),
    ...decided,
    barInterval: analysis.settings.interval,
    fit,
    shown: fit !== null && isHmmShown ? "hmm" : "rules",
    scores: { rules: scoreOf(rules), challenger: scoreOf(challenger), n, sessions },
  };
}

function scoreOf(score: number): number | null {
  return Number.isNaN(score) ? null : score;
}

type BarSaid = Extract<EngineOutput, { type: "BarClosed" | "BarAmended" }>;

/** Null for a 1-second bar, for one that still forms, and for one that is kept no longer. */
function barFact(contract: ContractState, said: BarSaid, head: FactHead): Fact | null {
  const { type, interval, openMs } = said;
  if (interval === "1s") return null;
  const series = contract.series[KEPT_INTERVALS.indexOf(interval)];
  const row = rowAt(series, openMs);
  if (row < 0 || row >= series.length) return null;
  // NOTE: written out: one object, no spreading; a replay makes hundreds of thousands of these a second.
  return {
    type,
    seq: head.seq,
    ordinal: 0,
    nowMs: head.nowMs,
    receivedMs: head.receivedMs,
    contract: contract.index,
    root: contract.root,
    year: contract.year,
    month: contract.month,
    tickSize: contract.tickSize,
    interval,
    openMs,
    openTicks: series.openTicks[row],
    highTicks: series.highTicks[row],
    lowTicks: series.lowTicks[row],
    closeTicks: series.closeTicks[row],
    volume: series.volume[row],
    buyVolume: series.buyVolume[row],
    sellVolume: series.sellVolume[row],
    trades: series.trades[row],
    vwapTicks: vwapOf(series, row),
    revision: series.revision[row],
    deltaSource: series.deltaSource[row],
    madeOf: series.madeOf[row],
  };
}

/** Null where a part of the bar had no VWAP, and for a bar without volume. */
function vwapOf(series: BarSeries, row: number): number | null {
  const vwapTicks = series.vwapSum[row] / series.volume[row];
  return Number.isFinite(vwapTicks) ? vwapTicks : null;
}

function barOf(series: BarSeries, row: number): FactBar {
  return {
    openMs: series.openMs[row],
    openTicks: series.openTicks[row],
    highTicks: series.highTicks[row],
    lowTicks: series.lowTicks[row],
    closeTicks: series.closeTicks[row],
    volume: series.volume[row],
    buyVolume: series.buyVolume[row],
    sellVolume: series.sellVolume[row],
    trades: series.trades[row],
    vwapTicks: vwapOf(series, row),
    revision: series.revision[row],
    deltaSource: series.deltaSource[row],
    madeOf: series.madeOf[row],
  };
}

type HistorySaid = Extract<EngineOutput, { type: "HistoryMerged" }>;

/** The closed rows of one interval over the stretch that history has changed; null where it has none there. */
function historyFact(contract: ContractState, said: HistorySaid, interval: KeptInterval, head: FactHead): Fact | null {
  const kept = KEPT_INTERVALS.indexOf(interval);
  if (interval === "1s" || kept < KEPT_INTERVALS.indexOf(said.interval)) return null;
  const series = contract.series[kept];
  const fromMs = windowOpenMs(contract.calendar, contract.day, kept, said.fromMs);
  const end = Math.min(series.length, rowAtOrAfter(series, said.toMs));
  const bars: FactBar[] = [];
  for (let row = rowAtOrAfter(series, fromMs); row < end; row += 1) bars.push(barOf(series, row));
  const factInterval: FactInterval = interval;
  if (bars.length === 0) return null;
  return { type: "HistoryMerged", ...head, ...identity(contract), interval: factInterval, bars };
}
