/** Which byte names which record in the log, and which schema checks it? Numbers are for ever; new ones are added. */
import { z } from "zod";
import { heartbeatReceivedSchema } from "./account.ts";
import {
  accountReportedSchema,
  executionsReportedSchema,
  heartbeatReportedSchema,
  ordersReportedSchema,
  positionsClearedSchema,
  positionsReportedSchema,
} from "./bridge-schemas.ts";
import { deadlineReachedSchema, engineStartedSchema, runStartedSchema } from "./clock.ts";
import type { InputEvent } from "./event.ts";
import {
  feedClockJumpedSchema,
  feedGapFoundSchema,
  feedStatusChangedSchema,
  instrumentListedSchema,
  settlementPublishedSchema,
} from "./market.ts";
import {
  analysisRebuiltSchema,
  anchorPlacedSchema,
  anchorRemovedSchema,
  calendarAppliedSchema,
  contractPinnedSchema,
  settingsAppliedSchema,
} from "./operator.ts";
import {
  fillsImportedSchema,
  importUndoneSchema,
  tradeEnteredSchema,
  tradeNotedSchema,
  tradeRemovedSchema,
} from "./trade-history.ts";

/** Fixed-width records. */
export const KIND = { trade: 1, quote: 2, bar: 3, history: 4, gapFilled: 5 } as const;
/** Facts stand behind the events that led to them, take no seq, and are read by outputs/fact-codec.ts. */
export const FACT_KIND = { bar: 128, history: 129, json: 130 } as const;
/** Kinds from here on, up to the bookkeeping, are facts: head bytes 4–7 hold the length of the whole record. */
export const FIRST_FACT_KIND = 128;
/** Version of every payload until one of them changes; then that kind gets its own and an upcast at decode. */
export const PAYLOAD_VERSION = 1;

type BinaryType = "TradePrinted" | "QuoteChanged" | "BarReceived" | "HistoryLoaded" | "GapFilled";
/** Events that are rare or without a fixed width: their payload is JSON, checked on write and on read. */
export type JsonEvent = Exclude<InputEvent, { type: BinaryType }>;

/**
 * What the log keeps for itself: no event, no seq, never shown to the engine. DigestRecorded: the engine's digest
 * behind event `seq`. InstrumentRepeated: a segment begins with the contracts known so far. Poisoned: the engine broke
 * at event `seq`, which every replay skips; `contentHash` is of its payload, `eventType` its type. Trying: a recovery
 * begins the unfinished last batch at its first seq, or (`isAlone`) one event of it; Tried: that batch is through.
 * Flushed: when this was written, everything before that byte of that segment survived a power cut: what is bad there
 * is damage.
 */
export type Bookkeeping =
  | { type: "DigestRecorded"; seq: number; digest: string }
  | { type: "InstrumentRepeated"; contract: number; root: string; year: number; month: number; tickSize: number }
  | Poisoned
  | { type: "Trying"; seq: number; isAlone: boolean }
  | { type: "Tried"; seq: number }
  | { type: "Flushed"; segment: number; byteLength: number };

export type Poisoned = { type: "Poisoned"; seq: number; eventType: string; contentHash: string; reason: string };

type JsonRow = { readonly kind: number; readonly type: (JsonEvent | Bookkeeping)["type"]; readonly schema: z.ZodType };

const seq = z.number().int().nonnegative();
const digestRecordedSchema = z.strictObject({ seq, digest: z.string().min(1) });
// NOTE: the first logs did not name the type.
const eventType = z.string().default("unknown");
const poisonedSchema = z.strictObject({ seq, eventType, contentHash: z.string().min(1), reason: z.string() });

export const JSON_ROWS: readonly JsonRow[] = [
  { kind: 16, type: "InstrumentListed", schema: instrumentListedSchema },
  { kind: 17, type: "SettlementPublished", schema: settlementPublishedSchema },
  { kind: 18, type: "FeedStatusChanged", schema: feedStatusChangedSchema },
  { kind: 19, type: "FeedGapFound", schema: feedGapFoundSchema },
  { kind: 20, type: "FeedClockJumped", schema: feedClockJumpedSchema },
  { kind: 21, type: "ContractPinned", schema: contractPinnedSchema },
  { kind: 22, type: "HeartbeatReceived", schema: heartbeatReceivedSchema },
  { kind: 23, type: "DeadlineReached", schema: deadlineReachedSchema },
  { kind: 24, type: "RunStarted", schema: runStartedSchema },
  { kind: 25, type: "EngineStarted", schema: engineStartedSchema },
  { kind: 26, type: "SettingsApplied", schema: settingsAppliedSchema },
  { kind: 27, type: "CalendarApplied", schema: calendarAppliedSchema },
  { kind: 28, type: "AnalysisRebuilt", schema: analysisRebuiltSchema },
  { kind: 29, type: "AnchorPlaced", schema: anchorPlacedSchema },
  { kind: 30, type: "AnchorRemoved", schema: anchorRemovedSchema },
  { kind: 31, type: "PositionsReported", schema: positionsReportedSchema },
  { kind: 32, type: "OrdersReported", schema: ordersReportedSchema },
  { kind: 33, type: "ExecutionsReported", schema: executionsReportedSchema },
  { kind: 34, type: "AccountReported", schema: accountReportedSchema },
  { kind: 35, type: "HeartbeatReported", schema: heartbeatReportedSchema },
  { kind: 36, type: "PositionsCleared", schema: positionsClearedSchema },
  { kind: 37, type: "FillsImported", schema: fillsImportedSchema },
  { kind: 38, type: "ImportUndone", schema: importUndoneSchema },
  { kind: 39, type: "TradeEntered", schema: tradeEnteredSchema },
  { kind: 40, type: "TradeRemoved", schema: tradeRemovedSchema },
  { kind: 41, type: "TradeNoted", schema: tradeNotedSchema },
  { kind: 240, type: "DigestRecorded", schema: digestRecordedSchema },
  { kind: 241, type: "InstrumentRepeated", schema: instrumentListedSchema },
  { kind: 242, type: "Poisoned", schema: poisonedSchema },
  { kind: 243, type: "Trying", schema: z.strictObject({ seq, isAlone: z.boolean() }) },
  { kind: 244, type: "Tried", schema: z.strictObject({ seq }) },
  { kind: 245, type: "Flushed", schema: z.strictObject({ segment: seq, byteLength: seq }) },
];

/** Kinds from here on are bookkeeping. */
export const FIRST_BOOKKEEPING_KIND = 240;

const BY_KIND: ReadonlyMap<number, JsonRow> = new Map(JSON_ROWS.map((row) => [row.kind, row]));
const BY_TYPE: ReadonlyMap<string, JsonRow> = new Map(JSON_ROWS.map((row) => [row.type, row]));

export function jsonRowOfKind(kind: number): JsonRow | null {
  return BY_KIND.get(kind) ?? null;
}

export function jsonRowOfType(type: string): JsonRow | null {
  return BY_TYPE.get(type) ?? null;
}
