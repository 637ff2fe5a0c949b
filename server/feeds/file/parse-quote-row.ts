/** Which bid and ask does this row report: at an instant, or at the end of its bar? */
import { UNKNOWN_SLOT } from "./contract-book.ts";
import { readBook } from "./parse-trade-row.ts";
import { addRow, ROW_KIND, type RowBatch } from "./row-batch.ts";
import type { RowFields } from "./row-fields.ts";
import { CHANNEL } from "./row-guard.ts";

/** Appends the row to the batch, or counts why not. A bar (`intervalMs` long) gives its closing quote at its END. */
export function parseQuoteRow(fields: RowFields, batch: RowBatch, given: { row: number; intervalMs: number }): void {
  const stampMs = fields.timeMs();
  if (Number.isNaN(stampMs)) return;
  const slot = fields.slot(stampMs);
  if (slot === UNKNOWN_SLOT) return;
  const at = addRow(batch);
  if (!readBook(fields, batch, at) || !fields.isInOrder(slot, CHANNEL.quotes, stampMs)) {
    batch.count -= 1;
    return;
  }
  const timeMs = fields.format.stamp === "barStart" ? stampMs + given.intervalMs : stampMs;
  batch.kind[at] = ROW_KIND.quote;
  batch.slot[at] = slot;
  batch.dueMs[at] = fields.guard.dueMs(slot, timeMs);
  batch.timeMs[at] = timeMs;
  batch.row[at] = given.row;
}
