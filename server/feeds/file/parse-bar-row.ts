/** Which finished bar does this row report, and when was it finished? */
import { civilDayIso } from "#lib/civil.ts";
import { isTradeDate, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import { MS_PER_DAY, tradeDate } from "#lib/units.ts";
import { UNKNOWN_SLOT } from "./contract-book.ts";
import { addRow, ROW_KIND, ROW_WIDTH, type RowBatch } from "./row-batch.ts";
import type { RowFields } from "./row-fields.ts";
import { CHANNEL } from "./row-guard.ts";

/**
 * Appends the row to the batch, or counts why not. Interval MS_PER_DAY: the row's calendar date is its trade date, it
 * opens with that trade date's first segment and is due at its close; a date that is no trade date (vendors date
 * Sunday evening as Sunday) is dropped, for its volume belongs to no bar of its own.
 */
export function parseBarRow(fields: RowFields, batch: RowBatch, given: { row: number; intervalMs: number }): void {
  const stampMs = fields.timeMs();
  if (Number.isNaN(stampMs)) return;
  const slot = fields.slot(stampMs);
  if (slot === UNKNOWN_SLOT) return;
  const at = addRow(batch);
  if (
    !readPrices(fields, batch, at) ||
    !readAmounts(fields, batch, at) ||
    !placeInTime(fields, batch, { at, slot, stampMs, ...given })
  ) {
    batch.count -= 1;
    return;
  }
  batch.kind[at] = ROW_KIND.bar;
  batch.slot[at] = slot;
  batch.row[at] = given.row;
}

function readPrices(fields: RowFields, batch: RowBatch, at: number): boolean {
  const { open, high, low, close } = fields.format.columns;
  const first = at * ROW_WIDTH;
  const openTicks = fields.ticks(open);
  if (openTicks === null) return false;
  const highTicks = fields.ticks(high);
  if (highTicks === null) return false;
  const lowTicks = fields.ticks(low);
  if (lowTicks === null) return false;
  const closeTicks = fields.ticks(close);
  if (closeTicks === null) return false;
  if (highTicks < Math.max(openTicks, lowTicks, closeTicks)) {
    fields.reject("malformed", high, "the highest of the bar's prices");
    return false;
  }
  if (lowTicks > Math.min(openTicks, closeTicks)) {
    fields.reject("malformed", low, "the lowest of the bar's prices");
    return false;
  }
  batch.ticks[first] = openTicks;
  batch.ticks[first + 1] = highTicks;
  batch.ticks[first + 2] = lowTicks;
  batch.ticks[first + 3] = closeTicks;
  return true;
}

function readAmounts(fields: RowFields, batch: RowBatch, at: number): boolean {
  const { volume, buyVolume, sellVolume, trades } = fields.format.columns;
  const columns = [volume, buyVolume, sellVolume, trades];
  const first = at * ROW_WIDTH;
  for (let part = 0; part < ROW_WIDTH; part += 1) {
    const amount = columns[part] < 0 ? 0 : fields.amount(columns[part]);
    if (amount < 0) return false;
    batch.amounts[first + part] = amount;
  }
  if (batch.amounts[first + 1] + batch.amounts[first + 2] <= batch.amounts[first]) return true;
  fields.reject("malformed", volume, "at least buy and sell volume together");
  return false;
}

function placeInTime(
  fields: RowFields,
  batch: RowBatch,
  given: { at: number; slot: number; stampMs: number; intervalMs: number },
): boolean {
  const { at, slot, stampMs, intervalMs } = given;
  let openMs = fields.format.stamp === "barEnd" ? stampMs - intervalMs : stampMs;
  let endMs = openMs + intervalMs;
  if (intervalMs === MS_PER_DAY) {
    const { calendar } = fields.contracts.entries[slot].instrument;
    const date = tradeDate(Math.floor(stampMs / MS_PER_DAY));
    if (!isTradeDate(calendar, date)) {
      fields.reject("malformed", fields.format.columns.time, `a trade date (${civilDayIso(date)} is none)`);
      return false;
    }
    openMs = sessionOpenMs(calendar, date);
    endMs = sessionCloseMs(calendar, date);
  }
  if (openMs === fields.guard.newestMs(slot, CHANNEL.bars)) {
    fields.reject("duplicate", fields.format.columns.time, "one row a bar (the row before has this time)");
    return false;
  }
  if (!fields.isInOrder(slot, CHANNEL.bars, openMs)) return false;
  batch.timeMs[at] = openMs;
  batch.dueMs[at] = fields.guard.dueMs(slot, endMs);
  return true;
}
