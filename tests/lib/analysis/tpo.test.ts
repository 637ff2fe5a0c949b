/** Are letters, single prints, initial balance and opening type what Market Profile says? Against a slow version. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addOpeningBar,
  createOpening,
  type Opening,
  openingOf,
  type ReadyOpening,
} from "#lib/analysis/opening-type.ts";
import { addTpoBar, createTpo, type Tpo, type TpoState, tpoLetter, tpoOf, tpoOpeningOf } from "#lib/analysis/tpo.ts";
import { valueAreaOf } from "#lib/analysis/value-area.ts";
import { SIDE } from "#lib/bars/time-bars.ts";
import { flowTrade, minutesOf, randomTape } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const HALF_HOUR = 1_800_000;
const MINUTE = 60_000;
const WALK = { from: "2026-11-24", dates: 3, everyMinutes: 7 };

type Reading = { session: Tpo; rth: Tpo; opening: Opening };

const driven: Driven<TpoState, AnalysisBar, Reading> = {
  create: createTpo,
  add: addTpoBar,
  read: (state) => ({ session: tpoOf(state, "session"), rth: tpoOf(state, "rth"), opening: tpoOpeningOf(state) }),
};

/** Every letter at every price, one set a price. */
function slowTpo(bars: readonly AnalysisBar[], openMs: number): Map<number, Set<number>> {
  const ranges = new Map<number, [number, number]>();
  for (const bar of bars) {
    const period = Math.floor((bar.openMs - openMs) / HALF_HOUR);
    const [low, high] = ranges.get(period) ?? [bar.lowTicks, bar.highTicks];
    ranges.set(period, [Math.min(low, bar.lowTicks), Math.max(high, bar.highTicks)]);
  }
  const letters = new Map<number, Set<number>>();
  for (const [period, [low, high]] of ranges) {
    for (let price = low; price <= high; price++) {
      letters.set(price, (letters.get(price) ?? new Set()).add(period));
    }
  }
  return letters;
}

function assertTpo(tpo: Tpo, bars: readonly AnalysisBar[], open: { openMs: number; closeMs: number }): void {
  const letters = slowTpo(bars, open.openMs);
  assert.equal(tpo.status, letters.size === 0 ? "warming" : "ready");
  if (tpo.status !== "ready") return;
  const prices = [...letters.keys()].sort((a, b) => a - b);
  const low = prices[0];
  const high = prices[prices.length - 1];
  const counts = Array.from({ length: high - low + 1 }, (_, row) => letters.get(low + row)?.size ?? 0);
  const area = valueAreaOf(counts);
  assert.deepEqual(
    [tpo.lowTicks, tpo.highTicks, tpo.pocTicks, tpo.valTicks, tpo.vahTicks, tpo.n],
    [low, high, low + (area?.poc ?? 0), low + (area?.low ?? 0), low + (area?.high ?? 0), area?.total],
  );
  const atMs = bars[bars.length - 1].endMs;
  const single = new Map<number, string>();
  for (const [price, periods] of letters) {
    const [period] = periods;
    const endMs = Math.min(open.openMs + (period + 1) * HALF_HOUR, open.closeMs);
    const neighbours = [price - 1, price + 1].map((near) => letters.get(near));
    const hasCompanion = neighbours.some((near) => near?.size === 1 && near.has(period));
    if (periods.size === 1 && endMs <= atMs && hasCompanion) single.set(price, tpoLetter(period));
  }
  const found = new Map<number, string>();
  for (const { fromTicks, toTicks, letter, kind } of tpo.singlePrints) {
    for (let price = fromTicks; price <= toTicks; price++) found.set(price, letter);
    assert.equal(kind, fromTicks === low || toTicks === high ? "tail" : "inside");
  }
  const inOrder = (map: Map<number, string>) => [...map].sort(([a], [b]) => a - b);
  assert.deepEqual(inOrder(found), inOrder(single));
}

for (const seed of testSeeds("tpo")) {
  const bars = minutesOf("GC", randomTape(seed, { ...WALK, root: "GC" })).map(({ bar }) => bar);

  test(`letters, point of control, value area and single prints as by sets of letters, seed ${seed}`, () => {
    const readings = published(driven, bars);
    for (let at = 0; at < bars.length; at += 3) {
      const bar = bars[at];
      const today = bars.slice(0, at + 1).filter((one) => one.tradeDate === bar.tradeDate);
      assertTpo(readings[at].session, today, { openMs: bar.sessionOpenMs, closeMs: bar.sessionCloseMs });
      const rth = today.filter((one) => one.openMs >= one.rthOpenMs && one.openMs < one.rthCloseMs);
      assertTpo(readings[at].rth, rth, { openMs: bar.rthOpenMs, closeMs: bar.rthCloseMs });
    }
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    assertNoLookAhead((inputs) => published(driven, inputs), bars);
    const peeking = (inputs: readonly AnalysisBar[]): Reading[] => {
      const ahead = inputs.map((bar, at) => ({ ...bar, highTicks: (inputs[at + 1] ?? bar).highTicks }));
      return published(driven, ahead);
    };
    assert.throws(() => assertNoLookAhead(peeking, bars), "a look-ahead of one bar was not found");
    assertRestores(driven, bars);
  });
}

/** Tuesday 2026-11-17, RTH of ES from 08:30 CT: one bar a minute given as [minute, open, high, low, close]. */
function rthBars(rows: readonly [number, number, number, number, number][]): AnalysisBar[] {
  const openMs = Date.parse("2026-11-17T14:30:00Z");
  return rows.map(([minute, open, high, low, close]) => {
    const [{ bar }] = minutesOf("ES", [flowTrade(open, 1, SIDE.buy, openMs + minute * MINUTE)]);
    return { ...bar, openTicks: open, highTicks: high, lowTicks: low, closeTicks: close };
  });
}

test("A 10 … 13, B 12 … 15: 8 letters, point of control 13, a tail at each end once B is over", () => {
  const bars = rthBars([
    [0, 10, 13, 10, 13],
    [31, 13, 15, 12, 15],
    [59, 15, 15, 14, 14],
  ]);
  const [, running, over] = published(driven, bars).map(({ rth }) => rth);
  assert.ok(running.status === "ready" && over.status === "ready");
  assert.deepEqual([over.n, over.pocTicks, over.periods.map(({ letter }) => letter).join("")], [8, 13, "AB"]);
  const tail = { kind: "tail", fromTicks: 10, toTicks: 11, letter: "A" };
  assert.deepEqual(running.singlePrints, [tail]);
  assert.deepEqual(over.singlePrints, [tail, { kind: "tail", fromTicks: 14, toTicks: 15, letter: "B" }]);
});

test("half hours are lettered A to Z, a to z, AA", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 53].map(tpoLetter), ["A", "Z", "a", "z", "AA", "AB"]);
});

function openingAfter(rows: readonly [number, number, number, number, number][]): ReadyOpening {
  const state = createOpening();
  for (const bar of rthBars(rows)) addOpeningBar(state, bar);
  const opening = openingOf(state);
  assert.ok(opening.status === "ready");
  return opening;
}

/** Open 100, then the turns at the given minutes, each as one bar from price to price. */
function hour(...turns: [minute: number, price: number][]): ReadyOpening {
  let price = 100;
  return openingAfter(
    turns.map(([minute, to]) => {
      const from = price;
      price = to;
      return [minute, from, Math.max(from, to), Math.min(from, to), to];
    }),
  );
}

test("the initial balance is the range of RTH's first hour, with what went beyond it", () => {
  const opening = openingAfter([
    [0, 100, 104, 99, 103],
    [59, 103, 106, 103, 105],
    [60, 105, 110, 98, 99],
  ]);
  const { ibHighTicks, ibLowTicks, extensionUpTicks, extensionDownTicks, isFinal } = opening;
  assert.deepEqual([ibHighTicks, ibLowTicks, extensionUpTicks, extensionDownTicks, isFinal], [106, 99, 4, 1, true]);
  const early = openingAfter([[0, 100, 104, 99, 103]]);
  assert.deepEqual([early.isFinal, early.type, early.n], [false, null, 1]);
});

test("an open drive goes one way: 9 % against it is one, 12 % in the same bar is not", () => {
  assert.deepEqual(
    [hour([0, 99], [1, 110], [59, 109])].map(({ type, direction }) => [type, direction]),
    [["open drive", "up"]],
  );
  const wide = openingAfter([
    [0, 100, 110, 98.5, 110],
    [59, 110, 110, 109, 109],
  ]);
  assert.equal(wide.type, "open auction", "which extreme came first is not known within one bar");
});

test("an open test drive tests the other side first, no more than a third", () => {
  assert.deepEqual(
    [hour([0, 97], [10, 110], [59, 109])].map(({ type, direction }) => [type, direction]),
    [["open test drive", "up"]],
  );
  assert.deepEqual(
    [hour([0, 103], [10, 90], [59, 91])].map(({ type, direction }) => [type, direction]),
    [["open test drive", "down"]],
  );
  assert.equal(hour([0, 110], [10, 97], [59, 109]).type, "open auction", "the test came last");
});

test("an open rejection reverse turns through the open; short of 20 % beyond it is an auction", () => {
  assert.deepEqual(
    [hour([0, 108], [20, 92], [59, 95])].map(({ type, direction }) => [type, direction]),
    [["open rejection reverse", "down"]],
  );
  assert.equal(hour([0, 108], [20, 92], [59, 97]).type, "open auction");
});

test("no type without the open: the first bar comes ten minutes late", () => {
  const opening = hour([10, 99], [11, 110], [59, 109]);
  assert.deepEqual([opening.isFinal, opening.type, opening.reasons], [true, null, ["the open of RTH was not seen"]]);
});

test("opened within or outside the range of the RTH before", () => {
  const state = createOpening();
  const [first] = rthBars([[0, 100, 105, 95, 100]]);
  const nextDay = { ...first, tradeDate: first.tradeDate + 1 };
  addOpeningBar(state, first);
  const alone = openingOf(state);
  addOpeningBar(state, { ...nextDay, openTicks: 106 });
  const outside = openingOf(state);
  assert.ok(alone.status === "ready" && outside.status === "ready");
  assert.deepEqual([alone.opensInFormerRange, outside.opensInFormerRange], [null, false]);
});
