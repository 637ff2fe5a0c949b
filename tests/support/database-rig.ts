/** How does a test use a database? Opened for its length, ready, and one bar that is written and read. */
import type { TestContext } from "node:test";
import { Database, type DatabaseSource } from "#server/store/database.ts";
import { upsertStatement } from "#server/store/upsert-rows.ts";
import { bars } from "../../drizzle/schema/bars.ts";
import { QUIET, until } from "./stores.ts";

export const BAR: typeof bars.$inferInsert = {
  series: 1,
  openMs: 1_795_186_800_000,
  openTicks: 27_201,
  highTicks: 27_210,
  lowTicks: -4,
  closeTicks: 27_205,
  volume: 4_294_967_295,
  buyVolume: 7,
  sellVolume: 8,
  trades: 3,
  vwapTicks: 27_204.123_456_79,
  deltaSource: 1,
  madeOf: 3,
  revision: 0,
  seq: 10,
};

/** Begins to connect; ends with the test. */
export function openedDatabase(t: TestContext, source: DatabaseSource, queryMsMax?: number): Database {
  const database = new Database(source, { logger: QUIET, ...(queryMsMax === undefined ? {} : { queryMsMax }) });
  t.after(() => database[Symbol.asyncDispose]());
  database.start();
  return database;
}

export async function readyDatabase(t: TestContext, source: DatabaseSource, queryMsMax?: number): Promise<Database> {
  const database = openedDatabase(t, source, queryMsMax);
  await until(() => database.status.state === "ok", `ready, was ${JSON.stringify(database.status)}`, 30_000);
  return database;
}

export function writeBars(database: Database, rows: (typeof bars.$inferInsert)[]): Promise<void> {
  return database.execute(upsertStatement(bars, rows, ["seq", "revision"]));
}

export function readBars(database: Database): Promise<(typeof bars.$inferSelect)[]> {
  return database.transaction((tx) => tx.select().from(bars).orderBy(bars.series, bars.openMs));
}
