/** Where did fills come from that no bridge told? One row a file, and one a trade by form. */
import { bigint, doublePrecision, pgTable, text } from "drizzle-orm/pg-core";

export const imports = pgTable("imports", {
  importId: text("import_id").primaryKey(),
  /** "file" or "form". */
  kind: text("kind").notNull(),
  source: text("source").notNull(),
  fileName: text("file_name").notNull(),
  /** How the file's clock was settled. */
  zone: text("zone").notNull(),
  /** The finest unit of its clock. */
  timeStepMs: doublePrecision("time_step_ms").notNull(),
  /** Of a form: its fills of an earlier revision count no longer. */
  revision: bigint("revision", { mode: "number" }).notNull(),
  /** Of a form: the plan, in ticks of its fills. */
  stopTicks: doublePrecision("stop_ticks"),
  targetTicks: doublePrecision("target_ticks"),
  /** When it was told, by the wall clock; with `seq` the order of tellings, over all runs. */
  toldMs: doublePrecision("told_ms").notNull(),
  seq: bigint("seq", { mode: "number" }).notNull(),
});
