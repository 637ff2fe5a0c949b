/** Which fills count, and what did the trader say of them? All that history is made of, in one look. */
import { and, eq, isNull, or, sql } from "drizzle-orm";
import type { Fill } from "#lib/account/fill.ts";
import type { Database, Transaction } from "#server/store/database.ts";
import { fills } from "../../../drizzle/schema/fills.ts";
import { imports } from "../../../drizzle/schema/imports.ts";
import { tradeNotes } from "../../../drizzle/schema/trade-notes.ts";
import { withdrawals } from "../../../drizzle/schema/withdrawals.ts";

/** The form that a fill was typed into; prices of the plan in ticks. */
export type Form = { id: string; revision: number; stopTicks: number | null; targetTicks: number | null };
export type StoredFill = { fill: Fill; form: Form | null };
export type TripWords = { tags: string[]; setup: string; notes: string };
export type ToldTrades = { fills: StoredFill[]; words: ReadonlyMap<string, TripWords> };

/** A text that is another one as soon as any table of trades has changed. */
export async function tradesVersion(database: Database): Promise<string> {
  const newest = sql`select count(*), coalesce(max(told_ms), 0), coalesce(max(seq), 0)`;
  const { rows } = await database.transaction((tx) =>
    tx.execute(
      sql`${newest} from fills union all ${newest} from imports union all ${newest} from withdrawals
          union all ${newest} from trade_notes`,
    ),
  );
  return JSON.stringify(rows.map((row) => Object.values(row)));
}

export function toldTrades(database: Database): Promise<ToldTrades> {
  return database.transaction(async (tx) => {
    const notes = await tx.select().from(tradeNotes);
    const words = notes.map(
      ({ tripKey, tags, setup, notes }) => [tripKey, { tags: tagsIn(tags), setup, notes }] as const,
    );
    return { fills: await countingFills(tx), words: new Map(words) };
  });
}

async function countingFills(tx: Transaction): Promise<StoredFill[]> {
  const rows = await tx
    .select()
    .from(fills)
    .leftJoin(imports, eq(imports.importId, fills.importId))
    .leftJoin(withdrawals, eq(withdrawals.importId, fills.importId))
    .where(and(isNull(withdrawals.importId), or(isNull(fills.importId), eq(fills.revision, imports.revision))));
  return rows.map((row) => ({ fill: fillIn(row.fills), form: formIn(row.imports) }));
}

function fillIn(row: typeof fills.$inferSelect): Fill {
  const { executionId, account, root, year, month, contracts, priceTicks, tickSize, atMs, orderId, feeUsd, source } =
    row;
  const side = row.side === "buy" ? "buy" : "sell";
  return {
    executionId,
    account,
    root,
    year,
    month,
    side,
    contracts,
    priceTicks,
    tickSize,
    atMs,
    orderId,
    feeUsd,
    source,
  };
}

function formIn(row: typeof imports.$inferSelect | null): Form | null {
  if (row === null || row.kind !== "form") return null;
  const { importId: id, revision, stopTicks, targetTicks } = row;
  return { id, revision, stopTicks, targetTicks };
}

function tagsIn(text: string): string[] {
  return JSON.parse(text) as string[]; // safe: server/store/trade-rows.ts writes a list of words
}
