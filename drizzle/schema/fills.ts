/** What was executed, by whichever source? One row an execution, of all runs. */
import { bigint, date, doublePrecision, index, integer, numeric, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

/** A fill counts where its import is not withdrawn and its revision is the import's newest (no import: a bridge). */
export const fills = pgTable(
  "fills",
  {
    account: text("account").notNull(),
    source: text("source").notNull(),
    executionId: text("execution_id").notNull(),
    root: text("root").notNull(),
    year: integer("year").notNull(),
    month: integer("month").notNull(),
    /** "buy" or "sell". */
    side: text("side").notNull(),
    contracts: integer("contracts").notNull(),
    /** Fractional where a source knows averages only. */
    priceTicks: doublePrecision("price_ticks").notNull(),
    tickSize: doublePrecision("tick_size").notNull(),
    atMs: doublePrecision("at_ms").notNull(),
    /** From one 17:00 CT to the next. */
    tradeDate: date("trade_date").notNull(),
    orderId: text("order_id"),
    /** Null: the source says none. */
    feeUsd: numeric("fee_usd", { precision: 18, scale: 4, mode: "number" }),
    importId: text("import_id"),
    revision: bigint("revision", { mode: "number" }).notNull(),
    /** When it was told, by the wall clock; an older telling never overwrites a newer one. */
    toldMs: doublePrecision("told_ms").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.source, table.executionId] }),
    index("fills_import").on(table.importId),
  ],
);
