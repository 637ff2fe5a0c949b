/** Which bars does a chart hold? Snapshots replace, deltas add or replace by opening time; the oldest go. */

import type { BarMessage, BarTuple } from "#lib/wire/stream.ts";

/** Bars held of one chart topic; the oldest go. */
export const CHART_BARS_MAX = 10_000;

/** Oldest first, strictly rising in openMs. `why` says why it is empty. */
export type BarWindow = { bars: BarTuple[]; why: string | null };

/** Index of the first bar at or after `openMs`; bars.length where there is none. */
export function indexAtOrAfter(bars: readonly BarTuple[], openMs: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle][0] < openMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts one bar at its place in time, replacing a bar of the same openMs; a revision never goes back. */
function placeBar(bars: BarTuple[], bar: BarTuple): void {
  const last = bars.length - 1;
  if (last < 0 || bar[0] > bars[last][0]) {
    bars.push(bar);
    return;
  }
  const index = indexAtOrAfter(bars, bar[0]);
  if (bars[index][0] !== bar[0]) bars.splice(index, 0, bar);
  else if (!isOlderState(bar, bars[index])) bars[index] = bar;
}

/** A closed bar is never replaced by its forming self, nor by a lower revision. */
function isOlderState(bar: BarTuple, held: BarTuple): boolean {
  return bar[11] < held[11] || (bar[11] === held[11] && bar[10] < held[10]);
}

/** Takes a message into the window, in place; a new one where there was none. The oldest go at CHART_BARS_MAX. */
export function applyBarMessage(window: BarWindow | null, message: BarMessage): BarWindow {
  const held: BarWindow = window === null || message.kind === "snapshot" ? { bars: [], why: message.why } : window;
  for (const bar of message.bars) placeBar(held.bars, bar);
  held.why = message.why;
  if (held.bars.length > CHART_BARS_MAX) held.bars.splice(0, held.bars.length - CHART_BARS_MAX);
  return held;
}

/** Older history before what is held: both rising, overlaps by openMs dropped from the older part, cut at the bound. */
export function prependBars(bars: readonly BarTuple[], older: readonly BarTuple[]): BarTuple[] {
  const firstMs = bars.length === 0 ? Number.POSITIVE_INFINITY : bars[0][0];
  const joined = [...older.filter((bar) => bar[0] < firstMs), ...bars];
  return joined.length > CHART_BARS_MAX ? joined.slice(joined.length - CHART_BARS_MAX) : joined;
}
