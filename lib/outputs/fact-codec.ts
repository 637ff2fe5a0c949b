/** How do facts become bytes of the log and facts again? Bars are fixed width; the rare rest is checked JSON. */
import { z } from "zod";
import { STATES } from "../analysis/regime/hidden-markov.ts";
import { CodecError } from "../events/codec-error.ts";
import {
  checkTicks,
  checkUnsigned,
  type FrameWriter,
  padded,
  RECORD_HEAD_BYTES,
  reserve,
  U16_MAX,
  U32_MAX,
} from "../events/codec-frame.ts";
import { FACT_KIND, PAYLOAD_VERSION } from "../events/codec-kinds.ts";
import { putHead } from "../events/codec-market.ts";
import { ANALYSIS_INTERVALS } from "../events/operator.ts";
import {
  fillsImportedSchema,
  importUndoneSchema,
  tradeEnteredSchema,
  tradeNotedSchema,
  tradeRemovedSchema,
} from "../events/trade-history.ts";
import { ACCOUNT_FACT_SCHEMAS } from "./account-facts.ts";
import {
  type BarFact,
  FACT_INTERVALS,
  type Fact,
  type FactBar,
  type FactContract,
  type FactCursor,
  type FactHead,
  type FactInterval,
  type HistoryFact,
} from "./fact.ts";
import { packBars, unpackBars } from "./packed-bars.ts";

/**
 * Behind the record head (whose bytes 4–7 are the record's length): seq (f64), ordinal (u32), four bytes of the kind's
 * own; with a contract then root (8 bytes), year (u16), month, interval (u8), count (u32), tick size (f64).
 */
const PLACE_BYTES = RECORD_HEAD_BYTES + 16;
const CONTRACT_BYTES = PLACE_BYTES + 24;
/** openMs, VWAP (f64); O, H, L, C (i32); volume, buy, sell, trades (u32); revision (u16), two u8, 4 zero. */
const BAR_BYTES = 56;
const ROOT_BYTES = 8;

type JsonFact = Exclude<Fact, { type: "BarClosed" | "BarAmended" | "HistoryMerged" }>;

const contractShape = {
  contract: z.number().int().nonnegative(),
  root: z.string().min(1),
  year: z.number().int(),
  month: z.number().int().min(1).max(12),
  tickSize: z.number().positive(),
};
const gapShape = {
  symbol: z.string().nullable(),
  fromMs: z.number(),
  toMs: z.number().nullable(),
  reason: z.string(),
};
const regimeFitSchema = z.strictObject({
  parameters: z.strictObject({
    means: z.array(z.number()).length(STATES),
    deviation: z.number(),
    transitions: z.array(z.array(z.number()).length(STATES)).length(STATES),
  }),
  fittedThroughMs: z.number(),
  former: z.array(z.number().int()).length(STATES),
  n: z.number().int().positive(),
  logLikelihood: z.number(),
});
const JSON_SCHEMAS = {
  FrontChanged: z.strictObject({ type: z.literal("FrontChanged"), ...contractShape, reason: z.string() }),
  SettlementSet: z.strictObject({
    type: z.literal("SettlementSet"),
    ...contractShape,
    tradeDate: z.number().int(),
    settlementTicks: z.number(),
    source: z.enum(["settlement", "est."]),
  }),
  PinChanged: z.strictObject({
    type: z.literal("PinChanged"),
    root: z.string().min(1),
    symbol: z.string().nullable(),
  }),
  GapFound: z.strictObject({ type: z.literal("GapFound"), ...gapShape }),
  GapFilled: z.strictObject({ type: z.literal("GapFilled"), ...gapShape }),
  RegimeFitted: z.strictObject({
    type: z.literal("RegimeFitted"),
    ...contractShape,
    tradeDate: z.number().int(),
    barInterval: z.enum(ANALYSIS_INTERVALS),
    fit: regimeFitSchema.nullable(),
    refused: z.string().nullable(),
    shown: z.enum(["rules", "hmm"]),
    scores: z.strictObject({
      rules: z.number().nullable(),
      challenger: z.number().nullable(),
      n: z.number().int().nonnegative(),
      sessions: z.number().int().nonnegative(),
    }),
  }),
  ...ACCOUNT_FACT_SCHEMAS,
  FillsImported: fillsImportedSchema.extend({ type: z.literal("FillsImported") }),
  ImportUndone: importUndoneSchema.extend({ type: z.literal("ImportUndone") }),
  TradeEntered: tradeEnteredSchema.extend({ type: z.literal("TradeEntered") }),
  TradeRemoved: tradeRemovedSchema.extend({ type: z.literal("TradeRemoved") }),
  TradeNoted: tradeNotedSchema.extend({ type: z.literal("TradeNoted") }),
} as const satisfies Record<JsonFact["type"], z.ZodType>;
const jsonFactSchema = z.discriminatedUnion("type", [
  JSON_SCHEMAS.FrontChanged,
  JSON_SCHEMAS.SettlementSet,
  JSON_SCHEMAS.PinChanged,
  JSON_SCHEMAS.GapFound,
  JSON_SCHEMAS.GapFilled,
  JSON_SCHEMAS.RegimeFitted,
  JSON_SCHEMAS.FillReported,
  JSON_SCHEMAS.PositionChanged,
  JSON_SCHEMAS.LivenessChanged,
  JSON_SCHEMAS.IncidentRaised,
  JSON_SCHEMAS.FillsImported,
  JSON_SCHEMAS.ImportUndone,
  JSON_SCHEMAS.TradeEntered,
  JSON_SCHEMAS.TradeRemoved,
  JSON_SCHEMAS.TradeNoted,
]);

/** Writes a fact behind the frame's last record; it takes no seq. Throws CodecError where a value does not fit. */
export function appendFact(writer: FrameWriter, fact: Fact): void {
  checkUnsigned(fact.ordinal, U32_MAX, "ordinal");
  switch (fact.type) {
    case "BarClosed":
    case "BarAmended":
      appendBarFact(writer, fact);
      break;
    case "HistoryMerged":
      appendHistoryFact(writer, fact);
      break;
    default:
      appendJsonFact(writer, fact);
  }
  writer.records += 1;
}

function begin(writer: FrameWriter, kind: number, fact: FactHead & { contract?: number }, byteLength: number): number {
  checkUnsigned(byteLength, U32_MAX, "fact bytes");
  reserve(writer, byteLength);
  const { view, at } = writer;
  writer.bytes.fill(0, at, at + byteLength);
  putHead(view, at, kind, fact.contract ?? 0, fact);
  view.setUint32(at + 4, byteLength, true);
  view.setFloat64(at + RECORD_HEAD_BYTES, fact.seq, true);
  view.setUint32(at + RECORD_HEAD_BYTES + 8, fact.ordinal, true);
  writer.at = at + byteLength;
  return at;
}

function putContract(
  view: DataView,
  start: number,
  fact: FactContract & { interval: FactInterval },
  count: number,
): void {
  const { root, year, month } = fact;
  const at = start + PLACE_BYTES;
  for (let letter = 0; letter < root.length; letter += 1) view.setUint8(at + letter, root.charCodeAt(letter));
  view.setUint16(at + 8, year, true);
  view.setUint8(at + 10, month);
  view.setUint8(at + 11, FACT_INTERVALS.indexOf(fact.interval));
  view.setUint32(at + 12, count, true);
  view.setFloat64(at + 16, fact.tickSize, true);
}

function checkContract({ contract, root, year, month }: FactContract): void {
  checkUnsigned(contract, U16_MAX, "contract");
  checkUnsigned(year, U16_MAX, "year");
  checkUnsigned(month, 12, "month");
  if (root.length <= ROOT_BYTES && /^[\x21-\x7e]+$/.test(root)) return;
  throw new CodecError(`root was "${root}", expected 1 to ${ROOT_BYTES} ASCII characters`, -1);
}

function checkBar(bar: FactBar): void {
  checkTicks(bar.openTicks, "openTicks");
  checkTicks(bar.highTicks, "highTicks");
  checkTicks(bar.lowTicks, "lowTicks");
  checkTicks(bar.closeTicks, "closeTicks");
  checkUnsigned(bar.volume, U32_MAX, "volume");
  checkUnsigned(bar.buyVolume, U32_MAX, "buyVolume");
  checkUnsigned(bar.sellVolume, U32_MAX, "sellVolume");
  checkUnsigned(bar.trades, U32_MAX, "trades");
  checkUnsigned(bar.revision, U16_MAX, "revision");
  checkUnsigned(bar.deltaSource, 7, "deltaSource");
  checkUnsigned(bar.madeOf, 3, "madeOf");
}

function putBar(view: DataView, at: number, bar: FactBar): void {
  view.setFloat64(at, bar.openMs, true);
  view.setFloat64(at + 8, bar.vwapTicks ?? Number.NaN, true);
  view.setInt32(at + 16, bar.openTicks, true);
  view.setInt32(at + 20, bar.highTicks, true);
  view.setInt32(at + 24, bar.lowTicks, true);
  view.setInt32(at + 28, bar.closeTicks, true);
  view.setUint32(at + 32, bar.volume, true);
  view.setUint32(at + 36, bar.buyVolume, true);
  view.setUint32(at + 40, bar.sellVolume, true);
  view.setUint32(at + 44, bar.trades, true);
  view.setUint16(at + 48, bar.revision, true);
  view.setUint8(at + 50, bar.deltaSource);
  view.setUint8(at + 51, bar.madeOf);
}

/** The kind's own byte 36: 1 where the bar was amended. */
function appendBarFact(writer: FrameWriter, fact: BarFact): void {
  checkContract(fact);
  checkBar(fact);
  const at = begin(writer, FACT_KIND.bar, fact, CONTRACT_BYTES + BAR_BYTES);
  writer.view.setUint8(at + PLACE_BYTES - 4, fact.type === "BarAmended" ? 1 : 0);
  putContract(writer.view, at, fact, 1);
  putBar(writer.view, at + CONTRACT_BYTES, fact);
}

function appendHistoryFact(writer: FrameWriter, fact: HistoryFact): void {
  checkContract(fact);
  for (const bar of fact.bars) checkBar(bar);
  const packed = packBars(fact.bars);
  const at = begin(writer, FACT_KIND.history, fact, CONTRACT_BYTES + padded(packed.length));
  putContract(writer.view, at, fact, fact.bars.length);
  writer.bytes.set(packed, at + CONTRACT_BYTES);
}

/** The kind's own bytes 36–39: length of the text; then UTF-8, zeros up to a multiple of 8. */
function appendJsonFact(writer: FrameWriter, fact: JsonFact): void {
  const { seq: _seq, ordinal: _ordinal, nowMs: _nowMs, receivedMs: _receivedMs, ...payload } = fact;
  const checked = JSON_SCHEMAS[fact.type].safeParse(payload);
  if (!checked.success) throw new CodecError(`${fact.type} ${z.prettifyError(checked.error)}`, -1);
  const text = new TextEncoder().encode(JSON.stringify(payload));
  const at = begin(writer, FACT_KIND.json, fact, PLACE_BYTES + padded(text.length));
  writer.view.setUint32(at + PLACE_BYTES - 4, text.length, true);
  writer.bytes.set(text, at + PLACE_BYTES);
}

/** Copies a fact's record, of whatever kind and version, behind the frame's last record. */
export function copyFact(writer: FrameWriter, view: DataView, at: number): void {
  const byteLength = view.getUint32(at + 4, true);
  reserve(writer, byteLength);
  writer.bytes.set(new Uint8Array(view.buffer, view.byteOffset + at, byteLength), writer.at);
  writer.at += byteLength;
  writer.records += 1;
}

/** The place of the fact whose record begins at `at`, without reading the rest. */
export function factCursorAt(view: DataView, at: number): FactCursor {
  return {
    seq: view.getFloat64(at + RECORD_HEAD_BYTES, true),
    ordinal: view.getUint32(at + RECORD_HEAD_BYTES + 8, true),
  };
}

/** The fact whose record begins at `at`. Throws CodecError for a kind, version or shape that is not known. */
export function readFact(view: DataView, at: number): Fact {
  const kind = view.getUint8(at);
  const head: FactHead = {
    ...factCursorAt(view, at),
    nowMs: view.getFloat64(at + 8, true),
    receivedMs: view.getFloat64(at + 16, true),
  };
  if (view.getUint8(at + 1) === PAYLOAD_VERSION) {
    if (kind === FACT_KIND.bar) return readBarFact(view, at, head);
    if (kind === FACT_KIND.history) return readHistoryFact(view, at, head);
    if (kind === FACT_KIND.json) return { ...head, ...readJsonFact(view, at) };
  }
  throw new CodecError(`unknown fact of kind ${kind}, version ${view.getUint8(at + 1)}`, at);
}

function readContract(view: DataView, start: number): FactContract & { interval: FactInterval } {
  const at = start + PLACE_BYTES;
  let root = "";
  for (let letter = 0; letter < ROOT_BYTES && view.getUint8(at + letter) !== 0; letter += 1) {
    root += String.fromCharCode(view.getUint8(at + letter));
  }
  const interval = FACT_INTERVALS[view.getUint8(at + 11)];
  if (interval === undefined) throw new CodecError(`interval ${view.getUint8(at + 11)} of a fact is not known`, start);
  return {
    contract: view.getUint16(start + 2, true),
    root,
    year: view.getUint16(at + 8, true),
    month: view.getUint8(at + 10),
    tickSize: view.getFloat64(at + 16, true),
    interval,
  };
}

function readBar(view: DataView, at: number): FactBar {
  const vwapTicks = view.getFloat64(at + 8, true);
  return {
    openMs: view.getFloat64(at, true),
    openTicks: view.getInt32(at + 16, true),
    highTicks: view.getInt32(at + 20, true),
    lowTicks: view.getInt32(at + 24, true),
    closeTicks: view.getInt32(at + 28, true),
    volume: view.getUint32(at + 32, true),
    buyVolume: view.getUint32(at + 36, true),
    sellVolume: view.getUint32(at + 40, true),
    trades: view.getUint32(at + 44, true),
    vwapTicks: Number.isNaN(vwapTicks) ? null : vwapTicks,
    revision: view.getUint16(at + 48, true),
    deltaSource: view.getUint8(at + 50),
    madeOf: view.getUint8(at + 51),
  };
}

function readBarFact(view: DataView, at: number, head: FactHead): BarFact {
  const type = view.getUint8(at + PLACE_BYTES - 4) === 1 ? "BarAmended" : "BarClosed";
  return { type, ...head, ...readContract(view, at), ...readBar(view, at + CONTRACT_BYTES) };
}

function readHistoryFact(view: DataView, at: number, head: FactHead): HistoryFact {
  const count = view.getUint32(at + PLACE_BYTES + 12, true);
  const byteLength = view.getUint32(at + 4, true) - CONTRACT_BYTES;
  const packed = new Uint8Array(view.buffer, view.byteOffset + at + CONTRACT_BYTES, byteLength);
  return { type: "HistoryMerged", ...head, ...readContract(view, at), bars: unpackBars(packed, count) };
}

function readJsonFact(view: DataView, at: number): z.infer<typeof jsonFactSchema> {
  const byteLength = view.getUint32(at + PLACE_BYTES - 4, true);
  const text = new Uint8Array(view.buffer, view.byteOffset + at + PLACE_BYTES, byteLength);
  const checked = jsonFactSchema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)));
  if (!checked.success) throw new CodecError(`fact ${z.prettifyError(checked.error)}`, at);
  return checked.data;
}
