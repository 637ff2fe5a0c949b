/** What is said of round trips, to the screen and to programs? Prices in points, times in epoch ms, money in USD. */
import { z } from "zod";
import { NOTES_CHARS_MAX, TRADE_TAGS_MAX, TRADE_WORD_CHARS_MAX, TRADES_ANSWER_MAX } from "#lib/limits.ts";

/** Whose word the fees are: the fills' own, the account's schedule, or exchange list prices (no broker's part). */
const FEES_BY = ["stated", "schedule", "list", "mixed"] as const;

export const tradeSchema = z.strictObject({
  id: z.string(),
  /** "form": entered by hand, can be changed; "fills": made of executions. */
  kind: z.enum(["form", "fills"]),
  status: z.enum(["open", "closed"]),
  account: z.string(),
  root: z.string(),
  /** Long symbol, "MESZ26". */
  contract: z.string(),
  side: z.enum(["long", "short"]),
  /** All that were entered; of an open trade what is still open. */
  contracts: z.number(),
  entryMs: z.number(),
  exitMs: z.number().nullable(),
  entryPrice: z.number(),
  exitPrice: z.number().nullable(),
  tickSize: z.number(),
  /** Of what is closed. */
  grossUsd: z.number(),
  feesUsd: z.number(),
  feesBy: z.enum(FEES_BY),
  netUsd: z.number(),
  stopPrice: z.number().nullable(),
  targetPrice: z.number().nullable(),
  /** Null: no initial stop is known. */
  r: z.number().nullable(),
  holdingMs: z.number().nullable(),
  /** Of the closing fill, "2026-11-20"; null while it is open. */
  tradeDate: z.string().nullable(),
  sources: z.array(z.string()),
  fills: z.number(),
  tags: z.array(z.string()),
  setup: z.string(),
  notes: z.string(),
  /** Of a form: how often it was changed. */
  revision: z.number(),
});
export type Trade = z.infer<typeof tradeSchema>;

const totalsSchema = z.strictObject({
  trades: z.number(),
  contracts: z.number(),
  grossUsd: z.number(),
  feesUsd: z.number(),
  netUsd: z.number(),
});
export type TradeTotals = z.infer<typeof totalsSchema>;

export const tradesAnswerSchema = z.strictObject({
  /** Newest first; the page that was asked for. */
  trades: z.array(tradeSchema),
  /** Of all that match, closed ones alone. */
  totals: totalsSchema,
  matching: z.number(),
  /** What there is to filter by. */
  accounts: z.array(z.string()),
  roots: z.array(z.string()),
  tags: z.array(z.string()),
  setups: z.array(z.string()),
});
export type TradesAnswer = z.infer<typeof tradesAnswerSchema>;

const whole = (expected: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: expected })
    .transform(Number);
const isoDay = z.iso.date();
export const afterSeqSchema = z.strictObject({
  afterSeq: whole("the seq of an answer").optional().describe("waits up to 2 s until this seq is in the tables"),
});
export const tradesQuerySchema = z.strictObject({
  ...afterSeqSchema.shape,
  status: z.enum(["open", "closed"]).optional(),
  account: z.string().optional(),
  account_size: whole("dollars of one of the incumbent's accounts").optional(),
  instrument: z.string().optional().describe("a root, MES"),
  from: isoDay.optional().describe("first trade date"),
  to: isoDay.optional().describe("last trade date"),
  tag: z.string().optional(),
  setup: z.string().optional(),
  limit: whole(`1 to ${TRADES_ANSWER_MAX}`)
    .refine((rows) => rows >= 1 && rows <= TRADES_ANSWER_MAX, { error: `1 to ${TRADES_ANSWER_MAX}` })
    .optional(),
  offset: whole("how many to pass over").optional(),
});
export type TradesQuery = z.infer<typeof tradesQuerySchema>;

const word = z.string().max(TRADE_WORD_CHARS_MAX);
const price = z.number();
/** Either name of a field: the incumbent's are taken too. */
const wordsShape = {
  tags: z.array(word.min(1)).max(TRADE_TAGS_MAX).optional(),
  setup: word.optional(),
  strategy: word.optional(),
  notes: z.string().max(NOTES_CHARS_MAX).optional(),
};
const direction = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(["LONG", "SHORT"], { error: "LONG or SHORT" }));
const entryShape = {
  account: word.min(1).optional(),
  account_size: z.number().int().positive().optional(),
  asset: word.min(1).describe("MES, MESZ6, or the incumbent's word: Gold, S&P"),
  direction,
  entry: price,
  contracts: z.number().int().min(1).max(10_000).default(1),
  entryMs: z.number().optional().describe("now, where absent"),
  feesUsd: z.number().min(0).optional().describe("of the whole trade; by schedule, where absent"),
  ...wordsShape,
};
export const enterTradeSchema = z.strictObject({
  ...entryShape,
  sl: price.nullish(),
  tp: price.nullish(),
  exit_price: price.nullish(),
  exitMs: z.number().optional(),
});
export type EnterTrade = z.infer<typeof enterTradeSchema>;
export const closeTradeSchema = z.strictObject({ close_price: price, exitMs: z.number().optional() });
/** The incumbent's log of a trade that is over; its pnl was never believed. */
export const logTradeSchema = z.strictObject({ ...entryShape, exit_price: price, pnl: z.number().nullish() });
export const noteTradeSchema = z.strictObject(wordsShape);
export type NoteTrade = z.infer<typeof noteTradeSchema>;

export const tradeAnswerSchema = z.strictObject({ seq: z.number(), trade: tradeSchema });
export const cancelAnswerSchema = z.strictObject({
  status: z.literal("cancelled"),
  trade_id: z.string(),
  seq: z.number(),
  trade: tradeSchema,
});
export const logAnswerSchema = z.strictObject({
  status: z.literal("logged"),
  trade_id: z.string(),
  pnl: z.number(),
  seq: z.number(),
  trade: tradeSchema,
});
export const todayPnlSchema = z.strictObject({
  date: z.string(),
  pnl: z.number(),
  gross: z.number(),
  fees: z.number(),
  contracts: z.number(),
});
