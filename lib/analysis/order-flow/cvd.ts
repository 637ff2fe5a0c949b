/** Who has pressed since an anchor, buyers or sellers? Cumulative volume delta, its source always with it. */
import { type BarSeries, DELTA_SOURCE, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { formatQuantity, formatSigned } from "#lib/format.ts";
import { sessionCloseMs, tradeDateAt } from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import type { AnalysisBar } from "../analysis-bar.ts";
import type { TakenBars } from "../taken-bars.ts";
import { type ExplainedWarming, explainedWarming } from "../warming.ts";
import {
  type Accuracy,
  type BarDelta,
  DELTA_SOURCES,
  type DeltaBar,
  type DeltaSource,
  readBarDelta,
  SOURCE_ACCURACY,
} from "./bar-delta.ts";

export type CvdAnchor = "session" | "rth" | "custom";

/** Sums since an anchor. `sourceVolume` is volume by source, in the order of DELTA_SOURCE. */
export type CvdSum = {
  anchor: CvdAnchor;
  anchorMs: number;
  atMs: number;
  bars: number;
  cvd: number;
  volume: number;
  unsigned: number;
  sourceVolume: Float64Array;
};

export type CvdState = {
  tradeDate: number;
  rthCloseMs: number;
  formerCloseTicks: number;
  newest: BarDelta;
  /** Deltas of the newest bars of the session, bar i in slot i mod 20. */
  deltas: Float64Array;
  session: CvdSum;
  rth: CvdSum;
  custom: CvdSum[];
};

export type CvdBias = "buying" | "selling" | "neutral";

export type ReadyCvd = {
  status: "ready";
  anchor: CvdAnchor;
  anchorMs: number;
  atMs: number;
  /** Bars since the anchor. */
  n: number;
  /** Contracts, bought − sold. */
  cvd: number;
  /** Of the newest bar. */
  delta: number;
  volume: number;
  unsigned: number;
  /** The worst that went in, and how right it is where the truth is known. */
  source: DeltaSource;
  accuracy: Accuracy | null;
  /** Share of the volume by source. */
  sourceShares: Partial<Record<DeltaSource, number>>;
  /** See `slopeOf`; null before 20 bars of the session. */
  slope: number | null;
  bias: CvdBias | null;
  reasons: string[];
};

export type Cvd = ExplainedWarming | ReadyCvd;

const USUAL_BARS = 20;
const SLOPE_BARS = 5;
const SINCE: Readonly<Record<CvdAnchor, string>> = {
  session: "of this session",
  rth: "of RTH",
  custom: "since the anchor",
};
/** A slope below this in size is neutral: a market without pressure is beyond it 13 % of the time. */
export const BIAS_SLOPE_MIN = 1.5;

export function createCvd(): CvdState {
  return {
    tradeDate: 0,
    rthCloseMs: Number.NaN,
    formerCloseTicks: Number.NaN,
    newest: { delta: 0, unsigned: 0, source: DELTA_SOURCE.none },
    deltas: new Float64Array(USUAL_BARS),
    session: createSum("session", Number.NaN),
    rth: createSum("rth", Number.NaN),
    custom: [],
  };
}

function createSum(anchor: CvdAnchor, anchorMs: number): CvdSum {
  const sourceVolume = new Float64Array(DELTA_SOURCES.length);
  return { anchor, anchorMs, atMs: Number.NaN, bars: 0, cvd: 0, volume: 0, unsigned: 0, sourceVolume };
}

/** Takes the next closed bar. The session's sums begin with its trade date, those of RTH with RTH. */
export function addCvdBar(state: CvdState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) {
    state.tradeDate = bar.tradeDate;
    state.rthCloseMs = bar.rthCloseMs;
    state.formerCloseTicks = Number.NaN;
    state.session = createSum("session", bar.sessionOpenMs);
    state.rth = createSum("rth", bar.rthOpenMs);
  }
  readBarDelta(state.newest, bar, state.formerCloseTicks);
  state.formerCloseTicks = bar.closeTicks;
  state.deltas[state.session.bars % USUAL_BARS] = state.newest.delta;
  addTo(state.session, bar, state.newest);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) addTo(state.rth, bar, state.newest);
  for (const sum of state.custom) if (bar.openMs >= sum.anchorMs) addTo(sum, bar, state.newest);
}

function addTo(sum: CvdSum, bar: { endMs: number; volume: number }, { delta, unsigned, source }: BarDelta): void {
  sum.atMs = bar.endMs;
  sum.bars += 1;
  sum.cvd += delta;
  sum.volume += bar.volume;
  sum.unsigned += unsigned;
  sum.sourceVolume[source] += bar.volume;
}

/** A trade, at most seconds late, that came after its bar had closed: published values stay, the next ones hold it. */
export function amendCvd(state: CvdState, trade: SignedTrade): void {
  amend(state.session, trade);
  if (trade.exchangeMs < state.rthCloseMs) amend(state.rth, trade);
  for (const sum of state.custom) if (trade.exchangeMs >= sum.anchorMs) amend(sum, trade);
}

function amend(sum: CvdSum, { side, size, deltaSource }: SignedTrade): void {
  if (sum.bars === 0) return;
  sum.cvd += side === SIDE.buy ? size : side === SIDE.sell ? -size : 0;
  sum.volume += size;
  if (side === SIDE.unsigned) sum.unsigned += size;
  sum.sourceVolume[deltaSource] += size;
}

/**
 * Begins a CVD at an instant that the user chose: with those of the first `rows` bars of `series` (which the state has
 * taken) that open at or after it, then with what comes. As live, a trade date's first bar has no close before it.
 */
export function anchorCvd(state: CvdState, anchorMs: number, { series, rows, calendar }: TakenBars): void {
  const sum = createSum("custom", anchorMs);
  const read: BarDelta = { delta: 0, unsigned: 0, source: DELTA_SOURCE.none };
  const first = rowAtOrAfter(series, anchorMs);
  const dates = createDateWalk(calendar);
  if (first > 0) isNewDate(dates, series.openMs[first - 1]);
  for (let row = first; row < rows; row++) {
    const isFirst = isNewDate(dates, series.openMs[row]);
    readBarDelta(read, barAt(series, row), isFirst ? Number.NaN : series.closeTicks[row - 1]);
    addTo(sum, { endMs: state.session.atMs, volume: series.volume[row] }, read);
  }
  state.custom.push(sum);
}

type DateWalk = { calendar: CalendarId; tradeDate: number; closeMs: number };

function createDateWalk(calendar: CalendarId): DateWalk {
  return { calendar, tradeDate: Number.NaN, closeMs: Number.NEGATIVE_INFINITY };
}

/** Is this bar, in order of time, the first of its trade date? The calendar is asked once a date. */
function isNewDate(walk: DateWalk, openMs: number): boolean {
  if (openMs < walk.closeMs) return false;
  const date = tradeDateAt(walk.calendar, openMs);
  const isNew = date !== walk.tradeDate;
  walk.tradeDate = date;
  walk.closeMs = sessionCloseMs(walk.calendar, date);
  return isNew;
}

function barAt(series: BarSeries, row: number): DeltaBar {
  return {
    openTicks: series.openTicks[row],
    highTicks: series.highTicks[row],
    lowTicks: series.lowTicks[row],
    closeTicks: series.closeTicks[row],
    volume: series.volume[row],
    buyVolume: series.buyVolume[row],
    sellVolume: series.sellVolume[row],
    deltaSource: series.deltaSource[row],
  };
}

/**
 * How steep CVD is: the sum of the newest 5 bars' deltas ÷ what it would usually be without any pressure, √5 × the root
 * mean square of the newest 20. Beyond ±1.5 it is buying or selling, else neutral. NaN before 20 bars of the session.
 * 15 bars of +10 and −10 in turn, then five of +10: 50 ÷ (√5 × 10) = 2.24 → buying.
 */
export function slopeOf(state: CvdState): number {
  const { bars } = state.session;
  if (bars < USUAL_BARS) return Number.NaN;
  let squares = 0;
  let sum = 0;
  for (let back = 1; back <= USUAL_BARS; back++) {
    const delta = state.deltas[(bars - back) % USUAL_BARS];
    squares += delta * delta;
    if (back <= SLOPE_BARS) sum += delta;
  }
  return squares === 0 ? 0 : sum / Math.sqrt((SLOPE_BARS * squares) / USUAL_BARS);
}

/** The CVD of one of the state's sums; warming before its first bar. */
export function cvdOf(state: CvdState, sum: CvdSum): Cvd {
  if (sum.bars === 0) {
    return explainedWarming({ have: 0, need: 1 }, state.session.atMs, `no bar ${SINCE[sum.anchor]} yet`);
  }
  const slope = slopeOf(state);
  const source = worstSource(sum);
  const bias = Number.isNaN(slope) ? null : biasOf(slope);
  return {
    status: "ready",
    anchor: sum.anchor,
    anchorMs: sum.anchorMs,
    atMs: sum.atMs,
    n: sum.bars,
    cvd: sum.cvd,
    delta: state.newest.delta,
    volume: sum.volume,
    unsigned: sum.unsigned,
    source,
    accuracy: SOURCE_ACCURACY[source],
    sourceShares: sourceShares(sum),
    slope: Number.isNaN(slope) ? null : slope,
    bias,
    reasons: reasonsOf(sum, source, bias, slope),
  };
}

function biasOf(slope: number): CvdBias {
  if (Math.abs(slope) < BIAS_SLOPE_MIN) return "neutral";
  return slope > 0 ? "buying" : "selling";
}

function worstSource({ sourceVolume }: CvdSum): DeltaSource {
  return DELTA_SOURCES[sourceVolume.findLastIndex((volume) => volume > 0)] ?? "none";
}

function sourceShares({ sourceVolume, volume }: CvdSum): Partial<Record<DeltaSource, number>> {
  const shares: Partial<Record<DeltaSource, number>> = {};
  DELTA_SOURCES.forEach((name, at) => {
    if (sourceVolume[at] > 0) shares[name] = sourceVolume[at] / volume;
  });
  return shares;
}

function reasonsOf(sum: CvdSum, source: DeltaSource, bias: CvdBias | null, slope: number): string[] {
  const reasons = [
    `${formatSigned(sum.cvd, 0)} of ${formatQuantity(sum.volume)} contracts, sides by ${source}`,
    `${formatQuantity(sum.unsigned)} contracts without a side`,
  ];
  if (bias !== null) reasons.push(`the last 5 bars: ${bias}, ${formatSigned(slope, 1)} × the usual swing`);
  return reasons;
}
