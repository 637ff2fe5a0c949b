/** What must the screen say of the real ES hour? Folded here from the raw file, by no code of the product. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export type OracleTrade = {
  ms: number;
  price: number;
  size: number;
  side: "B" | "S" | "N";
  bid: number;
  bidSize: number;
  ask: number;
  askSize: number;
};

export type OracleBar = {
  openMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  bought: number;
  sold: number;
  unsigned: number;
  vwap: number;
  trades: number;
};

const COLUMNS = "ts_event_ns,ts_event_utc,price,size,aggressor,bid_px,bid_sz,ask_px,ask_sz,sequence";

/** Every row of the file; throws where the columns are not those that this oracle was written for. */
export function readEsHour(path: string): OracleTrade[] {
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  if (head.trim() !== COLUMNS) throw new Error(`columns were ${head}, expected ${COLUMNS}`);
  return lines.map((line) => {
    const [ns, , price, size, side, bid, bidSize, ask, askSize] = line.split(",");
    return {
      ms: Number(BigInt(ns) / 1_000_000n),
      price: Number(price),
      size: Number(size),
      side: side as OracleTrade["side"], // safe: the file knows B, S and N, and the sum below would show another
      bid: Number(bid),
      bidSize: Number(bidSize),
      ask: Number(ask),
      askSize: Number(askSize),
    };
  });
}

/** All trades as one bar. */
export function foldTrades(openMs: number, trades: readonly OracleTrade[]): OracleBar {
  const prices = trades.map((trade) => trade.price);
  const lots = (side?: OracleTrade["side"]): number =>
    trades.reduce((sum, trade) => sum + (side === undefined || trade.side === side ? trade.size : 0), 0);
  const money = trades.reduce((sum, trade) => sum + trade.price * trade.size, 0);
  return {
    openMs,
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices[prices.length - 1],
    volume: lots(),
    bought: lots("B"),
    sold: lots("S"),
    unsigned: lots("N"),
    vwap: money / lots(),
    trades: trades.length,
  };
}

/** One bar for each stretch of minutes that has a trade, by the clock (the hour begins on every one of them). */
export function foldBars(trades: readonly OracleTrade[], minutes: number): OracleBar[] {
  const byOpen = Map.groupBy(trades, (trade) => Math.floor(trade.ms / (minutes * 60_000)) * minutes * 60_000);
  return [...byOpen].map(([openMs, own]) => foldTrades(openMs, own)).sort((a, b) => a.openMs - b.openMs);
}

/** 4800.5 → "4800.50" */
export function priceText(points: number): string {
  return points.toFixed(2);
}

/** 9892 → "9,892" */
export function lotsText(lots: number): string {
  return new Intl.NumberFormat("en-US").format(lots);
}

/** 796 → "+796", -1200 → "-1,200", 0 → "0" */
export function signedText(lots: number): string {
  return lots > 0 ? `+${lotsText(lots)}` : lotsText(lots);
}

/** What the read-out says below the crosshair: Chicago is six hours behind UTC on that day. */
export function readoutTexts(bar: OracleBar): Record<string, string> {
  const chicago = new Date(bar.openMs - 6 * 3_600_000).toISOString();
  return {
    time: `${chicago.slice(0, 10)} ${chicago.slice(11, 16)} CT`,
    open: priceText(bar.open),
    high: priceText(bar.high),
    low: priceText(bar.low),
    close: priceText(bar.close),
    volume: lotsText(bar.volume),
    delta: signedText(bar.bought - bar.sold),
    vwap: priceText(bar.vwap),
    trades: lotsText(bar.trades),
  };
}
