/** What did the average contract cost since an anchor, and how far did prices lie from it? VWAP with its bands. */
import { rowAtOrAfter } from "#lib/bars/bar-series.ts";
import type { SignedTrade } from "#lib/bars/time-bars.ts";
import { formatQuantity } from "#lib/format.ts";
import { tradeDate } from "#lib/units.ts";
import { weekStartMs } from "#lib/windows.ts";
import type { AnalysisBar } from "./analysis-bar.ts";
import { type PriceRows, volumeAt } from "./price-rows.ts";
import type { TakenBars } from "./taken-bars.ts";
import { type ExplainedWarming, explainedWarming } from "./warming.ts";

export type VwapAnchor = "session" | "rth" | "week" | "custom";

/** Sums since an anchor, of price − `refTicks`, so that squares stay small. NaN anchorMs: not begun. */
export type VwapSum = {
  anchor: VwapAnchor;
  anchorMs: number;
  /** End of the newest bar in it. */
  atMs: number;
  refTicks: number;
  volume: number;
  sum: number;
  squares: number;
  /** Volume of bars whose trades are not known, and of those without a VWAP of their own. */
  barVolume: number;
  typicalVolume: number;
};

export type VwapState = {
  tradeDate: number;
  rthOpenMs: number;
  rthCloseMs: number;
  weekEndMs: number;
  session: VwapSum;
  rth: VwapSum;
  week: VwapSum;
  custom: VwapSum[];
};

/** One pair of bands, so many standard deviations away. */
export type VwapBand = { sigmas: 1 | 2 | 3; upperTicks: number; lowerTicks: number };

export type ReadyVwap = {
  status: "ready";
  anchor: VwapAnchor;
  anchorMs: number;
  atMs: number;
  /** Contracts. */
  n: number;
  /** Fractional ticks, never rounded. */
  vwapTicks: number;
  sigmaTicks: number;
  bands: VwapBand[];
  /** Trades: exact. Bars: VWAP exact, sigma estimated. Typical price: both estimated, at least in part. */
  basis: "trades" | "bars" | "typical price";
  reasons: string[];
};

export type Vwap = ExplainedWarming | ReadyVwap;

const BANDS = [1, 2, 3] as const;

export function createVwap(): VwapState {
  return {
    tradeDate: 0,
    rthOpenMs: Number.NaN,
    rthCloseMs: Number.NaN,
    weekEndMs: Number.NEGATIVE_INFINITY,
    session: createSum("session", Number.NaN),
    rth: createSum("rth", Number.NaN),
    week: createSum("week", Number.NaN),
    custom: [],
  };
}

function createSum(anchor: VwapAnchor, anchorMs: number): VwapSum {
  const empty = { refTicks: 0, volume: 0, sum: 0, squares: 0, barVolume: 0, typicalVolume: 0 };
  return { anchor, anchorMs, atMs: Number.NaN, ...empty };
}

/**
 * Takes the next closed bar with the rows that hold its volume. Rows that were traded give exact sums. Of rows that
 * were spread only the bar counts: its `vwapSum`, else its typical price (high + low + close) ÷ 3; and for sigma the
 * variance (rows² − 1) ÷ 12 of an even spread within the bar.
 */
export function addVwapBar(state: VwapState, bar: AnalysisBar, rows: PriceRows): void {
  if (bar.tradeDate !== state.tradeDate) {
    state.tradeDate = bar.tradeDate;
    state.rthOpenMs = bar.rthOpenMs;
    state.rthCloseMs = bar.rthCloseMs;
    begin(state.session, bar.sessionOpenMs);
    begin(state.rth, bar.rthOpenMs);
  }
  if (bar.openMs >= state.weekEndMs) beginWeek(state, bar);
  addTo(state.session, bar, rows);
  addTo(state.week, bar, rows);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) addTo(state.rth, bar, rows);
  for (const sum of state.custom) if (bar.openMs >= sum.anchorMs) addTo(sum, bar, rows);
}

function begin(sum: VwapSum, anchorMs: number): void {
  Object.assign(sum, createSum(sum.anchor, anchorMs));
}

/** A holiday's Friday segment belongs to Monday's trade date, but to the week that began on the Sunday before. */
function beginWeek(state: VwapState, bar: AnalysisBar): void {
  const ofDate = weekStartMs(tradeDate(bar.tradeDate));
  const isBefore = bar.openMs < ofDate;
  begin(state.week, isBefore ? weekStartMs(tradeDate(bar.tradeDate - 7)) : ofDate);
  state.weekEndMs = isBefore ? ofDate : weekStartMs(tradeDate(bar.tradeDate + 7));
}

function addTo(sum: VwapSum, bar: AnalysisBar, rows: PriceRows): void {
  sum.atMs = bar.endMs;
  if (bar.volume === 0) return;
  if (sum.volume === 0) sum.refTicks = bar.closeTicks;
  if (rows.estimatedVolume === 0 && rows.volume === bar.volume) {
    for (let price = rows.lowTicks; price <= rows.highTicks; price++) addAt(sum, price, volumeAt(rows, price));
  } else {
    addWhole(sum, bar);
  }
}

function addAt(sum: VwapSum, priceTicks: number, volume: number): void {
  const away = priceTicks - sum.refTicks;
  sum.volume += volume;
  sum.sum += away * volume;
  sum.squares += away * away * volume;
}

type WholeBar = Pick<AnalysisBar, "highTicks" | "lowTicks" | "closeTicks" | "volume" | "vwapSum">;

function addWhole(sum: VwapSum, bar: WholeBar): void {
  const hasVwap = Number.isFinite(bar.vwapSum);
  const price = hasVwap ? bar.vwapSum / bar.volume : (bar.highTicks + bar.lowTicks + bar.closeTicks) / 3;
  const rows = bar.highTicks - bar.lowTicks + 1;
  addAt(sum, price, bar.volume);
  sum.squares += (bar.volume * (rows * rows - 1)) / 12;
  sum.barVolume += bar.volume;
  if (!hasVwap) sum.typicalVolume += bar.volume;
}

/** A trade, at most seconds late, that came after its bar had closed: published values stay, the next ones hold it. */
export function amendVwap(state: VwapState, trade: SignedTrade): void {
  amend(state.session, trade);
  amend(state.week, trade);
  if (trade.exchangeMs < state.rthCloseMs) amend(state.rth, trade);
  for (const sum of state.custom) if (trade.exchangeMs >= sum.anchorMs) amend(sum, trade);
}

function amend(sum: VwapSum, trade: SignedTrade): void {
  if (sum.volume > 0) addAt(sum, trade.priceTicks, trade.size);
}

/**
 * Begins a VWAP at an instant that the user chose: with those of the first `rows` bars of `series` (which the state has
 * taken) that open at or after it, as bars, and then with what comes.
 */
export function anchorVwap(state: VwapState, anchorMs: number, { series, rows }: TakenBars): void {
  const sum = createSum("custom", anchorMs);
  sum.atMs = state.session.atMs;
  for (let row = rowAtOrAfter(series, anchorMs); row < rows; row++) {
    if (series.volume[row] === 0) continue;
    if (sum.volume === 0) sum.refTicks = series.closeTicks[row];
    addWhole(sum, {
      highTicks: series.highTicks[row],
      lowTicks: series.lowTicks[row],
      closeTicks: series.closeTicks[row],
      volume: series.volume[row],
      vwapSum: series.vwapSum[row],
    });
  }
  state.custom.push(sum);
}

/** A VWAP without words: fractional ticks; null before the anchor's first contract. */
export type VwapLine = Pick<ReadyVwap, "anchor" | "anchorMs" | "vwapTicks" | "sigmaTicks">;

export function vwapLineOf({ anchor, anchorMs, refTicks, volume, sum, squares }: VwapSum): VwapLine | null {
  if (volume === 0) return null;
  const mean = sum / volume;
  const sigmaTicks = Math.sqrt(Math.max(0, squares / volume - mean * mean));
  return { anchor, anchorMs, vwapTicks: refTicks + mean, sigmaTicks };
}

/**
 * VWAP = Σ price × size ÷ Σ size; sigma² = Σ (price − VWAP)² × size ÷ Σ size (of the whole, not of a sample).
 * 1 at 100, 3 at 104 → VWAP 103, sigma √3 = 1.732, first bands 101.268 and 104.732. Warming before the anchor's
 * first contract, as of `newestMs`.
 */
export function vwapOf(sum: VwapSum, newestMs = sum.atMs): Vwap {
  const line = vwapLineOf(sum);
  if (line === null) return explainedWarming({ have: 0, need: 1 }, newestMs, "no contract since its anchor yet");
  const { vwapTicks, sigmaTicks } = line;
  const basis = sum.typicalVolume > 0 ? "typical price" : sum.barVolume > 0 ? "bars" : "trades";
  const reasons = [`${formatQuantity(sum.volume)} contracts`];
  if (basis !== "trades") reasons.push(`estimate: ${shareOf(sum.barVolume, sum)} from bars without their trades`);
  if (basis === "typical price") reasons.push(`${shareOf(sum.typicalVolume, sum)} at the bar's typical price`);
  return {
    status: "ready",
    ...line,
    atMs: sum.atMs,
    n: sum.volume,
    bands: BANDS.map((sigmas) => ({
      sigmas,
      upperTicks: vwapTicks + sigmas * sigmaTicks,
      lowerTicks: vwapTicks - sigmas * sigmaTicks,
    })),
    basis,
    reasons,
  };
}

function shareOf(part: number, { volume }: VwapSum): string {
  return `${((100 * part) / volume).toFixed(1)} %`;
}
