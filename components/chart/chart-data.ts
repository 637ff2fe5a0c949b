/** How does a bar become a candle? Exchange time on the axis, delta and volume beside it; pure mapping. */

import { instrumentOf } from "#lib/instrument.ts";
import { rthOf, tradeDateAt } from "#lib/session.ts";
import { type Zone, zoneOffsetMs } from "#lib/time-zone.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";
import { windowsOf } from "#lib/windows.ts";
import type { BarRow } from "#lib/wire/bars.ts";
import { type BarTuple, DELTA_SOURCES, type DeltaSource } from "#lib/wire/stream.ts";
import { type Interval, isTimeInterval } from "#lib/wire/topic.ts";

/** Seconds on the chart's axis: the zone's wall clock read as if it were UTC, so that days break at its midnight. */
export function axisSeconds(openMs: number, zone: Zone): number {
  return (openMs + zoneOffsetMs(zone, openMs)) / 1_000;
}

export type Candle = { time: number; open: number; high: number; low: number; close: number };

/** 2026-11-20T15:30:00Z, Chicago → time of 09:30 that day as UTC seconds. */
export function candleOf(bar: BarTuple, zone: Zone): Candle {
  return { time: axisSeconds(bar[0], zone), open: bar[1], high: bar[2], low: bar[3], close: bar[4] };
}

/** A row of GET /bars as the stream's tuple; those of the answer are closed. */
export function tupleOf(row: BarRow): BarTuple {
  return [
    row.openMs,
    row.open,
    row.high,
    row.low,
    row.close,
    row.volume,
    row.buyVolume,
    row.sellVolume,
    row.trades,
    row.vwap,
    row.revision,
    1,
    row.delta,
    DELTA_SOURCES.indexOf(row.deltaSource),
  ];
}

export function isForming(bar: BarTuple): boolean {
  return bar[11] === 0;
}

/** Bought minus sold contracts of a bar, and who says so. */
export function deltaOf(bar: BarTuple): { contracts: number; source: DeltaSource } {
  return { contracts: bar[12], source: DELTA_SOURCES[bar[13]] };
}

const MS_OF_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Length of an intraday interval in ms; null for 1d, 1w and bars of trades, volume or range. "4h" → 14,400,000. */
export function intradayMs(interval: Interval): number | null {
  if (!isTimeInterval(interval)) return null;
  const unitMs = MS_OF_UNIT[interval.slice(-1)];
  return unitMs === undefined ? null : Number(interval.slice(0, -1)) * unitMs;
}

/** From this interval on a bar covers several windows of the day: no shading. */
const SHADED_MS_MAX = 3_600_000;

export function isShaded(interval: Interval): boolean {
  if (!isTimeInterval(interval)) return true;
  const lengthMs = intradayMs(interval);
  return lengthMs !== null && lengthMs <= SHADED_MS_MAX;
}

export type ShadeKind = "asia" | "london" | "newYork" | "rth";
export type Shade = { kind: ShadeKind; fromMs: number; toMs: number };

/** Trade dates shaded at most: the newest ones. */
const SHADED_DATES_MAX = 600;

/** Asia, London, New York and RTH of every trade date that the stretch touches, in time order; ends exclusive. */
export function shadesBetween(root: string, fromMs: number, toMs: number): Shade[] {
  const instrument = instrumentOf(root);
  if (instrument === null || toMs < fromMs) return [];
  const last = tradeDateAt(instrument.calendar, toMs);
  const first = Math.max(tradeDateAt(instrument.calendar, fromMs), last - SHADED_DATES_MAX);
  const shades: Shade[] = [];
  for (let day = first; day <= last; day += 1) addShadesOf(shades, root, tradeDate(day));
  return shades;
}

function addShadesOf(shades: Shade[], root: string, date: TradeDate): void {
  for (const { id, openMs, closeMs } of windowsOf(root, date)) {
    if (id === "asia" || id === "london" || id === "newYork") shades.push({ kind: id, fromMs: openMs, toMs: closeMs });
  }
  const rth = rthOf(root, date);
  if (rth !== null) shades.push({ kind: "rth", fromMs: rth.openMs, toMs: rth.closeMs });
}
