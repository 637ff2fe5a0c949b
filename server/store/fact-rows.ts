/** Which rows of the database does a fact mean? Values only: no database, no clock. */
import { unreachable } from "#lib/assert.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import type { Fact, FactBar, FactContract } from "#lib/outputs/fact.ts";
import type { bars } from "../../drizzle/schema/bars.ts";
import type { contracts } from "../../drizzle/schema/contracts.ts";
import type { feedGaps } from "../../drizzle/schema/feed-gaps.ts";

export type BarRow = typeof bars.$inferInsert;
export type ContractRow = typeof contracts.$inferInsert;
export type GapRow = typeof feedGaps.$inferInsert;

/** In the order of their facts: of two rows with one key the later is the newer. */
export type FactRows = { bars: BarRow[]; contracts: ContractRow[]; gaps: GapRow[] };

export function noRows(): FactRows {
  return { bars: [], contracts: [], gaps: [] };
}

/** Rows that a fact makes at most, to know when a batch is full. */
export function rowCountOf(fact: Fact): number {
  return fact.type === "HistoryMerged" ? fact.bars.length : 1;
}

/** Adds the fact's rows. Fronts, settlements and pins have no table yet: screens read them from the engine. */
export function addRows(rows: FactRows, runId: string, fact: Fact): void {
  switch (fact.type) {
    case "BarClosed":
    case "BarAmended":
      addContract(rows, runId, fact);
      rows.bars.push(
        barRow({ runId, contract: contractLongSymbol(fact), interval: fact.interval, seq: fact.seq }, fact),
      );
      break;
    case "HistoryMerged": {
      addContract(rows, runId, fact);
      const key = { runId, contract: contractLongSymbol(fact), interval: fact.interval, seq: fact.seq };
      for (const bar of fact.bars) rows.bars.push(barRow(key, bar));
      break;
    }
    case "GapFound":
    case "GapFilled": {
      const { symbol, fromMs, toMs, reason, seq } = fact;
      const filledSeq = fact.type === "GapFilled" ? seq : null;
      rows.gaps.push({ runId, contract: symbol ?? "", fromMs, toMs, reason, filledSeq, seq });
      break;
    }
    case "FrontChanged":
    case "SettlementSet":
    case "PinChanged":
      break;
    default:
      unreachable(fact);
  }
}

function addContract(rows: FactRows, runId: string, fact: FactContract): void {
  const { contract: number, root, year, month, tickSize } = fact;
  if (rows.contracts.some((row) => row.number === number)) return;
  rows.contracts.push({ runId, contract: contractLongSymbol(fact), number, root, year, month, tickSize });
}

function barRow(key: Pick<BarRow, "runId" | "contract" | "interval" | "seq">, bar: FactBar): BarRow {
  const { openMs, openTicks, highTicks, lowTicks, closeTicks, volume, buyVolume, sellVolume, trades } = bar;
  const { vwapTicks, deltaSource, madeOf, revision } = bar;
  const prices = { openTicks, highTicks, lowTicks, closeTicks, vwapTicks };
  return { ...key, openMs, ...prices, volume, buyVolume, sellVolume, trades, deltaSource, madeOf, revision };
}
