/** How do a thousand rows enter a table at one go? One statement, one array a column, and a rule for rows there. */
import { type InferInsertModel, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";

/** A column's name in TypeScript, in the table, and its type there. */
type Column = { field: string; name: string; type: string };
type Shape = { columns: readonly Column[]; key: readonly Column[] };

/**
 * The statement that inserts the rows (one at least), all columns of each; one whose key is there replaces that where
 * the tuple of `newerBy` (fields) is greater, else nothing happens. Of rows with one key the last counts.
 */
export function upsertStatement<Table extends PgTable>(
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  newerBy: readonly (keyof InferInsertModel<Table> & string)[],
): SQL {
  const shape = shapeOf(table);
  // Safe: a row is a record of its fields; only its values are read.
  const distinct = lastOfEachKey(rows as readonly Record<string, unknown>[], shape);
  return insertStatement(table, shape, distinct, conflictRule(table, shape, newerBy));
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
  const arrays = shape.columns.map(({ field, type }) => sql`${arrayLiteral(rows, field)}::${sql.raw(type)}[]`);
  const into = sql`insert into ${table} (${names(shape.columns)})`;
  return sql`${into} select * from unnest(${sql.join(arrays, sql`, `)}) on conflict (${names(shape.key)}) ${rule}`;
}

/** A column in PostgreSQL's words: 1, null, 'a"b' → {1,NULL,"a\"b"}. Text is always quoted, so "NULL" stays a text. */
function arrayLiteral(rows: readonly Record<string, unknown>[], field: string): string {
  let words = "";
  for (const row of rows) {
    const value = row[field] ?? null;
    words += words === "" ? "{" : ",";
    words += typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : (value ?? "NULL");
  }
  return `${words}}`;
}
