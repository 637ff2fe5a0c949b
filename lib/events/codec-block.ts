/** How do many bars or trades lie in one record of the log? Column after column, 8-byte columns first. */
import { createBarBlock } from "./bar-block.ts";
import { CodecError } from "./codec-error.ts";
import {
  checkUnsigned,
  type FrameWriter,
  padded,
  RECORD_HEAD_BYTES,
  reserve,
  U16_MAX,
  U32_MAX,
} from "./codec-frame.ts";
import { KIND } from "./codec-kinds.ts";
import { putHead } from "./codec-market.ts";
import type { GapFilled, HistoryLoaded, Source } from "./market.ts";
import { createTradeBlock } from "./trade-block.ts";

/** Bytes of a bar without its volume at price: openMs, vwapTicks (f64) and eight 4-byte columns. */
const BAR_ROW_BYTES = 48;
/** Bytes of a trade: exchangeMs, sourceSeq (f64), priceTicks (i32), size (u32), aggressor (u8). */
const TRADE_ROW_BYTES = 25;

type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Copies `count` values of a column to byte `at`; returns the byte behind it. */
function putColumn(view: DataView, at: number, column: Column, count: number): number {
  if (column.length < count) throw new CodecError(`a column has ${column.length} rows, expected ${count}`, -1);
  if (column instanceof Float64Array) {
    for (let row = 0; row < count; row += 1) view.setFloat64(at + row * 8, column[row], true);
    return at + count * 8;
  }
  if (column instanceof Uint8Array) {
    new Uint8Array(view.buffer, view.byteOffset + at, count).set(column.subarray(0, count));
    return at + count;
  }
  // An Int32Array and a Uint32Array of the same bits: setInt32 takes both.
  for (let row = 0; row < count; row += 1) view.setInt32(at + row * 4, column[row], true);
  return at + count * 4;
}

/** Fills a column from byte `at`; returns the byte behind it. */
function takeColumn(view: DataView, at: number, column: Column): number {
  const count = column.length;
  if (column instanceof Float64Array) {
    for (let row = 0; row < count; row += 1) column[row] = view.getFloat64(at + row * 8, true);
    return at + count * 8;
  }
  if (column instanceof Uint8Array) {
    column.set(new Uint8Array(view.buffer, view.byteOffset + at, count));
    return at + count;
  }
  for (let row = 0; row < count; row += 1) column[row] = view.getInt32(at + row * 4, true);
  return at + count * 4;
}

function putPadding(view: DataView, from: number, to: number): void {
  for (let at = from; at < to; at += 1) view.setUint8(at, 0);
}

/** Head bytes 4–7 count; then intervalMs (u32), source (u8), 3 zero, volume-at-price bytes (u32), 4 zero, columns. */
export function appendHistory(writer: FrameWriter, event: HistoryLoaded): void {
  const { bars } = event;
  checkUnsigned(event.contract, U16_MAX, "contract");
  checkUnsigned(event.intervalMs, U32_MAX, "intervalMs");
  checkUnsigned(bars.count, U32_MAX, "bars.count");
  const byteLength = historyBytes(bars.count, bars.volumeAtPrice.length);
  reserve(writer, byteLength);
  const { view, at: start } = writer;
  putHead(view, start, KIND.history, event.contract, event);
  view.setUint32(start + 4, bars.count, true);
  view.setUint32(start + 24, event.intervalMs, true);
  view.setUint32(start + 28, event.source, true);
  view.setUint32(start + 32, bars.volumeAtPrice.length, true);
  view.setUint32(start + 36, 0, true);
  let at = start + RECORD_HEAD_BYTES + 16;
  for (const column of barColumns(bars)) at = putColumn(view, at, column, bars.count);
  at = putColumn(view, at, bars.volumeAtPrice, bars.volumeAtPrice.length);
  putPadding(view, at, start + byteLength);
  writer.at = start + byteLength;
}

function barColumns(bars: HistoryLoaded["bars"]): readonly Column[] {
  return [
    bars.openMs,
    bars.vwapTicks,
    bars.openTicks,
    bars.highTicks,
    bars.lowTicks,
    bars.closeTicks,
    bars.volume,
    bars.buyVolume,
    bars.sellVolume,
    bars.trades,
  ];
}

function historyBytes(count: number, volumeAtPriceBytes: number): number {
  return padded(RECORD_HEAD_BYTES + 16 + count * BAR_ROW_BYTES + volumeAtPriceBytes);
}

/** Length of the record at `at`, from its own counts. */
export function historyBytesAt(view: DataView, at: number): number {
  return historyBytes(view.getUint32(at + 4, true), view.getUint32(at + 32, true));
}

/** The arrays are fresh: the reader may keep them. */
export function readHistory(view: DataView, start: number, seq: number): HistoryLoaded {
  const count = view.getUint32(start + 4, true);
  const bars = createBarBlock(count);
  bars.count = count;
  bars.volumeAtPrice = new Uint8Array(view.getUint32(start + 32, true));
  let at = start + RECORD_HEAD_BYTES + 16;
  for (const column of barColumns(bars)) at = takeColumn(view, at, column);
  takeColumn(view, at, bars.volumeAtPrice);
  return {
    type: "HistoryLoaded",
    seq,
    nowMs: view.getFloat64(start + 8, true),
    receivedMs: view.getFloat64(start + 16, true),
    contract: view.getUint16(start + 2, true),
    intervalMs: view.getUint32(start + 24, true),
    bars,
    // Safe: the writer put a Source there, and the checksum holds.
    source: view.getUint8(start + 28) as Source,
  };
}

/** Head bytes 4–7 count; then fromMs, toMs (f64), source (u8), 7 zero, columns. */
export function appendGapFilled(writer: FrameWriter, event: GapFilled): void {
  const { trades } = event;
  checkUnsigned(event.contract, U16_MAX, "contract");
  checkUnsigned(trades.count, U32_MAX, "trades.count");
  const byteLength = gapFilledBytes(trades.count);
  reserve(writer, byteLength);
  const { view, at: start } = writer;
  putHead(view, start, KIND.gapFilled, event.contract, event);
  view.setUint32(start + 4, trades.count, true);
  view.setFloat64(start + 24, event.fromMs, true);
  view.setFloat64(start + 32, event.toMs, true);
  view.setUint32(start + 40, event.source, true);
  view.setUint32(start + 44, 0, true);
  let at = start + RECORD_HEAD_BYTES + 24;
  for (const column of tradeColumns(trades)) at = putColumn(view, at, column, trades.count);
  putPadding(view, at, start + byteLength);
  writer.at = start + byteLength;
}

function tradeColumns(trades: GapFilled["trades"]): readonly Column[] {
  return [trades.exchangeMs, trades.sourceSeq, trades.priceTicks, trades.size, trades.aggressor];
}

function gapFilledBytes(count: number): number {
  return padded(RECORD_HEAD_BYTES + 24 + count * TRADE_ROW_BYTES);
}

/** Length of the record at `at`, from its own count. */
export function gapFilledBytesAt(view: DataView, at: number): number {
  return gapFilledBytes(view.getUint32(at + 4, true));
}

/** The arrays are fresh: the reader may keep them. */
export function readGapFilled(view: DataView, start: number, seq: number): GapFilled {
  const count = view.getUint32(start + 4, true);
  const trades = createTradeBlock(count);
  trades.count = count;
  let at = start + RECORD_HEAD_BYTES + 24;
  for (const column of tradeColumns(trades)) at = takeColumn(view, at, column);
  return {
    type: "GapFilled",
    seq,
    nowMs: view.getFloat64(start + 8, true),
    receivedMs: view.getFloat64(start + 16, true),
    contract: view.getUint16(start + 2, true),
    fromMs: view.getFloat64(start + 24, true),
    toMs: view.getFloat64(start + 32, true),
    trades,
    // Safe: the writer put a Source there, and the checksum holds.
    source: view.getUint8(start + 40) as Source,
  };
}
