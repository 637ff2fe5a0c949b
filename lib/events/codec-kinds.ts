/** Which byte names which record in the log, and which schema checks it? Numbers are for ever; new ones are added. */
import { z } from "zod";
import { heartbeatReceivedSchema } from "./account.ts";
import { deadlineReachedSchema, engineStartedSchema, runStartedSchema } from "./clock.ts";
import type { InputEvent } from "./event.ts";
import {
  feedClockJumpedSchema,
  feedGapFoundSchema,
  feedStatusChangedSchema,
  instrumentListedSchema,
  settlementPublishedSchema,
} from "./market.ts";
import { contractPinnedSchema } from "./operator.ts";

/** Fixed-width records. */
export const KIND = { trade: 1, quote: 2, bar: 3, history: 4, gapFilled: 5 } as const;
/** Version of every payload until one of them changes; then that kind gets its own and an upcast at decode. */
export const PAYLOAD_VERSION = 1;

type BinaryType = "TradePrinted" | "QuoteChanged" | "BarReceived" | "HistoryLoaded" | "GapFilled";
/** Events that are rare or without a fixed width: their payload is JSON, checked on write and on read. */
export type JsonEvent = Exclude<InputEvent, { type: BinaryType }>;

/**
 * What the log keeps for itself: no event, no seq, never shown to the engine. DigestRecorded: the engine's digest
 * behind event `seq`. InstrumentRepeated: a segment begins with the contracts known so far.
 */
export type Bookkeeping =
  | { type: "DigestRecorded"; seq: number; digest: string }
  | { type: "InstrumentRepeated"; contract: number; root: string; year: number; month: number; tickSize: number };

type JsonRow = { readonly kind: number; readonly type: (JsonEvent | Bookkeeping)["type"]; readonly schema: z.ZodType };

const digestRecordedSchema = z.strictObject({ seq: z.number().int().nonnegative(), digest: z.string().min(1) });

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
  { kind: 240, type: "DigestRecorded", schema: digestRecordedSchema },
  { kind: 241, type: "InstrumentRepeated", schema: instrumentListedSchema },
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
