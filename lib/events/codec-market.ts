/** How do a trade, a quote and a bar lie in the log? Fixed width, little-endian, every field on its own alignment. */
import {
  checkTicks,
  checkUnsigned,
  type FrameWriter,
  RECORD_HEAD_BYTES,
  reserve,
  U16_MAX,
  U32_MAX,
} from "./codec-frame.ts";
import { KIND, PAYLOAD_VERSION } from "./codec-kinds.ts";
import type { Aggressor, BarReceived, QuoteChanged, Source, TradePrinted } from "./market.ts";
import type { Stamp } from "./stamp.ts";

export const TRADE_BYTES = RECORD_HEAD_BYTES + 24;
export const QUOTE_BYTES = RECORD_HEAD_BYTES + 32;
export const BAR_BYTES = RECORD_HEAD_BYTES + 64;

const VWAP_KNOWN = 1;

/** Writes kind, version, contract and the two clocks; bytes 4–7 of the head are zero until the caller fills them. */
export function putHead(view: DataView, at: number, kind: number, contract: number, stamp: Stamp): void {
  view.setUint8(at, kind);
  view.setUint8(at + 1, PAYLOAD_VERSION);
  view.setUint16(at + 2, contract, true);
  view.setUint32(at + 4, 0, true);
  view.setFloat64(at + 8, stamp.nowMs, true);
  view.setFloat64(at + 16, stamp.receivedMs, true);
}

/** Head bytes 4 aggressor, 5 source; then exchangeMs, sourceSeq (f64), priceTicks (i32), size (u32): 48 bytes. */
export function appendTrade(writer: FrameWriter, event: TradePrinted): void {
  checkUnsigned(event.contract, U16_MAX, "contract");
  checkTicks(event.priceTicks, "priceTicks");
  checkUnsigned(event.size, U32_MAX, "size");
  reserve(writer, TRADE_BYTES);
  const { view, at } = writer;
  putHead(view, at, KIND.trade, event.contract, event);
  view.setUint8(at + 4, event.aggressor);
  view.setUint8(at + 5, event.source);
  view.setFloat64(at + 24, event.exchangeMs, true);
  view.setFloat64(at + 32, event.sourceSeq, true);
  view.setInt32(at + 40, event.priceTicks, true);
  view.setUint32(at + 44, event.size, true);
  writer.at = at + TRADE_BYTES;
}

export function readTrade(view: DataView, at: number, into: TradePrinted): void {
  into.contract = view.getUint16(at + 2, true);
  // Safe: the writer put an Aggressor and a Source there, and the checksum holds.
  into.aggressor = view.getUint8(at + 4) as Aggressor;
  into.source = view.getUint8(at + 5) as Source;
  into.nowMs = view.getFloat64(at + 8, true);
  into.receivedMs = view.getFloat64(at + 16, true);
  into.exchangeMs = view.getFloat64(at + 24, true);
  into.sourceSeq = view.getFloat64(at + 32, true);
  into.priceTicks = view.getInt32(at + 40, true);
  into.size = view.getUint32(at + 44, true);
}

/** Head byte 5 source; then exchangeMs, sourceSeq (f64), bid and ask ticks (i32), bid and ask sizes (u32): 56 bytes. */
export function appendQuote(writer: FrameWriter, event: QuoteChanged): void {
  checkUnsigned(event.contract, U16_MAX, "contract");
  checkTicks(event.bidTicks, "bidTicks");
  checkTicks(event.askTicks, "askTicks");
  checkUnsigned(event.bidSize, U32_MAX, "bidSize");
  checkUnsigned(event.askSize, U32_MAX, "askSize");
  reserve(writer, QUOTE_BYTES);
  const { view, at } = writer;
  putHead(view, at, KIND.quote, event.contract, event);
  view.setUint8(at + 5, event.source);
  view.setFloat64(at + 24, event.exchangeMs, true);
  view.setFloat64(at + 32, event.sourceSeq, true);
  view.setInt32(at + 40, event.bidTicks, true);
  view.setInt32(at + 44, event.askTicks, true);
  view.setUint32(at + 48, event.bidSize, true);
  view.setUint32(at + 52, event.askSize, true);
  writer.at = at + QUOTE_BYTES;
}

export function readQuote(view: DataView, at: number, into: QuoteChanged): void {
  into.contract = view.getUint16(at + 2, true);
  // Safe: the writer put a Source there, and the checksum holds.
  into.source = view.getUint8(at + 5) as Source;
  into.nowMs = view.getFloat64(at + 8, true);
  into.receivedMs = view.getFloat64(at + 16, true);
  into.exchangeMs = view.getFloat64(at + 24, true);
  into.sourceSeq = view.getFloat64(at + 32, true);
  into.bidTicks = view.getInt32(at + 40, true);
  into.askTicks = view.getInt32(at + 44, true);
  into.bidSize = view.getUint32(at + 48, true);
  into.askSize = view.getUint32(at + 52, true);
}

/**
 * Head byte 5 source, 6 whether the VWAP is known; then openMs, sourceSeq, vwapTicks (f64), intervalMs (u32), trades
 * (u32), open, high, low, close (i32), volume, buyVolume, sellVolume (u32), 4 bytes zero: 88 bytes.
 */
export function appendBar(writer: FrameWriter, event: BarReceived): void {
  checkUnsigned(event.contract, U16_MAX, "contract");
  checkUnsigned(event.intervalMs, U32_MAX, "intervalMs");
  checkUnsigned(event.trades, U32_MAX, "trades");
  checkTicks(event.openTicks, "openTicks");
  checkTicks(event.highTicks, "highTicks");
  checkTicks(event.lowTicks, "lowTicks");
  checkTicks(event.closeTicks, "closeTicks");
  checkUnsigned(event.volume, U32_MAX, "volume");
  checkUnsigned(event.buyVolume, U32_MAX, "buyVolume");
  checkUnsigned(event.sellVolume, U32_MAX, "sellVolume");
  reserve(writer, BAR_BYTES);
  const { view, at } = writer;
  putHead(view, at, KIND.bar, event.contract, event);
  view.setUint8(at + 5, event.source);
  view.setUint8(at + 6, event.vwapTicks === null ? 0 : VWAP_KNOWN);
  view.setFloat64(at + 24, event.openMs, true);
  view.setFloat64(at + 32, event.sourceSeq, true);
  view.setFloat64(at + 40, event.vwapTicks ?? 0, true);
  view.setUint32(at + 48, event.intervalMs, true);
  view.setUint32(at + 52, event.trades, true);
  view.setInt32(at + 56, event.openTicks, true);
  view.setInt32(at + 60, event.highTicks, true);
  view.setInt32(at + 64, event.lowTicks, true);
  view.setInt32(at + 68, event.closeTicks, true);
  view.setUint32(at + 72, event.volume, true);
  view.setUint32(at + 76, event.buyVolume, true);
  view.setUint32(at + 80, event.sellVolume, true);
  view.setUint32(at + 84, 0, true);
  writer.at = at + BAR_BYTES;
}

export function readBar(view: DataView, at: number, seq: number): BarReceived {
  return {
    type: "BarReceived",
    seq,
    nowMs: view.getFloat64(at + 8, true),
    receivedMs: view.getFloat64(at + 16, true),
    contract: view.getUint16(at + 2, true),
    intervalMs: view.getUint32(at + 48, true),
    openMs: view.getFloat64(at + 24, true),
    openTicks: view.getInt32(at + 56, true),
    highTicks: view.getInt32(at + 60, true),
    lowTicks: view.getInt32(at + 64, true),
    closeTicks: view.getInt32(at + 68, true),
    volume: view.getUint32(at + 72, true),
    buyVolume: view.getUint32(at + 76, true),
    sellVolume: view.getUint32(at + 80, true),
    trades: view.getUint32(at + 52, true),
    vwapTicks: view.getUint8(at + 6) === VWAP_KNOWN ? view.getFloat64(at + 40, true) : null,
    // Safe: the writer put a Source there, and the checksum holds.
    source: view.getUint8(at + 5) as Source,
    sourceSeq: view.getFloat64(at + 32, true),
  };
}
