/** Which minutes does a trade date trade, in order, and what does the Chicago clock show in each? */
import { assert } from "#lib/assert.ts";
import { type CalendarId, segmentsOf } from "#lib/session.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

/** Minutes with trading only: halts, breaks and weekends inside a trade date take no index. */
export type TradeDateGrid = {
  readonly count: number;
  readonly openMs: Float64Array;
  /** Minute of the Chicago day (0–1439) at the minute's beginning. */
  readonly clockMinute: Int16Array;
  /** 1 where a segment opens, else 0. */
  readonly isOpening: Uint8Array;
  /** 1 in a segment that ends before the trade date's own day: a holiday's. */
  readonly isHoliday: Uint8Array;
};

const MINUTES_PER_DAY = 1440;

/** The grid of a trade date, empty where the calendar has none. Equity 2026-11-20 → 1,380 minutes from 17:00 CT. */
export function tradeDateGrid(calendar: CalendarId, date: TradeDate): TradeDateGrid {
  const segments = segmentsOf(calendar, date);
  let count = 0;
  for (const segment of segments) count += (segment.closeMs - segment.openMs) / MS_PER_MINUTE;
  assert(Number.isInteger(count), `tradeDateGrid: ${calendar} ${date} has ${count} minutes, expected a whole number`);
  const grid = {
    count,
    openMs: new Float64Array(count),
    clockMinute: new Int16Array(count),
    isOpening: new Uint8Array(count),
    isHoliday: new Uint8Array(count),
  };
  let index = 0;
  for (const { openMs, closeMs } of segments) {
    grid.isOpening[index] = 1;
    const firstClockMinute = localParts("America/Chicago", openMs).msOfDay / MS_PER_MINUTE;
    const isHoliday = localParts("America/Chicago", closeMs).day < date ? 1 : 0;
    for (let ms: number = openMs; ms < closeMs; ms += MS_PER_MINUTE, index += 1) {
      grid.openMs[index] = ms;
      grid.clockMinute[index] = (firstClockMinute + (ms - openMs) / MS_PER_MINUTE) % MINUTES_PER_DAY;
      grid.isHoliday[index] = isHoliday;
    }
  }
  return grid;
}

/**
 * The index of the first minute that ends after an instant: the minute that holds it or, in a halt, the next one;
 * `count` where the trade date is over.
 */
export function gridIndexAt(grid: TradeDateGrid, ms: number): number {
  let low = 0;
  let high = grid.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (grid.openMs[middle] + MS_PER_MINUTE <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
