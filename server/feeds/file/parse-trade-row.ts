/** Which trade, and which book before it, does this row report? */
import { AGGRESSOR, type Aggressor } from "#lib/events/market.ts";
import { NO_PRICE } from "#lib/units.ts";
import { UNKNOWN_SLOT } from "./contract-book.ts";
import { addRow, ROW_KIND, ROW_WIDTH, type RowBatch } from "./row-batch.ts";
import type { RowFields } from "./row-fields.ts";
import { CHANNEL } from "./row-guard.ts";

const LETTER_B = 66;
const LETTER_S = 83;
const LETTER_N = 78;
const UNREADABLE = -1;

/** Appends the row to the batch, or counts why not. A row whose book alone is bad keeps its trade. */
export function parseTradeRow(fields: RowFields, batch: RowBatch, row: number): void {
  const { columns } = fields.format;
  const timeMs = fields.timeMs();
  if (Number.isNaN(timeMs)) return;
  const slot = fields.slot(timeMs);
  if (slot === UNKNOWN_SLOT) return;
  const priceTicks = fields.ticks(columns.price);
  if (priceTicks === null) return;
  const size = fields.amount(columns.size);
  if (size < 0) return;
  const aggressor = aggressorOf(fields);
  if (aggressor === UNREADABLE) return;
  if (!fields.isInOrder(slot, CHANNEL.trades, timeMs)) return;
  const at = addRow(batch);
  batch.kind[at] = ROW_KIND.trade;
  batch.aggressor[at] = aggressor;
  batch.slot[at] = slot;
  batch.dueMs[at] = fields.guard.dueMs(slot, timeMs);
  batch.timeMs[at] = timeMs;
  batch.row[at] = row;
  batch.ticks[at * ROW_WIDTH] = priceTicks;
  batch.amounts[at * ROW_WIDTH] = size;
  if (columns.bid >= 0 && columns.ask >= 0 && readBook(fields, batch, at)) batch.kind[at] = ROW_KIND.tradeWithBook;
}

function aggressorOf(fields: RowFields): Aggressor | typeof UNREADABLE {
  const column = fields.format.columns.aggressor;
  if (column < 0 || fields.isEmpty(column)) return AGGRESSOR.unknown;
  const letter = fields.firstByte(column);
  if (letter === LETTER_B) return AGGRESSOR.buy;
  if (letter === LETTER_S) return AGGRESSOR.sell;
  if (letter === LETTER_N) return AGGRESSOR.none;
  fields.reject("malformed", column, "B, S or N");
  return UNREADABLE;
}

/**
 * Puts bid and ask into row `at`; an empty side is NO_PRICE and size 0, a file without sizes has size 0 (unknown).
 * False (and counted) where a side is no number, off tick or negative in size.
 */
export function readBook(fields: RowFields, batch: RowBatch, at: number): boolean {
  const { bid, bidSize, ask, askSize } = fields.format.columns;
  return (
    readSide(fields, batch, { at, part: 1, price: bid, size: bidSize }) &&
    readSide(fields, batch, { at, part: 2, price: ask, size: askSize })
  );
}

function readSide(
  fields: RowFields,
  batch: RowBatch,
  side: { at: number; part: number; price: number; size: number },
): boolean {
  const target = side.at * ROW_WIDTH + side.part;
  batch.ticks[target] = NO_PRICE;
  batch.amounts[target] = 0;
  if (fields.isEmpty(side.price)) return true;
  const priceTicks = fields.ticks(side.price);
  if (priceTicks === null) return false;
  batch.ticks[target] = priceTicks;
  if (side.size < 0) return true;
  const size = fields.amount(side.size);
  if (size < 0) return false;
  batch.amounts[target] = size;
  return true;
}
