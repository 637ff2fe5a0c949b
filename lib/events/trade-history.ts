/** What can be told of trades: an imported file, a form, tags and notes? History, never a live position. */
import { z } from "zod";
import {
  IMPORT_CONTRACTS_MAX,
  IMPORT_PIECE_FILLS_MAX,
  NOTES_CHARS_MAX,
  TRADE_FILLS_MAX,
  TRADE_TAGS_MAX,
  TRADE_WORD_CHARS_MAX,
} from "#lib/limits.ts";
import type { Stamp } from "./stamp.ts";

/** PostgreSQL keeps no zero character. */
const keepable = z.string().refine((text) => !text.includes("\0"), { error: "text without zero characters" });
const name = keepable.min(1).max(TRADE_WORD_CHARS_MAX);

/** One execution: the shape of a fill (lib/account/fill.ts), so that values alone enter the log. */
export const toldFillSchema = z.strictObject({
  executionId: name,
  account: name,
  root: name,
  year: z.number().int(),
  month: z.number().int().min(1).max(12),
  side: z.enum(["buy", "sell"]),
  contracts: z.number().int().min(1).max(IMPORT_CONTRACTS_MAX),
  priceTicks: z.number(),
  tickSize: z.number().positive(),
  atMs: z.number(),
  orderId: name.nullable(),
  feeUsd: z.number().nullable(),
  source: name,
});

/** A piece of a file's fills; `zone` says how its clock was settled, `timeStepMs` is the finest unit of that clock. */
export const fillsImportedSchema = z.strictObject({
  importId: name,
  piece: z.number().int().nonnegative(),
  source: name,
  fileName: keepable,
  zone: keepable,
  timeStepMs: z.number(),
  fills: z.array(toldFillSchema).min(1).max(IMPORT_PIECE_FILLS_MAX),
});
/** The fills of that import count no longer. */
export const importUndoneSchema = z.strictObject({ importId: name });
/**
 * A trade by form, with all its fills and the plan's prices (ticks of its fills). Revision 0 enters it; each later one
 * says the whole of it again.
 */
export const tradeEnteredSchema = z.strictObject({
  tradeId: name,
  revision: z.number().int().nonnegative(),
  fills: z.array(toldFillSchema).min(1).max(TRADE_FILLS_MAX),
  stopTicks: z.number().nullable(),
  targetTicks: z.number().nullable(),
});
export const tradeRemovedSchema = z.strictObject({ tradeId: name });
/** The trader's own words on a round trip, all of them anew; `tripKey` is how trades are named to the outside. */
export const tradeNotedSchema = z.strictObject({
  tripKey: name,
  tags: z.array(name).max(TRADE_TAGS_MAX),
  setup: keepable.max(TRADE_WORD_CHARS_MAX),
  notes: keepable.max(NOTES_CHARS_MAX),
});

export type FillsImported = Stamp & { type: "FillsImported" } & z.infer<typeof fillsImportedSchema>;
export type ImportUndone = Stamp & { type: "ImportUndone" } & z.infer<typeof importUndoneSchema>;
export type TradeEntered = Stamp & { type: "TradeEntered" } & z.infer<typeof tradeEnteredSchema>;
export type TradeRemoved = Stamp & { type: "TradeRemoved" } & z.infer<typeof tradeRemovedSchema>;
export type TradeNoted = Stamp & { type: "TradeNoted" } & z.infer<typeof tradeNotedSchema>;
export type TradeTelling = FillsImported | ImportUndone | TradeEntered | TradeRemoved | TradeNoted;
