/** Is CVD the sum of what was bought and sold since its anchor, with its source, and neutral where nobody presses? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addCvdBar,
  amendCvd,
  anchorCvd,
  BIAS_SLOPE_MIN,
  type Cvd,
  type CvdState,
  type CvdSum,
  createCvd,
  cvdOf,
  type ReadyCvd,
  slopeOf,
} from "#lib/analysis/order-flow/cvd.ts";
import { closeForming, createBarSeries, DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { estimateDelta } from "#lib/bars/estimate-delta.ts";
import { addTrade, openBar, SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { createRandom } from "#lib/prng.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_DAY } from "#lib/units.ts";
import { ES_FIVE_FILE, readEsFiveMinutes } from "#tests/support/es-five-minutes.ts";
import { readEsHour } from "#tests/support/es-oracle.ts";
import { flowTrade, minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { gaussian } from "#tests/support/shaped-bars.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const WALK = { from: "2026-11-25", dates: 3, everyMinutes: 8 };

type Reading = { session: Cvd; rth: Cvd };

const driven: Driven<CvdState, AnalysisBar, Reading> = {
  create: createCvd,
  add: addCvdBar,
  read: (state) => ({ session: cvdOf(state, state.session), rth: cvdOf(state, state.rth) }),
};

const signed = ({ side, size }: SignedTrade): number => (side === SIDE.buy ? size : side === SIDE.sell ? -size : 0);
const sumOf = (trades: readonly SignedTrade[], of: (trade: SignedTrade) => number): number =>
  trades.reduce((sum, trade) => sum + of(trade), 0);

function ready(cvd: Cvd): ReadyCvd {
  assert.ok(cvd.status === "ready");
  return cvd;
}

function assertCvd(cvd: Cvd, trades: readonly SignedTrade[]): void {
  assert.equal(cvd.status, trades.length === 0 ? "warming" : "ready");
  if (cvd.status !== "ready") return;
  const unsigned = sumOf(trades, ({ side, size }) => (side === SIDE.unsigned ? size : 0));
  assert.deepEqual(
    [cvd.cvd, cvd.volume, cvd.unsigned],
    [sumOf(trades, signed), sumOf(trades, (t) => t.size), unsigned],
  );
}

test("deltas sum to CVD, and bought, sold and of no side to the volume, of any tape", (t) => {
  const property = fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, everyMinutes) => {
    const state = createCvd();
    const sums = { date: 0, delta: 0, volume: 0, unsigned: 0 };
    for (const { bar } of minutesOf("ES", randomTape(seed, { ...WALK, dates: 2, everyMinutes }))) {
      if (bar.tradeDate !== sums.date) Object.assign(sums, { date: bar.tradeDate, delta: 0, volume: 0, unsigned: 0 });
      addCvdBar(state, bar);
      const reading = ready(cvdOf(state, state.session));
      sums.delta += reading.delta;
      sums.volume += bar.volume;
      sums.unsigned += bar.volume - bar.buyVolume - bar.sellVolume;
      assert.deepEqual([reading.cvd, reading.volume, reading.unsigned], [sums.delta, sums.volume, sums.unsigned]);
      assert.ok(bar.buyVolume >= 0 && bar.sellVolume >= 0 && bar.buyVolume + bar.sellVolume <= bar.volume);
    }
  });
  checkTwice(property, { runs: 20, print: (line) => t.diagnostic(line) });
});

for (const seed of testSeeds("cvd")) {
  const minutes = minutesOf("ES", randomTape(seed, WALK));
  const bars = minutes.map(({ bar }) => bar);

  test(`I-10 CVD is what was bought less what was sold since the exchange's open or RTH's, seed ${seed}`, () => {
    published(driven, bars).forEach((reading, at) => {
      const { bar } = minutes[at];
      const today = minutes.slice(0, at + 1).filter((minute) => minute.bar.tradeDate === bar.tradeDate);
      assertCvd(
        reading.session,
        today.flatMap(({ trades }) => trades),
      );
      const rth = today.filter((one) => one.bar.openMs >= bar.rthOpenMs && one.bar.openMs < bar.rthCloseMs);
      assertCvd(
        reading.rth,
        rth.flatMap(({ trades }) => trades),
      );
      const former =
        minutes[at - 1]?.bar.tradeDate === bar.tradeDate ? ready(driven.read(after(at - 1)).session).cvd : 0;
      if (at % 40 === 1) assert.equal(ready(reading.session).cvd - former, ready(reading.session).delta);
    });

    function after(at: number): CvdState {
      const state = createCvd();
      for (const bar of bars.slice(0, at + 1)) addCvdBar(state, bar);
      return state;
    }
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    assertNoLookAhead((inputs) => published(driven, inputs), bars);
    const peeking = (inputs: readonly AnalysisBar[]): Reading[] =>
      published(
        driven,
        inputs.map((bar, at) => ({ ...bar, buyVolume: (inputs[at + 1] ?? bar).buyVolume })),
      );
    assert.throws(() => assertNoLookAhead(peeking, bars), "a look-ahead of one bar was not found");
    assertRestores(driven, bars);
  });
}

test(
  "I-11 CVD of the real ES hour is +796, the sum over its trades by the exchange's flags",
  needsSharedData(ES_HOUR),
  () => {
    const raw = readEsHour(sharedData(ES_HOUR) ?? "");
    const direct = raw.reduce((sum, { side, size }) => sum + (side === "B" ? size : side === "S" ? -size : 0), 0);
    const sides = { B: SIDE.buy, S: SIDE.sell, N: SIDE.unsigned } as const;
    const trades = raw.map(({ ms, price, size, side }) => flowTrade(price / 0.25, size, sides[side], ms));
    const state = createCvd();
    for (const { bar } of minutesOf("ES", trades)) addCvdBar(state, bar);
    const { cvd, volume, unsigned, source, accuracy, sourceShares } = ready(cvdOf(state, state.session));
    assert.deepEqual([direct, cvd, volume, unsigned, source], [796, 796, 9_892, 44, "aggressor"]);
    assert.deepEqual([accuracy?.value, sourceShares], [1, { aggressor: 1 }]);
  },
);

/** Sierra's 5-minute bars of a day as analysis bars. */
function sierraBars(day: string): AnalysisBar[] {
  const found = readEsFiveMinutes((one) => one === day);
  const shape = minutesOf("ES", [flowTrade(0, 1, SIDE.buy, Date.parse(`${day}T15:00:00Z`))])[0].bar;
  return Array.from({ length: found.count }, (_, row) => {
    const at = found.atCt[row];
    const openMs = utcMsFromLocal("America/Chicago", Math.floor(at / MS_PER_DAY), at % MS_PER_DAY);
    return {
      ...shape,
      openMs,
      endMs: openMs + 300_000,
      openTicks: found.openTicks[row],
      highTicks: found.highTicks[row],
      lowTicks: found.lowTicks[row],
      closeTicks: found.closeTicks[row],
      volume: found.volume[row],
      buyVolume: found.askVolume[row],
      sellVolume: found.bidVolume[row],
      deltaSource: DELTA_SOURCE.aggressor,
    };
  });
}

test(
  "Sierra's bars: their own delta where they give bid and ask volume, else the estimate, never both",
  needsSharedData(ES_FIVE_FILE),
  (t) => {
    const known = sierraBars("2024-03-05");
    assert.ok(known.length > 200);
    const [truth, estimate] = [createCvd(), createCvd()];
    let [direct, guessed, former] = [0, 0, Number.NaN];
    known.forEach((bar) => {
      addCvdBar(truth, bar);
      addCvdBar(estimate, { ...bar, buyVolume: 0, sellVolume: 0, deltaSource: DELTA_SOURCE.none });
      direct += bar.buyVolume - bar.sellVolume;
      guessed += estimateDelta(bar, former);
      former = bar.closeTicks;
    });
    const [ours, theirs] = [ready(cvdOf(estimate, estimate.session)), ready(cvdOf(truth, truth.session))];
    assert.deepEqual([theirs.cvd, theirs.source, theirs.unsigned], [direct, "aggressor", 0]);
    assert.ok(Math.abs(ours.cvd - guessed) < 1e-6);
    assert.deepEqual([ours.source, ours.unsigned, ours.accuracy?.value], ["estimate", ours.volume, 0.72]);
    t.diagnostic(`${known.length} bars of 2024-03-05: true CVD ${direct}, estimated ${ours.cvd.toFixed(0)}`);
  },
);

test("the worst source names the sum, and each has its share", () => {
  const state = createCvd();
  const openMs = Date.parse("2026-11-17T15:00:00Z");
  const trades = [
    flowTrade(10, 6, SIDE.buy, openMs),
    { ...flowTrade(11, 2, SIDE.sell, openMs + 60_000), deltaSource: DELTA_SOURCE.tick },
  ];
  for (const { bar } of minutesOf("ES", trades)) addCvdBar(state, bar);
  const { source, sourceShares, accuracy } = ready(cvdOf(state, state.session));
  assert.deepEqual([source, sourceShares, accuracy?.value], ["tick", { aggressor: 0.75, tick: 0.25 }, 0.75]);
});

/** A session of minutes with these deltas, from RTH on; each of 100 contracts. */
function afterDeltas(deltas: readonly number[]): CvdState {
  const state = createCvd();
  const [{ bar }] = minutesOf("ES", [flowTrade(10, 100, SIDE.unsigned, Date.parse("2026-11-17T15:00:00Z"))]);
  for (const delta of deltas) {
    addCvdBar(state, { ...bar, buyVolume: (100 + delta) / 2, sellVolume: (100 - delta) / 2 });
  }
  return state;
}

test("15 bars of +10 and −10 in turn, then five of +10: slope 2.24, buying; mirrored selling", () => {
  const turns = Array.from({ length: 15 }, (_, at) => (at % 2 === 0 ? 10 : -10));
  for (const sign of [1, -1]) {
    const state = afterDeltas([...turns, 10, 10, 10, 10, 10].map((delta) => sign * delta));
    assert.equal(slopeOf(state).toFixed(2), (sign * 2.24).toFixed(2));
    assert.equal(ready(cvdOf(state, state.session)).bias, sign > 0 ? "buying" : "selling");
  }
});

test("no bias before 20 bars, neutral where nothing presses, also where nothing has a delta", () => {
  const early = afterDeltas(new Array(19).fill(10));
  assert.deepEqual([ready(cvdOf(early, early.session)).bias, ready(cvdOf(early, early.session)).slope], [null, null]);
  const flat = afterDeltas(new Array(30).fill(0));
  assert.equal(ready(cvdOf(flat, flat.session)).bias, "neutral");
  const turns = afterDeltas(Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? 10 : -10)));
  assert.equal(ready(cvdOf(turns, turns.session)).bias, "neutral");
});

test("without pressure the bias is neutral 87 % of the time", (t) => {
  const random = createRandom(5);
  const state = afterDeltas([]);
  const [{ bar }] = minutesOf("ES", [flowTrade(10, 100, SIDE.unsigned, Date.parse("2026-11-17T15:00:00Z"))]);
  let [beyond, n] = [0, 0];
  for (let at = 0; at < 40_000; at++) {
    addCvdBar(state, { ...bar, buyVolume: 10 * gaussian(random), sellVolume: 0 });
    if (at < 20) continue;
    n += 1;
    if (Math.abs(slopeOf(state)) >= BIAS_SLOPE_MIN) beyond += 1;
  }
  t.diagnostic(`beyond ±${BIAS_SLOPE_MIN} in ${((100 * beyond) / n).toFixed(1)} % of bars`);
  assert.ok(beyond / n > 0.115 && beyond / n < 0.145, String(beyond / n));
});

test("an anchor that was clicked takes the closed bars behind it, then what comes; late trades join too", () => {
  const openMs = Date.parse("2026-11-17T15:00:00Z");
  const series = createBarSeries("1m");
  const state = createCvd();
  const minute = (at: number, size: number, side: 1 | 2) => flowTrade(100 + at, size, side, openMs + at * 60_000);
  for (const trade of [minute(0, 5, SIDE.buy), minute(1, 7, SIDE.sell), minute(2, 9, SIDE.buy)]) {
    addTrade(series, openBar(series, trade.exchangeMs, trade.exchangeMs + 60_000), trade);
    closeForming(series);
    addCvdBar(state, minutesOf("ES", [trade])[0].bar);
  }
  anchorCvd(state, openMs + 60_000, { series, rows: 3, calendar: "equity" });
  assert.deepEqual([ready(cvdOf(state, state.custom[0])).cvd, ready(cvdOf(state, state.custom[0])).n], [2, 2]);
  addCvdBar(state, minutesOf("ES", [minute(3, 4, SIDE.sell)])[0].bar);
  amendCvd(state, flowTrade(101, 3, SIDE.sell, openMs + 239_000));
  amendCvd(state, flowTrade(101, 6, SIDE.unsigned, openMs + 239_000));
  amendCvd(state, flowTrade(101, 8, SIDE.unsigned, openMs + 59_999));
  const custom = ready(cvdOf(state, state.custom[0]));
  assert.deepEqual([custom.cvd, custom.volume, custom.unsigned, custom.anchor], [-5, 29, 6, "custom"]);
  assert.deepEqual([ready(cvdOf(state, state.session)).cvd, ready(cvdOf(state, state.rth)).cvd], [0, 0]);
});

test("an anchor's bars without sides are estimated from the close before, not over the trade date's end", () => {
  const series = createBarSeries("1m");
  const lone = (openMs: number, from: number, to: number): void => {
    const row = openBar(series, openMs, openMs + 60_000);
    for (const price of [from, to]) {
      addTrade(series, row, { ...flowTrade(price, 1, SIDE.unsigned, openMs), deltaSource: DELTA_SOURCE.none });
    }
    closeForming(series);
  };
  const lastMs = Date.parse("2026-11-17T21:59:00Z");
  lone(lastMs - 30 * 60_000, 100, 100);
  lone(lastMs, 100, 104);
  lone(lastMs + 61 * 60_000, 50, 60);
  const state = createCvd();
  anchorCvd(state, lastMs, { series, rows: 3, calendar: "equity" });
  const sum: CvdSum = state.custom[0];
  assert.equal(sum.cvd, 4, "two contracts up, and two contracts up from 50, not down from 104");
  assert.equal(ready(cvdOf(state, sum)).source, "estimate");
});
