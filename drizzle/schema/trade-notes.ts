/** What did the trader write to a round trip? */
import { bigint, doublePrecision, pgTable, text } from "drizzle-orm/pg-core";

export const tradeNotes = pgTable("trade_notes", {
  tripKey: text("trip_key").primaryKey(),
  /** A JSON list of words. */
  tags: text("tags").notNull(),
  setup: text("setup").notNull(),
  notes: text("notes").notNull(),
  toldMs: doublePrecision("told_ms").notNull(),
  seq: bigint("seq", { mode: "number" }).notNull(),
});
