/** Which imports and trades by form were taken back? For ever: no order of projection brings one back. */
import { bigint, doublePrecision, pgTable, text } from "drizzle-orm/pg-core";

export const withdrawals = pgTable("withdrawals", {
  importId: text("import_id").primaryKey(),
  toldMs: doublePrecision("told_ms").notNull(),
  seq: bigint("seq", { mode: "number" }).notNull(),
});
