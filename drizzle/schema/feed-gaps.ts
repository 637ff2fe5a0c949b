/** When may trades be missing? One row a stretch; an open one has no end. */
import { bigint, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

export const feedGaps = pgTable(
  "feed_gaps",
  {
    runId: text("run_id").notNull(),
    /** Long symbol; empty: all contracts of the run. */
    contract: text("contract").notNull(),
    fromMs: bigint("from_ms", { mode: "number" }).notNull(),
    toMs: bigint("to_ms", { mode: "number" }),
    reason: text("reason").notNull(),
    /** Seq of the event that brought the missing trades; null: still missing. */
    filledSeq: bigint("filled_seq", { mode: "number" }),
    /** The fact that wrote the row: an older one never overwrites it. */
    seq: bigint("seq", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.contract, table.fromMs] })],
);
