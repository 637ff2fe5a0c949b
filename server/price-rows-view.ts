/** What traded at each price? Profiles and footprints as the engine holds them, in points. */
import { addSeriesRange } from "#lib/analysis/bar-rows.ts";
import { compositeProfile, compositeRows } from "#lib/analysis/closed-profiles.ts";
import { cvdOf } from "#lib/analysis/order-flow/cvd.ts";
import { isBuyImbalance, isSellImbalance } from "#lib/analysis/order-flow/flow-marks.ts";
import {
  type FootprintRow,
  type FootprintState,
  footprintRows,
  screenRows,
} from "#lib/analysis/order-flow/footprint.ts";
import { addRows, createPriceRows, type PriceRows } from "#lib/analysis/price-rows.ts";
import { profileOf, type VolumeProfile } from "#lib/analysis/profile.ts";
import type { ValueAreaRule } from "#lib/analysis/value-area.ts";
import { rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVAL_MS, KEPT_INTERVALS } from "#lib/bars/interval.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { type ContractAnalysis, FIVE_MINUTES, MINUTE } from "#lib/engine/analysis/contract-analysis.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import { pointsFromTicks } from "#lib/units.ts";
import type {
  FootprintAnswer,
  FootprintBarView,
  FootprintCell,
  FootprintInterval,
  PriceRow,
  ProfileAnswer,
  ProfileRange,
  ProfileSpan,
} from "#lib/wire/footprint.ts";

/** The contract of a short or long symbol; null where it is not of this run. */
export function contractOf(state: EngineState, symbol: string): ContractState | null {
  return state.contracts.find((one) => one.symbol === symbol || contractLongSymbol(one) === symbol) ?? null;
}

/**
 * Volume by price of the trade date so far, of its RTH (the last closed one outside of it), of the dates before, or of
 * a range of closed bars: seconds where they reach back so far, else minutes; their volume is spread over each bar.
 */
export function profileView(
  state: EngineState,
  symbol: string,
  asked: ProfileSpan | ProfileRange,
  valueArea: ValueAreaRule,
): ProfileAnswer | null {
  const contract = contractOf(state, symbol);
  if (contract === null) return null;
  const about = { contract: contract.symbol, mode: state.mode, tickSize: contract.tickSize, valueArea };
  if (typeof asked !== "string") {
    const found = { ...about, span: "range", range: asked } as const;
    return answerOf(found, rowsOfRange(contract, asked, valueArea), "no bar has closed in this range");
  }
  const analysis = state.analyses[contract.index] ?? null;
  const found = analysis === null ? null : rowsOfSpan(analysis, asked, valueArea);
  return answerOf({ ...about, span: asked, range: null }, found, whyNoProfile(analysis, found?.profile));
}

type Found = { rows: PriceRows; profile: VolumeProfile };

function answerOf(
  about: Pick<ProfileAnswer, "contract" | "mode" | "tickSize" | "span" | "range" | "valueArea">,
  found: Found | null,
  whyNull: string,
): ProfileAnswer {
  const { tickSize } = about;
  const points = (ticks: number): number => pointsFromTicks(ticks, tickSize);
  if (found?.profile.status !== "ready") {
    const empty = { asOfMs: null, poc: null, val: null, vah: null, n: 0, estimatedShare: 0, dates: 0 };
    return { ...about, ...empty, rows: [], reasons: [], whyNull };
  }
  const { profile, rows } = found;
  return {
    ...about,
    asOfMs: profile.atMs,
    poc: points(profile.pocTicks),
    val: points(profile.valTicks),
    vah: points(profile.vahTicks),
    n: profile.n,
    estimatedShare: profile.estimatedShare,
    dates: profile.dates,
    rows: screenRows(rows, 1)
      .filter(({ buy, sell, unsigned }) => buy + sell + unsigned > 0)
      .map((row) => priceRow(row, tickSize)),
    reasons: profile.reasons,
    whyNull: null,
  };
}

function rowsOfRange({ series: kept }: ContractState, range: ProfileRange, rule: ValueAreaRule): Found {
  const [seconds, minutes] = kept;
  const isFine = seconds.length > 0 && seconds.openMs[0] <= range.fromMs;
  const series = isFine ? seconds : minutes;
  const intervalMs = KEPT_INTERVAL_MS[KEPT_INTERVALS.indexOf(series.interval)];
  const rows = createPriceRows();
  addSeriesRange(rows, series, range);
  const last = Math.min(rowAtOrAfter(series, range.toMs), series.length) - 1;
  const atMs = last < 0 ? Number.NaN : series.openMs[last] + intervalMs;
  return { rows, profile: profileOf(rows, { span: "range", atMs, rule }) };
}

function rowsOfSpan(analysis: ContractAnalysis, span: ProfileSpan, rule: ValueAreaRule): Found {
  const { closed, session, rth } = analysis.profile;
  if (span === "composite") {
    const options = { span: "session", dates: analysis.settings.lookbackDates, rule } as const;
    return { rows: compositeRows(closed, options).rows, profile: compositeProfile(closed, options) };
  }
  const running = span === "session" ? session : rth;
  if (!Number.isNaN(running.atMs)) {
    return { rows: running.rows, profile: profileOf(running.rows, { span, atMs: running.atMs, rule }) };
  }
  const { rows, chosen } = compositeRows(closed, { span, dates: 1 });
  return { rows, profile: profileOf(rows, { span, atMs: chosen.at(-1)?.atMs ?? Number.NaN, rule }) };
}

function whyNoProfile(analysis: ContractAnalysis | null, profile: VolumeProfile | undefined): string {
  if (analysis === null) return "only the front contract of each root is analysed";
  if (analysis.status === "building") return "the analysis takes its history in";
  return profile?.reasons[0] ?? "";
}

function priceRow({ lowTicks, buy, sell, unsigned }: FootprintRow, tickSize: number): PriceRow {
  return { price: pointsFromTicks(lowTicks, tickSize), buy, sell, unsigned };
}

/** Bid × ask of the newest bars, the forming one last. */
export function footprintView(state: EngineState, symbol: string, interval: FootprintInterval): FootprintAnswer | null {
  const contract = contractOf(state, symbol);
  if (contract === null) return null;
  const analysis = state.analyses[contract.index] ?? null;
  const about = { contract: contract.symbol, mode: state.mode, tickSize: contract.tickSize, interval };
  if (analysis === null) {
    const whyNull = "only the front contract of each root is analysed";
    const empty = { rowTicks: 1, minVolume: 0, asOfMs: null, source: "none" as const, unseenBars: 0 };
    return { ...about, ...empty, bars: [], whyNull };
  }
  const { orderFlow } = analysis;
  const footprint = interval === "1m" ? orderFlow.minute : orderFlow.five;
  const session = cvdOf(orderFlow.cvd, orderFlow.cvd.session);
  const closed = footprint.bars.map((bar) => {
    const rows = footprintRows(bar, footprint.scale.rowTicks);
    return barView(footprint, rows, { ...bar, isForming: false }, contract.tickSize);
  });
  const forming = formingBar(analysis, contract, interval);
  const bars = forming === null ? closed : [...closed, forming];
  return {
    ...about,
    ...footprint.scale,
    asOfMs: closed.at(-1)?.endMs ?? null,
    source: session.status === "ready" ? session.source : "none",
    bars,
    unseenBars: footprint.unseenBars,
    whyNull: bars.length > 0 ? null : whyNoFootprint(analysis),
  };
}

function whyNoFootprint({ status }: ContractAnalysis): string {
  if (status === "building") return "the analysis takes its history in";
  return "a footprint needs every trade of its bar: the first whole bar from now on has one";
}

/** The trades of the bar that has not ended, where all of them were seen. */
function formingBar(
  { minute, orderFlow }: ContractAnalysis,
  contract: ContractState,
  interval: FootprintInterval,
): FootprintBarView | null {
  const series = contract.series[interval === "1m" ? MINUTE : FIVE_MINUTES];
  if (!series.isForming) return null;
  const rows = createPriceRows();
  if (interval === "5m") addRows(rows, orderFlow.forming.rows);
  addRows(rows, minute);
  if (rows.volume === 0 || rows.volume !== series.volume[series.length]) return null;
  const footprint = interval === "1m" ? orderFlow.minute : orderFlow.five;
  const place = { openMs: series.openMs[series.length], endMs: series.formingEndMs, isForming: true };
  return barView(footprint, screenRows(rows, footprint.scale.rowTicks), place, contract.tickSize);
}

type Place = { openMs: number; endMs: number; isForming: boolean };

function barView(footprint: FootprintState, rows: FootprintRow[], place: Place, tickSize: number): FootprintBarView {
  const { openMs, endMs, isForming } = place;
  const bought = rows.reduce((sum, { buy }) => sum + buy, 0);
  const sold = rows.reduce((sum, { sell }) => sum + sell, 0);
  const marks = footprint.marks.filter((mark) => mark.openMs === openMs);
  return {
    openMs,
    endMs,
    isForming,
    volume: rows.reduce((sum, { unsigned }) => sum + unsigned, bought + sold),
    delta: bought - sold,
    cells: cellsOf(rows, footprint.scale.minVolume, tickSize),
    marks: marks.map(({ kind, direction, reason }) => ({ kind, direction, reason })),
  };
}

function cellsOf(rows: FootprintRow[], minVolume: number, tickSize: number): FootprintCell[] {
  const sides = { buy: rows.map(({ buy }) => buy), sell: rows.map(({ sell }) => sell) };
  return rows.map((row, index) => {
    const isBuy = isBuyImbalance(sides, index, minVolume);
    const isSell = isSellImbalance(sides, index, minVolume);
    const imbalance = isBuy && isSell ? "both" : isBuy ? "buy" : isSell ? "sell" : null;
    return { ...priceRow(row, tickSize), imbalance };
  });
}
