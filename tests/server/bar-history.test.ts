/** Is a folded bar what its minutes make it, in the whole session and in regular hours, on every page? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#lib/prng.ts";
import { rthOf, sessionCloseMs, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { tradeDate } from "#lib/units.ts";
import type { BarTuple } from "#lib/wire/stream.ts";
import { type Hours, isTimeInterval, TIME_INTERVALS, type TimeInterval } from "#lib/wire/topic.ts";
import { barPage } from "#server/bar-history.ts";
import { engineRun, trade } from "#tests/support/engine-run.ts";

/** Sunday 2026-11-01: the clocks change in this week; six sessions follow. */
const FROM = Date.parse("2026-10-29T22:00:00Z");
const DAYS = 9;
const FOREVER = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, limit: 100_000 };

type Print = { ms: number; price: number; size: number };

function prints(): Print[] {
  const random = createRandom(11);
  const made: Print[] = [];
  let price = 24_000;
  for (let ms = FROM; ms < FROM + DAYS * 86_400_000; ms += 20_000 + random() * 400_000) {
    const day = tradeDateAt("equity", ms);
    if (ms >= sessionCloseMs("equity", day)) continue;
    price += Math.round((random() - 0.5) * 8);
    made.push({ ms: Math.round(ms), price, size: 1 + Math.floor(random() * 5) });
  }
  return made;
}

function runOf(trades: Print[]) {
  const run = engineRun([{ root: "ES", year: 2026, month: 12, tickSize: 0.25 }], { startMs: FROM });
  for (const [index, { ms, price, size }] of trades.entries()) {
    run.send(trade(price, ms, { size, sourceSeq: index + 1 }));
  }
  return run.engine.state;
}

const MINUTES: Record<string, number> = {
  "1m": 1,
  "2m": 2,
  "3m": 3,
  "5m": 5,
  "10m": 10,
  "15m": 15,
  "30m": 30,
  "1h": 60,
  "4h": 240,
};

/** Slow and plain: every trade looks up its own session and counts its bar from the open. */
function windowOf(ms: number, interval: TimeInterval, hours: Hours): number | null {
  const day = tradeDateAt("equity", ms);
  const span = hours === "rth" ? rthOf("ES", day) : { openMs: sessionOpenMs("equity", day), closeMs: Number.MAX_VALUE };
  if (span === null || ms < span.openMs || ms >= span.closeMs) return null;
  if (interval === "1d") return span.openMs;
  if (interval === "1w") {
    const weekday = new Date(day * 86_400_000).getUTCDay();
    return sessionOpenMs("equity", tradeDate(day - (weekday - 1)));
  }
  const length = MINUTES[interval] * 60_000;
  return span.openMs + Math.floor((ms - span.openMs) / length) * length;
}

function slow(trades: Print[], interval: TimeInterval, hours: Hours): number[][] {
  const bars = new Map<number, Print[]>();
  for (const one of trades) {
    const openMs = windowOf(one.ms, interval, hours);
    if (openMs !== null) bars.set(openMs, [...(bars.get(openMs) ?? []), one]);
  }
  return [...bars].map(([openMs, held]) => {
    const price = held.map((one) => one.price * 0.25);
    const volume = held.reduce((sum, one) => sum + one.size, 0);
    return [openMs, price[0], Math.max(...price), Math.min(...price), price[price.length - 1], volume, held.length];
  });
}

function ours(bars: BarTuple[]): number[][] {
  return bars.map(([openMs, open, high, low, close, volume, , , trades]) => [
    openMs,
    open,
    high,
    low,
    close,
    volume,
    trades,
  ]);
}

test("every interval from a minute on, ETH and RTH, over a change of the clocks", () => {
  const trades = prints();
  const state = runOf(trades);
  for (const interval of TIME_INTERVALS.filter((one) => isTimeInterval(one) && !one.endsWith("s"))) {
    for (const hours of ["eth", "rth"] as const) {
      const page = barPage(state.contracts[0], { interval, hours, ...FOREVER }, state.nowMs);
      assert.deepEqual(ours(page.bars), slow(trades, interval, hours), `${interval} ${hours}`);
    }
  }
});

test("a folded bar forms until its own end, even when its last minute has closed", () => {
  const trades = prints().filter(({ ms }) => ms < Date.parse("2026-10-30T15:05:00Z"));
  const state = runOf(trades);
  const at = (nowMs: number) => {
    const query = { interval: "10m", hours: "eth", ...FOREVER } as const;
    return barPage(state.contracts[0], query, nowMs).bars.at(-1)?.[11];
  };
  assert.equal(at(Date.parse("2026-10-30T15:09:59Z")), 0);
  assert.equal(at(Date.parse("2026-10-30T15:10:00Z")), 1);
});

test("pages of any size join to the whole, without a bar twice or missing", () => {
  const state = runOf(prints());
  for (const interval of ["1m", "10m", "4h", "1d"] as const) {
    for (const hours of ["eth", "rth"] as const) {
      const whole = barPage(state.contracts[0], { interval, hours, ...FOREVER }, state.nowMs).bars;
      const joined: BarTuple[] = [];
      let toMs: number | null = Number.POSITIVE_INFINITY;
      for (let pages = 0; toMs !== null && pages < 5_000; pages++) {
        const page = barPage(state.contracts[0], { interval, hours, ...FOREVER, toMs, limit: 7 }, state.nowMs);
        assert.ok(page.bars.length <= 7);
        joined.unshift(...page.bars);
        toMs = page.next;
      }
      assert.deepEqual(joined, whole, `${interval} ${hours}`);
    }
  }
});

test("an interval that the source cannot make says why", () => {
  const state = engineRun([{ root: "ES", year: 2026, month: 12, tickSize: 0.25 }], { startMs: FROM }).engine.state;
  const query = { interval: "5m", hours: "eth", ...FOREVER } as const;
  assert.match(barPage(state.contracts[0], query, FROM).why ?? "", /nothing of ESZ6 has been received yet/);
});
