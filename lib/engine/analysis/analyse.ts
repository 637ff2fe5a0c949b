/** When does which contract's analysis go on? Behind every close at once; over history in slices as time goes on. */
import { accountProfileOf } from "#lib/account/account-profile.ts";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { setPivotsSettlement } from "#lib/analysis/pivots.ts";
import { addPricedBlock } from "#lib/analysis/priced-spans.ts";
import type { Heritage } from "#lib/analysis/volume-profile.ts";
import type { SignedTrade } from "#lib/bars/time-bars.ts";
import type { HistoryLoaded } from "#lib/events/market.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { ANALYSIS_SLICE_BARS, ANALYSIS_SLICE_EVERY_MS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { dropLostAnchors } from "../anchors.ts";
import { previousSettlement } from "../settlement.ts";
import type { ContractState, EngineState } from "../state.ts";
import { anchoredOf, followAnchors } from "./anchored.ts";
import { createAnalysisBar, placeBar } from "./bar-place.ts";
import { createDueBar, type DueBar, takeDueBar } from "./catch-up.ts";
import { type ContractAnalysis, createContractAnalysis } from "./contract-analysis.ts";
import { forgetPairs, takePairBars } from "./pair.ts";
import { insightOf, type Surroundings } from "./read-insight.ts";
import { heritageAtRoll } from "./roll.ts";
import { rootRelativeVolume } from "./root-volume.ts";
import { createMinuteScratch, type MinuteScratch, takeClosedBar, takeTrade } from "./take-bar.ts";

/** What the walk writes into, one for all contracts: no part of the state. */
export type AnalysisScratch = { due: DueBar; bar: AnalysisBar; minute: MinuteScratch };

export function createAnalysisScratch(): AnalysisScratch {
  return { due: createDueBar(), bar: createAnalysisBar(), minute: createMinuteScratch() };
}

/** Follows what the event has just led to: outputs from index `from` on. New fronts begin, closed bars are taken. */
export function analyseOutputs(state: EngineState, scratch: AnalysisScratch, outputs: Outputs, from: number): void {
  const { list } = outputs;
  const end = list.length;
  for (let at = from; at < end; at += 1) {
    const output = list[at];
    if (output.type === "BarClosed") {
      const analysis = state.analyses[output.contract];
      if (analysis?.status === "ready") catchUp(state, scratch, output.contract, outputs);
    } else if (output.type === "FrontChanged") {
      begin(state, output.contract);
    } else if (output.type === "AnchorsChanged") {
      takeAnchors(state, output.contract, outputs);
    } else if (output.type === "SettlementSet") {
      takeSettlement(state, output.contract);
    } else if (output.type === "HistoryMerged") {
      rebuildFrom(state, output.contract, output.fromMs);
      askForVolume(state, state.contracts[output.contract].root);
    }
  }
}

/** History of any contract of a root may change which one was busiest on a past date. */
function askForVolume(state: EngineState, root: string): void {
  state.analyses.forEach((analysis, contract) => {
    if (analysis === null || state.contracts[contract].root !== root) return;
    analysis.isVolumeDue = true;
    analysis.changes += 1;
  });
}

/** A front's analysis begins; those of the root's other contracts end, for only fronts are analysed. */
function begin(state: EngineState, contract: number): void {
  while (state.analyses.length <= contract) state.analyses.push(null);
  const { root } = state.contracts[contract];
  const front = state.contracts[contract];
  let heritage: Heritage | null = null;
  for (const other of state.contracts) {
    if (other.root !== root || other.index === contract) continue;
    heritage ??= heritageAtRoll(state, other, front);
    drop(state, other.index);
  }
  if (state.analyses[contract] !== null) return;
  const analysis = createContractAnalysis(front, state.settings);
  analysis.profile.heritage = heritage;
  state.analyses[contract] = analysis;
  if (hasPast(front)) scheduleSlice(state);
  else Object.assign(analysis, { status: "ready", tradesFromMs: Number.NEGATIVE_INFINITY });
}

/** Nothing has traded yet: the analysis is there from the first trade on. */
function hasPast({ newestTradeMs, series }: ContractState): boolean {
  return newestTradeMs !== Number.NEGATIVE_INFINITY || series.some((one) => one.length > 0 || one.isForming);
}

function drop(state: EngineState, contract: number): void {
  if (contract < state.analyses.length) state.analyses[contract] = null;
}

/** What a new anchor says joins what was published; nothing else of it changes. */
function takeAnchors(state: EngineState, contract: number, outputs: Outputs): void {
  const analysis = state.analyses[contract];
  if (analysis === null || analysis === undefined) return;
  followAnchors(analysis, state.contracts[contract]);
  analysis.changes += 1;
  if (analysis.status !== "ready" || analysis.published === null) return;
  const former = analysis.published.anchored;
  const anchored = anchoredOf(analysis).map((one) => former.find(({ atMs }) => atMs === one.atMs) ?? one);
  analysis.published = { ...analysis.published, anchored };
  outputs.list.push({ type: "AnalysisChanged", contract });
}

/** Pivots close a completed date with its settlement, also one that came late. */
function takeSettlement(state: EngineState, contract: number): void {
  const analysis = state.analyses[contract];
  if (analysis === null || analysis === undefined) return;
  for (const settlement of state.contracts[contract].settlements) setPivotsSettlement(analysis.pivots, settlement);
  analysis.changes += 1;
}

/** Volume at price of history's minutes is kept for the profiles: the bars have no place for it. */
export function notePrices(state: EngineState, { contract, intervalMs, bars }: HistoryLoaded): void {
  const analysis = state.analyses[contract] ?? null;
  if (analysis === null || intervalMs !== MS_PER_MINUTE) return;
  const { root, calendar } = state.contracts[contract];
  const { priced, settings } = analysis.profile;
  addPricedBlock(priced, bars, { root, calendar, dates: settings.dates });
  analysis.changes += 1;
}

/** History that lies behind what was taken makes the analysis begin anew; what was published stays published. */
export function rebuildFrom(state: EngineState, contract: number, fromMs: number): void {
  forgetPairs(state, contract);
  const analysis = state.analyses[contract];
  if (analysis === null || analysis === undefined) return;
  if (analysis.bars > 0 && !analysis.walk.takenMs.some((ms) => ms >= fromMs)) return;
  beginAnew(state, contract, analysis);
  scheduleSlice(state);
}

/** What was published stays until the rebuilt analysis says more; so does what the bars themselves do not hold. */
function beginAnew(state: EngineState, contract: number, { published, profile }: ContractAnalysis): void {
  dropLostAnchors(state.contracts[contract]);
  const analysis = createContractAnalysis(state.contracts[contract], state.settings);
  analysis.profile.heritage = profile.heritage;
  analysis.profile.priced = profile.priced;
  state.analyses[contract] = { ...analysis, published };
}

/** The analysis of every front begins anew, as after new settings. */
export function rebuildAll(state: EngineState): void {
  for (const { front } of state.roots) begin(state, front);
  state.analyses.forEach((analysis, contract) => {
    if (analysis !== null) beginAnew(state, contract, analysis);
  });
  scheduleSlice(state);
}

/** The analyses of these contracts begin anew; false where none of them is analysed. */
export function rebuildContracts(state: EngineState, contracts: readonly number[]): boolean {
  const analysed = contracts.filter((contract) => (state.analyses[contract] ?? null) !== null);
  for (const contract of analysed) {
    const analysis = state.analyses[contract];
    if (analysis !== null) beginAnew(state, contract, analysis);
  }
  if (analysed.length > 0) scheduleSlice(state);
  return analysed.length > 0;
}

function scheduleSlice(state: EngineState): void {
  if (state.nextSliceMs === Number.POSITIVE_INFINITY) state.nextSliceMs = state.nowMs + ANALYSIS_SLICE_EVERY_MS;
  state.nextWorkMs = Math.min(state.nextWorkMs, state.nextSliceMs);
}

/** Takes the next slice of the first contract that still builds, and asks for another while any does. */
export function buildSlice(state: EngineState, scratch: AnalysisScratch, outputs: Outputs): void {
  state.nextSliceMs = Number.POSITIVE_INFINITY;
  if (state.receivedMs < state.sliceFromMs) {
    scheduleSlice(state);
    return;
  }
  state.sliceFromMs = state.receivedMs + ANALYSIS_SLICE_EVERY_MS;
  const contract = state.analyses.findIndex((analysis) => analysis?.status === "building");
  if (contract < 0) return;
  const analysis = state.analyses[contract];
  if (analysis === null) return;
  // A date that begins is fitted, which takes as long as hundreds of bars: it ends the slice.
  const { regime } = analysis;
  const { tradeDate } = regime;
  for (let bars = 0; bars < ANALYSIS_SLICE_BARS && regime.tradeDate === tradeDate; bars += 1) {
    if (takeNext(state, scratch, contract, analysis)) continue;
    becomeReady(state, contract, analysis, outputs);
    break;
  }
  if (state.analyses.some((one) => one?.status === "building")) scheduleSlice(state);
}

function becomeReady(state: EngineState, contract: number, analysis: ContractAnalysis, outputs: Outputs): void {
  analysis.status = "ready";
  analysis.changes += 1;
  takeSettlement(state, contract);
  const { newestTradeMs } = state.contracts[contract];
  const seenMs = Math.max(newestTradeMs, ...analysis.walk.takenMs);
  analysis.tradesFromMs = Math.ceil((seenMs + 1) / MS_PER_MINUTE) * MS_PER_MINUTE;
  if (analysis.regime.decided !== null) outputs.list.push({ type: "RegimeFitted", contract });
  publish(state, analysis, contract, outputs);
}

function catchUp(state: EngineState, scratch: AnalysisScratch, contract: number, outputs: Outputs): void {
  const analysis = state.analyses[contract];
  if (analysis === null) return;
  const { decided } = analysis.regime;
  let isChanged = false;
  while (takeNext(state, scratch, contract, analysis)) isChanged = true;
  if (analysis.regime.decided !== decided) outputs.list.push({ type: "RegimeFitted", contract });
  if (isChanged) publish(state, analysis, contract, outputs);
}

function publish(state: EngineState, analysis: ContractAnalysis, contract: number, outputs: Outputs): void {
  if (analysis.isVolumeDue) {
    analysis.relativeVolume = rootRelativeVolume(state, state.contracts[contract]);
    analysis.isVolumeDue = false;
  }
  takePairBars(state, state.contracts[contract], analysis);
  analysis.changes += 1;
  analysis.published = insightOf(analysis, surroundingsOf(state, contract));
  analysis.isIntervalRead = true;
  outputs.list.push({ type: "AnalysisChanged", contract });
}

/** What is known of a contract beside its bars. */
export function surroundingsOf(state: EngineState, contract: number): Surroundings {
  const { root } = state.contracts[contract];
  const settlement = previousSettlement(state.contracts[contract]);
  const profile = accountProfileOf(state.settings.accountSizeUsd);
  const isMicro = instrumentOf(root)?.mini != null;
  const contractsMax = isMicro ? profile.microContractsMax : profile.contractsMax;
  // The contract table's fees stand for all costs until accounts have a broker.
  const account = { riskUsd: profile.riskUsd, contractsMax, brokerUsdPerSide: 0 };
  const sibling = state.contracts[state.analyses[contract]?.pair.sibling ?? -1]?.root ?? null;
  return { root, sibling, settlementTicks: settlement?.ticks ?? null, events: state.calendar, account };
}

function takeNext(state: EngineState, scratch: AnalysisScratch, index: number, analysis: ContractAnalysis): boolean {
  const contract = state.contracts[index];
  const { due, bar, minute } = scratch;
  if (!takeDueBar(contract, analysis.walk, due)) return false;
  const { row, endMs, formerMs } = due;
  placeBar(bar, analysis.place, contract, { series: contract.series[due.kept], row, endMs, formerMs });
  takeClosedBar(analysis, due.kept, bar, minute);
  return true;
}

/** Live trades reach an analysis from the first whole minute behind its history on. */
export function analyseTrade(state: EngineState, contract: number, trade: SignedTrade): void {
  const analysis = state.analyses[contract];
  if (analysis === null || analysis === undefined || trade.exchangeMs < analysis.tradesFromMs) return;
  takeTrade(analysis, trade);
}
