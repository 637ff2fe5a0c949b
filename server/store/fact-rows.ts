/** Which rows of the database does a fact mean? Values only: no database, no clock. */
import { assert, unreachable } from "#lib/assert.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import type { BarFact, Fact, FactBar, FactContract, HistoryFact } from "#lib/outputs/fact.ts";
import type { bars } from "../../drizzle/schema/bars.ts";
import type { contracts } from "../../drizzle/schema/contracts.ts";
import type { feedGaps } from "../../drizzle/schema/feed-gaps.ts";
import { addTradeRows, fillRow, noTradeRows, type TradeRows } from "./trade-rows.ts";

export type BarRow = typeof bars.$inferInsert;
export type ContractRow = typeof contracts.$inferInsert;
export type GapRow = typeof feedGaps.$inferInsert;

/** In the order of their facts: of two rows with one key the later is the newer. */
export type FactRows = { bars: BarRow[]; gaps: GapRow[] } & TradeRows;

export function noRows(): FactRows {
  return { bars: [], gaps: [], ...noTradeRows() };
}

/** Rows that a fact makes at most, to know when a batch is full. */
export function rowCountOf(fact: Fact): number {
  if (fact.type === "HistoryMerged") return fact.bars.length;
  return fact.type === "FillsImported" || fact.type === "TradeEntered" ? fact.fills.length : 1;
}

/** A fact of closed bars. */
export type SeriesFact = BarFact | HistoryFact;

export function isOfSeries(fact: Fact): fact is SeriesFact {
  return "interval" in fact;
}

/** "ESZ26 5m": a name of bars inside a run. */
export function seriesName(fact: SeriesFact): string {
  return `${contractLongSymbol(fact)} ${fact.interval}`;
}

export function contractRow(runId: string, fact: FactContract): ContractRow {
  const { contract: number, root, year, month, tickSize } = fact;
  return { runId, contract: contractLongSymbol(fact), number, root, year, month, tickSize };
}

/**
 * Adds the fact's rows; `series` has the number of every name that the fact says. Fronts, settlements, pins
 * and fits have no table: screens read them from the engine, and nothing asks for those of former days.
 */
export function addRows(rows: FactRows, runId: string, fact: Fact, series: ReadonlyMap<string, number>): void {
  switch (fact.type) {
    case "BarClosed":
    case "BarAmended":
    case "HistoryMerged": {
      const number = series.get(seriesName(fact));
      assert(number !== undefined, "every series of a batch has its number");
      const key = { series: number, seq: fact.seq };
      if (fact.type === "HistoryMerged") for (const bar of fact.bars) rows.bars.push(barRow(key, bar));
      else rows.bars.push(barRow(key, fact));
      break;
    }
    case "GapFound":
    case "GapFilled": {
      const { symbol, fromMs, toMs, reason, seq } = fact;
      const filledSeq = fact.type === "GapFilled" ? seq : null;
      rows.gaps.push({ runId, contract: symbol ?? "", fromMs, toMs, reason, filledSeq, seq });
      break;
    }
    case "FillsImported":
    case "ImportUndone":
    case "TradeEntered":
    case "TradeRemoved":
    case "TradeNoted":
      addTradeRows(rows, fact);
      break;
    case "FillReported":
      rows.fills.push(fillRow(fact.fill, { importId: null, revision: 0, toldMs: fact.receivedMs, seq: fact.seq }));
      break;
    case "FrontChanged":
    case "SettlementSet":
    case "PinChanged":
    case "RegimeFitted":
    case "PositionChanged":
    case "LivenessChanged":
    case "IncidentRaised":
      break;
    default:
      unreachable(fact);
  }
}

function barRow(key: Pick<BarRow, "series" | "seq">, bar: FactBar): BarRow {
  const { openMs, openTicks, highTicks, lowTicks, closeTicks, volume, buyVolume, sellVolume, trades } = bar;
  const { vwapTicks, deltaSource, madeOf, revision } = bar;
  const prices = { openTicks, highTicks, lowTicks, closeTicks, vwapTicks };
  return { ...key, openMs, ...prices, volume, buyVolume, sellVolume, trades, deltaSource, madeOf, revision };
}
