/** How do events become bytes of the log and events again? Appends to a frame; walks a frame's payload. */
import {
  appendGapFilled,
  appendHistory,
  gapFilledBytesAt,
  historyBytesAt,
  readGapFilled,
  readHistory,
} from "./codec-block.ts";
import { CodecError } from "./codec-error.ts";
import { type FrameWriter, PAYLOAD_HEAD_BYTES, padded, RECORD_HEAD_BYTES, reserve } from "./codec-frame.ts";
import {
  type Bookkeeping,
  FIRST_BOOKKEEPING_KIND,
  FIRST_FACT_KIND,
  type JsonEvent,
  jsonRowOfKind,
  jsonRowOfType,
  KIND,
  PAYLOAD_VERSION,
} from "./codec-kinds.ts";
import {
  appendBar,
  appendQuote,
  appendTrade,
  BAR_BYTES,
  putHead,
  QUOTE_BYTES,
  readBar,
  readQuote,
  readTrade,
  TRADE_BYTES,
} from "./codec-market.ts";
import type { InputEvent } from "./event.ts";
import type { QuoteChanged, TradePrinted } from "./market.ts";
import { type Stamp, UNSTAMPED } from "./stamp.ts";

/** The trade and the quote that a decoder fills again and again: a tick costs no object. */
export type DecodeScratch = { readonly trade: TradePrinted; readonly quote: QuoteChanged };

/** Asked for by whoever decodes many small frames, to hand in again. */
export function createDecodeScratch(): DecodeScratch {
  const shared = { ...UNSTAMPED, contract: 0, exchangeMs: 0, source: 1, sourceSeq: 0 } as const;
  return {
    trade: { type: "TradePrinted", ...shared, priceTicks: 0, size: 0, aggressor: 0 },
    quote: { type: "QuoteChanged", ...shared, bidTicks: 0, bidSize: 0, askTicks: 0, askSize: 0 },
  };
}

/**
 * Writes an event behind the last one. Throws CodecError, and leaves the frame as it was, where the event's seq is not
 * the next one, a number does not fit its column, or a JSON payload fails its schema.
 */
export function appendEvent(writer: FrameWriter, event: InputEvent): void {
  if (event.seq !== writer.firstSeq + writer.events) {
    throw new CodecError(`seq of ${event.type} was ${event.seq}, expected ${writer.firstSeq + writer.events}`, -1);
  }
  switch (event.type) {
    case "TradePrinted":
      appendTrade(writer, event);
      break;
    case "QuoteChanged":
      appendQuote(writer, event);
      break;
    case "BarReceived":
      appendBar(writer, event);
      break;
    case "HistoryLoaded":
      appendHistory(writer, event);
      break;
    case "GapFilled":
      appendGapFilled(writer, event);
      break;
    default: {
      const { type, seq: _seq, nowMs: _nowMs, receivedMs: _receivedMs, ...payload } = event;
      appendJson(writer, type, payload, event);
    }
  }
  writer.events += 1;
  writer.records += 1;
}

/** Writes a record of the log's own; it takes no seq. */
export function appendBookkeeping(writer: FrameWriter, record: Bookkeeping): void {
  const { type, ...payload } = record;
  appendJson(writer, type, payload, UNSTAMPED);
  writer.records += 1;
}

/** Head bytes 4–7 length of the text; then UTF-8, zeros up to a multiple of 8. */
function appendJson(writer: FrameWriter, type: (JsonEvent | Bookkeeping)["type"], payload: object, stamp: Stamp): void {
  const row = jsonRowOfType(type);
  if (row === null) throw new CodecError(`${type} has no kind`, -1);
  const checked = row.schema.safeParse(payload);
  if (!checked.success) throw new CodecError(`${type} ${issuesOf(checked.error)}`, -1);
  const text = new TextEncoder().encode(JSON.stringify(payload));
  const byteLength = RECORD_HEAD_BYTES + padded(text.length);
  reserve(writer, byteLength);
  const { view, at } = writer;
  putHead(view, at, row.kind, 0, stamp);
  view.setUint32(at + 4, text.length, true);
  writer.bytes.set(text, at + RECORD_HEAD_BYTES);
  writer.bytes.fill(0, at + RECORD_HEAD_BYTES + text.length, at + byteLength);
  writer.at = at + byteLength;
}

function issuesOf(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  return error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join("; ");
}

/** What stands before the records of the payload at byte `at`. Throws CodecError where fewer bytes are left. */
export function payloadHead(view: DataView, at = 0): { firstSeq: number; events: number; records: number } {
  if (at + PAYLOAD_HEAD_BYTES > view.byteLength) {
    throw new CodecError(`payload has ${view.byteLength - at} bytes, expected ${PAYLOAD_HEAD_BYTES} or more`, 0);
  }
  return {
    firstSeq: view.getFloat64(at, true),
    events: view.getUint32(at + 8, true),
    records: view.getUint32(at + 12, true),
  };
}

export type DecodeOptions = {
  /** Gets the log's own records, in their place between the events. */
  bookkeeping?: (record: Bookkeeping) => void;
  /** Gets the place of each fact's record (see outputs/fact-codec.ts); without it facts are passed over. */
  fact?: (view: DataView, at: number) => void;
  scratch?: DecodeScratch;
};

/**
 * Shows every event of a frame's payload to `visit`, in order, stamped (seq = the frame's first seq + index).
 * NOTE: TradePrinted and QuoteChanged are one object each, filled again for the next record: `visit` must copy what it
 * keeps. Throws CodecError, naming kind, version and offset, for an unknown record and for a payload cut short.
 */
export function decodeFrame(
  payload: Uint8Array,
  visit: (event: InputEvent) => void,
  options: DecodeOptions = {},
): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const { firstSeq, events, records } = payloadHead(view);
  const { trade, quote } = options.scratch ?? createDecodeScratch();
  const end = payload.byteLength;
  let at = PAYLOAD_HEAD_BYTES;
  let seq = firstSeq;
  for (let record = 0; record < records; record += 1) {
    if (at + RECORD_HEAD_BYTES > end) throw cutShort(at, RECORD_HEAD_BYTES, end);
    const kind = view.getUint8(at);
    if (view.getUint8(at + 1) !== PAYLOAD_VERSION) throw unknownRecord(view, at);
    if (kind === KIND.trade) {
      if (at + TRADE_BYTES > end) throw cutShort(at, TRADE_BYTES, end);
      readTrade(view, at, trade);
      trade.seq = seq;
      seq += 1;
      at += TRADE_BYTES;
      visit(trade);
    } else if (kind === KIND.quote) {
      if (at + QUOTE_BYTES > end) throw cutShort(at, QUOTE_BYTES, end);
      readQuote(view, at, quote);
      quote.seq = seq;
      seq += 1;
      at += QUOTE_BYTES;
      visit(quote);
    } else {
      const byteLength = rareBytesAt(view, at, end);
      if (at + byteLength > end) throw cutShort(at, byteLength, end);
      if (kind >= FIRST_BOOKKEEPING_KIND) {
        options.bookkeeping?.(readBookkeeping(view, at));
      } else if (kind >= FIRST_FACT_KIND) {
        options.fact?.(view, at);
      } else {
        visit(readRare(view, at, seq));
        seq += 1;
      }
      at += byteLength;
    }
  }
  if (seq !== firstSeq + events || at !== end) {
    throw new CodecError(`payload held ${seq - firstSeq} events in ${at} bytes, expected ${events} in ${end}`, at);
  }
}

/** Length of a record that is neither trade nor quote. */
function rareBytesAt(view: DataView, at: number, end: number): number {
  const kind = view.getUint8(at);
  if (kind === KIND.bar) return BAR_BYTES;
  if (kind === KIND.history || kind === KIND.gapFilled) {
    if (at + RECORD_HEAD_BYTES + 16 > end) throw cutShort(at, RECORD_HEAD_BYTES + 16, end);
    return kind === KIND.history ? historyBytesAt(view, at) : gapFilledBytesAt(view, at);
  }
  if (kind >= FIRST_FACT_KIND && kind < FIRST_BOOKKEEPING_KIND) return factBytesAt(view, at);
  if (jsonRowOfKind(kind) === null) throw unknownRecord(view, at);
  return RECORD_HEAD_BYTES + padded(view.getUint32(at + 4, true));
}

function factBytesAt(view: DataView, at: number): number {
  const byteLength = view.getUint32(at + 4, true);
  if (byteLength >= RECORD_HEAD_BYTES && byteLength % 8 === 0) return byteLength;
  throw new CodecError(`length of a fact was ${byteLength}, expected a multiple of 8 with room for its head`, at);
}

function readRare(view: DataView, at: number, seq: number): InputEvent {
  const kind = view.getUint8(at);
  if (kind === KIND.bar) return readBar(view, at, seq);
  if (kind === KIND.history) return readHistory(view, at, seq);
  if (kind === KIND.gapFilled) return readGapFilled(view, at, seq);
  const { type, payload } = readJson(view, at);
  const nowMs = view.getFloat64(at + 8, true);
  const receivedMs = view.getFloat64(at + 16, true);
  // Safe: the schema of this very type has just accepted the payload.
  return { type, seq, nowMs, receivedMs, ...payload } as InputEvent;
}

function readBookkeeping(view: DataView, at: number): Bookkeeping {
  const { type, payload } = readJson(view, at);
  // Safe: the schema of this very type has just accepted the payload.
  return { type, ...payload } as Bookkeeping;
}

function readJson(view: DataView, at: number): { type: string; payload: object } {
  const row = jsonRowOfKind(view.getUint8(at));
  if (row === null) throw unknownRecord(view, at);
  const text = new Uint8Array(view.buffer, view.byteOffset + at + RECORD_HEAD_BYTES, view.getUint32(at + 4, true));
  const checked = row.schema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)));
  if (!checked.success) throw new CodecError(`${row.type} ${issuesOf(checked.error)}`, at);
  // Safe: every schema of JSON_ROWS is a strictObject.
  return { type: row.type, payload: checked.data as object };
}

function cutShort(at: number, byteLength: number, end: number): CodecError {
  return new CodecError(`record needs ${byteLength} bytes, ${end - at} are left`, at);
}

function unknownRecord(view: DataView, at: number): CodecError {
  return new CodecError(`unknown record of kind ${view.getUint8(at)}, version ${view.getUint8(at + 1)}`, at);
}
