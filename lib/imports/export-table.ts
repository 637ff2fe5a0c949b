/** How does a table of records become a CSV that reads back without loss, and does no harm in a spreadsheet? */

import type { z } from "zod";
import type { RowError } from "#lib/imports/import-record.ts";
import { RECEIVED_CHARS_MAX } from "#lib/limits.ts";

type Cell = string | number | null;
export type ExportRecord = Readonly<Record<string, Cell>>;

export type ExportColumn = {
  readonly name: string;
  readonly kind: "text" | "number";
  readonly isNullable?: boolean;
};

/** One table: the columns that are its truth, what they must hold, and columns for the eye that are not read back. */
export type ExportTable<T extends ExportRecord> = {
  readonly name: string;
  readonly columns: readonly ExportColumn[];
  readonly schema: z.ZodType<T>;
  readonly readable: readonly { readonly name: string; readonly of: (record: T) => string }[];
};

/** A plain number does no harm; text that begins so is a formula to a spreadsheet. */
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;
const FORMULA = /^'*[=+\-@\t\r]/;
const FORMULA_QUOTED = /^'+[=+\-@\t\r]/;

/**
 * CSV text (RFC 4180, CRLF) of records: header, then a line each. A text that a spreadsheet would take for a formula
 * (= + - @ in front, plain numbers excepted) gets an apostrophe before it. "=1+1" → "'=1+1", "-5" stays.
 */
export function csvOf<T extends ExportRecord>(table: ExportTable<T>, records: readonly T[]): string {
  const header = [...table.columns, ...table.readable].map((column) => column.name);
  const lines = records.map((record) => [
    ...table.columns.map((column) => cellOf(column, record[column.name])),
    ...table.readable.map((column) => quoted(harmless(column.of(record)))),
  ]);
  return [header, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

function cellOf(column: ExportColumn, value: Cell | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const isEmptyText = column.isNullable === true && /^'*$/.test(value);
  return quoted(isEmptyText ? `'${value}` : harmless(value));
}

function harmless(text: string): string {
  return FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n;\t]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The records of rows that `csvOf` wrote (columns in any order, others ignored); null where a column is missing.
 * A row that breaks the table's schema is named and left out.
 */
export function recordsIn<T extends ExportRecord>(
  table: ExportTable<T>,
  rows: readonly (readonly string[])[],
): { readonly records: T[]; readonly rowErrors: RowError[] } | null {
  const [header = [], ...body] = rows;
  const places = table.columns.map((column) => header.indexOf(column.name));
  if (places.includes(-1)) return null;
  const records: T[] = [];
  const rowErrors: RowError[] = [];
  for (const [index, cells] of body.entries()) {
    if (cells.length <= 1 && (cells[0] ?? "") === "") continue;
    const parsed = table.schema.safeParse(
      Object.fromEntries(table.columns.map((column, at) => [column.name, valueIn(column, cells[places[at]] ?? "")])),
    );
    if (parsed.success) records.push(parsed.data);
    else rowErrors.push(...faultsOf(index + 2, cells, header, parsed.error));
  }
  return { records, rowErrors };
}

function valueIn(column: ExportColumn, cell: string): Cell {
  if (column.isNullable === true && cell === "") return null;
  if (column.kind === "number") return /\S/.test(cell) ? Number(cell) : Number.NaN;
  const isQuoted = FORMULA_QUOTED.test(cell) || (column.isNullable === true && /^'+$/.test(cell));
  return isQuoted ? cell.slice(1) : cell;
}

function faultsOf(row: number, cells: readonly string[], header: readonly string[], error: z.ZodError): RowError[] {
  return error.issues.map(({ path, message }) => {
    const field = String(path[0] ?? "");
    const received = (cells[header.indexOf(field)] ?? "").slice(0, RECEIVED_CHARS_MAX);
    return { row, field, received, expected: message };
  });
}
