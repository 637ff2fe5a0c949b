/** How does a test read a series? As short text rows: open time, o h l c, volume, buy, sell, trades. */
import { type BarSeries, rowCount } from "#lib/bars/bar-series.ts";

export type BarRow = {
  openMs: number;
  ohlc: [number, number, number, number];
  volume: number;
  buy: number;
  sell: number;
  trades: number;
  vwapSum: number;
  revision: number;
};

export function barRows(series: BarSeries): BarRow[] {
  return Array.from({ length: rowCount(series) }, (_, row) => ({
    openMs: series.openMs[row],
    ohlc: [series.openTicks[row], series.highTicks[row], series.lowTicks[row], series.closeTicks[row]],
    volume: series.volume[row],
    buy: series.buyVolume[row],
    sell: series.sellVolume[row],
    trades: series.trades[row],
    vwapSum: series.vwapSum[row],
    revision: series.revision[row],
  }));
}
