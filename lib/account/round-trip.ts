/** What is one round trip: from flat to flat, however many fills it took, and what did it earn? */
import { assert } from "#lib/assert.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { tradeDateAt } from "#lib/session.ts";
import { type Usd, usd, usdFromTicks } from "#lib/units.ts";
import { type FeeSource, feePart } from "./fee-schedule.ts";
import type { Fill } from "./fill.ts";
import { addLot, type LotMethod, type OpenLot, takeFromLots } from "./open-lots.ts";

/** A fill whose fee is settled. */
export type PricedFill = Fill & { feeUsd: number; feeSource: FeeSource };

/** A part of a fill that a trip consumed; the rest belongs to the trip before or behind it, where the fill flips. */
export type FillUse = {
  executionId: string;
  orderId: string | null;
  role: "entry" | "exit";
  contracts: number;
  /** In ticks of the trip. */
  priceTicks: number;
  atMs: number;
  feeUsd: number;
  feeSource: FeeSource;
};

/** What an exit closed: one row for each entry lot under FIFO, one for each exit at average cost. */
export type Realised = {
  exitExecutionId: string;
  /** Null at average cost. */
  entryExecutionId: string | null;
  atMs: number;
  /** Of the exit: P&L belongs to the trade date of the closing fill. */
  tradeDate: number;
  contracts: number;
  entryPriceTicks: number;
  exitPriceTicks: number;
  /** Σ ticks × contracts; fractional only at average cost. */
  grossTicks: number;
  grossUsd: number;
  /** Of the exit and of what it closed. */
  feesUsd: number;
  netUsd: number;
};

/** Where a trip begins in its book: number of the fill, and contracts of it that the trip before took. */
export type FillPlace = { fill: number; used: number };

export type OpenTrip = {
  start: FillPlace;
  side: "long" | "short";
  /** Points, of the first fill; later prices are told in it. */
  tickSize: number;
  tickValueUsd: number;
  contracts: number;
  contractsMax: number;
  lots: OpenLot[];
  uses: FillUse[];
  realised: Realised[];
  /** Σ of their ticks × contracts. */
  realisedTicks: number;
};

export type RoundTrip = {
  account: string;
  root: string;
  year: number;
  month: number;
  side: "long" | "short";
  tickSize: number;
  tickValueUsd: number;
  /** First entry and last exit. */
  entryMs: number;
  exitMs: number;
  /** Averages by contracts, in fractional ticks. */
  entryPriceTicks: number;
  exitPriceTicks: number;
  /** All that were entered, and the most that were open at once. */
  contracts: number;
  contractsMax: number;
  /** Σ ticks × contracts. */
  grossTicks: number;
  grossUsd: number;
  feesUsd: number;
  netUsd: number;
  /** False where a fee is the exchange's list price for want of a better one: then net is too high. */
  areFeesKnown: boolean;
  /** Of the last exit; parts that were closed on earlier dates stand in `realised`. */
  tradeDate: number;
  uses: FillUse[];
  realised: Realised[];
  start: FillPlace;
  /** Number of the last fill in its book. */
  lastFill: number;
};

/** Dollars a tick and contract, from the fill's own tick size and our point value: MES at 0.25 → 1.25. */
export function tickValueOf(fill: Fill): number {
  const instrument = instrumentOf(fill.root);
  assert(instrument !== null, `tickValueOf: root was ${fill.root}, expected one that we list`);
  return Math.round(fill.tickSize * instrument.pointValueUsd * 1e8) / 1e8;
}

export function sideOf(fill: Fill): "long" | "short" {
  return fill.side === "buy" ? "long" : "short";
}

export function beginTrip(fill: PricedFill, start: FillPlace): OpenTrip {
  return {
    start,
    side: sideOf(fill),
    tickSize: fill.tickSize,
    tickValueUsd: tickValueOf(fill),
    contracts: 0,
    contractsMax: 0,
    lots: [],
    uses: [],
    realised: [],
    realisedTicks: 0,
  };
}

/** The contracts `from` (inclusive) to `to` of a fill. */
export type FillPart = { from: number; to: number };

export function enterTrip(trip: OpenTrip, fill: PricedFill, part: FillPart, method: LotMethod): void {
  const use = fillUse(trip, fill, part, "entry");
  const { executionId, contracts, priceTicks, feeUsd } = use;
  trip.uses.push(use);
  trip.contracts += contracts;
  trip.contractsMax = Math.max(trip.contractsMax, trip.contracts);
  addLot(trip.lots, { executionId, contracts, costTicks: priceTicks * contracts, feesUsd: feeUsd }, method);
}

export function exitTrip(trip: OpenTrip, fill: PricedFill, part: FillPart): void {
  const use = fillUse(trip, fill, part, "exit");
  assert(use.contracts <= trip.contracts, `exitTrip: ${use.contracts} of ${trip.contracts} open contracts`);
  trip.uses.push(use);
  const tradeDate = tradeDateOf(fill);
  for (let taken = 0; taken < use.contracts; ) {
    const lot = takeFromLots(trip.lots, use.contracts - taken);
    const closed = { from: taken, to: taken + lot.contracts };
    const exitFeeUsd = feePart(use.feeUsd, use.contracts, closed);
    const realised = realisedOf(trip, { use, lot, exitFeeUsd, tradeDate });
    trip.realised.push(realised);
    trip.realisedTicks += realised.grossTicks;
    taken = closed.to;
  }
  trip.contracts -= use.contracts;
}

type Closing = { use: FillUse; lot: OpenLot; exitFeeUsd: number; tradeDate: number };

function realisedOf(trip: OpenTrip, { use, lot, exitFeeUsd, tradeDate }: Closing): Realised {
  const { contracts, costTicks } = lot;
  const grossTicks = gainOf(trip.side, costTicks, use.priceTicks * contracts);
  const grossUsd = usdOfMore(trip, grossTicks);
  const feesUsd = usd(exitFeeUsd + lot.feesUsd);
  return {
    exitExecutionId: use.executionId,
    entryExecutionId: lot.executionId,
    atMs: use.atMs,
    tradeDate,
    contracts,
    entryPriceTicks: costTicks / contracts,
    exitPriceTicks: use.priceTicks,
    grossTicks,
    grossUsd,
    feesUsd,
    netUsd: usd(grossUsd - feesUsd),
  };
}

/**
 * Money of so many ticks × contracts on top of what is realised: rounded as it adds up, so that the parts of a trip
 * sum to its total to the last of four decimals.
 */
export function usdOfMore(trip: OpenTrip, grossTicks: number): Usd {
  const { realisedTicks, tickValueUsd } = trip;
  return usd(usdFromTicks(realisedTicks + grossTicks, tickValueUsd, 1) - usdFromTicks(realisedTicks, tickValueUsd, 1));
}

/**
 * The finished trip. Its money comes from its fills alone, so that both lot methods give the same: long 2 at 100 and
 * 1 at 103, out 3 at 104, MES → 9 ticks × contracts → 11.25 gross.
 */
export function closeTrip(trip: OpenTrip, last: PricedFill, lastFill: number): RoundTrip {
  assert(trip.contracts === 0, `closeTrip: ${trip.contracts} contracts are open`);
  const entries = trip.uses.filter(({ role }) => role === "entry");
  const exits = trip.uses.filter(({ role }) => role === "exit");
  const contracts = sumOf(entries, (use) => use.contracts);
  const entryTicks = sumOf(entries, (use) => use.priceTicks * use.contracts);
  const exitTicks = sumOf(exits, (use) => use.priceTicks * use.contracts);
  const grossTicks = gainOf(trip.side, entryTicks, exitTicks);
  const grossUsd = usdFromTicks(grossTicks, trip.tickValueUsd, 1);
  const feesUsd = usd(sumOf(trip.uses, (use) => use.feeUsd));
  return {
    account: last.account,
    root: last.root,
    year: last.year,
    month: last.month,
    side: trip.side,
    tickSize: trip.tickSize,
    tickValueUsd: trip.tickValueUsd,
    entryMs: entries[0].atMs,
    exitMs: last.atMs,
    entryPriceTicks: entryTicks / contracts,
    exitPriceTicks: exitTicks / contracts,
    contracts,
    contractsMax: trip.contractsMax,
    grossTicks,
    grossUsd,
    feesUsd,
    netUsd: usd(grossUsd - feesUsd),
    areFeesKnown: trip.uses.every(({ feeSource }) => feeSource !== "list"),
    tradeDate: tradeDateOf(last),
    uses: trip.uses,
    realised: trip.realised,
    start: trip.start,
    lastFill,
  };
}

/** How far it went our way: long from 100 to 103 → 3, short → −3. */
export function gainOf(side: "long" | "short", from: number, to: number): number {
  return side === "long" ? to - from : from - to;
}

/** A tick size may change while a position is held (6E on 2016-01-11): prices are told in the trip's own. */
function fillUse(trip: OpenTrip, fill: PricedFill, part: FillPart, role: FillUse["role"]): FillUse {
  const { executionId, orderId, atMs, feeSource, tickSize } = fill;
  return {
    executionId,
    orderId,
    role,
    contracts: part.to - part.from,
    priceTicks: tickSize === trip.tickSize ? fill.priceTicks : fill.priceTicks * (tickSize / trip.tickSize),
    atMs,
    feeUsd: feePart(fill.feeUsd, fill.contracts, part),
    feeSource,
  };
}

function tradeDateOf(fill: Fill): number {
  const instrument = instrumentOf(fill.root);
  assert(instrument !== null, `tradeDateOf: root was ${fill.root}, expected one that we list`);
  return tradeDateAt(instrument.calendar, fill.atMs);
}
