/** What does one closed bar, or one trade, change in a contract's analyses? Each gets what it reads, in one order. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { wholeRows } from "#lib/analysis/bar-rows.ts";
import { compositeProfile } from "#lib/analysis/closed-profiles.ts";
import { addConfluenceBar } from "#lib/analysis/confluence/confluence.ts";
import { addIctBar, ictZonesOf } from "#lib/analysis/ict/ict.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { pushIctLevels } from "#lib/analysis/levels/ict-levels.ts";
import { addLevelBoardBar, addLevelBoardDay } from "#lib/analysis/levels/level-board.ts";
import { createLevelList, type LevelList } from "#lib/analysis/levels/level-list.ts";
import {
  pushClosedLevels,
  pushPivotLevels,
  pushRunningLevels,
  pushVwapLevels,
} from "#lib/analysis/levels/measured-levels.ts";
import { addMinutePulseBar } from "#lib/analysis/minute-pulse.ts";
import {
  addOrderFlowBar,
  addOrderFlowFive,
  addOrderFlowTrade,
  amendOrderFlow,
} from "#lib/analysis/order-flow/order-flow.ts";
import { addPivotsBar, pivotsOf } from "#lib/analysis/pivots.ts";
import { addPremarketBar } from "#lib/analysis/premarket.ts";
import { addRowTrade, clearRows, createPriceRows, type PriceRows } from "#lib/analysis/price-rows.ts";
import { addRegimeBar } from "#lib/analysis/regime/regime.ts";
import { rollRegimeModel } from "#lib/analysis/regime/regime-model.ts";
import { addRelativeVolumeBar } from "#lib/analysis/relative-volume.ts";
import { addTpoBar } from "#lib/analysis/tpo.ts";
import { addVolatilityBar, clockVolatilityOf } from "#lib/analysis/volatility.ts";
import { addVolumeProfileBar, amendVolumeProfile, runningValue } from "#lib/analysis/volume-profile.ts";
import { addVwapBar, amendVwap, vwapLineOf } from "#lib/analysis/vwap.ts";
import { addWaveBar } from "#lib/analysis/wave.ts";
import { DAY_SERIES, KEPT_INTERVAL_MS, KEPT_INTERVALS } from "#lib/bars/interval.ts";
import type { SignedTrade } from "#lib/bars/time-bars.ts";
import { addAtr } from "#lib/indicators/atr.ts";
import { type ContractAnalysis, FIVE_MINUTES, MINUTE } from "./contract-analysis.ts";

const LAYERS = ["bias", "setup", "entry"] as const;

/** What a closed minute is spread and its levels are listed in, one for all contracts: no part of the state. */
export type MinuteScratch = { spread: PriceRows; own: LevelList; moving: LevelList };

export function createMinuteScratch(): MinuteScratch {
  return { spread: createPriceRows(), own: createLevelList(), moving: createLevelList() };
}

/** Takes one closed bar of kept interval `kept`. */
export function takeClosedBar(
  analysis: ContractAnalysis,
  kept: number,
  bar: AnalysisBar,
  scratch: MinuteScratch,
): void {
  analysis.changes += 1;
  analysis.bars += 1;
  analysis.asOfMs = bar.endMs;
  for (const layer of LAYERS) {
    if (KEPT_INTERVALS[kept] === analysis.frames[layer]) addConfluenceBar(analysis.confluence, layer, bar);
  }
  if (kept === DAY_SERIES) addLevelBoardDay(analysis.levels, bar);
  if (kept === MINUTE) takeMinute(analysis, bar, scratch);
  if (kept === FIVE_MINUTES) takeFiveMinutes(analysis, bar);
  if (KEPT_INTERVALS[kept] === analysis.settings.interval) takeInterval(analysis, bar);
}

function takeFiveMinutes(analysis: ContractAnalysis, bar: AnalysisBar): void {
  addAtr(analysis.atr5, indicatorBarOf(bar));
  if (!analysis.isVolumeDue) addRelativeVolumeBar(analysis.relativeVolume, bar);
  addOrderFlowFive(analysis.orderFlow, bar);
}

/** A date that begins is fitted first, on what was completed before it. */
function takeInterval(analysis: ContractAnalysis, bar: AnalysisBar): void {
  const { volatility, regime } = analysis;
  analysis.isIntervalRead = false;
  if (regime.tradeDate !== 0 && bar.tradeDate > regime.tradeDate) {
    rollRegimeModel(regime, bar.tradeDate);
  }
  addVolatilityBar(volatility, bar);
  addWaveBar(analysis.wave, bar);
  addIctBar(analysis.ict, bar);
  addRegimeBar(regime, bar, clockVolatilityOf(volatility));
  addPremarketBar(analysis.premarket, bar);
  listSlowLevels(analysis, bar);
}

function takeMinute(analysis: ContractAnalysis, bar: AnalysisBar, { spread, own, moving }: MinuteScratch): void {
  const rows = wholeRows(analysis.minute, spread, bar);
  addVolumeProfileBar(analysis.profile, bar, rows);
  addVwapBar(analysis.vwap, bar, rows);
  addOrderFlowBar(analysis.orderFlow, bar, rows);
  clearRows(analysis.minute);
  addTpoBar(analysis.tpo, bar);
  addMinutePulseBar(analysis.pulse, bar);
  addPivotsBar(analysis.pivots, bar);
  if (analysis.compositeDate !== bar.tradeDate) beginDate(analysis, bar);
  listMovingLevels(analysis, bar, moving);
  const given = { atrTicks: analysis.atr5.value, levels: [moving, analysis.slowLevels] };
  addLevelBoardBar(analysis.levels, bar, given, own);
}

/** What moves with each minute. */
function listMovingLevels({ profile, vwap, anchors }: ContractAnalysis, bar: AnalysisBar, levels: LevelList): void {
  levels.length = 0;
  for (const sum of [vwap.session, vwap.rth, vwap.week]) pushVwapLevels(vwapLineOf(sum), levels);
  for (const [at, { knownMs }] of anchors.entries()) {
    if (bar.openMs > knownMs) pushVwapLevels(vwapLineOf(vwap.custom[at]), levels);
  }
  const values = { session: runningValue(profile, "session"), rth: runningValue(profile, "rth") };
  pushRunningLevels({ ...values, sessionOpenMs: bar.sessionOpenMs }, levels);
}

/** What stands until the next bar of the interval. */
function listSlowLevels(
  { profile, composite, pivots, ict, slowLevels: levels }: ContractAnalysis,
  bar: AnalysisBar,
): void {
  levels.length = 0;
  pushClosedLevels({ composite, closed: profile.closed, sessionOpenMs: bar.sessionOpenMs }, levels);
  pushPivotLevels(pivotsOf(pivots), bar.sessionOpenMs, levels);
  pushIctLevels(ictZonesOf(ict), levels);
}

/** What stands for a whole date is made at its first minute. */
function beginDate(analysis: ContractAnalysis, bar: AnalysisBar): void {
  analysis.compositeDate = bar.tradeDate;
  const dates = analysis.settings.lookbackDates;
  analysis.composite = compositeProfile(analysis.profile.closed, { span: "session", dates });
  listSlowLevels(analysis, bar);
}

/** Takes one trade: of the forming minute, or late for one that has closed. */
export function takeTrade(analysis: ContractAnalysis, trade: SignedTrade): void {
  const isLate = trade.exchangeMs < analysis.walk.takenMs[MINUTE] + KEPT_INTERVAL_MS[MINUTE];
  if (!isLate) {
    addRowTrade(analysis.minute, trade);
    addOrderFlowTrade(analysis.orderFlow, trade);
    return;
  }
  analysis.changes += 1;
  amendVolumeProfile(analysis.profile, trade);
  amendVwap(analysis.vwap, trade);
  amendOrderFlow(analysis.orderFlow, trade);
}
