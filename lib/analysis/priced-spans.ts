/** Which volume at price came with history? Summed by trade date and RTH: a minute's own would not fit a snapshot. */
import { tradingDayAt } from "#lib/bars/interval.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { rthOf } from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { MS_PER_MINUTE, tradeDate } from "#lib/units.ts";
import { addVolumeAtPrice } from "./bar-rows.ts";
import { CLOSED_PROFILE_BYTES_MAX } from "./closed-profiles.ts";
import { type ByteCursor, LEB128_BYTES_MAX, writeLeb128 } from "./leb128.ts";
import { createPriceRows, type PriceRows, volumeAt } from "./price-rows.ts";

/**
 * What a vendor says was traded at each price of a date's minutes up to `atMs`, the end of the newest of them. `bytes`
 * holds a LEB128 total for each tick row from the lowest to the highest, as a bar's volume at price does.
 */
export type PricedSpan = {
  tradeDate: number;
  span: "session" | "rth";
  atMs: number;
  lowTicks: number;
  highTicks: number;
  volume: number;
  bytes: Uint8Array;
};

/**
 * Adds a block of 1-minute bars with volume at price; one without it adds nothing. The kept bars are columns of fixed
 * width and hold no prices between high and low, so what the block says is kept here, summed: the minutes of 24
 * contracts would be some 20 MB in a snapshot of 8. A block that goes back behind what a date has begins it anew. The
 * running date and the `dates` before it are kept, and no more bytes than of closed profiles; the oldest go.
 */
export function addPricedBlock(
  priced: PricedSpan[],
  block: BarBlock,
  at: { root: string; calendar: CalendarId; dates: number },
): void {
  const cursor: ByteCursor = { bytes: block.volumeAtPrice, at: 0 };
  for (let row = 0; row < block.count && cursor.bytes.length > 0; ) {
    const { tradeDate: date, untilMs } = tradingDayAt(at.calendar, block.openMs[row]);
    row = addDate(priced, block, { row, cursor, rth: rthOf(at.root, tradeDate(date)), date, untilMs });
  }
  priced.sort((one, other) => one.tradeDate - other.tradeDate);
  trim(priced, at.dates + 1);
}

function trim(priced: PricedSpan[], dates: number): void {
  let bytes = priced.reduce((sum, one) => sum + one.bytes.length, 0);
  const isLong = () => new Set(priced.map((one) => one.tradeDate)).size > dates;
  while (priced.length > 0 && (bytes > CLOSED_PROFILE_BYTES_MAX || isLong())) {
    bytes -= priced[0].bytes.length;
    priced.shift();
  }
}

type DateAt = { row: number; cursor: ByteCursor; date: number; untilMs: number; rth: ReturnType<typeof rthOf> };

/** The rows of one trade date, from `row` on; returns the first behind them. */
function addDate(priced: PricedSpan[], block: BarBlock, { row: first, cursor, date, untilMs, rth }: DateAt): number {
  const session = openSpan(priced, { tradeDate: date, span: "session", fromMs: block.openMs[first] });
  const regular = openSpan(priced, { tradeDate: date, span: "rth", fromMs: block.openMs[first] });
  let row = first;
  for (; row < block.count && block.openMs[row] < untilMs; row += 1) {
    const openMs = block.openMs[row];
    const bar = { lowTicks: block.lowTicks[row], highTicks: block.highTicks[row] };
    const begin = cursor.at;
    addVolumeAtPrice(session.rows, bar, cursor);
    session.atMs = openMs + MS_PER_MINUTE;
    if (rth === null || openMs < rth.openMs || openMs >= rth.closeMs) continue;
    cursor.at = begin;
    addVolumeAtPrice(regular.rows, bar, cursor);
    regular.atMs = session.atMs;
  }
  for (const { rows, ...about } of [session, regular]) {
    if (rows.volume > 0) priced.push({ ...about, ...totalsOf(rows) });
  }
  return row;
}

function totalsOf(rows: PriceRows): Pick<PricedSpan, "lowTicks" | "highTicks" | "volume" | "bytes"> {
  const { lowTicks, highTicks, volume } = rows;
  const cursor = { bytes: new Uint8Array((highTicks - lowTicks + 1) * LEB128_BYTES_MAX), at: 0 };
  for (let price = lowTicks; price <= highTicks; price += 1) writeLeb128(cursor, volumeAt(rows, price));
  return { lowTicks, highTicks, volume, bytes: cursor.bytes.slice(0, cursor.at) };
}

/** Adds what a span was told to have traded. */
export function addPricedSpan(rows: PriceRows, priced: PricedSpan): void {
  addVolumeAtPrice(rows, priced, { bytes: priced.bytes, at: 0 });
}

/** Takes what is known of a span out of the list, to be gone on with. */
function openSpan(
  priced: PricedSpan[],
  { tradeDate, span, fromMs }: Pick<PricedSpan, "tradeDate" | "span"> & { fromMs: number },
) {
  const rows = createPriceRows();
  const known = priced.findIndex((one) => one.tradeDate === tradeDate && one.span === span);
  const [former] = known < 0 ? [] : priced.splice(known, 1);
  const isBehind = former !== undefined && former.atMs <= fromMs;
  if (isBehind) addPricedSpan(rows, former);
  return { tradeDate, span, atMs: isBehind ? former.atMs : fromMs, rows };
}
