/** Are VWAP and its bands exact from trades, anchored where the exchange begins, and honest about bars? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadBar } from "#lib/analysis/bar-rows.ts";
import { addRowTrade } from "#lib/analysis/price-rows.ts";
import {
  addVwapBar,
  amendVwap,
  anchorVwap,
  createVwap,
  type ReadyVwap,
  type Vwap,
  type VwapState,
  type VwapSum,
  vwapOf,
} from "#lib/analysis/vwap.ts";
import { closeForming, createBarSeries } from "#lib/bars/bar-series.ts";
import { addTrade, openBar, SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { readEsHour } from "#tests/support/es-oracle.ts";
import { type FlowMinute, filledRows, flowTrade, minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
/** Friday's Juneteenth segment belongs to Monday's trade date. */
const WALK = { from: "2026-06-17", dates: 4, everyMinutes: 11, startTicks: -30 };

type Reading = { session: Vwap; rth: Vwap; week: Vwap };

function addMinute(state: VwapState, { bar, trades }: FlowMinute): void {
  const rows = filledRows((into) => {
    for (const trade of trades) addRowTrade(into, trade);
  });
  addVwapBar(state, bar, rows);
}

const driven: Driven<VwapState, FlowMinute, Reading> = {
  create: createVwap,
  add: addMinute,
  read: ({ session, rth, week }) => ({ session: vwapOf(session), rth: vwapOf(rth), week: vwapOf(week) }),
};

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${what}: ${actual}, ${expected}`);
}

/** Two passes over the trades. */
function assertVwap(vwap: Vwap, trades: readonly SignedTrade[], what: string): void {
  const volume = trades.reduce((sum, trade) => sum + trade.size, 0);
  assert.equal(vwap.status, volume === 0 ? "warming" : "ready", what);
  if (vwap.status !== "ready") return;
  const mean = trades.reduce((sum, trade) => sum + trade.priceTicks * trade.size, 0) / volume;
  const squares = trades.reduce(
    (sum, { priceTicks, size }) => sum + size * (priceTicks - mean) * (priceTicks - mean),
    0,
  );
  near(vwap.vwapTicks, mean, what);
  near(vwap.sigmaTicks, Math.sqrt(squares / volume), `${what}, sigma`);
  assert.deepEqual([vwap.n, vwap.basis], [volume, "trades"], what);
  for (const { sigmas, upperTicks, lowerTicks } of vwap.bands) {
    near(upperTicks - lowerTicks, 2 * sigmas * vwap.sigmaTicks, `${what}, band ${sigmas}`);
  }
}

for (const seed of testSeeds("vwap")) {
  const tape = randomTape(seed, WALK);
  const minutes = minutesOf("ES", tape);

  test(`I-10 session, RTH and week begin with the exchange, exact from trades, seed ${seed}`, () => {
    const sundayMs = Date.parse("2026-06-21T22:00:00Z");
    const formerMs = Date.parse("2026-06-14T22:00:00Z");
    assert.ok(minutes.some(({ bar }) => bar.openMs > sundayMs) && minutes.some(({ bar }) => bar.openMs < sundayMs));
    published(driven, minutes).forEach((reading, at) => {
      if (at % 7 !== 0) return;
      const { bar } = minutes[at];
      const past = minutes.slice(0, at + 1);
      const of = (isWanted: (minute: FlowMinute) => boolean) => past.filter(isWanted).flatMap(({ trades }) => trades);
      const today = of((minute) => minute.bar.tradeDate === bar.tradeDate);
      assertVwap(reading.session, today, `session at ${at}`);
      const isInRth = (ms: number): boolean => ms >= bar.rthOpenMs && ms < bar.rthCloseMs;
      assertVwap(
        reading.rth,
        today.filter(({ exchangeMs }) => isInRth(exchangeMs)),
        `RTH at ${at}`,
      );
      const weekMs = bar.openMs >= sundayMs ? sundayMs : formerMs;
      assertVwap(
        reading.week,
        of((minute) => minute.bar.openMs >= weekMs),
        `week at ${at}`,
      );
    });
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    assertNoLookAhead((inputs) => published(driven, inputs), minutes);
    const peeking = (inputs: readonly FlowMinute[]): Reading[] =>
      published(
        driven,
        inputs.map((minute, at) => ({ ...minute, bar: (inputs[at + 1] ?? minute).bar })),
      );
    assert.throws(() => assertNoLookAhead(peeking, minutes), "a look-ahead of one bar was not found");
    assertRestores(driven, minutes);
  });

  test(`late trades join the next values, seed ${seed}`, () => {
    const state = createVwap();
    const isLate = (trade: SignedTrade, at: number): boolean => at % 10 === 3 && trade.exchangeMs % 60_000 > 30_000;
    const monday = minutes.filter(({ bar }) => bar.tradeDate === minutes[0].bar.tradeDate);
    const withVolume = monday.filter(({ trades }) => trades.some(({ size }, at) => size > 0 && at % 10 !== 3));
    for (const { bar, trades } of withVolume) {
      const [prompt] = minutesOf(
        "ES",
        trades.filter((trade, at) => !isLate(trade, at)),
      );
      addMinute(state, { ...prompt, bar: { ...prompt.bar, isAfterBreak: bar.isAfterBreak } });
      for (const trade of trades.filter(isLate)) amendVwap(state, trade);
    }
    const all = withVolume.flatMap(({ trades }) => trades);
    assertVwap(vwapOf(state.session), all, "session");
    const { rthOpenMs, rthCloseMs } = state;
    assertVwap(
      vwapOf(state.rth),
      all.filter(({ exchangeMs: ms }) => ms >= rthOpenMs && ms < rthCloseMs),
      "RTH",
    );
  });
}

test("a start on a holiday's Friday segment, which is Monday's, is still in the week before", () => {
  const state = createVwap();
  const friday = flowTrade(100, 1, SIDE.buy, Date.parse("2026-06-19T15:00:00Z"));
  const sunday = flowTrade(200, 1, SIDE.buy, Date.parse("2026-06-21T23:00:00Z"));
  for (const minute of minutesOf("ES", [friday, sunday])) addMinute(state, minute);
  assert.deepEqual([ready(state.week).vwapTicks, ready(state.session).vwapTicks], [200, 150]);
  assert.equal(ready(state.week).anchorMs, Date.parse("2026-06-21T22:00:00Z"));
});

function ready(sum: VwapSum): ReadyVwap {
  const vwap = vwapOf(sum);
  assert.ok(vwap.status === "ready");
  return vwap;
}

test("1 at 100 and 3 at 104: VWAP 103, sigma 1.732, first bands 101.268 and 104.732", () => {
  const state = createVwap();
  const ms = Date.parse("2026-11-17T15:00:00Z");
  addMinute(state, minutesOf("ES", [flowTrade(100, 1, SIDE.buy, ms), flowTrade(104, 3, SIDE.sell, ms)])[0]);
  const { vwapTicks, sigmaTicks, bands } = ready(state.session);
  assert.deepEqual([vwapTicks, Math.round(sigmaTicks * 1e3)], [103, 1732]);
  assert.deepEqual([bands[0].lowerTicks.toFixed(3), bands[0].upperTicks.toFixed(3)], ["101.268", "104.732"]);
});

test("a bar without a VWAP counts at its typical price, and both estimates are said", () => {
  const state = createVwap();
  const [minute] = minutesOf("ES", [flowTrade(100, 10, SIDE.buy, Date.parse("2026-11-17T15:00:00Z"))]);
  const bar = { ...minute.bar, highTicks: 104, lowTicks: 98, closeTicks: 101, vwapSum: 1_000 };
  addVwapBar(
    state,
    bar,
    filledRows((rows) => spreadBar(rows, bar)),
  );
  assert.deepEqual([ready(state.session).vwapTicks, ready(state.session).basis], [100, "bars"]);
  assert.equal(ready(state.session).sigmaTicks, 2, "an even spread over seven rows: (49 − 1) ÷ 12");
  const without = { ...bar, vwapSum: Number.NaN };
  addVwapBar(
    state,
    without,
    filledRows((rows) => spreadBar(rows, without)),
  );
  const both = ready(state.session);
  assert.deepEqual([both.vwapTicks, both.basis], [100.5, "typical price"]);
  assert.deepEqual(both.reasons.slice(1), [
    "estimate: 100.0 % from bars without their trades",
    "50.0 % at the bar's typical price",
  ]);
});

test("an anchor in the past takes the closed bars behind it, then what comes", () => {
  const openMs = Date.parse("2026-11-17T15:00:00Z");
  const series = createBarSeries("1m");
  const state = createVwap();
  for (const [at, price] of [100, 110, 120].entries()) {
    const trade = flowTrade(price, 10, SIDE.buy, openMs + at * 60_000);
    addTrade(series, openBar(series, trade.exchangeMs, trade.exchangeMs + 60_000), trade);
    closeForming(series);
    addMinute(state, minutesOf("ES", [trade])[0]);
  }
  anchorVwap(state, openMs + 30_000, { series, rows: 3, calendar: "equity" });
  assert.deepEqual([ready(state.custom[0]).vwapTicks, ready(state.custom[0]).atMs], [115, openMs + 180_000]);
  addMinute(state, minutesOf("ES", [flowTrade(130, 20, SIDE.buy, openMs + 180_000)])[0]);
  const { vwapTicks, sigmaTicks, n, basis, atMs } = ready(state.custom[0]);
  assert.deepEqual([vwapTicks, n, basis, atMs], [122.5, 40, "bars", openMs + 240_000]);
  near(sigmaTicks, Math.sqrt((156.25 + 6.25 + 2 * 56.25) / 4), "sigma");
  amendVwap(state, flowTrade(999, 5, SIDE.buy, openMs + 29_999));
  assert.equal(ready(state.custom[0]).n, 40, "a late trade from before the anchor is none of its own");
});

test("the real ES hour: exact from trades; from minute bars sigma within 0.5 %", needsSharedData(ES_HOUR), (t) => {
  const trades = readEsHour(sharedData(ES_HOUR) ?? "").map(({ ms, price, size }) =>
    flowTrade(price / 0.25, size, SIDE.unsigned, ms),
  );
  const exact = createVwap();
  const fromBars = createVwap();
  for (const minute of minutesOf("ES", trades)) {
    addMinute(exact, minute);
    addVwapBar(
      fromBars,
      minute.bar,
      filledRows((rows) => spreadBar(rows, minute.bar)),
    );
  }
  assertVwap(vwapOf(exact.session), trades, "the hour");
  const [ours, bars] = [ready(exact.session), ready(fromBars.session)];
  near(bars.vwapTicks, ours.vwapTicks, "VWAP of bars that carry theirs");
  const ratio = bars.sigmaTicks / ours.sigmaTicks;
  t.diagnostic(`sigma ${ours.sigmaTicks.toFixed(3)} ticks from trades; from 1-minute bars ${ratio.toFixed(4)} of it`);
  assert.ok(Math.abs(ratio - 1) < 0.005, String(ratio));
});
