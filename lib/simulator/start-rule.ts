/** At which moment does a new simulated run stand, and which history comes before it? */
import type { Contract } from "#lib/contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { isFullTradeDate, previousTradeDate, tradeDateAt } from "#lib/session.ts";
import { contractsOn } from "#lib/simulator/roll-calendar.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";

/** Trade dates of history before the current one. */
export const HISTORY_TRADE_DATES = 20;
/** Trades and quotes before the start, in minutes; what is older comes as bars. */
export const TAPE_MINUTES = 30;

const START_MS_OF_DAY = (9 * 60 + 25) * MS_PER_MINUTE;
/** Christmas and New Year never leave less than one full trade date in so many days. */
const SEARCH_DAYS_MAX = 15;

/**
 * 09:25 ET of the newest full equity trade date (no holiday, no early close) whose 09:25 ET is already past.
 * Saturday 2026-11-21 → Friday 2026-11-20 09:25 ET; Friday 2026-11-27 18:00 (early close) → Wednesday 2026-11-25.
 */
export function newRunStartMs(wallMs: number): EpochMs {
  const { day } = localParts("America/New_York", wallMs);
  for (let back = 0; back <= SEARCH_DAYS_MAX; back += 1) {
    const startMs = utcMsFromLocal("America/New_York", day - back, START_MS_OF_DAY);
    if (startMs <= wallMs && isFullTradeDate("equity", tradeDate(day - back))) return startMs;
  }
  throw new Error(`newRunStartMs: no full equity trade date within ${SEARCH_DAYS_MAX} days before ${wallMs}`);
}

/** Where bars end and trades begin: 30 minutes before the minute of the start. 09:25:40 → 08:55:00. */
export function tapeFromMs(startMs: number): EpochMs {
  return epochMs((Math.floor(startMs / MS_PER_MINUTE) - TAPE_MINUTES) * MS_PER_MINUTE);
}

/** The bars of one contract and trade date that make one block of history. */
export type HistoryBlock = { readonly contract: Contract; readonly date: TradeDate };

/**
 * The blocks before `untilMs`, oldest trade date first, the current one last: on each date what traded in earnest then,
 * and what is front or next on the current date, so that a new front has its own past.
 */
export function historyBlocks(roots: readonly string[], untilMs: number): readonly (readonly HistoryBlock[])[] {
  const byStep: HistoryBlock[][] = Array.from({ length: HISTORY_TRADE_DATES + 1 }, () => []);
  for (const root of roots) {
    const calendar = instrumentOf(root)?.calendar;
    if (calendar === undefined) continue;
    let date = tradeDateAt(calendar, untilMs);
    const current = contractsOn(root, date).map((row) => row.contract);
    for (let step = HISTORY_TRADE_DATES; step >= 0; step -= 1) {
      byStep[step].push(...blocksOf(root, date, current));
      date = previousTradeDate(calendar, date);
    }
  }
  return byStep;
}

function blocksOf(root: string, date: TradeDate, current: readonly Contract[]): HistoryBlock[] {
  const onDate = contractsOn(root, date).map((row) => row.contract);
  const alsoCurrent = current.filter(
    (contract) => !onDate.some((known) => known.year === contract.year && known.month === contract.month),
  );
  return [...onDate, ...alsoCurrent].map((contract) => ({ contract, date }));
}
