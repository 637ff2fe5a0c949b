/** What would the vendor have sent of the real ES hour? Its frames by second, and the same trades over REST. */
import type { RestData, RestRow } from "./massive-server-rest.ts";
import { readSharedText } from "./shared-data.ts";

const FOLDER = "massive-api/derived_ESH4_2023-12-25";
export const HOUR_FILES = ["TQ_frames", "A", "AM"].map((kind) => `${FOLDER}_${kind}.jsonl.gz`);
export const HOUR_OPEN_MS = Date.parse("2023-12-25T23:00:00Z");

export type VendorMessage = Record<string, unknown> & { ev: string; sym: string };
export type TimedFrame = { ms: number; messages: VendorMessage[] };

function framesOf(kind: string): VendorMessage[][] {
  const lines = readSharedText(`${FOLDER}_${kind}.jsonl.gz`).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as VendorMessage[]); // safe: the derived files hold such arrays
}

/** Every frame in the order in which it would arrive: trades and quotes at their time, bars 100 ms behind their end. */
export function hourFrames(): TimedFrame[] {
  const ticks = framesOf("TQ_frames").map((messages) => ({
    ms: Math.max(...messages.map((message) => Number(message.t))),
    messages,
  }));
  const bars = [...framesOf("A"), ...framesOf("AM")].map((messages) => ({ ms: Number(messages[0].e) + 100, messages }));
  return [...ticks, ...bars].sort((a, b) => a.ms - b.ms);
}

export function tradesOfHour(): VendorMessage[] {
  return framesOf("TQ_frames").flatMap((messages) => messages.filter(({ ev }) => ev === "T"));
}

export function contractRow(ticker: string, lastTradeDate: string, over: RestRow = {}): RestRow {
  return {
    active: true,
    product_code: ticker.slice(0, -2),
    ticker,
    type: "single",
    first_trade_date: "2020-01-01",
    last_trade_date: lastTradeDate,
    trade_tick_size: 0.25,
    ...over,
  };
}

/** A session bar, sitting at 00:00 UTC of the day before its trade date, as the vendor has it. */
export function sessionRow(ticker: string, date: string, volume: number, close = 4_800): RestRow {
  const at = (Date.parse(`${date}T00:00:00Z`) - 86_400_000) * 1e6;
  const prices = { open: close, high: close + 10, low: close - 10, close, settlement_price: close + 0.125 };
  const rest = { volume, transactions: volume, dollar_volume: close * volume, window_start: at };
  return { ticker, session_end_date: date, ...prices, ...rest };
}

/** ES with two expiries that traded, one spread and one other product; trades and bars of the hour over REST. */
export function hourData(): RestData {
  const trades = tradesOfHour().map((trade) => ({
    ticker: "ESH4",
    price: Number(trade.p),
    size: Number(trade.s),
    timestamp: Number(trade.t) * 1e6,
    sequence_number: Number(trade.q),
    report_sequence: Number(trade.q),
    session_end_date: "2023-12-26",
  }));
  const aggs = (kind: "A" | "AM") =>
    framesOf(kind).map(([bar]) => ({
      ticker: "ESH4",
      open: Number(bar.o),
      high: Number(bar.h),
      low: Number(bar.l),
      close: Number(bar.c),
      volume: Number(bar.v),
      transactions: Number(bar.n),
      dollar_volume: Number(bar.dv),
      window_start: Number(bar.s) * 1e6,
    }));
  return {
    contracts: [
      contractRow("ESH4", "2024-03-15"),
      contractRow("ESM4", "2024-06-21"),
      contractRow("ESH4-ESM4", "2024-03-15", { product_code: "ES", type: "combo" }),
      contractRow("NQH4", "2024-03-15"),
    ],
    aggs: {
      ESH4: {
        "1session": [sessionRow("ESH4", "2023-12-21", 1_500_000), sessionRow("ESH4", "2023-12-22", 900_000)],
        "1min": aggs("AM"),
        "1sec": aggs("A"),
      },
      ESM4: { "1session": [sessionRow("ESM4", "2023-12-22", 9_000)] },
    },
    trades: { ESH4: trades },
  };
}
