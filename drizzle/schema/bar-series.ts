/** Whose bars are these? A series is one interval of one contract in one run; a number stands for it. */
import { integer, pgTable, text, unique } from "drizzle-orm/pg-core";

/**
 * NOTE: without it each bar would say run, contract and interval in words, in the table and in its index, whose pages
 * PostgreSQL leaves half empty where a key is wider than 16 bytes: together 1.65 times the room.
 */
export const barSeries = pgTable(
  "bar_series",
  {
    series: integer("series").primaryKey().generatedAlwaysAsIdentity(),
    runId: text("run_id").notNull(),
    /** Long symbol, "ESZ26". */
    contract: text("contract").notNull(),
    /** "1m" to "1d". */
    interval: text("interval").notNull(),
  },
  (table) => [unique().on(table.runId, table.contract, table.interval)],
);
