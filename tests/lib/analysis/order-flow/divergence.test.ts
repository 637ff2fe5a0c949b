/** Is a new high on weaker order flow found, once its swing is confirmed, and never across a session's open? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addCvdBar, type CvdState, createCvd } from "#lib/analysis/order-flow/cvd.ts";
import {
  addDivergenceBar,
  createDivergence,
  type Divergence,
  type DivergenceState,
  type Divergences,
  divergencesOf,
} from "#lib/analysis/order-flow/divergence.ts";
import { SIDE } from "#lib/bars/time-bars.ts";
import { flowTrade, minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";

type Both = { cvd: CvdState; divergence: DivergenceState };

const driven: Driven<Both, AnalysisBar, Divergences> = {
  create: () => ({ cvd: createCvd(), divergence: createDivergence({ barsEachSide: 2 }) }),
  add({ cvd, divergence }, bar) {
    addCvdBar(cvd, bar);
    addDivergenceBar(divergence, bar, cvd);
  },
  read: ({ divergence }) => divergencesOf(divergence),
};

const OPEN = Date.parse("2026-11-17T15:00:00Z");

/** Bars of 100 contracts with these highs and deltas; lows lie 1 below, mirrored with sign −1. */
function barsOf(rows: readonly [high: number, delta: number][], sign = 1, startMs = OPEN): AnalysisBar[] {
  return rows.map(([high, delta], at) => {
    const [{ bar }] = minutesOf("ES", [flowTrade(0, 100, SIDE.buy, startMs + at * 60_000)]);
    const [top, bottom] = sign === 1 ? [high, high - 1] : [1 - high, -high];
    const prices = { openTicks: top, highTicks: top, lowTicks: bottom, closeTicks: bottom };
    return { ...bar, ...prices, buyVolume: (100 + sign * delta) / 2, sellVolume: (100 - sign * delta) / 2 };
  });
}

/** A high of 10 in bar 2, one of `second` in bar 7; CVD rises to the first and moves by `change` to the second. */
function twoHighs(second: number, change: number): [number, number][] {
  const highs = [5, 7, 10, 8, 6, 6, 8, second, 9, 7];
  return highs.map((high, at) => [high, at < 3 ? 20 : at === 7 ? change : 0]);
}

function found(rows: readonly [number, number][], sign = 1): Divergence[] {
  const state = driven.create();
  for (const bar of barsOf(rows, sign)) driven.add(state, bar);
  const out = divergencesOf(state.divergence);
  return out.status === "ready" ? out.found : [];
}

test("a higher high on lower CVD is a bearish divergence, a lower low on higher CVD a bullish one", () => {
  for (const [sign, kind] of [
    [1, "bearish"],
    [-1, "bullish"],
  ] as const) {
    const [one, ...more] = found(twoHighs(11, -60), sign);
    assert.equal(more.length, 0);
    assert.deepEqual([one.kind, one.fromTicks * sign, one.toTicks * sign], [kind, 10, 11]);
    assert.deepEqual([one.fromCvd, one.toCvd, one.strength], [60 * sign, 0, 0.12]);
    assert.deepEqual([one.fromMs, one.toMs, one.atMs], [OPEN + 2 * 60_000, OPEN + 7 * 60_000, OPEN + 10 * 60_000]);
  }
});

test("near misses: an equal high, CVD with the price, and CVD against it by less than 2 % of the volume", () => {
  assert.deepEqual(found(twoHighs(10, -60)), []);
  assert.deepEqual(found(twoHighs(11, 60)), []);
  assert.deepEqual(found(twoHighs(11, -8)), [], "8 of 500 contracts");
  assert.equal(found(twoHighs(11, -10)).length, 1, "10 of 500 contracts");
});

test("nothing is said before the second swing is confirmed", () => {
  const state = driven.create();
  const readings = barsOf(twoHighs(11, -60)).map((bar) => {
    driven.add(state, bar);
    const out = divergencesOf(state.divergence);
    return out.status === "ready" ? out.found.length : out.status;
  });
  assert.deepEqual(readings.slice(-3), ["warming", "warming", 1]);
});

test("swings of two sessions are never compared: CVD begins anew", () => {
  const state = driven.create();
  const rows = twoHighs(11, -60);
  const first = barsOf(rows.slice(0, 5));
  const next = barsOf(rows.slice(5), 1, OPEN + 86_400_000);
  const date = first[0].tradeDate;
  assert.ok(next[0].tradeDate === date + 1);
  for (const bar of [...first, ...next]) driven.add(state, bar);
  assert.equal(divergencesOf(state.divergence).status, "warming");
  const sameDay = next.map((bar) => ({ ...bar, tradeDate: date }));
  const joined = driven.create();
  for (const bar of [...first, ...sameDay]) driven.add(joined, bar);
  assert.equal(divergencesOf(joined.divergence).status, "ready", "in one session they are");
});

const foundIn = (out: Divergences): number => (out.status === "ready" ? out.found.length : 0);

/** The slow version: all swings of the date by search, neighbours compared. */
function slowFound(bars: readonly AnalysisBar[]): [string, number, number][] {
  const date = bars[bars.length - 1].tradeDate;
  const today = bars.filter((bar) => bar.tradeDate === date);
  const cvd = (at: number): number =>
    today.slice(0, at + 1).reduce((sum, bar) => sum + bar.buyVolume - bar.sellVolume, 0);
  const volume = (from: number, to: number): number =>
    today.slice(from + 1, to + 1).reduce((sum, bar) => sum + bar.volume, 0);
  const found: [string, number, number, number][] = [];
  for (const [kind, price] of [
    ["bearish", (bar: AnalysisBar) => bar.highTicks],
    ["bullish", (bar: AnalysisBar) => -bar.lowTicks],
  ] as const) {
    const swings = today.flatMap((bar, at) => {
      if (at < 2 || at > today.length - 3) return [];
      const isSwing = [at - 2, at - 1].every((near) => price(today[near]) <= price(bar));
      return isSwing && [at + 1, at + 2].every((near) => price(today[near]) < price(bar)) ? [at] : [];
    });
    const sign = kind === "bearish" ? 1 : -1;
    for (let pair = 1; pair < swings.length; pair++) {
      const [from, to] = [swings[pair - 1], swings[pair]];
      const against = sign * (cvd(from) - cvd(to));
      const traded = volume(from, to);
      if (price(today[to]) > price(today[from]) && traded > 0 && against >= 0.02 * traded) {
        found.push([kind, today[from].openMs, today[to].openMs, today[to + 2].endMs]);
      }
    }
  }
  return found.sort((a, b) => b[3] - a[3] || (a[0] < b[0] ? 1 : -1)).map(([kind, from, to]) => [kind, from, to]);
}

for (const seed of testSeeds("divergence")) {
  const bars = minutesOf("ES", randomTape(seed, { from: "2026-11-17", dates: 2, everyMinutes: 6 })).map(
    ({ bar }) => bar,
  );

  test(`the same divergences as by search over all swings of the date, seed ${seed}`, () => {
    let seen = 0;
    published(driven, bars).forEach((reading, at) => {
      if (at % 3 !== 0) return;
      const ours =
        reading.status === "ready" ? reading.found.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]) : [];
      const slow = slowFound(bars.slice(0, at + 1));
      assert.deepEqual(ours, slow.slice(0, 8), `bar ${at}`);
      seen = Math.max(seen, slow.length);
    });
    assert.ok(seen > 2, "the walk has divergences");
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    assertNoLookAhead((inputs) => published(driven, inputs), bars);
    const peeking = (inputs: readonly AnalysisBar[]): string[] => {
      const readings = published(driven, inputs).map((out) => (out.status === "ready" ? out.found.length : -1));
      return inputs.map((_, at) => `${readings[at + 1] ?? readings[at]}`);
    };
    const confirming = published(driven, bars).findLastIndex(
      (out, at, all) => at > 0 && foundIn(out) > foundIn(all[at - 1]),
    );
    const short = peeking(bars.slice(0, confirming));
    assert.notDeepEqual(short, peeking(bars).slice(0, confirming), "a look-ahead of one bar was not found");
    assertRestores(driven, bars);
  });
}
