/** How do the trades of a gap enter bars that were made without them? */
import { AGGRESSOR } from "#lib/events/market.ts";
import type { TradeBlock } from "#lib/events/trade-block.ts";
import { NO_PRICE } from "#lib/units.ts";
import { type BarSeries, createBarSeries, DELTA_SOURCE, MADE_OF } from "./bar-series.ts";
import type { WindowEnd, WindowOpen } from "./refold.ts";
import { sideByTick } from "./tick-rule.ts";
import { addTrade, insertableRow, openBar, SIDE, type Side, type SignedTrade } from "./time-bars.ts";

/**
 * Merges the trades of the gap [fromMs, toMs), in time order, into a series; returns the opens of the bars it changed.
 * Own trades replace a vendor's bar. The gap's first trade is a bar's open only where the gap reaches back to the
 * bar's start; its last trade is the close only where the gap reaches on to the bar's end.
 * The quotes of a gap are lost: where the feed names no aggressor, the tick rule goes from trade to trade within it.
 */
export function mergeTrades(
  series: BarSeries,
  trades: TradeBlock,
  gap: { fromMs: number; toMs: number },
  windowOpen: WindowOpen,
  windowEnd: WindowEnd,
): number[] {
  const fresh = foldTrades(series, trades, windowOpen);
  const changed: number[] = [];
  for (let from = 0; from < fresh.length; from++) {
    const openMs = fresh.openMs[from];
    const row = insertableRow(series, openMs);
    const place = { isFirst: openMs >= gap.fromMs, isLast: windowEnd(openMs) <= gap.toMs };
    mergeRow(series, row, fresh, from, place);
    changed.push(openMs);
  }
  return changed;
}

function foldTrades(series: BarSeries, trades: TradeBlock, windowOpen: WindowOpen): BarSeries {
  const fresh = createBarSeries(series.interval);
  const trade: SignedTrade = { priceTicks: 0, size: 0, side: SIDE.unsigned, deltaSource: 0, exchangeMs: 0 };
  const last: { lastTicks: number; lastSide: Side } = { lastTicks: NO_PRICE, lastSide: SIDE.unsigned };
  for (let i = 0; i < trades.count; i++) {
    const openMs = windowOpen(trades.exchangeMs[i]);
    if (fresh.length === 0 || fresh.openMs[fresh.length - 1] !== openMs) {
      openBar(fresh, openMs, Number.POSITIVE_INFINITY);
      fresh.length++;
    }
    trade.priceTicks = trades.priceTicks[i];
    trade.size = trades.size[i];
    trade.exchangeMs = trades.exchangeMs[i];
    last.lastSide = sideByTick(trade.priceTicks, last);
    last.lastTicks = trade.priceTicks;
    const aggressor = trades.aggressor[i];
    if (aggressor === AGGRESSOR.unknown) trade.side = last.lastSide;
    else trade.side = aggressor === AGGRESSOR.buy ? SIDE.buy : aggressor === AGGRESSOR.sell ? SIDE.sell : SIDE.unsigned;
    trade.deltaSource = aggressor === AGGRESSOR.unknown ? DELTA_SOURCE.tick : DELTA_SOURCE.aggressor;
    addTrade(fresh, fresh.length - 1, trade);
  }
  fresh.isForming = false;
  return fresh;
}

function mergeRow(
  series: BarSeries,
  row: number,
  fresh: BarSeries,
  from: number,
  place: { isFirst: boolean; isLast: boolean },
): void {
  const isReplaced = (series.madeOf[row] & MADE_OF.trades) === 0;
  const wasEmpty = series.madeOf[row] === 0;
  if (isReplaced) {
    series.openTicks[row] = fresh.openTicks[from];
    series.highTicks[row] = fresh.highTicks[from];
    series.lowTicks[row] = fresh.lowTicks[from];
    series.closeTicks[row] = fresh.closeTicks[from];
    series.volume[row] = series.buyVolume[row] = series.sellVolume[row] = 0;
    series.trades[row] = series.vwapSum[row] = series.deltaSource[row] = series.madeOf[row] = 0;
  } else {
    if (place.isFirst) series.openTicks[row] = fresh.openTicks[from];
    if (place.isLast) series.closeTicks[row] = fresh.closeTicks[from];
    series.highTicks[row] = Math.max(series.highTicks[row], fresh.highTicks[from]);
    series.lowTicks[row] = Math.min(series.lowTicks[row], fresh.lowTicks[from]);
  }
  series.volume[row] += fresh.volume[from];
  series.buyVolume[row] += fresh.buyVolume[from];
  series.sellVolume[row] += fresh.sellVolume[from];
  series.trades[row] += fresh.trades[from];
  series.vwapSum[row] += fresh.vwapSum[from];
  series.deltaSource[row] = Math.max(series.deltaSource[row], fresh.deltaSource[from]);
  series.madeOf[row] |= MADE_OF.trades;
  if (!wasEmpty) series.revision[row] += 1;
}
