/** On which days, and at which hours of which weekdays, is the money made? */
import { civilParts, weekday } from "#lib/civil.ts";
import { type Usd, usd } from "#lib/units.ts";
import { newYorkHour } from "./breakdown-keys.ts";
import type { DayNet } from "./daily-net.ts";
import type { TradeRow } from "./trade-row.ts";

export type CalendarMonth = { year: number; month: number; netUsd: Usd; trades: number; days: DayNet[] };

/** Days by their month, oldest first; months without a day are not there. */
export function calendarOf(days: readonly DayNet[]): CalendarMonth[] {
  const months: CalendarMonth[] = [];
  for (const day of days) {
    const { year, month } = civilParts(day.tradeDate);
    let last = months.at(-1);
    if (last === undefined || last.year !== year || last.month !== month) {
      last = { year, month, netUsd: usd(0), trades: 0, days: [] };
      months.push(last);
    }
    last.netUsd = usd(last.netUsd + day.netUsd);
    last.trades += day.trades;
    last.days.push(day);
  }
  return months;
}

/** Weekday of the trade date (0 = Sunday), hour of the entry by New York's clock. */
export type HourCell = { weekday: number; hour: number; n: number; wins: number; netUsd: Usd };

const HOURS = 24;

/** Cells that hold a trade, by weekday, then hour. */
export function hourHeatmapOf(rows: readonly TradeRow[]): HourCell[] {
  const cells = new Map<number, { n: number; wins: number; net: number }>();
  for (const { tradeDate, entryMs, netUsd } of rows) {
    const place = weekday(tradeDate) * HOURS + newYorkHour(entryMs);
    const cell = cells.get(place) ?? { n: 0, wins: 0, net: 0 };
    cell.n += 1;
    cell.wins += netUsd > 0 ? 1 : 0;
    cell.net += netUsd;
    cells.set(place, cell);
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([place, { n, wins, net }]) => ({
      weekday: Math.floor(place / HOURS),
      hour: place % HOURS,
      n,
      wins,
      netUsd: usd(net),
    }));
}
