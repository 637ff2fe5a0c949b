/** Which fills does a form tell? A trade by hand, or the incumbent's POST, as executions with a plan. */
import { type Fill, fillFault } from "#lib/account/fill.ts";
import type { TradeEntered } from "#lib/events/trade-history.ts";
import { contractNamed } from "#lib/imports/contract-name.ts";
import { incumbentRoot } from "#lib/imports/incumbent.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";
import { usd } from "#lib/units.ts";
import type { EnterTrade } from "#lib/wire/trades.ts";
import { CodedError } from "#server/errors.ts";
import { accountAsked } from "./trade-book.ts";

/** What a telling says besides its stamp. */
export type FormTelling = Pick<TradeEntered, "tradeId" | "revision" | "fills" | "stopTicks" | "targetTicks">;

/**
 * The telling of a form. The contract is that of the entry's day where a root alone is named, the micro where the
 * incumbent's word for an asset is. Throws CodedError TRADE_REFUSED by field: an unknown instrument, a time ahead of
 * `nowMs`, an exit before its entry.
 */
export function formTelling(
  form: EnterTrade,
  { tradeId, revision, nowMs }: { tradeId: string; revision: number; nowMs: number },
): FormTelling {
  const entryMs = timeOf("entryMs", form.entryMs ?? nowMs, nowMs);
  const contract = contractOf(form.asset, entryMs);
  const isOver = form.exit_price !== undefined && form.exit_price !== null;
  const feesUsd = form.feesUsd ?? null;
  const entryFeeUsd = feesUsd === null ? null : isOver ? usd(feesUsd / 2) : feesUsd;
  const isLong = form.direction === "LONG";
  const toTicks = (points: number) => Math.round((points / contract.tickSize) * 1e6) / 1e6;
  const place = { account: accountAsked(form) ?? "manual", ...contract, orderId: null, source: "form" };
  const entry: Fill = {
    ...place,
    executionId: `${tradeId}-entry`,
    side: isLong ? "buy" : "sell",
    contracts: form.contracts,
    priceTicks: toTicks(form.entry),
    atMs: entryMs,
    feeUsd: entryFeeUsd,
  };
  const fills = [entry];
  if (isOver) {
    const exitMs = timeOf("exitMs", form.exitMs ?? nowMs, nowMs);
    const feeUsd = feesUsd === null ? null : usd(feesUsd - (entryFeeUsd ?? 0));
    fills.push(exitOf(entry, { tradeId, priceTicks: toTicks(form.exit_price ?? 0), exitMs, feeUsd }));
  }
  for (const fill of fills) assertFill(fill);
  const { sl, tp } = form;
  return {
    tradeId,
    revision,
    fills,
    stopTicks: sl === undefined || sl === null ? null : toTicks(sl),
    targetTicks: tp === undefined || tp === null ? null : toTicks(tp),
  };
}

/** The fill that closes an entry whole. Throws CodedError TRADE_REFUSED where it stands before it. */
export function exitOf(
  entry: Fill,
  exit: { tradeId: string; priceTicks: number; exitMs: number; feeUsd: number | null },
): Fill {
  const { tradeId, priceTicks, exitMs, feeUsd } = exit;
  if (exitMs < entry.atMs) {
    throw refused("exitMs", { expected: `a time from ${entry.atMs} on, its entry`, received: String(exitMs) });
  }
  const side = entry.side === "buy" ? "sell" : "buy";
  // Within one millisecond the entry comes first, by its id.
  return { ...entry, executionId: `${tradeId}-exit`, side, priceTicks, atMs: exitMs, feeUsd };
}

/** Throws CodedError TRADE_REFUSED for a time ahead. */
export function timeOf(field: string, ms: number, nowMs: number): number {
  if (ms <= nowMs) return ms;
  throw refused(field, { expected: `a time that has come: it is ${nowMs}`, received: String(ms) });
}

function contractOf(asset: string, atMs: number) {
  const named = contractNamed(incumbentRoot(asset, "micro") ?? asset, atMs);
  if ("refused" in named) {
    throw refused("asset", { expected: "a contract or product that we list: MES, MESZ6", received: asset });
  }
  const { root, year, month } = named.contract;
  const instrument = instrumentOf(root);
  if (instrument === null) throw refused("asset", { expected: "a product that we list", received: asset });
  const tickSize = tickSizeAt(instrument, tradeDateAt(instrument.calendar, atMs));
  return { root, year, month, tickSize };
}

function assertFill(fill: Fill): void {
  const fault = fillFault(fill);
  if (fault !== null) throw new CodedError("TRADE_REFUSED", { message: fault });
}

function refused(field: string, said: { expected: string; received: string }): CodedError {
  return new CodedError("TRADE_REFUSED", { field, ...said });
}
