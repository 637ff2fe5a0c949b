/** What does the vendor know of the past: sessions, minute bars, settlements, single trades? Asked over REST. */
import { parseCivilDay } from "#lib/civil.ts";
import { type BarBlock, createBarBlock } from "#lib/events/bar-block.ts";
import { AGGRESSOR } from "#lib/events/market.ts";
import { createTradeBlock, type TradeBlock } from "#lib/events/trade-block.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { isTradeDate, sessionOpenMs } from "#lib/session.ts";
import { NO_PRICE, ticksFromPoints, tradeDate } from "#lib/units.ts";
import type { RejectReason } from "#server/feeds/feed.ts";
import type { Listing } from "./listing.ts";
import { numberOf } from "./message.ts";
import type { RestClient, RestRow } from "./rest-client.ts";

type Reject = (reason: RejectReason, detail: string) => void;
export type Settled = { tradeDate: number; ticks: number };
export type Sessions = { bars: BarBlock; settlements: Settled[] };
export type Span = { fromMs: number; toMs: number };

const ROWS_MAX = 50_000;

/** Completed trade dates before `beforeDate`, oldest first: a bar each (from the session's open), settlements. */
export async function sessionsOf(
  rest: RestClient,
  listing: Listing,
  ask: { fromIso: string; beforeDate: number; reject: Reject },
): Promise<Sessions> {
  const calendar = instrumentOf(listing.contract.root)?.calendar;
  const path = `aggs/${listing.ticker}`;
  const query = { resolution: "1session", "window_start.gte": ask.fromIso, sort: "window_start.asc", limit: ROWS_MAX };
  const bars: { openMs: number; row: RestRow }[] = [];
  const settlements: Settled[] = [];
  for (const row of await rest.rows(path, query)) {
    const day = parseCivilDay(String(row.session_end_date ?? ""));
    if (calendar === undefined || day === null) continue;
    const date = tradeDate(day);
    if (date >= ask.beforeDate || !isTradeDate(calendar, date)) continue;
    bars.push({ openMs: sessionOpenMs(calendar, date), row });
    const settled = typeof row.settlement_price === "number" ? row.settlement_price / listing.vendorTick : null;
    if (settled !== null && Number.isFinite(settled)) settlements.push({ tradeDate: date, ticks: dustless(settled) });
  }
  return { bars: blockOf(bars, listing, ask.reject), settlements };
}

/** Fractional ticks stay; binary dust goes: 19201.0000000002 → 19201. */
function dustless(ticks: number): number {
  return Math.round(ticks * 1e6) / 1e6;
}

/** Finished bars of so many ms that lie in the span whole, oldest first. */
export async function barsOf(
  rest: RestClient,
  listing: Listing,
  ask: Span & { intervalMs: 1_000 | 60_000; reject: Reject },
): Promise<BarBlock> {
  const { fromMs, toMs, intervalMs } = ask;
  const query = {
    resolution: intervalMs === 1_000 ? "1sec" : "1min",
    "window_start.gte": nanos(fromMs),
    "window_start.lt": nanos(toMs),
    sort: "window_start.asc",
    limit: ROWS_MAX,
  };
  const rows = (await rest.rows(`aggs/${listing.ticker}`, query)).map((row) => ({
    openMs: Math.floor(Number(row.window_start) / 1e6),
    row,
  }));
  const whole = rows.filter(({ openMs }) => openMs % intervalMs === 0 && openMs + intervalMs <= toMs);
  return blockOf(whole, listing, ask.reject);
}

function blockOf(rows: readonly { openMs: number; row: RestRow }[], listing: Listing, reject: Reject): BarBlock {
  const block = createBarBlock(rows.length);
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { openMs, row } of rows) {
    const [open, high, low, close] = ["open", "high", "low", "close"].map((name) => ticksOf(row, name, listing));
    const volume = Number(row.volume);
    const isGood = open !== null && high !== null && low !== null && close !== null && volume >= 0 && openMs > newestMs;
    if (!isGood) {
      reject("malformed", `a bar of ${listing.ticker} over REST: ${JSON.stringify(row).slice(0, 160)}`);
      continue;
    }
    const at = block.count++;
    newestMs = openMs;
    block.openMs[at] = openMs;
    block.openTicks[at] = open;
    block.highTicks[at] = high;
    block.lowTicks[at] = low;
    block.closeTicks[at] = close;
    block.volume[at] = volume;
    block.trades[at] = Number(row.transactions ?? 0);
    const money = Number(row.dollar_volume);
    block.vwapTicks[at] = volume > 0 && money !== 0 ? money / volume / listing.vendorTick : Number.NaN;
  }
  return block;
}

function ticksOf(row: RestRow, name: string, listing: Listing): number | null {
  try {
    return ticksFromPoints(numberOf(row, name), listing.vendorTick);
  } catch {
    return null;
  }
}

/** One trade over REST, in ticks; `seq` is the same number that the stream calls q. */
export type PastTrade = { ms: number; seq: number; priceTicks: number; size: number };

/** Every trade of [fromMs, toMs] in time order, then by number. */
export async function tradesOf(
  rest: RestClient,
  listing: Listing,
  ask: Span & { reject: Reject },
): Promise<PastTrade[]> {
  const query = {
    "timestamp.gte": nanos(ask.fromMs),
    "timestamp.lt": nanos(ask.toMs + 1),
    sort: "timestamp.asc",
    limit: 49_999,
  };
  const trades: PastTrade[] = [];
  for (const row of await rest.rows(`trades/${listing.ticker}`, query)) {
    const priceTicks = ticksOf(row, "price", listing) ?? NO_PRICE;
    const [ms, seq, size] = [Math.floor(Number(row.timestamp) / 1e6), Number(row.sequence_number), Number(row.size)];
    if (priceTicks !== NO_PRICE && size >= 0 && Number.isSafeInteger(seq) && Number.isFinite(ms)) {
      trades.push({ ms, seq, priceTicks, size });
    } else {
      ask.reject("malformed", `a trade of ${listing.ticker} over REST: ${JSON.stringify(row).slice(0, 160)}`);
    }
  }
  return trades.sort((a, b) => a.ms - b.ms || a.seq - b.seq);
}

export function tradeBlock(trades: readonly PastTrade[]): TradeBlock {
  const block = createTradeBlock(trades.length);
  for (const { ms, seq, priceTicks, size } of trades) {
    const at = block.count++;
    block.exchangeMs[at] = ms;
    block.sourceSeq[at] = seq;
    block.priceTicks[at] = priceTicks;
    block.size[at] = size;
    block.aggressor[at] = AGGRESSOR.unknown;
  }
  return block;
}

/** Whole milliseconds as the vendor's nanoseconds, exactly: 1703545200085 → "1703545200085000000". */
function nanos(ms: number): string {
  return `${BigInt(Math.floor(ms)) * 1_000_000n}`;
}
