/** Do pivots stand on the last completed trade date, its settlement as close, and on the published formulas? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addPivotsBar,
  camarillaPivots,
  classicPivots,
  createPivots,
  fibonacciPivots,
  type Pivots,
  type PivotsState,
  pivotsOf,
  type ReadyPivots,
  setPivotsSettlement,
} from "#lib/analysis/pivots.ts";
import { minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const DAY = { highTicks: 110, lowTicks: 100, closeTicks: 108 };
/** Thanksgiving's segment belongs to Friday. */
const WALK = { from: "2026-11-24", dates: 4, everyMinutes: 13 };

const round = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e3) / 1e3);

test("H 110, L 100, C 108: the published formulas of the three sets", () => {
  const classic = classicPivots(DAY);
  assert.deepEqual(
    [classic.ppTicks, classic.resistancesTicks, classic.supportsTicks],
    [106, [112, 116, 122], [102, 96, 92]],
  );
  const fibonacci = fibonacciPivots(DAY);
  assert.deepEqual(round(fibonacci.resistancesTicks), [109.82, 112.18, 116]);
  assert.deepEqual(round(fibonacci.supportsTicks), [102.18, 99.82, 96]);
  const camarilla = camarillaPivots(DAY);
  assert.deepEqual(round(camarilla.resistancesTicks), [108.917, 109.833, 110.75, 113.5]);
  assert.deepEqual(round(camarilla.supportsTicks), [107.083, 106.167, 105.25, 102.5]);
});

const driven: Driven<PivotsState, AnalysisBar, { session: Pivots; rth: Pivots }> = {
  create: createPivots,
  add: addPivotsBar,
  read: (state) => ({ session: pivotsOf(state), rth: pivotsOf(state, "rth") }),
};

/** The day's extremes by search; the last price as close. */
function slowDay(bars: readonly AnalysisBar[]): typeof DAY | null {
  if (bars.length === 0) return null;
  const highTicks = Math.max(...bars.map((bar) => bar.highTicks));
  const lowTicks = Math.min(...bars.map((bar) => bar.lowTicks));
  return { highTicks, lowTicks, closeTicks: bars[bars.length - 1].closeTicks };
}

for (const seed of testSeeds("pivots")) {
  const bars = minutesOf("ES", randomTape(seed, WALK)).map(({ bar }) => bar);

  test(`pivots are those of the last completed trade date, full or RTH, seed ${seed}`, () => {
    const dates = [...new Set(bars.map((bar) => bar.tradeDate))];
    published(driven, bars).forEach((reading, at) => {
      const formerDate = dates[dates.indexOf(bars[at].tradeDate) - 1];
      const former = bars.filter((bar) => bar.tradeDate === formerDate);
      const rth = former.filter((bar) => bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs);
      for (const [pivots, day] of [
        [reading.session, slowDay(former)],
        [reading.rth, slowDay(rth)],
      ] as const) {
        assert.equal(pivots.status, day === null ? "warming" : "ready");
        if (pivots.status !== "ready" || day === null) continue;
        assert.deepEqual(pivots.classic, classicPivots(day));
        assert.deepEqual([pivots.fromTradeDate, pivots.closeSource], [formerDate, "last price"]);
      }
    });
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    assertNoLookAhead((inputs) => published(driven, inputs), bars);
    const peeking = (inputs: readonly AnalysisBar[]) => {
      // The date changes one bar too early: today's pivots are there a bar before today.
      const ahead = inputs.map((bar, at) => ({ ...bar, tradeDate: (inputs[at + 1] ?? bar).tradeDate }));
      return published(driven, ahead);
    };
    const turn = bars.findIndex((bar, at) => bar.tradeDate !== bars[at + 1]?.tradeDate) + 1;
    const whole = peeking(bars).slice(0, turn);
    assert.notDeepEqual(peeking(bars.slice(0, turn)), whole, "a look-ahead of one bar was not found");
    assertRestores(driven, bars);
  });
}

function ready(pivots: Pivots): ReadyPivots {
  assert.ok(pivots.status === "ready");
  return pivots;
}

function twoDates(firstMinute = 0): { state: PivotsState; date: number; bar: AnalysisBar } {
  const day = Date.parse("2026-11-16T23:00:00Z");
  const state = createPivots();
  const [first] = minutesOf("ES", [
    { priceTicks: 100, size: 1, side: 1, deltaSource: 1, exchangeMs: day + firstMinute * 60_000 },
  ]);
  addPivotsBar(state, { ...first.bar, highTicks: 110, lowTicks: 100, closeTicks: 101 });
  addPivotsBar(state, { ...first.bar, tradeDate: first.bar.tradeDate + 1 });
  return { state, date: first.bar.tradeDate, bar: first.bar };
}

test("the settlement is the close, also between ticks; published replaces estimated; older ones change nothing", () => {
  const { state, date } = twoDates();
  assert.deepEqual(
    [ready(pivotsOf(state)).closeSource, ready(pivotsOf(state)).classic.ppTicks],
    ["last price", 311 / 3],
  );
  setPivotsSettlement(state, { tradeDate: date, ticks: 107.5, source: "est." });
  assert.deepEqual(
    [ready(pivotsOf(state)).closeSource, ready(pivotsOf(state)).classic.ppTicks],
    ["est. settlement", 317.5 / 3],
  );
  setPivotsSettlement(state, { tradeDate: date, ticks: 108, source: "settlement" });
  setPivotsSettlement(state, { tradeDate: date - 1, ticks: 90, source: "settlement" });
  assert.deepEqual([ready(pivotsOf(state)).closeSource, ready(pivotsOf(state)).classic.ppTicks], ["settlement", 106]);
});

test("today's settlement leaves today's pivots alone and closes those of tomorrow", () => {
  const { state, date, bar } = twoDates();
  setPivotsSettlement(state, { tradeDate: date, ticks: 108, source: "settlement" });
  setPivotsSettlement(state, { tradeDate: date + 1, ticks: 90, source: "settlement" });
  assert.deepEqual([ready(pivotsOf(state)).closeSource, ready(pivotsOf(state)).classic.ppTicks], ["settlement", 106]);
  addPivotsBar(state, { ...bar, tradeDate: date + 2 });
  const { closeSource, classic } = ready(pivotsOf(state));
  assert.deepEqual([closeSource, classic.ppTicks], ["settlement", (2 * bar.highTicks + 90) / 3]);
  addPivotsBar(state, { ...bar, tradeDate: date + 3 });
  assert.equal(ready(pivotsOf(state)).closeSource, "last price");
});

test("the bar that opens as RTH ends belongs to the date, not to RTH", () => {
  const state = createPivots();
  const { bar } = twoDates();
  for (const [openMs, highTicks] of [
    [bar.sessionOpenMs, 101],
    [bar.rthOpenMs, 105],
    [bar.rthCloseMs, 120],
  ]) {
    addPivotsBar(state, { ...bar, openMs, highTicks, lowTicks: 100 });
  }
  addPivotsBar(state, { ...bar, tradeDate: bar.tradeDate + 1 });
  assert.deepEqual([state.formerRth.highTicks, state.formerSession.highTicks], [105, 120]);
});

test("a first date that was not seen from its open gives no pivots", () => {
  assert.equal(pivotsOf(twoDates(15).state).status, "ready");
  assert.equal(pivotsOf(twoDates(16).state).status, "warming");
});
