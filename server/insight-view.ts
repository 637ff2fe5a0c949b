/** What do the analyses say now? Read from what the engine published, in points; computed nowhere else. */
import { regimeRunsOf } from "#lib/analysis/regime/regime-history.ts";
import { createAnalysisScratch } from "#lib/engine/analysis/analyse.ts";
import type { ContractAnalysis } from "#lib/engine/analysis/contract-analysis.ts";
import { provisionalInsight } from "#lib/engine/analysis/provisional.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import { inPoints } from "#lib/wire/in-points.ts";
import type { AnalysisStatus, InsightParts, InsightView } from "#lib/wire/insight.ts";

const scratch = createAnalysisScratch();

/** Of the root's front; null where the run does not follow the root. */
export function insightView(state: EngineState, root: string): InsightView | null {
  const view = closedInsightView(state, root);
  const contract = frontOf(state, root);
  if (view === null || contract === null || view.parts === null) return view;
  const provisional = provisionalInsight(state, scratch, contract.index);
  return provisional === null ? view : { ...view, provisional: partsOf(provisional, contract.tickSize) };
}

/** The same without the forming bars: what was published. */
export function closedInsightView(state: EngineState, root: string): InsightView | null {
  const contract = frontOf(state, root);
  if (contract === null) return null;
  const analysis = state.analyses[contract.index] ?? null;
  const published = analysis?.published ?? null;
  return {
    instrument: root,
    contract: contract.symbol,
    tickSize: contract.tickSize,
    mode: state.mode,
    asOfMs: published?.asOfMs ?? null,
    interval: state.settings.interval,
    frames: analysis?.frames ?? null,
    regimeRuns: published === null || analysis === null ? [] : regimeRunsOf(analysis.regime.history),
    bars: { have: analysis?.bars ?? 0, need: closedBars(contract) },
    whyNull: published === null ? whyNull(analysis, contract) : null,
    anchors: contract.anchors.map(({ atMs }) => atMs),
    parts: published === null ? null : partsOf(published, contract.tickSize),
    provisional: null,
  };
}

function frontOf(state: EngineState, root: string): ContractState | null {
  const known = state.roots.find((entry) => entry.root === root);
  return known === undefined ? null : state.contracts[known.front];
}

function partsOf({ asOfMs: _at, interval: _interval, ...parts }: Insight, tickSize: number): InsightParts {
  return inPoints(parts, tickSize);
}

/** Closed bars of every kept interval that analyses read. */
function closedBars(contract: ContractState): number {
  return contract.series.reduce((sum, series, kept) => (kept === 0 ? 0 : sum + series.length), 0);
}

function whyNull(analysis: ContractAnalysis | null, contract: ContractState): string {
  const need = closedBars(contract);
  if (need === 0) return "no bar has closed yet";
  return `the analysis takes its history in: ${analysis?.bars ?? 0} of ${need} bars`;
}

/** How far each analysed contract is. */
export function analysisStatus(
  state: EngineState,
  beside: Pick<AnalysisStatus, "calendar" | "refresh">,
): AnalysisStatus {
  const { interval, lookbackDates, accountSizeUsd } = state.settings;
  const contracts = state.analyses.flatMap((analysis, index) => {
    if (analysis === null) return [];
    const contract = state.contracts[index];
    const asOfMs = analysis.published?.asOfMs ?? null;
    const { status, bars: have } = analysis;
    return [{ contract: contract.symbol, status, have, need: closedBars(contract), asOfMs }];
  });
  return { settings: { interval, period: `${lookbackDates}d`, account_size: accountSizeUsd }, ...beside, contracts };
}
