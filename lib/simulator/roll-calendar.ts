/** Which expiries of a product does the simulator trade on a date, and how is the volume shared? */
import { assert } from "#lib/assert.ts";
import { civilParts } from "#lib/civil.ts";
import { type Contract, expiryOrder } from "#lib/contract.ts";
import { forcedOutFrom } from "#lib/front-contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { nextTradeDate, previousTradeDate } from "#lib/session.ts";
import type { TradeDate } from "#lib/units.ts";

export type ContractShare = { readonly contract: Contract; readonly volumeShare: number };

/**
 * The crossing: the next expiry out-trades the front for the first time this many trade dates before the front would
 * be forced out by the calendar (lib/front-contract.ts), as traders roll before they must.
 */
const CROSSING_BEFORE_FORCED = 3;
/** Share of the next expiry on the crossing date, the one and the two before it; earlier it is quiet. */
const NEXT_SHARES = [0.65, 0.28, 0.08];
const QUIET_NEXT_SHARE = 0.01;
/** Share of the expiry just left on the first date after the crossing; later it is quiet. */
const LEFT_SHARE = 0.1;
const QUIET_LEFT_SHARE = 0.02;
/** Share of an expiry further out. */
const FAR_SHARE = 0.004;
const MONTHS_AHEAD_MAX = 24;

/**
 * The contracts that trade in earnest, front first: one on ordinary dates, two around the crossing.
 * ES Dec 2026 (last trade 12-18, forced out 12-16): crossing on 12-11, so from 12-09 to 12-14 there are two.
 */
export function contractsOn(root: string, date: TradeDate): readonly ContractShare[] {
  const front = calendarFront(root, date);
  const next = nextExpiry(front);
  const left = previousExpiry(front);
  const nextShare = shareOfNext(front, date);
  const leftShare = isDayAfterCrossing(left, date) ? LEFT_SHARE : 0;
  const rows: ContractShare[] = [{ contract: front, volumeShare: 1 - nextShare - leftShare }];
  if (nextShare > QUIET_NEXT_SHARE) rows.push({ contract: next, volumeShare: nextShare });
  if (leftShare > 0) rows.push({ contract: left, volumeShare: leftShare });
  return rows;
}

/** Part of the root's volume that a contract trades on a date, also where it is quiet. */
export function volumeShareOf(contract: Contract, date: TradeDate): number {
  const front = calendarFront(contract.root, date);
  const order = expiryOrder(contract, front);
  if (order < 0) {
    if (expiryOrder(contract, previousExpiry(front)) < 0) return FAR_SHARE;
    return isDayAfterCrossing(contract, date) ? LEFT_SHARE : QUIET_LEFT_SHARE;
  }
  const nextShare = shareOfNext(front, date);
  if (order === 0) return 1 - nextShare - (isDayAfterCrossing(previousExpiry(front), date) ? LEFT_SHARE : 0);
  return expiryOrder(contract, nextExpiry(front)) === 0 ? nextShare : FAR_SHARE;
}

/** The expiry that trades most at the beginning of a date: the first whose crossing is not past. */
export function calendarFront(root: string, date: TradeDate): Contract {
  const mini = instrumentOf(root)?.mini ?? root;
  const { year, month } = civilParts(date);
  for (let ahead = 0; ahead <= MONTHS_AHEAD_MAX; ahead += 1) {
    const contract = contractOfMonth(root, year * 12 + month - 1 + ahead);
    if (isRollMonth(contract) && date <= crossingOf({ ...contract, root: mini })) return contract;
  }
  throw new Error(`calendarFront: ${root} has no roll month within two years of day ${date}`);
}

/** The date on which the next expiry out-trades this one; a micro's is its mini's. */
function crossingOf(contract: Contract): TradeDate {
  const instrument = instrumentOf(contract.root);
  assert(instrument !== null, `roll calendar: root was ${contract.root}, expected one that we list`);
  if (instrument.mini !== null) return crossingOf({ ...contract, root: instrument.mini });
  let date = forcedOutFrom(contract);
  for (let step = 0; step < CROSSING_BEFORE_FORCED; step += 1) date = previousTradeDate(instrument.calendar, date);
  return date;
}

function shareOfNext(front: Contract, date: TradeDate): number {
  const calendar = instrumentOf(front.root)?.calendar;
  assert(calendar !== undefined, `roll calendar: root was ${front.root}, expected one that we list`);
  let day = crossingOf(front);
  for (const share of NEXT_SHARES) {
    if (day === date) return share;
    day = previousTradeDate(calendar, day);
  }
  return QUIET_NEXT_SHARE;
}

function isDayAfterCrossing(left: Contract, date: TradeDate): boolean {
  const calendar = instrumentOf(left.root)?.calendar;
  return calendar !== undefined && nextTradeDate(calendar, crossingOf(left)) === date;
}

function nextExpiry(contract: Contract): Contract {
  return neighbour(contract, 1);
}

function previousExpiry(contract: Contract): Contract {
  return neighbour(contract, -1);
}

function neighbour(contract: Contract, step: 1 | -1): Contract {
  for (let ahead = 1; ahead <= MONTHS_AHEAD_MAX; ahead += 1) {
    const candidate = contractOfMonth(contract.root, contract.year * 12 + contract.month - 1 + step * ahead);
    if (isRollMonth(candidate)) return candidate;
  }
  throw new Error(`roll calendar: ${contract.root} has no roll month beside ${contract.year}-${contract.month}`);
}

function isRollMonth(contract: Contract): boolean {
  return instrumentOf(contract.root)?.rollMonths.includes(contract.month) ?? false;
}

function contractOfMonth(root: string, monthIndex: number): Contract {
  return { root, year: Math.floor(monthIndex / 12), month: (monthIndex % 12) + 1 };
}
