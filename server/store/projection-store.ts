/** How does a batch of facts enter PostgreSQL? Rows and cursor in one transaction: both are there, or neither. */
import { and, count, desc, eq, type SQL, sql } from "drizzle-orm";
import { contractLongSymbol } from "#lib/contract.ts";
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
import { addRows, contractRow, isOfSeries, noRows, type SeriesFact, seriesName } from "./fact-rows.ts";
import type { TradeRows } from "./trade-rows.ts";
import { upsertStatement } from "./upsert-rows.ts";

/** What the table of runs says about one. */
export type ProjectedRun = typeof runs.$inferInsert;

/** Where a handler goes on in a run. */
export type DurableCursor = { cursor: FactCursor; isFinished: boolean };

export class ProjectionStore {
  readonly #database: Database;
  readonly #handler: string;
  /** Run → name of a series → its number, as committed. */
  readonly #series = new Map<string, ReadonlyMap<string, number>>();

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

  /** Writes what the facts mean, and that everything up to `to` is written: one statement, so all of it or nothing. */
  async write(runId: string, facts: readonly Fact[], to: DurableCursor): Promise<void> {
    const series = this.#knownSeries(runId, facts) ?? (await this.#makeSeries(runId, facts));
    const rows = noRows();
    for (const fact of facts) addRows(rows, runId, fact, series);
    const parts: SQL[] = [];
    if (rows.bars.length > 0) parts.push(sql`new_bars as (${upsertStatement(bars, rows.bars, ["seq", "revision"])})`);
    if (rows.gaps.length > 0) parts.push(sql`new_gaps as (${upsertStatement(feedGaps, rows.gaps, ["seq"])})`);
    parts.push(...tradeStatements(rows));
    const cursor = this.#cursorStatement(runId, to);
    await this.#database.execute(parts.length === 0 ? cursor : sql`with ${sql.join(parts, sql`, `)} ${cursor}`);
    if (to.isFinished) this.#series.delete(runId);
  }

  /** What is known of the database holds no longer: it may be another, or an older state of the same. */
  forget(): void {
    this.#series.clear();
  }

  /** Numbers of a run's series by their names; null where one that a fact says is not known. */
  #knownSeries(runId: string, facts: readonly Fact[]): ReadonlyMap<string, number> | null {
    const known = this.#series.get(runId);
    return known !== undefined && facts.every((fact) => !isOfSeries(fact) || known.has(seriesName(fact)))
      ? known
      : null;
  }

  async #makeSeries(runId: string, facts: readonly Fact[]): Promise<ReadonlyMap<string, number>> {
    const numbers = await this.#database.transaction((tx) => makeSeries(tx, runId, facts.filter(isOfSeries)));
    this.#series.set(runId, numbers);
    return numbers;
  }

  /** Keeps a fact that PostgreSQL would not take, and goes past it. */
  setAside(runId: string, fact: Fact, reason: string): Promise<void> {
    const { seq, ordinal, type } = fact;
    const row = { handler: this.#handler, runId, seq, ordinal, type, reason, fact: JSON.stringify(fact) };
    return this.#database.transaction(async (tx) => {
      await tx.insert(refusedFacts).values(row).onConflictDoNothing();
      await tx.execute(this.#cursorStatement(runId, { cursor: { seq, ordinal }, isFinished: false }));
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

  #cursorStatement(runId: string, { cursor, isFinished }: DurableCursor): SQL {
    const { seq, ordinal } = cursor;
    return sql`insert into ${handlerCursors} (handler, run_id, seq, ordinal, is_finished)
      values (${this.#handler}, ${runId}, ${seq}, ${ordinal}, ${isFinished})
      on conflict (handler, run_id) do update set (seq, ordinal, is_finished, written_at) =
        (excluded.seq, excluded.ordinal, excluded.is_finished, excluded.written_at)`;
  }
}

/** The statements of what was told of trades, each a part of the one that moves the cursor. */
function tradeStatements(rows: TradeRows): SQL[] {
  const { imports: files, fills: told, withdrawals: withdrawn, tradeNotes: notes } = rows;
  const parts: SQL[] = [];
  if (files.length > 0) {
    parts.push(sql`new_imports as (${upsertStatement(imports, files, ["revision", "toldMs", "seq"])})`);
  }
  if (told.length > 0) parts.push(sql`new_fills as (${upsertStatement(fills, told, ["toldMs", "seq"])})`);
  if (withdrawn.length > 0) parts.push(sql`new_withdrawals as (${upsertStatement(withdrawals, withdrawn, [])})`);
  if (notes.length > 0) parts.push(sql`new_notes as (${upsertStatement(tradeNotes, notes, ["toldMs", "seq"])})`);
  return parts;
}

/** Names the contracts and series of these facts; the numbers of all series of the run. */
async function makeSeries(tx: Transaction, runId: string, facts: readonly SeriesFact[]): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  const note = (rows: readonly (typeof barSeries.$inferSelect)[]): void => {
    for (const { contract, interval, series } of rows) numbers.set(`${contract} ${interval}`, series);
  };
  note(await tx.select().from(barSeries).where(eq(barSeries.runId, runId)));
  const missing = new Map(facts.map((fact) => [seriesName(fact), fact]));
  for (const name of numbers.keys()) missing.delete(name);
  if (missing.size === 0) return numbers;
  const contractRows = [...missing.values()].map((fact) => contractRow(runId, fact));
  await tx.execute(upsertStatement(contracts, contractRows, []));
  const rows = [...missing.values()].map((fact) => ({
    runId,
    contract: contractLongSymbol(fact),
    interval: fact.interval,
  }));
  note(await tx.insert(barSeries).values(rows).returning());
  return numbers;
}
