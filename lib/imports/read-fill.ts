/** Which execution does a row of an execution or order list tell? */

import type { FillColumns, ImportFormat } from "#lib/imports/import-format.ts";
import type { ReadFill } from "#lib/imports/import-record.ts";
import {
  disagree,
  type Row,
  type RowCells,
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

type FillFormat = Extract<ImportFormat, { kind: "fills" }>;

/** Why a row of an order list tells no fill: its order filled nothing. Null where it tells one (or a fault). */
export function whyNoFill(row: RowCells, columns: FillColumns): string | null {
  if (columns.status === undefined) return null;
  const filled = textIn(row, columns.contracts);
  if (filled !== "" && !/^0+([.,]0*)?$/.test(filled)) return null;
  return `no fill (${textIn(row, columns.status) || "no status"})`;
}

/**
 * The fill of a row, null where a fault was noted. Without an execution id it is left "" for the caller to name by
 * content. A signed quantity must agree with the side.
 */
export function readFill(row: Row, format: FillFormat): ReadFill | null {
  const { columns } = format;
  const atMs = takeTime(row, columns.time, columns.date);
  const contract = atMs === null ? null : takeContract(row, columns.instrument, atMs);
  const side = takeSide(row, columns.side);
  const contracts = takeContracts(row, columns.contracts);
  if (side === "buy" && textIn(row, columns.contracts).startsWith("-")) {
    refuse(row, columns.contracts, "no minus before the contracts of a buy");
  }
  const account = accountOf(row, columns.account);
  const feeUsd = feeOf(row, columns, contracts ?? 0);
  if (atMs === null || contract === null || side === null || contracts === null || account === null) return null;
  const { instrument, year, month, tickSize } = contract;
  const priceTicks = takePriceTicks(row, columns.price, { tickSize, prices: format.prices });
  if (priceTicks === null || row.errors.length > 0) return null;
  checkTickSize(row, columns.tickSize, tickSize);
  return {
    row: row.number,
    executionId: textIn(row, columns.executionId),
    account,
    root: instrument.root,
    year,
    month,
    side,
    contracts,
    priceTicks,
    tickSize,
    atMs,
    orderId: textIn(row, columns.orderId) || null,
    feeUsd,
    source: format.source,
  };
}

/** The account that a row names, else the one that was asked for. */
export function accountOf(row: Row, column: string | undefined): string | null {
  const account = textIn(row, column) || row.rules.account;
  return account ?? refuse(row, column ?? "account", "an account");
}

/** A file whose tick is not ours was written for another product, or by other rules. */
export function checkTickSize(row: Row, column: string | undefined, tickSize: number): void {
  const stated = textIn(row, column);
  if (stated !== "" && Number(stated) !== tickSize) disagree(row, "tickSize", stated, String(tickSize));
}

function feeOf(row: Row, columns: FillColumns, contracts: number): number | null {
  const perContractUsd = takeUsd(row, columns.feePerContract);
  const listedUsd = takeFeesUsd(row, columns.fees);
  if (perContractUsd === null) return listedUsd;
  return (listedUsd ?? 0) + Math.round(Math.abs(perContractUsd) * contracts * 1e4) / 1e4;
}
