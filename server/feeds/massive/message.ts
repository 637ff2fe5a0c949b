/** What does a vendor's frame say? The vendor's words end here: text in, numbers or a reason for each message out. */
import type { RejectReason } from "#server/feeds/feed.ts";

/** Channels of a contract: trades, quotes, second bars, minute bars. */
export const CHANNELS = ["T", "Q", "A", "AM"] as const;
export type Channel = (typeof CHANNELS)[number];

export type StatusMessage = { ev: "status"; status: string; message: string };
/** Prices in the vendor's points; `ms` is the exchange's time. */
export type TradeMessage = { ev: "T"; symbol: string; price: number; size: number; ms: number; seq: number };
/** A side that is absent is null. */
export type QuoteMessage = {
  ev: "Q";
  symbol: string;
  bid: number | null;
  bidSize: number;
  ask: number | null;
  askSize: number;
  ms: number;
};
export type BarMessage = {
  ev: "A" | "AM";
  symbol: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
  /** Traded value ÷ volume, in vendor points; null where it is absent. */
  vwap: number | null;
  openMs: number;
  endMs: number;
};
export type MarketMessage = TradeMessage | QuoteMessage | BarMessage;
export type BadMessage = { ev: "bad"; reason: RejectReason; detail: string };

/** When a trade or a quote was made; when a bar ended. */
export function timeOf(message: MarketMessage): number {
  return message.ev === "T" || message.ev === "Q" ? message.ms : message.endMs;
}

/**
 * Every message of a frame, in order. Numbers may come as text ("4800.25"); what is none is "not-a-number", a negative
 * size "negative-size", anything else that cannot be read "malformed". A frame that is no JSON is one bad message.
 */
export function readFrame(text: string): (StatusMessage | MarketMessage | BadMessage)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [bad("malformed", `a frame is not JSON: ${cut(text)}`)];
  }
  const list = Array.isArray(parsed) ? parsed : [parsed];
  return list.map(readMessage);
}

function readMessage(value: unknown): StatusMessage | MarketMessage | BadMessage {
  if (typeof value !== "object" || value === null) return bad("malformed", `a message was ${cut(String(value))}`);
  const fields = value as Fields; // safe: every field is read as unknown and checked
  try {
    switch (fields.ev) {
      case "status":
        return { ev: "status", status: textOf(fields, "status"), message: String(fields.message ?? "") };
      case "T":
        return readTrade(fields);
      case "Q":
        return readQuote(fields);
      case "A":
      case "AM":
        return readBar(fields, fields.ev);
      default:
        return bad("malformed", `an event "${cut(String(fields.ev))}" is none that we know`);
    }
  } catch (error) {
    if (error instanceof BadField) return bad(error.reason, `${error.message} in ${cut(JSON.stringify(value))}`);
    throw error;
  }
}

type Fields = Record<string, unknown>;

class BadField extends Error {
  readonly reason: RejectReason;

  constructor(reason: RejectReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

function readTrade(fields: Fields): TradeMessage {
  return {
    ev: "T",
    symbol: textOf(fields, "sym"),
    price: numberOf(fields, "p"),
    size: sizeOf(fields, "s"),
    ms: timeIn(fields, "t"),
    seq: wholeOf(fields, "q"),
  };
}

function readQuote(fields: Fields): QuoteMessage {
  const hasBid = isThere(fields.bp);
  const hasAsk = isThere(fields.ap);
  return {
    ev: "Q",
    symbol: textOf(fields, "sym"),
    bid: hasBid ? numberOf(fields, "bp") : null,
    bidSize: hasBid ? sizeOf(fields, "bs") : 0,
    ask: hasAsk ? numberOf(fields, "ap") : null,
    askSize: hasAsk ? sizeOf(fields, "as") : 0,
    ms: timeIn(fields, "t"),
  };
}

function readBar(fields: Fields, ev: "A" | "AM"): BarMessage {
  const volume = sizeOf(fields, "v");
  const openMs = timeIn(fields, "s");
  const endMs = timeIn(fields, "e");
  const lengthMs = ev === "A" ? 1_000 : 60_000;
  if (endMs - openMs !== lengthMs) throw new BadField("malformed", `a window of ${endMs - openMs} ms`);
  const [open, high, low, close] = ["o", "h", "l", "c"].map((name) => numberOf(fields, name));
  if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadField("malformed", "low above high");
  const trades = isThere(fields.n) ? sizeOf(fields, "n") : 0;
  const vwap = isThere(fields.dv) && volume > 0 ? numberOf(fields, "dv") / volume : null;
  return { ev, symbol: textOf(fields, "sym"), open, high, low, close, volume, trades, vwap, openMs, endMs };
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new BadField("malformed", `${name} is no text`);
  return value;
}

/** A number, or its text as the live feed sends it for prices. */
export function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (!isThere(value)) throw new BadField("malformed", `${name} is missing`);
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof read !== "number" || !Number.isFinite(read)) throw new BadField("not-a-number", `${name} is no number`);
  return read;
}

function wholeOf(fields: Fields, name: string): number {
  const value = numberOf(fields, name);
  if (!isWhole(value)) throw new BadField("malformed", `${name} is no whole number`);
  return value;
}

function sizeOf(fields: Fields, name: string): number {
  const value = numberOf(fields, name);
  if (value < 0) throw new BadField("negative-size", `${name} is ${value}`);
  if (!isCount(value)) throw new BadField("malformed", `${name} is no count`);
  return value;
}

function timeIn(fields: Fields, name: string): number {
  const value = numberOf(fields, name);
  if (!isTimeMs(value)) throw new BadField("malformed", `${name} is no time in ms`);
  return value;
}

export function isWhole(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value;
}

/** What the log's columns hold: 0 … 4,294,967,295. */
export function isCount(value: number): boolean {
  return value >= 0 && value <= 0xffff_ffff && Math.floor(value) === value;
}

/** Milliseconds of this century; nanoseconds on the stream would be another vendor's. */
export function isTimeMs(value: number): boolean {
  return value >= 946_684_800_000 && value <= 4_102_444_800_000;
}

function bad(reason: RejectReason, detail: string): BadMessage {
  return { ev: "bad", reason, detail };
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
