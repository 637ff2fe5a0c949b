/** How are bars of N trades, N contracts or N ticks of range made? Built from trades, anew at each session open. */
import { type BarSeries, closeForming, createBarSeries } from "./bar-series.ts";
import { addTrade, openBar, type SignedTrade } from "./time-bars.ts";

export type TradeBarKind = "t" | "v" | "r";

export type TradeBars = { kind: TradeBarKind; size: number; sessionOpenMs: number; series: BarSeries };

/** Reads "500t", "2000v", "8r" (already checked by parseInterval). */
export function createTradeBars(interval: string, sessionOpenMs: number): TradeBars {
  const kind = interval.at(-1) as TradeBarKind; // safe: parseInterval lets only these through
  return { kind, size: Number(interval.slice(0, -1)), sessionOpenMs, series: createBarSeries(interval) };
}

/**
 * Adds a trade. t: a bar closes with its N-th trade; v: with the trade that brings it to N contracts or more (trades
 * are not split); r: a trade that would make high − low exceed N ticks opens the next bar. Bars that begin at the same
 * instant are told apart by a microsecond.
 * 2t over prices 10 11 12 → [10, 11], [12 forming]; 2r over 10 12 13 → [10, 12], [13 forming].
 */
export function pushTrade(bars: TradeBars, trade: SignedTrade): void {
  const { series } = bars;
  if (series.isForming && bars.kind === "r" && wouldExceed(bars, trade.priceTicks)) closeForming(series);
  if (!series.isForming) {
    const after = series.length > 0 ? series.openMs[series.length - 1] + 0.001 : Number.NEGATIVE_INFINITY;
    openBar(series, Math.max(trade.exchangeMs, after), Number.POSITIVE_INFINITY);
  }
  const row = series.length;
  addTrade(series, row, trade);
  if (bars.kind === "t" && series.trades[row] >= bars.size) closeForming(series);
  if (bars.kind === "v" && series.volume[row] >= bars.size) closeForming(series);
}

/** A session opens: the forming bar ends where it is. */
export function restartAt(bars: TradeBars, sessionOpenMs: number): void {
  if (bars.series.isForming) closeForming(bars.series);
  bars.sessionOpenMs = sessionOpenMs;
}

function wouldExceed({ series, size }: TradeBars, priceTicks: number): boolean {
  const row = series.length;
  const high = Math.max(series.highTicks[row], priceTicks);
  const low = Math.min(series.lowTicks[row], priceTicks);
  return high - low > size;
}
