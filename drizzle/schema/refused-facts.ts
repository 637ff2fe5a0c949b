/** Which facts would PostgreSQL not take? Set aside with its reason, so that the rest goes on. */
import { bigint, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

export const refusedFacts = pgTable(
  "refused_facts",
  {
    handler: text("handler").notNull(),
    runId: text("run_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    ordinal: bigint("ordinal", { mode: "number" }).notNull(),
    type: text("type").notNull(),
    reason: text("reason").notNull(),
    /** The fact as JSON text, escaped so that any of it fits. */
    fact: text("fact").notNull(),
    refusedAt: timestamp("refused_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.handler, table.runId, table.seq, table.ordinal] })],
);
