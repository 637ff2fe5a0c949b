/** Which round trips do the stored fills make, as the outside sees them? */
import { createHash } from "node:crypto";
import { type DayPnl, dailyPnlOf } from "#lib/account/daily-pnl.ts";
import type { FeeRate, FeeSource } from "#lib/account/fee-schedule.ts";
import { openPositionOf } from "#lib/account/open-position.ts";
import type { FillUse, OpenTrip, RoundTrip } from "#lib/account/round-trip.ts";
import { ledgerOf, type TripBook, type TripLedger } from "#lib/account/round-trips.ts";
import { holdingMsOf, rMultipleOf } from "#lib/account/trade-metrics.ts";
import { civilDayIso } from "#lib/civil.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { pointsFromTicks, usd } from "#lib/units.ts";
import type { Trade } from "#lib/wire/trades.ts";
import type { Form, ToldTrades, TripWords } from "#server/store/queries/told-trades.ts";

/** All round trips, open ones first, then by their exits, newest first; and what each account's days brought. */
export type TradeViews = { trades: Trade[]; days: AccountDay[] };
export type AccountDay = DayPnl & { account: string };

/** NOTE: none is kept yet: what a fill does not say is the exchange's list price, and says so. */
const SCHEDULE: readonly FeeRate[] = [];
const NO_WORDS: TripWords = { tags: [], setup: "", notes: "" };

/**
 * A trade by form is a trip of its own; the executions of an account and contract make trips from flat to flat. FIFO.
 * Such a trip is named by the execution that opened it, so its words stay with it while later fills arrive.
 */
export function tradeViews(told: ToldTrades): TradeViews {
  const forms = Map.groupBy(told.fills, ({ form }) => form?.id ?? null);
  const trades: Trade[] = [];
  const days: AccountDay[] = [];
  for (const [id, stored] of forms) {
    const { ledger } = ledgerOf(
      stored.map(({ fill }) => fill),
      { method: "fifo", schedule: SCHEDULE },
    );
    days.push(...daysOf(ledger));
    const form = id === null ? null : stored[0].form;
    for (const book of Object.values(ledger.books)) trades.push(...viewsOf(book, form, told.words));
  }
  return { trades: trades.sort(newestFirst), days };
}

/** A day may stand here several times: once for each contract of its account. */
function daysOf(ledger: TripLedger): AccountDay[] {
  return Object.entries(ledger.books).flatMap(([key, book]) => {
    const account = book.fills[0].account;
    return dailyPnlOf({ ...ledger, books: { [key]: book } }).map((day) => ({ account, ...day }));
  });
}

function viewsOf(book: TripBook, form: Form | null, words: ToldTrades["words"]): Trade[] {
  const place = { book, form, words };
  const closed = book.trips.map((trip) => closedView(trip, place));
  return book.open === null ? closed : [openView(book.open, place), ...closed];
}

type Place = { book: TripBook; form: Form | null; words: ToldTrades["words"] };

function closedView(trip: RoundTrip, place: Place): Trade {
  const price = (ticks: number) => pointsFromTicks(ticks, trip.tickSize);
  return {
    ...commonOf(trip, trip.lastFill, place),
    status: "closed",
    contracts: trip.contracts,
    entryMs: trip.entryMs,
    exitMs: trip.exitMs,
    entryPrice: price(trip.entryPriceTicks),
    exitPrice: price(trip.exitPriceTicks),
    grossUsd: trip.grossUsd,
    feesUsd: trip.feesUsd,
    netUsd: trip.netUsd,
    r: rMultipleOf(trip, place.form?.stopTicks ?? null),
    holdingMs: holdingMsOf(trip),
    tradeDate: civilDayIso(trip.tradeDate),
  };
}

/** Money of what is closed of it; the price is the average of what is still open. */
function openView(trip: OpenTrip, place: Place): Trade {
  const position = openPositionOf(trip);
  const average = position.status === "open" ? position.averagePriceTicks : 0;
  const grossUsd = usd(sumOf(trip.realised, (part) => part.grossUsd));
  const feesUsd = usd(sumOf(trip.realised, (part) => part.feesUsd));
  return {
    ...commonOf(trip, place.book.fills.length - 1, place),
    status: "open",
    contracts: trip.contracts,
    entryMs: trip.uses[0].atMs,
    exitMs: null,
    entryPrice: pointsFromTicks(average, trip.tickSize),
    exitPrice: null,
    grossUsd,
    feesUsd,
    netUsd: usd(grossUsd - feesUsd),
    r: null,
    holdingMs: null,
    tradeDate: null,
  };
}

/** What an open and a closed trip have alike. */
function commonOf(trip: OpenTrip | RoundTrip, lastFill: number, { book, form, words }: Place) {
  const [first, ...more] = book.fills.slice(trip.start.fill, lastFill + 1);
  const { account, root, source, executionId } = first;
  const id = form?.id ?? tripKey([account, contractLongSymbol(first), source, executionId]);
  const price = (ticks: number | null) => (ticks === null ? null : pointsFromTicks(ticks, trip.tickSize));
  return {
    id,
    kind: form === null ? ("fills" as const) : ("form" as const),
    account,
    root,
    contract: contractLongSymbol(first),
    side: trip.side,
    tickSize: trip.tickSize,
    feesBy: feesByOf(trip.uses),
    stopPrice: price(form?.stopTicks ?? null),
    targetPrice: price(form?.targetTicks ?? null),
    sources: [...new Set([first, ...more].map((fill) => fill.source))],
    fills: 1 + more.length,
    revision: form?.revision ?? 0,
    ...(words.get(id) ?? NO_WORDS),
  };
}

/** A short name that can stand in an address: equal parts, equal name. */
function tripKey(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);
}

const FEES_BY = { fill: "stated", schedule: "schedule", list: "list" } as const satisfies Record<FeeSource, string>;

function feesByOf(uses: readonly FillUse[]): Trade["feesBy"] {
  const sources = new Set(uses.map(({ feeSource }) => feeSource));
  return sources.size === 1 ? FEES_BY[uses[0].feeSource] : "mixed";
}

function newestFirst(a: Trade, b: Trade): number {
  if (a.status !== b.status) return a.status === "open" ? -1 : 1;
  return (b.exitMs ?? b.entryMs) - (a.exitMs ?? a.entryMs);
}
