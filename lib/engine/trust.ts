/** Is this contract's data alive? A lamp that is green over dead data costs money. */
import { type BarSeries, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { isFullTradeDate, previousTradeDate, rthOf, sessionAt, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, MS_PER_SECOND, tradeDate } from "#lib/units.ts";
import type { ContractState, Trust } from "./state.ts";

const STALE_MS_BUSY = 5 * MS_PER_SECOND;
const STALE_MS_UNKNOWN_OUTSIDE_RTH = 60 * MS_PER_SECOND;
const STALE_GAPS = 10;
const BARS_ONLY_INTERVALS = 3;
const BASELINE_SESSIONS_MIN = 3;
const DELAY_SLOT_MS = 5 * MS_PER_SECOND;
const MINUTES_PER_DAY = 1_440;

/**
 * How long may nothing come before the contract is stale? 5 s where its usual rate at this clock minute is at least one
 * trade a second, else ten of its usual gaps (1 ÷ rate); with under three sessions to judge by, 5 s in RTH and 60 s
 * outside; a feed of bars only: three of them, at least 5 s.
 * Usual rate 0.25/s → 40,000 ms; 3/s → 5,000 ms; a feed of minute bars → 180,000 ms.
 */
export function staleAfterMs(contract: ContractState, nowMs: number): number {
  const { trust } = contract;
  if (Number.isFinite(trust.barsOnlyMs)) return Math.max(STALE_MS_BUSY, BARS_ONLY_INTERVALS * trust.barsOnlyMs);
  if (trust.usualSessions < BASELINE_SESSIONS_MIN) {
    return isInRth(contract, nowMs) ? STALE_MS_BUSY : STALE_MS_UNKNOWN_OUTSIDE_RTH;
  }
  const seen = trust.usualRate[minuteOfDay(nowMs)];
  if (seen >= 1) return STALE_MS_BUSY;
  const rarest = 1 / (trust.usualSessions * 60);
  return (STALE_GAPS * MS_PER_SECOND) / Math.max(seen, rarest);
}

function isInRth(contract: ContractState, nowMs: number): boolean {
  const hours = rthOf(contract.root, tradeDate(contract.day.tradeDate));
  return hours !== null && nowMs >= hours.openMs && nowMs < hours.closeMs;
}

function minuteOfDay(ms: number): number {
  return Math.floor(localParts("America/Chicago", ms).msOfDay / MS_PER_MINUTE);
}

/** A trade, quote or vendor bar came: whatever else is wrong, the contract is alive. */
export function noteEvent(contract: ContractState, nowMs: number, outputs: Outputs): void {
  contract.trust.eventMs = nowMs;
  outputs.touched[contract.index] = 1;
  outputs.anyTouched = true;
  if (contract.trust.staleSinceMs === null) return;
  contract.trust.staleSinceMs = null;
  outputs.list.push({ type: "StaleChanged", contract: contract.index, sinceMs: null });
}

/** Keeps the smallest nowMs − exchangeMs of each 5-second slot. */
export function noteDelay(trust: Trust, nowMs: number, exchangeMs: number): void {
  const slot = Math.floor(nowMs / DELAY_SLOT_MS);
  const place = slot % trust.delaySlot.length;
  const delay = nowMs - exchangeMs;
  if (trust.delaySlot[place] !== slot) {
    trust.delaySlot[place] = slot;
    trust.delaySlotMs[place] = delay;
  } else if (delay < trust.delaySlotMs[place]) {
    trust.delaySlotMs[place] = delay;
  }
}

/** The smallest nowMs − exchangeMs of the last minute, or null when nothing came in it. */
export function measuredDelayMs(trust: Trust, nowMs: number): number | null {
  const slot = Math.floor(nowMs / DELAY_SLOT_MS);
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < trust.delaySlot.length; place++) {
    if (slot - trust.delaySlot[place] < trust.delaySlot.length) least = Math.min(least, trust.delaySlotMs[place]);
  }
  return Number.isFinite(least) ? least : null;
}

/**
 * Looks at the contract at `nowMs`: market open or not, stale or not; returns when to look again. A closed market is
 * never stale, and after an open the patience starts at the open.
 */
export function reviewTrust(contract: ContractState, nowMs: number, outputs: Outputs): number {
  const { trust } = contract;
  if (nowMs >= trust.segmentUntilMs) enterSegment(contract, nowMs, outputs);
  if (!trust.marketOpen || trust.eventMs === Number.NEGATIVE_INFINITY) return trust.segmentUntilMs;
  if (trust.staleSinceMs !== null) return trust.segmentUntilMs;
  const staleMs = Math.max(trust.eventMs, trust.segmentOpenMs) + staleAfterMs(contract, nowMs);
  // The next clock minute may bear less: what is usual there, and the open of RTH.
  const nextMinuteMs = (Math.floor(nowMs / MS_PER_MINUTE) + 1) * MS_PER_MINUTE;
  if (nowMs < staleMs) return Math.min(staleMs, nextMinuteMs, trust.segmentUntilMs);
  trust.staleSinceMs = trust.eventMs;
  outputs.list.push({ type: "StaleChanged", contract: contract.index, sinceMs: trust.eventMs });
  return trust.segmentUntilMs;
}

function enterSegment(contract: ContractState, nowMs: number, outputs: Outputs): void {
  const { trust } = contract;
  const session = sessionAt(contract.calendar, nowMs);
  trust.marketOpen = session.state === "open";
  trust.segmentOpenMs = session.state === "open" ? session.openMs : nowMs;
  trust.segmentUntilMs = session.state === "open" ? session.closeMs : session.nextOpenMs;
  outputs.touched[contract.index] = 1;
  outputs.anyTouched = true;
  if (trust.marketOpen || trust.staleSinceMs === null) return;
  trust.staleSinceMs = null;
  outputs.list.push({ type: "StaleChanged", contract: contract.index, sinceMs: null });
}

/**
 * Learns the usual rate from the minute bars of the last 20 full trade dates before `today`: mean trades of each clock
 * minute ÷ 60. Dates without trade counts are left out; holidays and early closes too.
 */
export function learnUsualRate(contract: ContractState, minutes: BarSeries, today: number): void {
  const { trust, calendar } = contract;
  trust.usualRate.fill(0);
  trust.usualSessions = 0;
  let date = tradeDate(today);
  const oldestMs = minutes.length > 0 ? minutes.openMs[0] : Number.POSITIVE_INFINITY;
  while (trust.usualSessions < BASELINE_SESSIONS) {
    date = previousTradeDate(calendar, date);
    const fromMs = sessionOpenMs(calendar, date);
    const toMs = sessionCloseMs(calendar, date);
    if (toMs <= oldestMs || !(oldestMs < Number.POSITIVE_INFINITY)) break;
    if (isFullTradeDate(calendar, date) && addSession(trust, minutes, fromMs, toMs)) trust.usualSessions++;
  }
  if (trust.usualSessions === 0) return;
  for (let minute = 0; minute < trust.usualRate.length; minute++) {
    trust.usualRate[minute] /= trust.usualSessions * 60;
  }
}

function addSession(trust: Trust, minutes: BarSeries, fromMs: number, toMs: number): boolean {
  let counted = 0;
  // The clocks change while the market is shut: one offset holds for a whole session.
  const firstMinute = minuteOfDay(fromMs);
  const first = rowAtOrAfter(minutes, fromMs);
  for (let row = first; row < minutes.length && minutes.openMs[row] < toMs; row++) {
    const minute = firstMinute + Math.floor((minutes.openMs[row] - fromMs) / MS_PER_MINUTE);
    trust.usualRate[minute % MINUTES_PER_DAY] += minutes.trades[row];
    counted += minutes.trades[row];
  }
  return counted > 0;
}
