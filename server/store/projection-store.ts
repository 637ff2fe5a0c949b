/** How does a batch of facts enter PostgreSQL? Rows and cursor in one transaction: both are there, or neither. */
import { and, count, desc, eq, sql } from "drizzle-orm";
import { FACTS_BEGIN, type Fact, type FactCursor } from "#lib/outputs/fact.ts";
import { barSeries } from "../../drizzle/schema/bar-series.ts";
import { bars } from "../../drizzle/schema/bars.ts";
import { contracts } from "../../drizzle/schema/contracts.ts";
import { feedGaps } from "../../drizzle/schema/feed-gaps.ts";
import { fills } from "../../drizzle/schema/fills.ts";
import { handlerCursors } from "../../drizzle/schema/handler-cursors.ts";
import { imports } from "../../drizzle/schema/imports.ts";
import { refusedFacts } from "../../drizzle/schema/refused-facts.ts";
import { runs } from "../../drizzle/schema/runs.ts";
import { tradeNotes } from "../../drizzle/schema/trade-notes.ts";
import { withdrawals } from "../../drizzle/schema/withdrawals.ts";
import type { Database, Transaction } from "./database.ts";
import { addRows, noRows, seriesName } from "./fact-rows.ts";
import { upsertRows } from "./upsert-rows.ts";

/** What the table of runs says about one. */
export type ProjectedRun = typeof runs.$inferInsert;

/** Where a handler goes on in a run. */
export type DurableCursor = { cursor: FactCursor; isFinished: boolean };

export class ProjectionStore {
  readonly #database: Database;
  readonly #handler: string;

  constructor(database: Database, handler: string) {
    this.#database = database;
    this.#handler = handler;
  }

  /** Names the run in the database and says where to go on in it. */
  begin(run: ProjectedRun): Promise<DurableCursor> {
    return this.#database.transaction(async (tx) => {
      await tx.insert(runs).values(run).onConflictDoNothing();
      const key = and(eq(handlerCursors.handler, this.#handler), eq(handlerCursors.runId, run.runId));
      const [found] = await tx.select().from(handlerCursors).where(key);
      if (found === undefined) return { cursor: FACTS_BEGIN, isFinished: false };
      return { cursor: { seq: found.seq, ordinal: found.ordinal }, isFinished: found.isFinished };
    });
  }

  /** Writes what the facts mean, and that everything up to `to` is written. */
  write(runId: string, facts: readonly Fact[], to: DurableCursor): Promise<void> {
    return this.#database.transaction(async (tx) => {
      const series = await seriesNumbers(tx, runId, facts);
      const rows = noRows();
      for (const fact of facts) addRows(rows, runId, fact, series);
      await upsertRows(tx, contracts, rows.contracts, []);
      await upsertRows(tx, bars, rows.bars, ["seq", "revision"]);
      await upsertRows(tx, feedGaps, rows.gaps, ["seq"]);
      await upsertRows(tx, imports, rows.imports, ["revision", "toldMs", "seq"]);
      await upsertRows(tx, fills, rows.fills, ["toldMs", "seq"]);
      await upsertRows(tx, withdrawals, rows.withdrawals, []);
      await upsertRows(tx, tradeNotes, rows.tradeNotes, ["toldMs", "seq"]);
      await this.#moveCursor(tx, runId, to);
    });
  }

  /** Keeps a fact that PostgreSQL would not take, and goes past it. */
  setAside(runId: string, fact: Fact, reason: string): Promise<void> {
    const { seq, ordinal, type } = fact;
    const row = { handler: this.#handler, runId, seq, ordinal, type, reason, fact: JSON.stringify(fact) };
    return this.#database.transaction(async (tx) => {
      await tx.insert(refusedFacts).values(row).onConflictDoNothing();
      await this.#moveCursor(tx, runId, { cursor: { seq, ordinal }, isFinished: false });
    });
  }

  /** How many facts were set aside, and why the newest was. */
  refused(): Promise<{ count: number; newest: string | null }> {
    const own = eq(refusedFacts.handler, this.#handler);
    return this.#database.transaction(async (tx) => {
      const [total] = await tx.select({ count: count() }).from(refusedFacts).where(own);
      const [newest] = await tx.select().from(refusedFacts).where(own).orderBy(desc(refusedFacts.refusedAt)).limit(1);
      const words = newest === undefined ? null : `${newest.type} of seq ${newest.seq}: ${newest.reason}`;
      return { count: total?.count ?? 0, newest: words };
    });
  }

  async #moveCursor(tx: Transaction, runId: string, { cursor, isFinished }: DurableCursor): Promise<void> {
    const { seq, ordinal } = cursor;
    const moved = { seq, ordinal, isFinished, writtenAt: sql`now()` };
    await tx
      .insert(handlerCursors)
      .values({ handler: this.#handler, runId, ...moved })
      .onConflictDoUpdate({ target: [handlerCursors.handler, handlerCursors.runId], set: moved });
  }
}

/** The numbers of a run's series by their names; those that a fact says and that are not there yet are made. */
async function seriesNumbers(tx: Transaction, runId: string, facts: readonly Fact[]): Promise<Map<string, number>> {
  const names = new Set(facts.map(seriesName).filter((name) => name !== null));
  const numbers = new Map<string, number>();
  if (names.size === 0) return numbers;
  const note = (rows: readonly (typeof barSeries.$inferSelect)[]): void => {
    for (const { contract, interval, series } of rows) numbers.set(`${contract} ${interval}`, series);
  };
  note(await tx.select().from(barSeries).where(eq(barSeries.runId, runId)));
  const missing = [...names].filter((name) => !numbers.has(name)).map((name) => name.split(" "));
  if (missing.length === 0) return numbers;
  const rows = missing.map(([contract = "", interval = ""]) => ({ runId, contract, interval }));
  note(await tx.insert(barSeries).values(rows).returning());
  return numbers;
}
