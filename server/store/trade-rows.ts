/** Which rows does a telling of trades mean? Values only: no database, no clock. */
import type { Fill } from "#lib/account/fill.ts";
import { assert } from "#lib/assert.ts";
import { civilDayIso } from "#lib/civil.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { TradeHistoryFact } from "#lib/outputs/fact.ts";
import { tradeDateAt } from "#lib/session.ts";
import { usd } from "#lib/units.ts";
import type { fills } from "../../drizzle/schema/fills.ts";
import type { imports } from "../../drizzle/schema/imports.ts";
import type { tradeNotes } from "../../drizzle/schema/trade-notes.ts";
import type { withdrawals } from "../../drizzle/schema/withdrawals.ts";

export type FillRow = typeof fills.$inferInsert;
type ImportRow = typeof imports.$inferInsert;

export type TradeRows = {
  imports: ImportRow[];
  fills: FillRow[];
  withdrawals: (typeof withdrawals.$inferInsert)[];
  tradeNotes: (typeof tradeNotes.$inferInsert)[];
};

export function noTradeRows(): TradeRows {
  return { imports: [], fills: [], withdrawals: [], tradeNotes: [] };
}

export function addTradeRows(rows: TradeRows, fact: TradeHistoryFact): void {
  const told = { toldMs: fact.receivedMs, seq: fact.seq };
  switch (fact.type) {
    case "FillsImported": {
      const { importId, source, fileName, zone, timeStepMs } = fact;
      const file = { importId, kind: "file", source, fileName, zone, timeStepMs, revision: 0 };
      rows.imports.push({ ...file, stopTicks: null, targetTicks: null, ...told });
      for (const fill of fact.fills) rows.fills.push(fillRow(fill, { importId, revision: 0, ...told }));
      break;
    }
    case "TradeEntered": {
      const { tradeId: importId, revision, stopTicks, targetTicks } = fact;
      const form = { importId, kind: "form", source: fact.fills[0].source, fileName: "", zone: "", timeStepMs: 0 };
      rows.imports.push({ ...form, revision, stopTicks, targetTicks, ...told });
      for (const fill of fact.fills) rows.fills.push(fillRow(fill, { importId, revision, ...told }));
      break;
    }
    case "ImportUndone":
      rows.withdrawals.push({ importId: fact.importId, ...told });
      break;
    case "TradeRemoved":
      rows.withdrawals.push({ importId: fact.tradeId, ...told });
      break;
    case "TradeNoted": {
      const { tripKey, tags, setup, notes } = fact;
      rows.tradeNotes.push({ tripKey, tags: JSON.stringify(tags), setup, notes, ...told });
      break;
    }
  }
}

/** `importId` null: a bridge told it. */
export type FillMeta = { importId: string | null; revision: number; toldMs: number; seq: number };

/** The row of a fill, whoever told it; its trade date is that of the product's calendar. */
export function fillRow(fill: Fill, meta: FillMeta): FillRow {
  const instrument = instrumentOf(fill.root);
  assert(instrument !== null, `fillRow: root was ${fill.root}, expected one that we list`);
  const tradeDate = civilDayIso(tradeDateAt(instrument.calendar, fill.atMs));
  return { ...fill, feeUsd: fill.feeUsd === null ? null : usd(fill.feeUsd), tradeDate, ...meta };
}
