/** What are the newest numbers of each topic? Read from the engine's state, said in points, never kept twice. */
import { rowAt } from "#lib/bars/bar-series.ts";
import { DAY_SERIES } from "#lib/bars/interval.ts";
import { civilDayIso } from "#lib/civil.ts";
import { contractLabel } from "#lib/contract.ts";
import { contractsOf } from "#lib/engine/front.ts";
import { previousSettlement } from "#lib/engine/settlement.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import { measuredDelayMs } from "#lib/engine/trust.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { civilDay, NO_PRICE, pointsFromTicks } from "#lib/units.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import { DELTA_SOURCES, type FeedsReport, type Quote, type TrustRow } from "#lib/wire/stream.ts";
import { barDelta } from "#server/bar-history.ts";

function pointsOrNull(contract: ContractState, ticks: number): number | null {
  return ticks === NO_PRICE ? null : pointsFromTicks(ticks, contract.tickSize);
}

function finiteOrNull(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

type Change = Pick<Quote, "change" | "changeSource" | "previousSettlement">;

/** Last − previous settlement; null, with the reason, where there is no settlement of the trade date before. */
function changeOf(contract: ContractState): Change {
  const settlement = previousSettlement(contract);
  if (settlement === null || contract.lastTicks === NO_PRICE) {
    return { change: null, changeSource: "no previous settlement", previousSettlement: null };
  }
  return {
    change: pointsFromTicks(contract.lastTicks - settlement.ticks, contract.tickSize),
    changeSource: settlement.source,
    previousSettlement: pointsFromTicks(settlement.ticks, contract.tickSize),
  };
}

type DayPart = Pick<Quote, "tradeDate" | "open" | "high" | "low" | "volume" | "delta" | "deltaSource" | "vwap">;

/** The trade date so far; nulls before its first trade. */
function dayOf(contract: ContractState): DayPart {
  const days = contract.series[DAY_SERIES];
  const tradeDate = civilDayIso(civilDay(contract.day.tradeDate));
  const row = rowAt(days, contract.day.openMs);
  if (row < 0) {
    return { tradeDate, open: null, high: null, low: null, volume: 0, delta: 0, deltaSource: "none", vwap: null };
  }
  const vwapTicks = days.vwapSum[row] / days.volume[row];
  const delta = barDelta(contract, days, row, contract.day.untilMs);
  return {
    tradeDate,
    open: pointsFromTicks(days.openTicks[row], contract.tickSize),
    high: pointsFromTicks(days.highTicks[row], contract.tickSize),
    low: pointsFromTicks(days.lowTicks[row], contract.tickSize),
    volume: days.volume[row],
    delta: Math.round(delta.contracts),
    deltaSource: DELTA_SOURCES[delta.source],
    vwap: Number.isFinite(vwapTicks) ? pointsFromTicks(vwapTicks, contract.tickSize) : null,
  };
}

/** Everything that `quote:SYMBOL` says. */
export function quoteOf(state: EngineState, contract: ContractState): Quote {
  return {
    contract: contract.symbol,
    mode: state.mode,
    last: pointsOrNull(contract, contract.lastTicks),
    lastSize: contract.lastSize > 0 ? contract.lastSize : null,
    lastMs: finiteOrNull(contract.lastMs),
    bid: pointsOrNull(contract, contract.bidTicks),
    bidSize: contract.bidSize,
    ask: pointsOrNull(contract, contract.askTicks),
    askSize: contract.askSize,
    ...changeOf(contract),
    ...dayOf(contract),
    eventMs: finiteOrNull(contract.trust.eventMs),
    staleSinceMs: contract.trust.staleSinceMs,
    marketOpen: contract.trust.marketOpen,
  };
}

/** One row a followed root, in the order of `roots`, then as they were first seen. */
export function instrumentRows(state: EngineState, roots: readonly string[], nowMs: number): InstrumentRow[] {
  const place = (root: string) => (roots.includes(root) ? roots.indexOf(root) : roots.length);
  return [...state.roots]
    .sort((a, b) => place(a.root) - place(b.root))
    .map(({ root }) => instrumentRow(state, root, nowMs))
    .filter((row) => row !== null);
}

/** A root's row, or null where the run does not follow it. */
export function instrumentRow(state: EngineState, root: string, nowMs: number): InstrumentRow | null {
  const known = state.roots.find((entry) => entry.root === root);
  const instrument = instrumentOf(root);
  if (known === undefined || instrument === null) return null;
  const front = state.contracts[known.front];
  const { change, changeSource, previousSettlement: settlement } = changeOf(front);
  const eventMs = finiteOrNull(front.trust.eventMs);
  return {
    root,
    contract: front.symbol,
    label: contractLabel(front),
    pinned: state.pins[root] !== undefined,
    contracts: contractsOf(state, root).map((contract) => contract.symbol),
    name: instrument.name,
    exchange: instrument.exchange,
    currency: instrument.currency,
    calendar: instrument.calendar,
    tickSize: front.tickSize,
    pointValue: instrument.pointValueUsd,
    tickValueUsd: Math.round(front.tickSize * instrument.pointValueUsd * 1e8) / 1e8,
    feePerSideUsd: instrument.feesUsdPerSide,
    mode: state.mode,
    last: pointsOrNull(front, front.lastTicks),
    changePoints: change,
    changeSource,
    settlement,
    ageMs: eventMs === null ? null : Math.max(0, nowMs - eventMs),
    stale: front.trust.staleSinceMs !== null,
  };
}

/** What the feed's owner counts beside the engine. */
export type FeedCounts = { speed: number | null; rejects: FeedsReport["rejects"] };

export function feedsReport(state: EngineState, nowMs: number, counts: FeedCounts): FeedsReport {
  return {
    feed: state.feed,
    mode: state.mode,
    state: state.feedState,
    message: state.feedMessage,
    speed: counts.speed,
    jump: state.jump,
    rejects: counts.rejects,
    contracts: state.contracts.map((contract) => trustRow(contract, nowMs)),
    gaps: gapRows(state),
  };
}

/** Stretches without data that nothing has filled, oldest first; contract null: all. */
export function gapRows(state: EngineState): FeedsReport["gaps"] {
  return state.gaps.map((gap) => ({
    ...gap,
    contract: gap.contract === null ? null : (state.contracts[gap.contract]?.symbol ?? null),
  }));
}

function trustRow(contract: ContractState, nowMs: number): TrustRow {
  return {
    contract: contract.symbol,
    root: contract.root,
    eventMs: finiteOrNull(contract.trust.eventMs),
    delayMs: measuredDelayMs(contract.trust, nowMs),
    staleSinceMs: contract.trust.staleSinceMs,
    marketOpen: contract.trust.marketOpen,
    lateTrades: contract.lateTrades,
    droppedLate: contract.droppedLate,
    duplicates: contract.duplicates,
  };
}
