/** How does a test make the bars that an analysis reads? From rows, from a seeded walk, or from the real files. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { createRandom } from "#lib/prng.ts";
import {
  isFullTradeDate,
  nextTradeDate,
  rthOf,
  segmentsOf,
  sessionAt,
  sessionCloseMs,
  sessionOpenMs,
  tradeDateAt,
} from "#lib/session.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_DAY, MS_PER_MINUTE } from "#lib/units.ts";
import { readSharedCsv } from "./shared-data.ts";

export const ES_FIVE_MINUTES = "bars/es_5m_sierra_2014-2024.csv.gz";
export const ES_MINUTES = "bars/lean_es_1m_trade.csv.gz";

/** Open, high, low, close in ticks; volume, 100 where it is left out. */
export type PriceRow = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** One closed bar in its session, as the engine places it; `isAfterBreak` is what its segment and `formerMs` say. */
export function placedBar(
  root: string,
  openMs: number,
  intervalMs: number,
  row: PriceRow,
  formerMs = openMs - intervalMs,
): AnalysisBar {
  const { calendar } = instrumentOf(root) ?? failed(`${root} is not listed`);
  const tradeDate = tradeDateAt(calendar, openMs);
  const session = sessionAt(calendar, openMs);
  if (session.state === "closed") throw new Error(`${root} does not trade at ${new Date(openMs).toISOString()}`);
  const rth = rthOf(root, tradeDate);
  const [openTicks, highTicks, lowTicks, closeTicks, volume = 100] = row;
  return {
    openMs,
    endMs: Math.min(openMs + intervalMs, session.closeMs),
    openTicks,
    highTicks,
    lowTicks,
    closeTicks,
    volume,
    buyVolume: volume,
    sellVolume: 0,
    vwapSum: (volume * (highTicks + lowTicks + closeTicks)) / 3,
    deltaSource: 1,
    tradeDate,
    sessionOpenMs: sessionOpenMs(calendar, tradeDate),
    sessionCloseMs: sessionCloseMs(calendar, tradeDate),
    rthOpenMs: rth?.openMs ?? Number.NaN,
    rthCloseMs: rth?.closeMs ?? Number.NaN,
    isAfterBreak: formerMs < session.openMs,
    isFullSession: isFullTradeDate(calendar, tradeDate),
  };
}

/** Rows as bars one after the other; `startMs` must leave room for them before the next break. */
export function barsFrom(root: string, startMs: number, intervalMs: number, rows: readonly PriceRow[]): AnalysisBar[] {
  return rows.map((row, index) => placedBar(root, startMs + index * intervalMs, intervalMs, row));
}

export type WalkOptions = { root?: string; from: string; dates: number; intervalMs: number; startTicks?: number };

/** A seeded walk over whole trade dates from `from` ("2026-11-16") on, with jumps over the breaks. */
export function walkBars(seed: number, options: WalkOptions): AnalysisBar[] {
  const { root = "ES", dates, intervalMs, startTicks = 20_000 } = options;
  const { calendar } = instrumentOf(root) ?? failed(`${root} is not listed`);
  const random = createRandom(seed);
  const bars: AnalysisBar[] = [];
  let date = tradeDateAt(calendar, Date.parse(`${options.from}T18:00:00Z`));
  let price = startTicks;
  let formerMs = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < dates; step += 1) {
    for (const { openMs, closeMs } of segmentsOf(calendar, date)) {
      price += Math.round((random() - 0.5) * 40);
      for (let ms: number = openMs; ms < closeMs; ms += intervalMs) {
        const row = walkRow(price, random);
        bars.push(placedBar(root, ms, intervalMs, row, formerMs));
        price = row[3];
        formerMs = ms;
      }
    }
    date = nextTradeDate(calendar, date);
  }
  return bars;
}

function walkRow(open: number, random: () => number): PriceRow {
  const close = open + Math.round((random() - 0.5) * 12 * (random() < 0.05 ? 4 : 1));
  const high = Math.max(open, close) + Math.floor(random() * 4);
  const low = Math.min(open, close) - Math.floor(random() * 4);
  return [open, high, low, close, 1 + Math.floor(random() * 500)];
}

/** Real 5-minute bars of ES with "2024-03-05" ≤ Chicago day ≤ `to`, in ticks; needs the file of ES_FIVE_MINUTES. */
export function realEsFiveMinutes(from: string, to: string): AnalysisBar[] {
  const rows = readSharedCsv(ES_FIVE_MINUTES).filter(({ ts_ct: at }) => at >= from && at.slice(0, 10) <= to);
  return placedRows(rows, 5 * MS_PER_MINUTE, ({ ts_ct: at }) => {
    const msOfDay = Date.parse(`1970-01-01${at.slice(10)}Z`);
    return utcMsFromLocal("America/Chicago", Date.parse(`${at.slice(0, 10)}T00:00:00Z`) / MS_PER_DAY, msOfDay);
  });
}

/** Real minute bars of one ES contract of 2013, from the UTC day `from` through `to`; needs ES_MINUTES. */
export function realEsMinutes(contract: string, from: string, to: string): AnalysisBar[] {
  const isWanted = (row: Record<string, string>): boolean =>
    row.contract === contract && row.ts_utc >= from && row.ts_utc.slice(0, 10) <= to;
  const rows = readSharedCsv(ES_MINUTES).filter(isWanted);
  return placedRows(rows, MS_PER_MINUTE, ({ ts_utc: at }) => Date.parse(at));
}

function placedRows(
  rows: readonly Record<string, string>[],
  intervalMs: number,
  openMsOf: (row: Record<string, string>) => number,
): AnalysisBar[] {
  const bars: AnalysisBar[] = [];
  for (const row of rows) {
    const openMs = openMsOf(row);
    if (sessionAt("equity", openMs).state === "closed") continue;
    const [open, high, low, close] = [row.open, row.high, row.low, row.close].map((price) => Number(price) / 0.25);
    const formerMs = bars.at(-1)?.openMs ?? Number.NEGATIVE_INFINITY;
    bars.push(placedBar("ES", openMs, intervalMs, [open, high, low, close, Number(row.volume)], formerMs));
  }
  return bars;
}

function failed(message: string): never {
  throw new Error(message);
}
