/** What can be exported, and read back? A new table is an entry here. */

import { z } from "zod";
import type { Fill } from "#lib/account/fill.ts";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import type { ExportTable } from "#lib/imports/export-table.ts";
import type { IncumbentDay } from "#lib/imports/incumbent.ts";
import { IMPORT_CONTRACTS_MAX } from "#lib/limits.ts";
import { MS_PER_DAY, pointsFromTicks } from "#lib/units.ts";

const fillSchema: z.ZodType<Fill> = z.strictObject({
  executionId: z.string().min(1),
  account: z.string().min(1),
  root: z.string().min(1),
  year: z.number().int(),
  month: z.number().int().min(1).max(12),
  side: z.enum(["buy", "sell"]),
  contracts: z.number().int().min(1).max(IMPORT_CONTRACTS_MAX),
  priceTicks: z.number(),
  tickSize: z.number().positive(),
  atMs: z.number(),
  orderId: z.string().nullable(),
  feeUsd: z.number().nullable(),
  source: z.string().min(1),
});

/** All fills: ticks and milliseconds are the truth, contract, price and time beside them are for the eye. */
export const FILL_TABLE: ExportTable<Fill> = {
  name: "fills",
  schema: fillSchema,
  columns: [
    { name: "account", kind: "text" },
    { name: "root", kind: "text" },
    { name: "year", kind: "number" },
    { name: "month", kind: "number" },
    { name: "side", kind: "text" },
    { name: "contracts", kind: "number" },
    { name: "priceTicks", kind: "number" },
    { name: "tickSize", kind: "number" },
    { name: "atMs", kind: "number" },
    { name: "feeUsd", kind: "number", isNullable: true },
    { name: "executionId", kind: "text" },
    { name: "orderId", kind: "text", isNullable: true },
    { name: "source", kind: "text" },
  ],
  readable: [
    { name: "contract", of: (fill) => contractLongSymbol(fill) },
    { name: "price", of: (fill) => String(pointsFromTicks(fill.priceTicks, fill.tickSize)) },
    { name: "timeUtc", of: (fill) => isoOf(fill.atMs) },
  ],
};

/** A day of an imported journal, without the row that told it. */
export type JournalDay = Omit<IncumbentDay, "row">;

const daySchema: z.ZodType<JournalDay> = z.strictObject({
  account: z.string().min(1),
  tradeDate: z.string().refine((text) => parseCivilDay(text) !== null, "a day as 2026-07-02"),
  grossUsd: z.number(),
  netUsd: z.number(),
  feesUsd: z.number(),
  contracts: z.number().int(),
  instruments: z.string(),
  notes: z.string(),
});

export const DAY_TABLE: ExportTable<JournalDay> = {
  name: "days",
  schema: daySchema,
  columns: [
    { name: "account", kind: "text" },
    { name: "tradeDate", kind: "text" },
    { name: "grossUsd", kind: "number" },
    { name: "netUsd", kind: "number" },
    { name: "feesUsd", kind: "number" },
    { name: "contracts", kind: "number" },
    { name: "instruments", kind: "text" },
    { name: "notes", kind: "text" },
  ],
  readable: [],
};

const VERSION = 1;
const exportSchema = z.strictObject({
  product: z.literal("rightseat"),
  version: z.literal(VERSION),
  fills: z.array(fillSchema),
  days: z.array(daySchema),
});

export type Everything = { readonly fills: readonly Fill[]; readonly days: readonly JournalDay[] };

/** All tables as one JSON text. */
export function jsonOf({ fills, days }: Everything): string {
  return JSON.stringify({ product: "rightseat", version: VERSION, fills, days });
}

/** What `jsonOf` wrote, or the first reason why it is not that. */
export function everythingIn(json: unknown): Everything | { readonly refused: string } {
  const parsed = exportSchema.safeParse(json);
  if (parsed.success) return { fills: parsed.data.fills, days: parsed.data.days };
  const [issue] = parsed.error.issues;
  return { refused: `${issue.path.join(".") || "file"}: ${issue.message}` };
}

/** "2026-07-02T13:12:07.166Z" of an instant. */
function isoOf(ms: number): string {
  const day = Math.floor(ms / MS_PER_DAY);
  const rest = Math.floor(ms - day * MS_PER_DAY);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hour, minute, second] = [
    Math.floor(rest / 3_600_000),
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 1000) % 60,
  ];
  return `${civilDayIso(day)}T${two(hour)}:${two(minute)}:${two(second)}.${String(rest % 1000).padStart(3, "0")}Z`;
}
