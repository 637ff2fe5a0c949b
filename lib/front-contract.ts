/** Which expiry of a product do traders trade now? Decided once a day, at 17:00 CT, from the completed trade date. */

import { assert } from "#lib/assert.ts";
import { civilParts } from "#lib/civil.ts";
import { type Contract, expiryOrder, isSameContract } from "#lib/contract.ts";
import { firstNoticeDate, lastTradeDate } from "#lib/expiry.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import { nextTradeDate, previousTradeDate } from "#lib/session.ts";
import type { TradeDate } from "#lib/units.ts";

/** A contract leaves the front this many trade dates before its last trade or first notice. */
const FORCED_TRADE_DATES = 2;

export type ContractVolume = { readonly contract: Contract; readonly volume: number };

export type FrontInput = {
  readonly root: string;
  /** The front contract so far; null before the first decision. */
  readonly front: Contract | null;
  /** Whole volumes of the completed trade date, any order; other roots are left out. */
  readonly volumes: readonly ContractVolume[];
  /** The trade date that just completed; the decision holds from the next one. */
  readonly completed: TradeDate;
  /** The user's own choice; it lapses behind its last trade date. */
  readonly pin: Contract | null;
};

export type FrontDecision = {
  readonly contract: Contract;
  readonly reason: "pinned" | "kept" | "outTraded" | "forced" | "first";
};

/**
 * The front contract of the trade date after `completed`. A pin wins; else a later expiry that traded more than the
 * front takes over (the one that traded most); never an earlier one; and the front is forced out two trade dates
 * before its last trade or first notice, then to the later expiry that traded most, or to the next roll month.
 * ES after 2013-12-12: Dec 1,113,344 against Mar 354,874 → Dec kept; after 12-13: 347,764 against 868,208 → Mar.
 */
export function decideFront(input: FrontInput): FrontDecision {
  const { front, pin } = input;
  const instrument = listed(input.root);
  const from = nextTradeDate(instrument.calendar, input.completed);
  if (pin !== null && pin.root === input.root && lastTradeDate(pin) >= from) return { contract: pin, reason: "pinned" };
  const candidates = input.volumes.filter(
    ({ contract, volume }) =>
      contract.root === input.root &&
      volume > 0 &&
      from < forcedOutFrom(contract) &&
      (front === null || expiryOrder(contract, front) > 0),
  );
  const busiest = mostTraded(candidates);
  if (front === null) return { contract: busiest?.contract ?? firstFront(input.root, from), reason: "first" };
  if (from >= forcedOutFrom(front)) {
    return { contract: busiest?.contract ?? firstFront(input.root, from), reason: "forced" };
  }
  const isOutTraded = busiest !== null && busiest.volume > volumeOf(front, input.volumes);
  return isOutTraded ? { contract: busiest.contract, reason: "outTraded" } : { contract: front, reason: "kept" };
}

/** The front contract by the calendar alone, where nothing is known of volumes: the first roll month not forced out. */
export function firstFront(root: string, date: TradeDate): Contract {
  const instrument = listed(root);
  const { year, month } = civilParts(date);
  for (let ahead = 0; ahead <= 24; ahead += 1) {
    const monthIndex = month - 1 + ahead;
    const contract = { root, year: year + Math.floor(monthIndex / 12), month: (monthIndex % 12) + 1 };
    if (instrument.rollMonths.includes(contract.month) && date < forcedOutFrom(contract)) return contract;
  }
  throw new Error(`firstFront: ${root} has no roll month within two years of day ${date}`);
}

/** The contract of a micro beside the front of its mini: the same month. MES beside ESH4 → MESH4. */
export function microFront(microRoot: string, miniFront: Contract): Contract {
  const { mini } = listed(microRoot);
  assert(mini === miniFront.root, `microFront: mini of ${microRoot} is ${mini}, was ${miniFront.root}`);
  return { root: microRoot, year: miniFront.year, month: miniFront.month };
}

/**
 * The first trade date on which a contract may no longer be front: two before its last trade or first notice,
 * whichever comes first. ES Dec 2013 (last trade Friday 12-20) → Wednesday 2013-12-18.
 */
export function forcedOutFrom(contract: Contract): TradeDate {
  const { calendar } = listed(contract.root);
  const lastTrade = lastTradeDate(contract);
  const notice = firstNoticeDate(contract);
  let date = notice !== null && notice < lastTrade ? notice : lastTrade;
  for (let step = 0; step < FORCED_TRADE_DATES; step += 1) date = previousTradeDate(calendar, date);
  return date;
}

function listed(root: string): Instrument {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `front contract: root was ${root}, expected one that we list`);
  return instrument;
}

/** The row with the greatest volume, the earlier expiry where two are equal; null of none. */
function mostTraded(rows: readonly ContractVolume[]): ContractVolume | null {
  let best: ContractVolume | null = null;
  for (const row of rows) {
    if (best === null || row.volume > best.volume) best = row;
    else if (row.volume === best.volume && expiryOrder(row.contract, best.contract) < 0) best = row;
  }
  return best;
}

function volumeOf(contract: Contract, rows: readonly ContractVolume[]): number {
  return rows.find((row) => isSameContract(row.contract, contract))?.volume ?? 0;
}
