/** What did the contract settle at? The published price; else an estimate, and marked so. */
import { type BarSeries, MADE_OF, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVAL_MS } from "#lib/bars/interval.ts";
import { LATE_TRADE_MS_MAX, SETTLEMENTS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { isTradeDate, previousTradeDate, rthOf } from "#lib/session.ts";
import { MS_PER_SECOND, tradeDate } from "#lib/units.ts";
import type { ContractState, Settlement } from "./state.ts";

const ESTIMATE_FROM_LAST_MS = 30 * MS_PER_SECOND;

/** Settlement of the trade date before the present one, or null: then there is no change to show. */
export function previousSettlement(contract: ContractState): Settlement | null {
  const date = previousTradeDate(contract.calendar, tradeDate(contract.day.tradeDate));
  return contract.settlements.find((entry) => entry.tradeDate === date) ?? null;
}

/** Keeps a settlement; a published one replaces an estimate (which is made only where nothing is known). */
export function setSettlement(contract: ContractState, settlement: Settlement, outputs: Outputs): void {
  const known = contract.settlements.find((entry) => entry.tradeDate === settlement.tradeDate);
  if (known === undefined) contract.settlements.push(settlement);
  else Object.assign(known, settlement);
  contract.settlements.sort((a, b) => a.tradeDate - b.tradeDate);
  if (contract.settlements.length > SETTLEMENTS_MAX) contract.settlements.shift();
  outputs.list.push({
    type: "SettlementSet",
    contract: contract.index,
    tradeDate: settlement.tradeDate,
    settlementTicks: settlement.ticks,
    source: settlement.source,
  });
  outputs.touched[contract.index] = 1;
  outputs.anyTouched = true;
}

/** Estimates what is missing: the previous day's at once, this day's after its RTH. Returns when to look again. */
export function reviewSettlement(contract: ContractState, feedMs: number, outputs: Outputs): number {
  const today = tradeDate(contract.day.tradeDate);
  if (previousSettlement(contract) === null) {
    estimate(contract, previousTradeDate(contract.calendar, today), outputs);
  }
  const hours = rthOf(contract.root, today);
  if (hours === null || !isTradeDate(contract.calendar, today)) return contract.day.untilMs;
  const dueMs = hours.closeMs + LATE_TRADE_MS_MAX;
  if (feedMs < dueMs) return dueMs;
  if (!contract.settlements.some((entry) => entry.tradeDate === today)) estimate(contract, today, outputs);
  return contract.day.untilMs;
}

/**
 * VWAP of the last 30 s of RTH from trades; else the VWAP, or without one the close, of the last minute bar (or the
 * shortest there is) of RTH. Nothing in RTH: no estimate.
 */
function estimate(contract: ContractState, date: number, outputs: Outputs): void {
  const hours = rthOf(contract.root, tradeDate(date));
  if (hours === null) return;
  const ticks =
    lastTradesVwap(contract.series[0], hours.closeMs) ?? lastBarPrice(contract, hours.openMs, hours.closeMs);
  if (ticks !== null) setSettlement(contract, { tradeDate: date, ticks, source: "est." }, outputs);
}

function lastTradesVwap(seconds: BarSeries, closeMs: number): number | null {
  let sum = 0;
  let volume = 0;
  for (let row = rowAtOrAfter(seconds, closeMs - ESTIMATE_FROM_LAST_MS); row < seconds.length; row++) {
    if (seconds.openMs[row] >= closeMs) break;
    if ((seconds.madeOf[row] & MADE_OF.trades) === 0) continue;
    sum += seconds.vwapSum[row];
    volume += seconds.volume[row];
  }
  return volume > 0 ? sum / volume : null;
}

function lastBarPrice(contract: ContractState, openMs: number, closeMs: number): number | null {
  for (let kept = 1; kept < contract.series.length - 1; kept++) {
    const series = contract.series[kept];
    const row = rowAtOrAfter(series, closeMs) - 1;
    if (row < 0 || row >= series.length || series.openMs[row] < openMs) continue;
    if (series.openMs[row] + KEPT_INTERVAL_MS[kept] > closeMs) continue;
    const vwap = series.vwapSum[row] / series.volume[row];
    return Number.isFinite(vwap) ? vwap : series.closeTicks[row];
  }
  return null;
}
