/** What do the incumbent's rows tell (tables trades_v2 and daily_journal, or the JSON of its REST answers)? */

import { z } from "zod";
import { parseCivilDay } from "#lib/civil.ts";
import { contractNamed } from "#lib/imports/contract-name.ts";
import type { ReadFill, ReadTrade, RowConflict, RowError, SkippedRow } from "#lib/imports/import-record.ts";
import { fillsOfTrades } from "#lib/imports/trade-fills.ts";
import { instantOfWall, parseWallTime, wallZone } from "#lib/imports/wall-zone.ts";
import { type Instrument, instrumentOf, tickSizeAt, tickValueUsd } from "#lib/instrument.ts";
import { IMPORT_CONTRACTS_MAX, RECEIVED_CHARS_MAX } from "#lib/limits.ts";
import { tradeDateAt } from "#lib/session.ts";
import { usdFromTicks } from "#lib/units.ts";

/** Its six assets by name: the micro and the full contract, one of which a switch selected for all rows. */
const ASSETS: ReadonlyMap<string, readonly [micro: string, full: string]> = new Map([
  ["gold", ["MGC", "GC"]],
  ["silver", ["SIL", "SI"]],
  ["copper", ["MHG", "HG"]],
  ["crude oil", ["MCL", "CL"]],
  ["s&p", ["MES", "ES"]],
  ["nasdaq", ["MNQ", "NQ"]],
]);

/** The instrument that its word for an asset means in a mode; null: none of its six. "Gold" → MGC as micro. */
export function incumbentRoot(asset: string, mode: "micro" | "full"): string | null {
  const pair = ASSETS.get(asset.trim().toLowerCase());
  return pair === undefined ? null : pair[mode === "micro" ? 0 : 1];
}

const SOURCE = "incumbent";
const ZONE = wallZone("America/New_York");
/** It rounds its P&L to cents. */
const ROUNDING_USD = 0.011;

const price = z.number().finite();
const tradeRow = z.object({
  id: z.union([z.number().int(), z.string().min(1)]),
  created_at: z.string(),
  account_size: z.number().int(),
  asset: z.string(),
  direction: z.string(),
  entry: price,
  sl: price.nullish(),
  tp: price.nullish(),
  contracts: z.number().int().min(1).max(IMPORT_CONTRACTS_MAX),
  status: z.enum(["OPEN", "CLOSED", "CANCELLED"]),
  close_price: price.nullish(),
  close_time: z.string().nullish(),
  pnl: z.number().nullish(),
  notes: z.string().nullish(),
  strategy: z.string().nullish(),
});
type TradeRow = z.infer<typeof tradeRow>;

const dayRow = z.object({
  trade_date: z.string().refine((text) => parseCivilDay(text) !== null, "a day as 2026-07-02"),
  account_size: z.number().int(),
  gross_pnl: z.number().finite(),
  net_pnl: z.number().finite(),
  num_contracts: z.number().int().nullish(),
  instruments: z.string().nullish(),
  notes: z.string().nullish(),
});

/** A trade with what the trader wrote to it; prices in points. */
export type IncumbentTrade = ReadTrade & {
  readonly stopPoints: number | null;
  readonly targetPoints: number | null;
  readonly setup: string;
  readonly notes: string;
};

/** A day of its journal; `feesUsd` is gross − net, for its own column was never filled from what was typed. */
export type IncumbentDay = {
  readonly row: number;
  readonly account: string;
  readonly tradeDate: string;
  readonly grossUsd: number;
  readonly netUsd: number;
  readonly feesUsd: number;
  readonly contracts: number;
  readonly instruments: string;
  readonly notes: string;
};

export type IncumbentReading = {
  readonly fills: readonly ReadFill[];
  readonly trades: readonly IncumbentTrade[];
  readonly days: readonly IncumbentDay[];
  readonly rowErrors: readonly RowError[];
  readonly conflicts: readonly RowConflict[];
  readonly skipped: readonly SkippedRow[];
};

export type IncumbentRows = { readonly trades: readonly unknown[]; readonly days: readonly unknown[] };

/** Micro or full where a row's P&L does not prove it; null: such rows are refused. */
export type ContractMode = "micro" | "full" | null;

/**
 * The rows in a JSON of the incumbent: a list of trades or of days, `{trades}`, `{entries}`, or the tables by name.
 * Null where it is none of these.
 */
export function incumbentRows(json: unknown): IncumbentRows | null {
  const lists = z
    .object({
      trades: z.array(z.unknown()).optional(),
      trades_v2: z.array(z.unknown()).optional(),
      entries: z.array(z.unknown()).optional(),
      daily_journal: z.array(z.unknown()).optional(),
    })
    .safeParse(Array.isArray(json) ? listsOf(json) : json);
  if (!lists.success) return null;
  const { trades, trades_v2, entries, daily_journal } = lists.data;
  if ((trades ?? trades_v2 ?? entries ?? daily_journal) === undefined) return null;
  return { trades: trades ?? trades_v2 ?? [], days: entries ?? daily_journal ?? [] };
}

function listsOf(rows: readonly unknown[]) {
  const isDay = (row: unknown) => typeof row === "object" && row !== null && "trade_date" in row;
  return { trades: rows.filter((row) => !isDay(row)), entries: rows.filter(isDay) };
}

type Notes = { rowErrors: RowError[]; conflicts: RowConflict[]; skipped: SkippedRow[] };

/**
 * Trades, entries of open trades, and days. Its times are New York's by its own rule. Whether micro or full was traded
 * is proven by the P&L that it stored: Nasdaq, 10 points, 1 contract: 20.00 is MNQ, 200.00 is NQ. A P&L of the wrong
 * sign (it took any direction but "LONG" for short) is a conflict; the prices are taken.
 */
export function readIncumbent(rows: IncumbentRows, mode: ContractMode): IncumbentReading {
  const notes: Notes = { rowErrors: [], conflicts: [], skipped: [] };
  const trades: IncumbentTrade[] = [];
  const open: ReadFill[] = [];
  for (const [index, value] of rows.trades.entries()) {
    const row = index + 1;
    const parsed = tradeRow.safeParse(value);
    if (!parsed.success) noteFaults(notes, row, value, parsed.error);
    else if (parsed.data.status === "CANCELLED") notes.skipped.push({ row, reason: "no fill (CANCELLED)" });
    else if (parsed.data.status === "CLOSED") keep(trades, closedTrade(row, parsed.data, mode, notes));
    else keep(open, openEntry(row, parsed.data, mode, notes));
  }
  const days: IncumbentDay[] = [];
  for (const [index, value] of rows.days.entries()) {
    const parsed = dayRow.safeParse(value);
    if (parsed.success) days.push(dayOf(index + 1, parsed.data));
    else noteFaults(notes, index + 1, value, parsed.error);
  }
  const ofTrades = fillsOfTrades(trades);
  const conflicts = [...notes.conflicts, ...ofTrades.conflicts];
  return { fills: [...ofTrades.fills, ...open], trades, days, ...notes, conflicts };
}

function keep<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item);
}

function noteFaults(notes: Notes, row: number, value: unknown, error: z.ZodError): void {
  for (const { path, message } of error.issues) {
    const field = path.join(".");
    const cell = path.length === 0 ? value : (value as Record<string, unknown>)[String(path[0])];
    const received = (JSON.stringify(cell) ?? "nothing").slice(0, RECEIVED_CHARS_MAX);
    notes.rowErrors.push({ row, field, received, expected: message });
  }
}

function refuse(notes: Notes, error: RowError): null {
  notes.rowErrors.push(error);
  return null;
}

type Entry = Pick<ReadTrade, "row" | "source" | "account" | "root" | "year" | "month" | "tickSize" | "contracts"> & {
  readonly instrument: Instrument;
  readonly side: "long" | "short";
  readonly entry: ReadTrade["entry"];
};

/** What open and closed trades have in common: contract, side, entry. */
function entryOf(row: number, trade: TradeRow, mode: ContractMode, notes: Notes): Entry | null {
  const atMs = newYorkMs(trade.created_at);
  if (atMs === null) return refuseTime(notes, row, "created_at", trade.created_at);
  const side = /^(long|buy)$/i.test(trade.direction)
    ? "long"
    : /^(short|sell)$/i.test(trade.direction)
      ? "short"
      : null;
  if (side === null) {
    return refuse(notes, { row, field: "direction", received: trade.direction, expected: "LONG or SHORT" });
  }
  const name = contractText(trade, side, mode);
  if (name === null) {
    const expected = "a P&L that proves micro or full, or the contract mode chosen for the file";
    return refuse(notes, { row, field: "pnl", received: String(trade.pnl ?? "nothing"), expected });
  }
  const named = contractNamed(name, atMs);
  if ("refused" in named) return refuse(notes, { row, field: "asset", received: trade.asset, expected: named.refused });
  const { root, year, month } = named.contract;
  const instrument = instrumentOf(root);
  if (instrument === null) return refuse(notes, { row, field: "asset", received: trade.asset, expected: "an asset" });
  if (named.isMonthAssumed) {
    const ours = `no month is named; ${year}-${String(month).padStart(2, "0")} is taken`;
    notes.conflicts.push({ row, kind: "month", stated: trade.asset, ours });
  }
  const tickSize = tickSizeAt(instrument, tradeDateAt(instrument.calendar, atMs));
  const entry = { executionId: `${trade.id}-entry`, priceTicks: ticksBetween(trade.entry, tickSize), atMs };
  const account = accountName(trade.account_size);
  return {
    row,
    source: SOURCE,
    account,
    root,
    year,
    month,
    tickSize,
    contracts: trade.contracts,
    instrument,
    side,
    entry,
  };
}

function closedTrade(row: number, trade: TradeRow, mode: ContractMode, notes: Notes): IncumbentTrade | null {
  const begun = entryOf(row, trade, mode, notes);
  if (begun === null) return null;
  const exitMs = newYorkMs(trade.close_time ?? "");
  if (exitMs === null) return refuseTime(notes, row, "close_time", trade.close_time ?? "");
  const { close_price: closePoints } = trade;
  if (closePoints === null || closePoints === undefined) {
    return refuse(notes, { row, field: "close_price", received: "nothing", expected: "a price: the trade is CLOSED" });
  }
  const { instrument, ...common } = begun;
  const priceTicks = ticksBetween(closePoints, common.tickSize);
  const moveTicks = (priceTicks - common.entry.priceTicks) * (common.side === "long" ? 1 : -1);
  const tickUsd = tickValueUsd(instrument, tradeDateAt(instrument.calendar, common.entry.atMs));
  const grossUsd = usdFromTicks(moveTicks, tickUsd, common.contracts);
  const statedPnlUsd = trade.pnl ?? null;
  if (statedPnlUsd !== null && Math.abs(statedPnlUsd - grossUsd) > ROUNDING_USD) {
    const ours = `${grossUsd.toFixed(2)} by the prices (${instrument.root})`;
    notes.conflicts.push({ row, kind: "pnl", stated: statedPnlUsd.toFixed(2), ours });
  }
  return {
    ...common,
    exit: { executionId: `${trade.id}-exit`, priceTicks, atMs: exitMs },
    grossUsd,
    statedPnlUsd,
    feesUsd: null,
    otherFeesUsd: 0,
    stopPoints: trade.sl ?? null,
    targetPoints: trade.tp ?? null,
    setup: trade.strategy ?? "",
    notes: trade.notes ?? "",
  };
}

function openEntry(row: number, trade: TradeRow, mode: ContractMode, notes: Notes): ReadFill | null {
  const begun = entryOf(row, trade, mode, notes);
  if (begun === null) return null;
  const { instrument: _, side, entry, ...common } = begun;
  return { ...common, ...entry, side: side === "long" ? "buy" : "sell", orderId: null, feeUsd: null };
}

/** The root of a display name, as the P&L proves it or the mode says; any other text is a contract's own name. */
function contractText(trade: TradeRow, side: "long" | "short", mode: ContractMode): string | null {
  const pair = ASSETS.get(trade.asset.trim().toLowerCase());
  if (pair === undefined) return trade.asset;
  const [micro, full] = pair;
  const move = ((trade.close_price ?? trade.entry) - trade.entry) * (side === "long" ? 1 : -1);
  const isPaid = (root: string) => {
    const usd = move * trade.contracts * (instrumentOf(root)?.pointValueUsd ?? 0);
    const stated = trade.pnl ?? Number.NaN;
    return move !== 0 && Math.abs(Math.abs(stated) - Math.abs(usd)) <= ROUNDING_USD;
  };
  if (isPaid(micro) !== isPaid(full)) return isPaid(micro) ? micro : full;
  return mode === null ? null : mode === "micro" ? micro : full;
}

function dayOf(row: number, day: z.infer<typeof dayRow>): IncumbentDay {
  return {
    row,
    account: accountName(day.account_size),
    tradeDate: day.trade_date,
    grossUsd: day.gross_pnl,
    netUsd: day.net_pnl,
    feesUsd: Math.round((day.gross_pnl - day.net_pnl) * 1e4) / 1e4,
    contracts: day.num_contracts ?? 0,
    instruments: day.instruments ?? "",
    notes: day.notes ?? "",
  };
}

function accountName(accountSize: number): string {
  return `incumbent-${accountSize}`;
}

function newYorkMs(text: string): number | null {
  const wall = parseWallTime(text, "mdy");
  return wall === null || ZONE === null ? null : instantOfWall(ZONE, wall.wallMs);
}

function refuseTime(notes: Notes, row: number, field: string, received: string): null {
  return refuse(notes, { row, field, received, expected: "a New York time as 2026-07-02 09:30:00" });
}

/** Typed prices may lie between ticks. */
function ticksBetween(points: number, tickSize: number): number {
  return Math.round((points / tickSize) * 1e6) / 1e6;
}
