/** Which entry and exit does a row of a trade list tell, and does its profit agree with its prices? */

import type { ImportFormat, LegColumns } from "#lib/imports/import-format.ts";
import type { ReadTrade, TradeLeg } from "#lib/imports/import-record.ts";
import { accountOf, checkTickSize } from "#lib/imports/read-fill.ts";
import {
  disagree,
  type Row,
  type RowContract,
  refuse,
  takeContract,
  takeContracts,
  takeFeesUsd,
  takePriceTicks,
  takeSide,
  takeTime,
  takeUsd,
  textIn,
} from "#lib/imports/row.ts";
import { tickValueUsd } from "#lib/instrument.ts";
import { usdFromTicks } from "#lib/units.ts";

type TradeFormat = Extract<ImportFormat, { kind: "trades" }>;
type Legs = { readonly side: "long" | "short"; readonly entry: TradeLeg; readonly exit: TradeLeg };

/** A file rounds its profit to cents. */
const ROUNDING_USD = 0.011;
/** Costs beyond the listed ones that are believed, for one contract and round turn; more contradicts the prices. */
const OTHER_FEES_USD_MAX = 20;

/** The trade of a row, null where a fault was noted. */
export function readTrade(row: Row, format: TradeFormat): ReadTrade | null {
  const { columns } = format;
  const contracts = takeContracts(row, columns.contracts);
  const account = accountOf(row, columns.account);
  const feesUsd = takeFeesUsd(row, columns.fees);
  const statedPnlUsd = takeUsd(row, columns.pnl?.column);
  const legs = columns.legs.kind === "entryExit" ? entryExitLegs(row, format) : buySellLegs(row, format);
  if (contracts === null || account === null || legs === null || row.errors.length > 0) return null;
  const { contract, side, entry, exit } = legs;
  const moveTicks = (exit.priceTicks - entry.priceTicks) * (side === "long" ? 1 : -1);
  const grossUsd = usdFromTicks(moveTicks, tickValueUsd(contract.instrument, contract.tradeDate), contracts);
  checkTickSize(row, columns.tickSize, contract.tickSize);
  const { year, month, tickSize, instrument } = contract;
  return {
    row: row.number,
    source: format.source,
    account,
    root: instrument.root,
    year,
    month,
    tickSize,
    side,
    contracts,
    entry,
    exit,
    grossUsd,
    statedPnlUsd,
    feesUsd,
    otherFeesUsd: otherFees(row, {
      stated: statedPnlUsd,
      is: columns.pnl?.is ?? "gross",
      grossUsd,
      feesUsd,
      contracts,
    }),
  };
}

function entryExitLegs(row: Row, format: TradeFormat): (Legs & { readonly contract: RowContract }) | null {
  const { legs, instrument, tradeId } = format.columns;
  if (legs.kind !== "entryExit") return null;
  const side = takeSide(row, legs.side);
  const entryMs = takeTime(row, legs.entry.time);
  const exitMs = takeTime(row, legs.exit.time);
  if (entryMs !== null && exitMs !== null && exitMs < entryMs) refuse(row, legs.exit.time, "an exit behind its entry");
  const contract = entryMs === null ? null : takeContract(row, instrument, entryMs);
  if (side === null || entryMs === null || exitMs === null || contract === null) return null;
  const entry = legOf(row, format, { columns: legs.entry, contract, atMs: entryMs });
  const exit = legOf(row, format, { columns: legs.exit, contract, atMs: exitMs });
  if (entry === null || exit === null) return null;
  const id = textIn(row, tradeId);
  const named = (leg: TradeLeg, end: string): TradeLeg => (id === "" ? leg : { ...leg, executionId: `${id}-${end}` });
  return { contract, side: side === "buy" ? "long" : "short", entry: named(entry, "entry"), exit: named(exit, "exit") };
}

function buySellLegs(row: Row, format: TradeFormat): (Legs & { readonly contract: RowContract }) | null {
  const { legs, instrument } = format.columns;
  if (legs.kind !== "buySell") return null;
  const boughtMs = takeTime(row, legs.buy.time);
  const soldMs = takeTime(row, legs.sell.time);
  if (boughtMs === null || soldMs === null) return null;
  const contract = takeContract(row, instrument, Math.min(boughtMs, soldMs));
  if (contract === null) return null;
  const bought = legOf(row, format, { columns: legs.buy, contract, atMs: boughtMs });
  const sold = legOf(row, format, { columns: legs.sell, contract, atMs: soldMs });
  if (bought === null || sold === null) return null;
  const isLong = boughtMs === soldMs ? idOrder(bought.executionId, sold.executionId) <= 0 : boughtMs < soldMs;
  return isLong
    ? { contract, side: "long", entry: bought, exit: sold }
    : { contract, side: "short", entry: sold, exit: bought };
}

function legOf(
  row: Row,
  format: TradeFormat,
  leg: { readonly columns: LegColumns; readonly contract: RowContract; readonly atMs: number },
): TradeLeg | null {
  const { tickSize } = leg.contract;
  const priceTicks = takePriceTicks(row, leg.columns.price, { tickSize, prices: format.prices });
  if (priceTicks === null) return null;
  return { executionId: textIn(row, leg.columns.id), priceTicks, atMs: leg.atMs };
}

/** Vendors count their ids up: the shorter number is the smaller one. */
function idOrder(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What the broker took besides the listed fees, and a conflict where prices and stated profit cannot both be right.
 * Net 48.10 of 50.00 gross with 0.78 listed → 1.12 other fees; Short 21,500 → 21,480 (NQ, +400) stated as −400 →
 * conflict, and the prices are taken.
 */
function otherFees(
  row: Row,
  trade: {
    readonly stated: number | null;
    readonly is: "gross" | "net";
    readonly grossUsd: number;
    readonly feesUsd: number | null;
    readonly contracts: number;
  },
): number {
  const { stated, grossUsd, contracts } = trade;
  if (stated === null) return 0;
  const expected = trade.is === "gross" ? grossUsd : grossUsd - (trade.feesUsd ?? 0);
  const leftUsd = Math.round((expected - stated) * 1e4) / 1e4;
  if (Math.abs(leftUsd) < ROUNDING_USD) return 0;
  const isBelievable = trade.is === "net" && leftUsd > 0 && leftUsd <= OTHER_FEES_USD_MAX * contracts;
  if (isBelievable) return leftUsd;
  disagree(row, "pnl", stated.toFixed(2), `${expected.toFixed(2)} by the prices (${trade.is})`);
  return 0;
}
