/** How far has each handler come in each run's log? Written in the transaction of the rows it stands for. */
import { bigint, boolean, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

export const handlerCursors = pgTable(
  "handler_cursors",
  {
    handler: text("handler").notNull(),
    runId: text("run_id").notNull(),
    /** The last fact that is in the tables: everything up to it is. */
    seq: bigint("seq", { mode: "number" }).notNull(),
    ordinal: bigint("ordinal", { mode: "number" }).notNull(),
    /** The run is over and every fact of it is in the tables. */
    isFinished: boolean("is_finished").notNull().default(false),
    writtenAt: timestamp("written_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.handler, table.runId] })],
);
