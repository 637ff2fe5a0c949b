/** What do vendor bars change, one by one as they come, or many at once as history? */
import { type BarSeries, rowAt, trimRows } from "#lib/bars/bar-series.ts";
import { DAY_SERIES, KEPT_INTERVAL_MS, type KeptInterval, windowEndMs, windowOpenMs } from "#lib/bars/interval.ts";
import { refold } from "#lib/bars/refold.ts";
import { addRow, openBar } from "#lib/bars/time-bars.ts";
import { mergeBlock, putVendorRow, type RowVerdict, receivedBar } from "#lib/bars/vendor-row.ts";
import type { BarReceived, HistoryLoaded } from "#lib/events/market.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { enterDay } from "./day.ts";
import type { ContractState } from "./state.ts";
import { closeBar } from "./trade.ts";

/** The kept series that a vendor interval belongs to, or −1: 60,000 → that of "1m"; 30 minutes → none. */
export function keptSeriesOf(intervalMs: number): number {
  return intervalMs === 86_400_000 ? DAY_SERIES : KEPT_INTERVAL_MS.indexOf(intervalMs);
}

/** One vendor bar, just finished. False: superseded by own trades, known before, or of an interval that is not kept. */
export function applyVendorBar(contract: ContractState, event: BarReceived, outputs: Outputs): boolean {
  const kept = keptSeriesOf(event.intervalMs);
  if (kept < 0) return false;
  if (event.openMs >= contract.day.untilMs) enterDay(contract, event.openMs);
  const series = contract.series[kept];
  const openMs = windowOpenMs(contract.calendar, contract.day, kept, event.openMs);
  const endMs = windowEndMs(contract.calendar, contract.day, kept, openMs);
  if (series.isForming && openMs >= series.formingEndMs) closeBar(contract, series, outputs);
  const verdict = putVendorRow(series, openMs, receivedBar(event));
  if (!noteVerdict(contract, verdict)) return false;
  const isNewest = verdict === "added" && !series.isForming && series.openMs[series.length - 1] === openMs;
  if (verdict === "amended") sayAmended(contract, series, openMs, outputs);
  else outputs.list.push({ type: "BarClosed", contract: contract.index, interval: series.interval, openMs });
  if (isNewest && !isLongerClosed(contract, kept, openMs)) appendToLonger(contract, kept, openMs, endMs, outputs);
  else insertIntoLonger(contract, kept, openMs, endMs, outputs);
  trimRows(series);
  noteVendor(contract, kept, endMs);
  takeLast(contract, event.closeTicks, endMs);
  return true;
}

/** The rare case: longer bars are folded again around a bar in the middle; those that close by it are said. */
function insertIntoLonger(
  contract: ContractState,
  kept: number,
  openMs: number,
  endMs: number,
  outputs: Outputs,
): void {
  const { calendar, day, series } = contract;
  const opens = series.map((_, at) => windowOpenMs(calendar, day, at, openMs));
  const wasClosed = series.map((longer, at) => isClosedAt(longer, opens[at]));
  refoldLonger(contract, kept, openMs, endMs, outputs);
  for (let at = kept + 1; at < series.length; at++) {
    if (wasClosed[at] || !isClosedAt(series[at], opens[at])) continue;
    const { interval } = series[at];
    outputs.list.push({ type: "BarClosed", contract: contract.index, interval, openMs: opens[at] });
  }
}

/** True where the clock has closed a longer bar that holds `openMs`: it must be amended, not opened again. */
function isLongerClosed(contract: ContractState, kept: number, openMs: number): boolean {
  const { calendar, day, series } = contract;
  return series.some((longer, at) => at > kept && isClosedAt(longer, windowOpenMs(calendar, day, at, openMs)));
}

function isClosedAt(series: BarSeries, openMs: number): boolean {
  const row = rowAt(series, openMs);
  return row >= 0 && row < series.length;
}

function noteVerdict(contract: ContractState, verdict: RowVerdict): boolean {
  if (verdict === "same") contract.duplicates++;
  if (verdict === "own trades") contract.superseded++;
  return verdict === "added" || verdict === "amended";
}

function sayAmended(contract: ContractState, series: BarSeries<KeptInterval>, openMs: number, outputs: Outputs): void {
  const row = rowAt(series, openMs);
  const revision = row < 0 ? 0 : series.revision[row];
  outputs.list.push({ type: "BarAmended", contract: contract.index, interval: series.interval, openMs, revision });
}

function noteVendor(contract: ContractState, kept: number, endMs: number): void {
  contract.vendorUntilMs = Math.max(contract.vendorUntilMs, endMs);
  contract.vendorKept = contract.vendorKept < 0 ? kept : Math.min(contract.vendorKept, kept);
}

function takeLast(contract: ContractState, closeTicks: number, endMs: number): void {
  if (endMs <= contract.lastMs) return;
  contract.lastTicks = closeTicks;
  contract.lastSize = 0;
  contract.lastMs = endMs;
}

/** The common case: the newest closed row of the base is added to the forming bar of every longer interval. */
function appendToLonger(contract: ContractState, kept: number, openMs: number, endMs: number, outputs: Outputs): void {
  const { calendar, day, series } = contract;
  const base = series[kept];
  for (let at = kept + 1; at < series.length; at++) {
    const longer = series[at];
    const windowMs = windowOpenMs(calendar, day, at, openMs);
    if (longer.isForming && longer.openMs[longer.length] < windowMs) closeBar(contract, longer, outputs);
    if (!longer.isForming) openBar(longer, windowMs, windowEndMs(calendar, day, at, windowMs));
    addRow(longer, longer.length, base, base.length - 1);
    if (endMs >= longer.formingEndMs) closeBar(contract, longer, outputs);
  }
  findNextEnd(contract);
}

function findNextEnd(contract: ContractState): void {
  contract.nextEndMs = Number.POSITIVE_INFINITY;
  for (const series of contract.series) contract.nextEndMs = Math.min(contract.nextEndMs, series.formingEndMs);
}

/** Older bars in one piece: rows where none were, longer bars folded anew from the first that changed. */
export function applyHistory(contract: ContractState, event: HistoryLoaded, outputs: Outputs): void {
  const kept = keptSeriesOf(event.intervalMs);
  const { bars } = event;
  if (kept < 0 || bars.count === 0) return;
  const series = contract.series[kept];
  const windowOpen = (ms: number) => windowOpenMs(contract.calendar, contract.day, kept, ms);
  const merged = mergeBlock(series, bars, windowOpen);
  contract.duplicates += merged.same;
  contract.superseded += merged.ownTrades;
  if (merged.added === 0) return;
  const endMs = bars.openMs[bars.count - 1] + event.intervalMs;
  refoldLonger(contract, kept, merged.firstMs, endMs, outputs);
  trimRows(series);
  noteVendor(contract, kept, endMs);
  takeLast(contract, bars.closeTicks[bars.count - 1], endMs);
  const { index } = contract;
  const { firstMs: fromMs, added } = merged;
  const stretch = { fromMs, toMs: endMs, bars: added };
  outputs.list.push({ type: "HistoryMerged", contract: index, interval: series.interval, ...stretch });
}

/** Folds each longer kept series again from the next shorter one, from the window that holds `fromMs` on. */
function refoldLonger(contract: ContractState, kept: number, fromMs: number, endMs: number, outputs: Outputs): void {
  const { calendar, day, series } = contract;
  const coveredMs = Math.max(endMs, contract.newestTradeMs, contract.lastMs);
  let changedFromMs = fromMs;
  for (let at = kept + 1; at < series.length; at++) {
    const longer = series[at];
    const last = longer.length - 1;
    // What has closed stays closed.
    const closedMs = last < 0 ? coveredMs : windowEndMs(calendar, day, at, longer.openMs[last]);
    changedFromMs = windowOpenMs(calendar, day, at, changedFromMs);
    const amended = refold(
      series[at - 1],
      longer,
      { fromMs: changedFromMs, coveredMs: Math.max(coveredMs, closedMs) },
      (ms) => windowOpenMs(calendar, day, at, ms),
      (openMs) => windowEndMs(calendar, day, at, openMs),
    );
    for (const openMs of amended) sayAmended(contract, longer, openMs, outputs);
    trimRows(longer);
  }
  findNextEnd(contract);
}
