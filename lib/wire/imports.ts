/** What is said of a file before and after its trades are taken over? Times in epoch ms, money in USD. */
import { z } from "zod";
import { TRADE_WORD_CHARS_MAX } from "#lib/limits.ts";

const column = z.string().min(1).max(TRADE_WORD_CHARS_MAX);
const columns = z.array(column).max(20).optional();
const leg = z.strictObject({ price: column, time: column, id: column.optional() });
/** Which column of an unknown file says what. */
const mappingSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("fills"),
    name: column,
    columns: z.strictObject({
      instrument: column,
      side: column,
      contracts: column,
      price: column,
      time: column,
      date: column.optional(),
      account: column.optional(),
      executionId: column.optional(),
      orderId: column.optional(),
      fees: columns,
    }),
  }),
  z.strictObject({
    kind: z.literal("trades"),
    name: column,
    columns: z.strictObject({
      instrument: column,
      contracts: column,
      legs: z.strictObject({ kind: z.literal("entryExit"), side: column, entry: leg, exit: leg }),
      account: column.optional(),
      fees: columns,
      pnl: z.strictObject({ column, is: z.enum(["gross", "net"]) }).optional(),
    }),
  }),
]);

/** What a person said of a file; null: not asked, or not yet said. */
export const importAnswersSchema = z.strictObject({
  zone: z.string().nullable().default(null),
  dateOrder: z.enum(["mdy", "dmy"]).nullable().default(null),
  decimalMark: z.enum([".", ","]).nullable().default(null),
  account: z.string().min(1).max(TRADE_WORD_CHARS_MAX).nullable().default(null),
  mapping: mappingSchema.nullable().default(null),
  /** Of the incumbent's rows whose P&L does not prove it. */
  contractMode: z.enum(["micro", "full"]).nullable().default(null),
});
export type ImportAnswers = z.infer<typeof importAnswersSchema>;

const needSchema = z.enum(["zone", "dateOrder", "decimalMark", "account", "mapping"]);
export type ImportQuestion = z.infer<typeof needSchema>;

const fillLineSchema = z.strictObject({
  row: z.number().nullable(),
  source: z.string(),
  executionId: z.string(),
  words: z.string(),
});
const totals = z.strictObject({
  fills: z.number(),
  contracts: z.number(),
  accounts: z.array(z.string()),
  instruments: z.array(z.string()),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  /** Of the round trips that the file alone makes. */
  trips: z.number(),
  grossUsd: z.number(),
  feesUsd: z.number(),
  netUsd: z.number(),
  /** Fills without a fee of their own: the schedule's or the list price is taken. */
  fillsWithoutFee: z.number(),
  /** What the file leaves open: "2 MESZ26 in Sim101". */
  open: z.array(z.string()),
});
export const importPreviewSchema = z.strictObject({
  contentHash: z.string(),
  fileName: z.string(),
  /** What it was taken for, and why; null: nothing that we know. */
  format: z.string().nullable(),
  reasons: z.array(z.string()),
  /** The header of a file that must be mapped. */
  columns: z.array(z.string()),
  /** Empty: it can be taken over. */
  needs: z.array(needSchema),
  zones: z.array(z.string()),
  clock: z.string().nullable(),
  dateOrder: z.string().nullable(),
  /** Of all fills of the file. */
  totals: totals.nullable(),
  /** What would be added, what is there already, what another source told, and ids that are there otherwise. */
  fresh: z.number(),
  same: z.number(),
  pairs: z.number(),
  pairRows: z.array(
    z.strictObject({
      by: z.enum(["content", "order"]),
      incoming: z.array(fillLineSchema),
      existing: z.array(fillLineSchema),
    }),
  ),
  clashes: z.number(),
  clashRows: z.array(
    z.strictObject({ incoming: fillLineSchema, existing: fillLineSchema, fields: z.array(z.string()) }),
  ),
  rowErrors: z.number(),
  errorRows: z.array(
    z.strictObject({ row: z.number(), field: z.string(), received: z.string(), expected: z.string() }),
  ),
  conflicts: z.number(),
  conflictRows: z.array(z.strictObject({ row: z.number(), kind: z.string(), stated: z.string(), ours: z.string() })),
  skipped: z.number(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** `rowErrors`: how many faults the preview named; so nobody leaves rows out unseen. */
export const commitImportSchema = z.strictObject({
  contentHash: z.string(),
  answers: importAnswersSchema,
  rowErrors: z.number().int().nonnegative().default(0),
});
export type CommitImport = z.infer<typeof commitImportSchema>;
export const importedSchema = z.strictObject({ importId: z.string().nullable(), seq: z.number(), added: z.number() });
export type Imported = z.infer<typeof importedSchema>;

export const importRowSchema = z.strictObject({
  importId: z.string(),
  fileName: z.string(),
  source: z.string(),
  zone: z.string(),
  fills: z.number(),
  toldMs: z.number(),
});
export type ImportRow = z.infer<typeof importRowSchema>;
export const undoneSchema = z.strictObject({ importId: z.string(), seq: z.number(), fills: z.number() });
