/** Which runs are projected? One row a log: its mode, feed and seed. */
import { bigint, pgTable, text } from "drizzle-orm/pg-core";

export const runs = pgTable("runs", {
  runId: text("run_id").primaryKey(),
  mode: text("mode").notNull(),
  feed: text("feed").notNull(),
  seed: bigint("seed", { mode: "number" }),
  /** Wall time of its beginning. */
  createdMs: bigint("created_ms", { mode: "number" }).notNull(),
});
