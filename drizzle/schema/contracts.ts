/** Which contracts does a run follow, and what is one tick of each? */
import { doublePrecision, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

export const contracts = pgTable(
  "contracts",
  {
    runId: text("run_id").notNull(),
    /** Long symbol, "ESZ26": one contract for ever. */
    contract: text("contract").notNull(),
    /** The run's number of it. */
    number: integer("number").notNull(),
    root: text("root").notNull(),
    year: integer("year").notNull(),
    month: integer("month").notNull(),
    /** Points of one tick: price = ticks × tick_size. */
    tickSize: doublePrecision("tick_size").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.contract] })],
);
