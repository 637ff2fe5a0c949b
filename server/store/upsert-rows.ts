/** How do a thousand rows enter a table at one go? One statement, one array a column, and a rule for rows there. */
import { type InferInsertModel, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { PROJECT_ROWS_MAX } from "#lib/limits.ts";
import type { Transaction } from "./database.ts";

/** A column's name in TypeScript, in the table, and its type there. */
type Column = { field: string; name: string; type: string };
type Shape = { columns: readonly Column[]; key: readonly Column[] };

/**
 * Inserts the rows, all columns of each, in statements of at most 1,000; one whose key is there replaces that where the
 * tuple of `newerBy` (fields) is greater, else nothing happens. Of rows with one key the last counts. Throws pg's.
 */
export async function upsertRows<Table extends PgTable>(
  tx: Transaction,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  newerBy: readonly (keyof InferInsertModel<Table> & string)[],
): Promise<void> {
  const shape = shapeOf(table);
  const rule = conflictRule(table, shape, newerBy);
  // Safe: a row is a record of its fields; only its values are read.
  const distinct = lastOfEachKey(rows as readonly Record<string, unknown>[], shape);
  for (let from = 0; from < distinct.length; from += PROJECT_ROWS_MAX) {
    await tx.execute(insertStatement(table, shape, distinct.slice(from, from + PROJECT_ROWS_MAX), rule));
  }
}

function shapeOf(table: PgTable): Shape {
  const config = getTableConfig(table);
  // Safe: a table holds its columns under their fields, among other things.
  const held = Object.entries(table as unknown as Record<string, unknown>);
  const columns = config.columns.map((column) => ({
    field: held.find(([, value]) => value === column)?.[0] ?? column.name,
    name: column.name,
    type: column.getSQLType(),
  }));
  const keyNames = config.primaryKeys[0]?.columns.map(({ name }) => name);
  const own = config.columns.filter((column) => column.primary).map(({ name }) => name);
  return { columns, key: columns.filter(({ name }) => (keyNames ?? own).includes(name)) };
}

function lastOfEachKey(rows: readonly Record<string, unknown>[], { key }: Shape): Record<string, unknown>[] {
  const last = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    let words = "";
    for (const { field } of key) words += `${row[field]}\n`;
    last.set(words, row);
  }
  return [...last.values()];
}

function names(columns: readonly Column[], prefix: SQL = sql``): SQL {
  return sql.join(
    columns.map(({ name }) => sql`${prefix}${sql.identifier(name)}`),
    sql`, `,
  );
}

function conflictRule(table: PgTable, { columns, key }: Shape, newerBy: readonly string[]): SQL {
  if (newerBy.length === 0) return sql`do nothing`;
  const by = newerBy.map((field) => columns.find((column) => column.field === field)).filter((c) => c !== undefined);
  const rest = columns.filter((column) => !key.includes(column));
  const sets = rest.map(({ name }) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`);
  const newer = sql`(${names(by, sql`excluded.`)}) > (${names(by, sql`${table}.`)})`;
  return sql`do update set ${sql.join(sets, sql`, `)} where ${newer}`;
}

function insertStatement(table: PgTable, shape: Shape, rows: readonly Record<string, unknown>[], rule: SQL): SQL {
  const arrays = shape.columns.map(({ field, type }) => {
    const values = rows.map((row) => row[field]);
    return sql`${arrayLiteral(values)}::${sql.raw(type)}[]`;
  });
  const into = sql`insert into ${table} (${names(shape.columns)})`;
  return sql`${into} select * from unnest(${sql.join(arrays, sql`, `)}) on conflict (${names(shape.key)}) ${rule}`;
}

/** PostgreSQL's text of an array: [1, null, 'a"b'] → {1,NULL,"a\"b"}. Text is always quoted, so "NULL" stays a text. */
function arrayLiteral(values: readonly unknown[]): string {
  const words = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    return typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : String(value);
  });
  return `{${words.join(",")}}`;
}
