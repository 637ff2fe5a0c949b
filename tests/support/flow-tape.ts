/** What did the tape print, minute by minute? Seeded or given trades, folded into bars by a slow code of its own. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { createPriceRows, type PriceRows } from "#lib/analysis/price-rows.ts";
import { DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { SIDE, type Side, type SignedTrade } from "#lib/bars/time-bars.ts";
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

const MINUTE = 60_000;

/** A closed minute: its trades in order, and the bar that they make. */
export type FlowMinute = { bar: AnalysisBar; trades: SignedTrade[] };

export function flowTrade(priceTicks: number, size: number, side: Side, exchangeMs: number): SignedTrade {
  return { priceTicks, size, side, deltaSource: DELTA_SOURCE.aggressor, exchangeMs };
}

/** Trades as closed minutes of a root, with their place in the session; minutes without a trade have none. */
export function minutesOf(root: string, trades: readonly SignedTrade[]): FlowMinute[] {
  const byOpen = Map.groupBy(trades, (trade) => Math.floor(trade.exchangeMs / MINUTE) * MINUTE);
  let formerMs = Number.NEGATIVE_INFINITY;
  return [...byOpen].map(([openMs, own]) => {
    const bar = barOf(root, openMs, own, formerMs);
    formerMs = openMs;
    return { bar, trades: own };
  });
}

function barOf(root: string, openMs: number, trades: readonly SignedTrade[], formerMs: number): AnalysisBar {
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  const tradeDate = tradeDateAt(calendar, openMs);
  const rth = rthOf(root, tradeDate);
  const session = sessionAt(calendar, openMs);
  const lots = (side?: Side): number =>
    trades.reduce((sum, trade) => sum + (side === undefined || trade.side === side ? trade.size : 0), 0);
  const prices = trades.map((trade) => trade.priceTicks);
  return {
    openMs,
    endMs: openMs + MINUTE,
    openTicks: prices[0],
    highTicks: Math.max(...prices),
    lowTicks: Math.min(...prices),
    closeTicks: prices[prices.length - 1],
    volume: lots(),
    buyVolume: lots(SIDE.buy),
    sellVolume: lots(SIDE.sell),
    vwapSum: trades.reduce((sum, trade) => sum + trade.priceTicks * trade.size, 0),
    deltaSource: Math.max(0, ...trades.map((trade) => (trade.size > 0 ? trade.deltaSource : 0))),
    tradeDate,
    sessionOpenMs: sessionOpenMs(calendar, tradeDate),
    sessionCloseMs: sessionCloseMs(calendar, tradeDate),
    rthOpenMs: rth?.openMs ?? Number.NaN,
    rthCloseMs: rth?.closeMs ?? Number.NaN,
    isAfterBreak: session.state === "open" && formerMs < session.openMs,
    isFullSession: isFullTradeDate(calendar, tradeDate),
  };
}

export type FlowWalk = { root?: string; from: string; dates: number; everyMinutes?: number; startTicks?: number };

/** A seeded tape over trade dates from `from` on: sweeps of several prints, auctions, prints of size 0, gaps. */
export function randomTape(seed: number, options: FlowWalk): SignedTrade[] {
  const { root = "ES", everyMinutes = 3, startTicks = 40 } = options;
  const random = createRandom(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  const trades: SignedTrade[] = [];
  let date = tradeDateAt(calendar, Date.parse(`${options.from}T18:00:00Z`));
  let price = startTicks;
  for (let step = 0; step < options.dates; step++) {
    for (const { openMs, closeMs } of segmentsOf(calendar, date)) {
      for (let ms = openMs + upTo(3) * MINUTE; ms < closeMs; ms += (1 + upTo(2 * everyMinutes - 1)) * MINUTE) {
        for (let at = ms, left = 1 + upTo(12); left > 0 && at < ms + MINUTE; left--, at += upTo(9_000)) {
          const side = (random() < 0.06 ? SIDE.unsigned : 1 + upTo(2)) as Side;
          const prints = 1 + upTo(3);
          for (let print = 0; print < prints; print++) {
            trades.push(flowTrade(price, random() < 0.03 ? 0 : 1 + upTo(40), side, at));
            if (random() < 0.3) price += side === SIDE.sell ? -1 : 1;
          }
          price += upTo(5) - 2;
        }
      }
    }
    date = nextTradeDate(calendar, date);
  }
  return trades;
}

/** The rows of trades, one by one, and by nothing of the product but `addVolume`'s own test elsewhere. */
export function slowRows(trades: readonly SignedTrade[]): Map<number, [number, number, number]> {
  const rows = new Map<number, [number, number, number]>();
  for (const trade of trades) {
    if (trade.size === 0) continue;
    const row = rows.get(trade.priceTicks) ?? [0, 0, 0];
    row[trade.side] += trade.size;
    rows.set(trade.priceTicks, row);
  }
  return rows;
}

/** What price rows hold, as `slowRows` writes it: rows without volume are left out. */
export function rowsAsMap(rows: PriceRows): Map<number, [number, number, number]> {
  const found = new Map<number, [number, number, number]>();
  for (let price = rows.lowTicks; price <= rows.highTicks; price++) {
    const cell = (price - rows.baseTicks) * 3;
    const [whole, buy, sell] = rows.cells.subarray(cell, cell + 3);
    const row: [number, number, number] = [whole - buy - sell, buy, sell];
    if (row.some((volume) => volume > 0)) found.set(price, row);
  }
  return found;
}

/** Fresh rows into which `fill` puts something. */
export function filledRows(fill: (rows: PriceRows) => void): PriceRows {
  const rows = createPriceRows();
  fill(rows);
  return rows;
}
