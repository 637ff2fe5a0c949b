/** What does one trade change? Duplicates out, side decided, six bars updated: O(1), no allocation but for closes. */
import { type BarSeries, closeForming, MADE_OF, rowAt } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVALS, type KeptInterval, windowEndMs, windowOpenMs } from "#lib/bars/interval.ts";
import { sideByTick } from "#lib/bars/tick-rule.ts";
import { addTrade, amendWithTrade, openBar, type SignedTrade } from "#lib/bars/time-bars.ts";
import type { TradePrinted } from "#lib/events/market.ts";
import { DUPLICATE_RING, LATE_TRADE_MS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { enterDay } from "./day.ts";
import { signTrade } from "./side.ts";
import type { ContractState } from "./state.ts";

/** Applies a trade to its contract; false where it was a duplicate or too late, and only a count changed. */
export function applyTrade(
  contract: ContractState,
  trade: TradePrinted,
  scratch: SignedTrade,
  outputs: Outputs,
): boolean {
  const ms = trade.exchangeMs;
  if (ms >= contract.day.untilMs) enterDay(contract, ms);
  if (isDuplicate(contract, trade.sourceSeq)) {
    contract.duplicates++;
    return false;
  }
  const behindMs = contract.newestTradeMs - ms;
  if (behindMs > LATE_TRADE_MS_MAX) {
    contract.droppedLate++;
    return false;
  }
  if (ms < contract.vendorUntilMs && isInVendorBar(contract, ms)) {
    contract.superseded++;
    return false;
  }
  signTrade(contract, trade, scratch);
  if (behindMs > 0) contract.lateTrades++;
  else takeLast(contract, trade);
  for (let kept = 0; kept < contract.series.length; kept++) putTrade(contract, kept, scratch, outputs);
  return true;
}

/**
 * Remembers a trade number; true where it was there before. The ring holds the newest number of each remainder: a
 * number smaller than the one in its place is 4,096 or more behind and counts as repeated.
 */
function isDuplicate(contract: ContractState, sourceSeq: number): boolean {
  const place = sourceSeq % DUPLICATE_RING;
  if (sourceSeq > contract.newestSourceSeq) contract.newestSourceSeq = sourceSeq;
  else if (contract.recentSourceSeqs[place] >= sourceSeq) return true;
  contract.recentSourceSeqs[place] = sourceSeq;
  return false;
}

/** A vendor's bar that stands for this moment holds the trade already: one source a window, never summed. */
function isInVendorBar(contract: ContractState, ms: number): boolean {
  for (let kept = 0; kept <= contract.vendorKept; kept++) {
    const series = contract.series[kept];
    const row = rowAt(series, windowOpenMs(contract.calendar, contract.day, kept, ms));
    if (row >= 0) return series.madeOf[row] === MADE_OF.vendorBars;
  }
  return false;
}

function takeLast(contract: ContractState, trade: TradePrinted): void {
  contract.lastSide = sideByTick(trade.priceTicks, contract);
  contract.lastTicks = trade.priceTicks;
  contract.lastSize = trade.size;
  contract.lastMs = trade.exchangeMs;
  contract.newestTradeMs = trade.exchangeMs;
}

function putTrade(contract: ContractState, kept: number, trade: SignedTrade, outputs: Outputs): void {
  const series = contract.series[kept];
  const ms = trade.exchangeMs;
  if (series.isForming && ms >= series.formingEndMs) closeBar(contract, series, outputs);
  if (series.isForming && ms >= series.openMs[series.length]) {
    addTrade(series, series.length, trade);
    return;
  }
  const openMs = windowOpenMs(contract.calendar, contract.day, kept, ms);
  if (series.isForming || (series.length > 0 && openMs <= series.openMs[series.length - 1])) {
    const row = amendWithTrade(series, openMs, trade);
    outputs.list.push({
      type: "BarAmended",
      contract: contract.index,
      interval: KEPT_INTERVALS[kept],
      openMs,
      revision: series.revision[row],
    });
    return;
  }
  const endMs = windowEndMs(contract.calendar, contract.day, kept, openMs);
  addTrade(series, openBar(series, openMs, endMs), trade);
  if (endMs < contract.nextEndMs) contract.nextEndMs = endMs;
}

/** Closes the forming bar and says so. */
export function closeBar(contract: ContractState, series: BarSeries<KeptInterval>, outputs: Outputs): void {
  const openMs = series.openMs[series.length];
  closeForming(series);
  outputs.list.push({ type: "BarClosed", contract: contract.index, interval: series.interval, openMs });
}
