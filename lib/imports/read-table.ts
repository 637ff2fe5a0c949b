/** What does a file of a known format tell, and what must be asked before it can be read? */

import { decimalMarkIn } from "#lib/imports/amount.ts";
import { withIds } from "#lib/imports/content-id.ts";
import { columnKey, type ImportFormat, numberColumns, timeColumns } from "#lib/imports/import-format.ts";
import type { ImportNeed, ImportReading, ReadFill, ReadTrade, SkippedRow } from "#lib/imports/import-record.ts";
import { readFill, whyNoFill } from "#lib/imports/read-fill.ts";
import { readTrade } from "#lib/imports/read-trade.ts";
import { type ReadingRules, type Row, type RowCells, textIn } from "#lib/imports/row.ts";
import { findDateOrder, findZone } from "#lib/imports/settle-clock.ts";
import { fillsOfTrades } from "#lib/imports/trade-fills.ts";
import { type DateOrder, parseWallTime, type WallZone } from "#lib/imports/wall-zone.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

/** Rows of cells as they stand in the file, from its first line on. */
export type Table = readonly (readonly string[])[];

/** What a person said, null where not (yet) asked. */
export type ImportAnswers = {
  readonly zone: WallZone | null;
  readonly dateOrder: DateOrder | null;
  readonly decimalMark: "." | "," | null;
  /** The account of a file, or of rows, that name none. */
  readonly account: string | null;
};

export const NO_ANSWERS: ImportAnswers = { zone: null, dateOrder: null, decimalMark: null, account: null };

export type TableInput = {
  readonly table: Table;
  readonly format: ImportFormat;
  /** Index of the header's row. */
  readonly headerAt: number;
  readonly answers: ImportAnswers;
  /** Wall clock of the import: settles one-digit years, refuses times ahead of it. */
  readonly nowMs: number;
};

/** Reads every row; a faulty one is named and left out, the others are read. */
export function readTable(input: TableInput): ImportReading {
  const { table, format, headerAt } = input;
  const columns = columnsOf(table[headerAt]);
  const cellsUnder = (names: readonly string[]) => texts(input, columns, names);
  const times = cellsUnder(timeColumnsWithDate(format));
  const zone = findZone(input, times);
  const dateOrder = findDateOrder({ ...input, times, zone: zone?.zone ?? null });
  const decimalMark = input.answers.decimalMark ?? decimalMarkIn(cellsUnder(numberColumns(format)));
  const hasAccount = format.columns.account !== undefined && columns.has(columnKey(format.columns.account));
  const needs: ImportNeed[] = [];
  if (zone === null) needs.push("zone");
  if (dateOrder === null) needs.push("dateOrder");
  if (decimalMark === null) needs.push("decimalMark");
  if (!hasAccount && input.answers.account === null) needs.push("account");
  if (zone === null || dateOrder === null || decimalMark === null || needs.length > 0)
    return { status: "needs", needs };
  const { account } = input.answers;
  const rules = { zone: zone.zone, dateOrder: dateOrder.order, decimalMark, account, nowMs: input.nowMs };
  return {
    status: "read",
    format: format.id,
    timeZone: zone.finding,
    dateOrder: dateOrder.by,
    timeStepMs: finestStepMs(times, dateOrder.order),
    ...readRows(input, { columns, rules }),
  };
}

type RowsRead = Pick<
  Extract<ImportReading, { status: "read" }>,
  "fills" | "trades" | "rowErrors" | "conflicts" | "skipped"
>;

function readRows(
  { table, format, headerAt }: TableInput,
  file: { readonly columns: ReadonlyMap<string, number>; readonly rules: ReadingRules },
): RowsRead {
  const fills: ReadFill[] = [];
  const trades: ReadTrade[] = [];
  const skipped: SkippedRow[] = [];
  const faulty: Row[] = [];
  const disagreeing: Row[] = [];
  for (let index = headerAt + 1; index < table.length; index += 1) {
    const row: Row = { number: index + 1, cells: table[index], ...file, errors: [], conflicts: [] };
    const reason = whyNothing(row, format);
    if (reason !== null) {
      skipped.push({ row: row.number, reason });
      continue;
    }
    if (format.kind === "fills") keep(fills, readFill(row, format));
    else keep(trades, readTrade(row, format));
    if (row.errors.length > 0) faulty.push(row);
    else if (row.conflicts.length > 0) disagreeing.push(row);
  }
  const ofTrades = fillsOfTrades(trades);
  return {
    fills: format.kind === "fills" ? withIds(fills) : ofTrades.fills,
    trades,
    rowErrors: faulty.flatMap((row) => row.errors),
    conflicts: [...disagreeing.flatMap((row) => row.conflicts), ...ofTrades.conflicts],
    skipped,
  };
}

function keep<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item);
}

function whyNothing(row: RowCells, format: ImportFormat): string | null {
  if (row.cells.every((cell) => cell.trim() === "")) return "empty row";
  return format.kind === "fills" ? whyNoFill(row, format.columns) : null;
}

/** Where each column stands; of two of one name the first counts. */
export function columnsOf(header: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    const key = columnKey(name);
    if (key !== "" && !columns.has(key)) columns.set(key, index);
  }
  return columns;
}

/** Pairs of columns whose cells make a time together: the day beside the time of day where they are apart. */
function timeColumnsWithDate(format: ImportFormat): string[] {
  const times = timeColumns(format);
  const date = format.kind === "fills" ? format.columns.date : undefined;
  return date === undefined ? times : [`${date}\n${times[0]}`];
}

/** The cells of columns in rows that tell something; two names joined by a line break are read as one text. */
function texts(input: TableInput, columns: ReadonlyMap<string, number>, names: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = input.headerAt + 1; index < input.table.length; index += 1) {
    const row = { cells: input.table[index], columns };
    if (whyNothing(row, input.format) !== null) continue;
    for (const name of names) {
      const text = name
        .split("\n")
        .map((part) => textIn(row, part))
        .join(" ");
      if (text.trim() !== "") found.push(text);
    }
  }
  return found;
}

function finestStepMs(times: readonly string[], order: DateOrder): number {
  let stepMs = MS_PER_MINUTE;
  for (const text of times) {
    const wall = parseWallTime(text, order);
    if (wall !== null && wall.stepMs < stepMs) stepMs = wall.stepMs;
  }
  return stepMs;
}
