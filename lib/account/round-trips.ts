/** Which round trips do fills make, one by one or all at once, in whatever order they arrive? */
import { assert } from "#lib/assert.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { type FeeRate, feeOf } from "./fee-schedule.ts";
import { type Fill, fillFault } from "./fill.ts";
import { fillOrder } from "./fill-order.ts";
import type { LotMethod } from "./open-lots.ts";
import {
  beginTrip,
  closeTrip,
  enterTrip,
  exitTrip,
  type FillPlace,
  type OpenTrip,
  type PricedFill,
  type RoundTrip,
  sideOf,
} from "./round-trip.ts";

/** The fills of one account and contract in their order, and what they made. */
export type TripBook = { fills: PricedFill[]; trips: RoundTrip[]; open: OpenTrip | null };

/** Plain state; a book for each account and contract. */
export type TripLedger = {
  method: LotMethod;
  schedule: readonly FeeRate[];
  books: Record<string, TripBook>;
  /** What each execution said, by source, account and id. */
  known: Record<string, string>;
};

export type AddedFill = { kind: "added" } | { kind: "duplicate" } | { kind: "refused"; reason: string };

export function createTripLedger(given: { method: LotMethod; schedule: readonly FeeRate[] }): TripLedger {
  return { ...given, books: {}, known: {} };
}

/**
 * Takes one fill in. The order of arrival is nothing: a fill that belongs before others makes the trips from there on
 * anew. The same account and id from the same source adds nothing; with another content it is refused with both.
 */
export function addFill(ledger: TripLedger, fill: Fill): AddedFill {
  const reason = fillFault(fill);
  if (reason !== null) return { kind: "refused", reason };
  const id = JSON.stringify([fill.source, fill.account, fill.executionId]);
  const content = contentOf(fill);
  const known = ledger.known[id];
  if (known !== undefined) {
    if (known === content) return { kind: "duplicate" };
    return { kind: "refused", reason: `fill ${fill.executionId} of ${fill.source}: was ${content}, known as ${known}` };
  }
  ledger.known[id] = content;
  const fee = feeOf(fill, ledger.schedule);
  insertFill(bookOf(ledger, fill), { ...fill, feeUsd: fee.usd, feeSource: fee.source }, ledger.method);
  return { kind: "added" };
}

/** The trips of all books, oldest exit first; equal exits by account and contract. */
export function tripsOf(ledger: TripLedger): RoundTrip[] {
  const keys = Object.keys(ledger.books).sort();
  return keys.flatMap((key) => ledger.books[key].trips).sort((a, b) => a.exitMs - b.exitMs);
}

/** A ledger of many fills at once, sorted first so that each is folded once, and why any were refused. */
export function ledgerOf(
  fills: readonly Fill[],
  given: { method: LotMethod; schedule: readonly FeeRate[] },
): { ledger: TripLedger; duplicates: number; refused: string[] } {
  const ledger = createTripLedger(given);
  const refused: string[] = [];
  let duplicates = 0;
  for (const fill of fills.toSorted(fillOrder)) {
    const added = addFill(ledger, fill);
    if (added.kind === "duplicate") duplicates += 1;
    if (added.kind === "refused") refused.push(added.reason);
  }
  return { ledger, duplicates, refused };
}

/** The book of an account and contract, a new one where there was none. */
function bookOf(ledger: TripLedger, fill: Fill): TripBook {
  const key = bookKey(fill);
  ledger.books[key] ??= { fills: [], trips: [], open: null };
  return ledger.books[key];
}

/** "Sim101 ESZ26": contracts have no blank, so no two accounts share a key. */
export function bookKey(place: { account: string; root: string; year: number; month: number }): string {
  return `${place.account} ${contractLongSymbol(place)}`;
}

function insertFill(book: TripBook, fill: PricedFill, method: LotMethod): void {
  let place = book.fills.length;
  while (place > 0 && fillOrder(fill, book.fills[place - 1]) < 0) place -= 1;
  book.fills.splice(place, 0, fill);
  const from = place === book.fills.length - 1 ? { fill: place, used: 0 } : rewind(book, place);
  for (let at = from.fill; at < book.fills.length; at += 1)
    takeFill(book, at, at === from.fill ? from.used : 0, method);
}

/** Takes back every trip that ends at or behind a place, and the open one; says where to fold on from. */
function rewind(book: TripBook, place: number): FillPlace {
  let kept = book.trips.length;
  while (kept > 0 && book.trips[kept - 1].lastFill >= place) kept -= 1;
  const first = book.trips.at(kept) ?? book.open;
  assert(first !== null, `rewind: no trip holds the fills behind ${place} of ${book.fills.length}`);
  book.trips.length = kept;
  book.open = null;
  return first.start;
}

/** Exits before entries: what is left behind the close of a trip opens the next on the other side. */
function takeFill(book: TripBook, at: number, used: number, method: LotMethod): void {
  const fill = book.fills[at];
  let from = used;
  if (book.open !== null && book.open.side !== sideOf(fill)) {
    const to = Math.min(fill.contracts, from + book.open.contracts);
    exitTrip(book.open, fill, { from, to });
    from = to;
    if (book.open.contracts === 0) {
      book.trips.push(closeTrip(book.open, fill, at));
      book.open = null;
    }
  }
  if (from === fill.contracts) return;
  book.open ??= beginTrip(fill, { fill: at, used: from });
  enterTrip(book.open, fill, { from, to: fill.contracts }, method);
}

/** What makes two tellings of one execution the same. */
function contentOf(fill: Fill): string {
  const { side, contracts, priceTicks, tickSize, atMs, feeUsd } = fill;
  const fee = feeUsd === null ? "" : `, fee ${feeUsd} USD`;
  return `${side} ${contracts} ${contractLongSymbol(fill)} at ${priceTicks} × ${tickSize}, ${atMs} ms${fee}`;
}
