/** What can a market throw at the engine? Seeded events of every kind that changes bars, the odd ones too. */
import { createBarBlock } from "#lib/events/bar-block.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { AGGRESSOR, SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createTradeBlock } from "#lib/events/trade-block.ts";
import { createRandom, type Random } from "#lib/prng.ts";
import { minuteBar, quote, trade } from "./engine-run.ts";

/** Contracts that the events speak of: numbers 0 and 1. */
export const RANDOM_CONTRACTS = [
  { root: "ES", year: 2026, month: 12, tickSize: 0.25 },
  { root: "GC", year: 2026, month: 12, tickSize: 0.1 },
];
/** Tuesday 2026-11-17 10:00 CT, in RTH. */
export const RANDOM_START_MS = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;

type Walk = { random: Random; nowMs: number; price: number; sourceSeq: number };

/** `count` events from RANDOM_START_MS on, stamped with times, not with seqs; equal for equal seeds. */
export function randomEvents(seed: number, count: number): InputEvent[] {
  const walk: Walk = { random: createRandom(seed), nowMs: RANDOM_START_MS, price: 20_000, sourceSeq: 0 };
  return Array.from({ length: count }, () => nextEvent(walk));
}

/** The same without any past: analyses are ready at once and are taken on, never begun anew. */
export function randomLiveEvents(seed: number, count: number): InputEvent[] {
  return randomEvents(seed, count).filter(({ type }) => type !== "HistoryLoaded" && type !== "GapFilled");
}

function upTo(walk: Walk, limit: number): number {
  return Math.floor(walk.random() * limit);
}

function nextEvent(walk: Walk): InputEvent {
  walk.nowMs += upTo(walk, walk.random() < 0.02 ? 20 * MINUTE : 3_000);
  walk.price += upTo(walk, 5) - 2;
  const contract = upTo(walk, 2);
  const { nowMs } = walk;
  const kind = walk.random();
  if (kind < 0.7) {
    // Some trades are late, a few too late, a few are repeated.
    const exchangeMs = nowMs - (walk.random() < 0.3 ? upTo(walk, 2_500) : 0);
    const sourceSeq = walk.random() < 0.95 ? ++walk.sourceSeq : walk.sourceSeq;
    return trade(walk.price, exchangeMs, { nowMs, contract, sourceSeq, size: 1 + upTo(walk, 9) });
  }
  if (kind < 0.8) return quote(walk.price - 1, walk.price + 1, nowMs, { contract });
  if (kind < 0.9) return deadline(nowMs);
  if (kind < 0.96) return vendorBar(walk, contract);
  if (kind < 0.98) return history(walk, contract);
  return gapFilled(walk, contract);
}

function deadline(nowMs: number): InputEvent {
  return { ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs };
}

function vendorBar(walk: Walk, contract: number): InputEvent {
  const openMs = Math.floor(walk.nowMs / MINUTE - upTo(walk, 200)) * MINUTE;
  return minuteBar(openMs, walk.price, { nowMs: walk.nowMs, contract, volume: 10 + upTo(walk, 5) });
}

function history(walk: Walk, contract: number): InputEvent {
  const bars = createBarBlock(1 + upTo(walk, 600));
  const firstMs = Math.floor(walk.nowMs / MINUTE - upTo(walk, 5_000)) * MINUTE;
  for (; bars.count < bars.openMs.length && firstMs + bars.count * MINUTE < walk.nowMs - MINUTE; bars.count++) {
    const price = walk.price + upTo(walk, 9);
    bars.openMs[bars.count] = firstMs + bars.count * MINUTE;
    bars.openTicks[bars.count] = bars.closeTicks[bars.count] = price;
    bars.highTicks[bars.count] = price + 1;
    bars.lowTicks[bars.count] = price - 1;
    bars.volume[bars.count] = 1 + upTo(walk, 50);
    bars.vwapTicks[bars.count] = walk.random() < 0.5 ? Number.NaN : price;
  }
  const source = SOURCE.massive;
  return { ...UNSTAMPED, nowMs: walk.nowMs, type: "HistoryLoaded", contract, intervalMs: MINUTE, bars, source };
}

function gapFilled(walk: Walk, contract: number): InputEvent {
  const trades = createTradeBlock(1 + upTo(walk, 30));
  const toMs = walk.nowMs - upTo(walk, 60 * MINUTE);
  const fromMs = toMs - 1_000 * trades.size.length;
  for (; trades.count < trades.size.length; trades.count++) {
    trades.exchangeMs[trades.count] = fromMs + trades.count * 1_000;
    trades.priceTicks[trades.count] = walk.price + upTo(walk, 20);
    trades.size[trades.count] = 1 + upTo(walk, 5);
    trades.aggressor[trades.count] = AGGRESSOR.buy;
  }
  const source = SOURCE.massive;
  return { ...UNSTAMPED, nowMs: walk.nowMs, type: "GapFilled", contract, fromMs, toMs, trades, source };
}
