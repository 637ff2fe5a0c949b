/** In which order do the trades, quotes and settlements of all contracts come within a minute? */
import type { Contract } from "#lib/contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { sessionAt, tradeDateAt } from "#lib/session.ts";
import type { MarketModel } from "#lib/simulator/market-model.ts";
import type { MinuteTape } from "#lib/simulator/tape-writer.ts";
import { gridIndexAt } from "#lib/simulator/trade-date-grid.ts";
import { MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

/** One contract's minute; row i of the tape has sourceSeq `sourceSeqBase + i`. */
export type BatchPart = {
  readonly contract: Contract;
  readonly date: TradeDate;
  readonly minute: number;
  readonly sourceSeqBase: number;
  tape: MinuteTape | null;
  /** Next row to come. */
  cursor: number;
};

export type DueSettlement = { readonly contract: Contract; readonly date: TradeDate; readonly dueMs: number };

/** A minute under way: tapes are made one at a time (`buildNext`), then rows are taken in the order of time. */
export type MinuteBatch = {
  readonly minuteMs: number;
  readonly parts: BatchPart[];
  readonly settlements: readonly DueSettlement[];
  settlementCursor: number;
  built: number;
  /** Time of each part's next row; Infinity at its end. */
  heads: Float64Array;
};

/** A settlement comes this long after it is struck. */
export const SETTLEMENT_DELAY_MS = 5_000;
/** Minutes of a trade date fit in 12 bits, rows of a minute in 16. */
const ROWS_PER_MINUTE = 65_536;
const MINUTES_PER_DATE = 4_096;

/** The number of a contract's first row in a minute: trade date × 2^28 + minute × 2^16, strictly rising. */
export function sourceSeqBase(date: TradeDate, minute: number): number {
  return (date * MINUTES_PER_DATE + minute) * ROWS_PER_MINUTE;
}

/** What will happen in the minute that begins at `minuteMs`; no tape is made yet. */
export function createMinuteBatch(model: MarketModel, roots: readonly string[], minuteMs: number): MinuteBatch {
  const parts = roots.flatMap((root) => partsOf(model, root, minuteMs));
  const settlements = roots.flatMap((root, index) => settlementsOf(model, root, { minuteMs, index }));
  settlements.sort((a, b) => a.dueMs - b.dueMs);
  return {
    minuteMs,
    parts,
    settlements,
    settlementCursor: 0,
    built: 0,
    heads: new Float64Array(parts.length).fill(Number.POSITIVE_INFINITY),
  };
}

function partsOf(model: MarketModel, root: string, minuteMs: number): BatchPart[] {
  const calendar = instrumentOf(root)?.calendar;
  if (calendar === undefined) return [];
  const session = sessionAt(calendar, minuteMs);
  if (session.state !== "open") return [];
  const date = session.tradeDate;
  const minute = gridIndexAt(model.grid(root, date), minuteMs);
  const base = sourceSeqBase(date, minute);
  return model
    .contractsOn(date, root)
    .map(({ contract }) => ({ contract, date, minute, sourceSeqBase: base, tape: null, cursor: 0 }));
}

/** Each settlement has an instant of its own, between whole milliseconds, so that a restart knows which are out. */
function settlementsOf(model: MarketModel, root: string, place: { minuteMs: number; index: number }): DueSettlement[] {
  const calendar = instrumentOf(root)?.calendar;
  if (calendar === undefined) return [];
  const { minuteMs, index } = place;
  const date = tradeDateAt(calendar, minuteMs);
  const struckMs = model.settlementMs(root, date) + SETTLEMENT_DELAY_MS;
  if (struckMs < minuteMs || struckMs >= minuteMs + MS_PER_MINUTE) return [];
  return model
    .contractsOn(date, root)
    .map(({ contract }, order) => ({ contract, date, dueMs: struckMs + index * 4 + order + 0.5 }));
}

/** Makes the next tape; false when all are made. */
export function buildNext(model: MarketModel, batch: MinuteBatch): boolean {
  const part = batch.parts[batch.built];
  if (part === undefined) return false;
  const tape = model.minuteTape(part.contract, part.date, part.minute);
  part.tape = tape;
  batch.heads[batch.built] = part.cursor < tape.count ? tape.exchangeMs[part.cursor] : Number.POSITIVE_INFINITY;
  batch.built += 1;
  return true;
}

export function isBuilt(batch: MinuteBatch): boolean {
  return batch.built === batch.parts.length;
}

/** The part whose next row is the earliest, the first of equals; −1 where none has rows left. */
export function earliestPart(batch: MinuteBatch): number {
  const { heads } = batch;
  let best = -1;
  let bestMs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < heads.length; index += 1) {
    if (heads[index] < bestMs) {
      bestMs = heads[index];
      best = index;
    }
  }
  return best;
}

/** The settlement that comes next, if it comes before `ms`. */
export function settlementBefore(batch: MinuteBatch, ms: number): DueSettlement | null {
  const due = batch.settlements[batch.settlementCursor];
  return due !== undefined && due.dueMs < ms ? due : null;
}

/** The time of whatever comes next; Infinity when the minute is told to its end. */
export function nextDueMs(batch: MinuteBatch): number {
  const part = earliestPart(batch);
  const rowMs = part === -1 ? Number.POSITIVE_INFINITY : batch.heads[part];
  const due = batch.settlements[batch.settlementCursor];
  return due === undefined ? rowMs : Math.min(rowMs, due.dueMs);
}

/** Moves a part past its next row. */
export function passRow(batch: MinuteBatch, index: number): void {
  const part = batch.parts[index];
  part.cursor += 1;
  const { tape } = part;
  batch.heads[index] =
    tape !== null && part.cursor < tape.count ? tape.exchangeMs[part.cursor] : Number.POSITIVE_INFINITY;
}

/** Passes what a log already holds: rows up to `lastSourceSeq` of each contract, settlements up to `nowMs`. */
export function passLogged(
  batch: MinuteBatch,
  resume: { nowMs: number; lastSourceSeq(contract: Contract): number },
): void {
  for (const part of batch.parts) {
    part.cursor = Math.max(0, resume.lastSourceSeq(part.contract) - part.sourceSeqBase + 1);
  }
  while (batch.settlements[batch.settlementCursor]?.dueMs <= resume.nowMs) batch.settlementCursor += 1;
}

/** Passes everything up to an instant: what a frozen feed never told. The batch is built. */
export function passUntil(batch: MinuteBatch, ms: number): void {
  for (let index = 0; index < batch.parts.length; index += 1) while (batch.heads[index] <= ms) passRow(batch, index);
  while (batch.settlements[batch.settlementCursor]?.dueMs <= ms) batch.settlementCursor += 1;
}

/** Adds the parts of roots that are followed from now on; their tapes are made next. */
export function addRoots(model: MarketModel, batch: MinuteBatch, roots: readonly string[]): void {
  batch.parts.push(...roots.flatMap((root) => partsOf(model, root, batch.minuteMs)));
  const heads = new Float64Array(batch.parts.length).fill(Number.POSITIVE_INFINITY);
  heads.set(batch.heads);
  batch.heads = heads;
}
