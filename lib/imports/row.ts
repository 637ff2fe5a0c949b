/** What do the cells of one row mean, and what is wrong with them? */

import { type DecimalMark, parseAmount } from "#lib/imports/amount.ts";
import { contractNamed } from "#lib/imports/contract-name.ts";
import { columnKey } from "#lib/imports/import-format.ts";
import type { RowConflict, RowError } from "#lib/imports/import-record.ts";
import { type DateOrder, instantOfWall, parseWallTime, type WallZone } from "#lib/imports/wall-zone.ts";
import { type Instrument, instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { IMPORT_CONTRACTS_MAX, RECEIVED_CHARS_MAX } from "#lib/limits.ts";
import { sessionAt, tradeDateAt } from "#lib/session.ts";
import { MS_PER_DAY, MS_PER_MINUTE, type TradeDate, ticksFromPoints } from "#lib/units.ts";

/** What the whole file was settled to mean. */
export type ReadingRules = {
  readonly zone: WallZone | null;
  readonly dateOrder: DateOrder;
  readonly decimalMark: DecimalMark;
  /** The account of rows that name none. */
  readonly account: string | null;
  readonly nowMs: number;
};

/** The cells of a row, and where each column stands. */
export type RowCells = { readonly cells: readonly string[]; readonly columns: ReadonlyMap<string, number> };

export type Row = RowCells & {
  readonly number: number;
  readonly rules: ReadingRules;
  /** Faults of this row; a row with one is not imported. */
  readonly errors: RowError[];
  readonly conflicts: RowConflict[];
};

/** The product and expiry of a row, with what its trade date makes of them. */
export type RowContract = {
  readonly instrument: Instrument;
  readonly year: number;
  readonly month: number;
  readonly tradeDate: TradeDate;
  readonly tickSize: number;
};

/** A clock of a file may run ahead of ours by this; later is a wrong year or zone. */
const FUTURE_MS_MAX = MS_PER_DAY;
/** Prints of the closing second are reported a little later. */
const CLOSE_GRACE_MS = MS_PER_MINUTE;

const SIDES: ReadonlyMap<string, "buy" | "sell"> = new Map([
  ["buy", "buy"],
  ["b", "buy"],
  ["bot", "buy"],
  ["bought", "buy"],
  ["long", "buy"],
  ["buytocover", "buy"],
  ["buy to cover", "buy"],
  ["0", "buy"],
  ["sell", "sell"],
  ["s", "sell"],
  ["sld", "sell"],
  ["sold", "sell"],
  ["short", "sell"],
  ["sellshort", "sell"],
  ["sell short", "sell"],
  ["1", "sell"],
]);

/** The trimmed text of a cell; "" where the column or the cell is missing. */
export function textIn(row: RowCells, column: string | undefined): string {
  if (column === undefined) return "";
  const index = row.columns.get(columnKey(column));
  return index === undefined ? "" : (row.cells[index] ?? "").trim();
}

/** Notes a fault of the row and gives null, so that a reader can return it. */
export function refuse(row: Row, field: string, expected: string): null {
  const received = textIn(row, field).slice(0, RECEIVED_CHARS_MAX);
  row.errors.push({ row: row.number, field, received, expected });
  return null;
}

/** Notes what a row says against what we say. */
export function disagree(row: Row, kind: RowConflict["kind"], stated: string, ours: string): void {
  row.conflicts.push({ row: row.number, kind, stated, ours });
}

/** A number that must be there. */
export function takeNumber(row: Row, column: string): number | null {
  const amount = parseAmount(textIn(row, column), row.rules.decimalMark);
  return amount === null
    ? refuse(row, column, `a number with "${row.rules.decimalMark}" as decimal mark`)
    : amount.value;
}

/** Dollars of a cell; null where it is empty, or in another currency (a conflict). Other text is a fault. */
export function takeUsd(row: Row, column: string | undefined): number | null {
  const text = textIn(row, column);
  if (column === undefined || text === "") return null;
  const amount = parseAmount(text, row.rules.decimalMark);
  if (amount === null) return refuse(row, column, "an amount of money");
  if (amount.currency === null || amount.currency === "USD") return amount.value;
  disagree(row, "currency", text, "dollars: an amount in another currency is not taken over");
  return null;
}

/** The sum of costs in dollars, cost positive however it is signed; null where no cell says one. */
export function takeFeesUsd(row: Row, columns: readonly string[] | undefined): number | null {
  let sum: number | null = null;
  for (const column of columns ?? []) {
    const feeUsd = takeUsd(row, column);
    if (feeUsd !== null) sum = (sum ?? 0) + Math.abs(feeUsd);
  }
  return sum;
}

/** Contracts without their sign: a whole number from 1. */
export function takeContracts(row: Row, column: string): number | null {
  const value = takeNumber(row, column);
  if (value === null) return null;
  const contracts = Math.abs(value);
  const isCount = Number.isInteger(contracts) && contracts >= 1 && contracts <= IMPORT_CONTRACTS_MAX;
  return isCount ? contracts : refuse(row, column, `whole contracts from 1 to ${IMPORT_CONTRACTS_MAX}`);
}

/** Buy or sell in any vendor's words. */
export function takeSide(row: Row, column: string): "buy" | "sell" | null {
  return SIDES.get(textIn(row, column).toLowerCase()) ?? refuse(row, column, "buy or sell");
}

/** The instant of a row, in the zone that it says itself or that the file was settled to have. */
export function takeTime(row: Row, column: string, dateColumn?: string): number | null {
  const text = dateColumn === undefined ? textIn(row, column) : `${textIn(row, dateColumn)} ${textIn(row, column)}`;
  const { zone, dateOrder, nowMs } = row.rules;
  const wall = parseWallTime(text, dateOrder);
  if (wall === null) return refuse(row, column, `a date (${dateOrder}) and a time of day`);
  const atMs =
    wall.offsetMinutes === null ? fromZone(zone, wall.wallMs) : wall.wallMs - wall.offsetMinutes * MS_PER_MINUTE;
  if (atMs === null) return refuse(row, column, `a time that the clocks of ${zone?.name} show once`);
  return atMs > nowMs + FUTURE_MS_MAX ? refuse(row, column, "a time that has gone by") : atMs;
}

function fromZone(zone: WallZone | null, wallMs: number): number | null {
  return zone === null ? null : instantOfWall(zone, wallMs);
}

/** The contract of a row; says so where the file names no month, or where its market was shut at that time. */
export function takeContract(row: Row, column: string, atMs: number): RowContract | null {
  const named = contractNamed(textIn(row, column), atMs);
  if ("refused" in named) return refuse(row, column, named.refused);
  const { root, year, month } = named.contract;
  const instrument = instrumentOf(root);
  if (instrument === null) return refuse(row, column, "a product that we list");
  if (named.isMonthAssumed) {
    disagree(
      row,
      "month",
      textIn(row, column),
      `no month is named; ${year}-${String(month).padStart(2, "0")} is taken`,
    );
  }
  const state = sessionAt(instrument.calendar, atMs);
  if (state.state === "closed" && sessionAt(instrument.calendar, atMs - CLOSE_GRACE_MS).state === "closed") {
    disagree(row, "session", "a fill", `the market was shut (${state.reason}): is the time zone right?`);
  }
  const tradeDate = tradeDateAt(instrument.calendar, atMs);
  return { instrument, year, month, tradeDate, tickSize: tickSizeAt(instrument, tradeDate) };
}

/** The price in ticks: whole where the file tells executions, between ticks where it tells averages. */
export function takePriceTicks(
  row: Row,
  column: string,
  options: { readonly tickSize: number; readonly prices: "ticks" | "averages" },
): number | null {
  const points = takeNumber(row, column);
  if (points === null) return null;
  const whole = ticksFromPoints(points, options.tickSize);
  if (whole !== null) return whole;
  if (options.prices === "averages") return Math.round((points / options.tickSize) * 1e6) / 1e6;
  return refuse(row, column, `a price on the tick of ${options.tickSize}`);
}
