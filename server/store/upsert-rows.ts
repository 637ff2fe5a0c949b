/** How do a thousand rows enter a table at one go? One statement with one JSON parameter, and a rule for those there. */
import { type InferInsertModel, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { PROJECT_ROWS_MAX } from "#lib/limits.ts";
import type { Transaction } from "./database.ts";

/**
 * Inserts the rows in statements of at most 1,000; one whose key is there replaces it where the tuple of `newerBy`
 * (names of columns) is greater, else nothing happens. Of rows with one key the last counts. Throws pg's errors.
 */
export async function upsertRows<Table extends PgTable>(
  tx: Transaction,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  newerBy: readonly (keyof InferInsertModel<Table> & string)[],
): Promise<void> {
  const shape = shapeOf(table, newerBy);
  const named = rows.map((row) => namedRow(shape, row));
  const last = new Map(named.map((row) => [JSON.stringify(shape.key.map((name) => row[name])), row]));
  const distinct = last.size === named.length ? named : [...last.values()];
  for (let from = 0; from < distinct.length; from += PROJECT_ROWS_MAX) {
    await tx.execute(upsertStatement(table, shape, JSON.stringify(distinct.slice(from, from + PROJECT_ROWS_MAX))));
  }
}

/** Columns as [name in TypeScript, name in the table]; key and rule by names in the table. */
type Shape = { columns: readonly (readonly [string, string])[]; key: readonly string[]; newerBy: readonly string[] };

function shapeOf(table: PgTable, newerBy: readonly string[]): Shape {
  const { columns, primaryKeys } = getTableConfig(table);
  // Safe: a table holds its columns under their names in TypeScript.
  const held = table as unknown as Record<string, { name?: string }>;
  const names = Object.keys(held)
    .filter((name) => columns.some((column) => column.name === held[name]?.name))
    .map((name) => [name, held[name]?.name ?? ""] as const);
  const single = columns.filter((column) => column.primary).map((column) => column.name);
  const key = primaryKeys[0]?.columns.map((column) => column.name) ?? single;
  const dbName = new Map(names);
  return { columns: names, key, newerBy: newerBy.map((name) => dbName.get(name) ?? name) };
}

function namedRow(shape: Shape, row: object): Record<string, unknown> {
  const values = Object.entries(row);
  const dbName = new Map(shape.columns);
  return Object.fromEntries(values.map(([name, value]) => [dbName.get(name) ?? name, value]));
}

function upsertStatement(table: PgTable, { columns, key, newerBy }: Shape, json: string): SQL {
  const list = (names: readonly string[], prefix = sql.raw("")): SQL =>
    sql.join(
      names.map((name) => sql`${prefix}${sql.identifier(name)}`),
      sql`, `,
    );
  const all = columns.map(([, name]) => name);
  const rest = all.filter((name) => !key.includes(name));
  const excluded = sql.raw("excluded.");
  const sets = sql.join(
    rest.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`),
    sql`, `,
  );
  const rule =
    newerBy.length === 0
      ? sql`do nothing`
      : sql`do update set ${sets} where (${list(newerBy, excluded)}) > (${list(newerBy, sql`${table}.`)})`;
  return sql`insert into ${table} (${list(all)}) select ${list(all)}
    from json_populate_recordset(null::${table}, ${json}::json) on conflict (${list(key)}) ${rule}`;
}
