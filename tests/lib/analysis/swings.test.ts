/** Are swings those of a slow definition, known only from the bar that confirms them? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addSwingBar, createSwings, SWINGS_MAX, type SwingBar, type SwingsState } from "#lib/analysis/swings.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";

const MINUTE = 60_000;

function bars(highs: readonly number[], lows = highs.map((high) => high - 1)): SwingBar[] {
  return highs.map((highTicks, index) => ({
    openMs: index * MINUTE,
    endMs: (index + 1) * MINUTE,
    highTicks,
    lowTicks: lows[index],
  }));
}

function run(inputs: readonly SwingBar[], barsEachSide: number): SwingsState {
  const state = createSwings({ barsEachSide });
  for (const bar of inputs) addSwingBar(state, bar);
  return state;
}

function driven(barsEachSide: number): Driven<SwingsState, SwingBar, unknown> {
  return {
    create: () => createSwings({ barsEachSide }),
    add: addSwingBar,
    read: (state) => ({ high: state.newHigh, low: state.newLow, highs: [...state.highs], lows: [...state.lows] }),
  };
}

test("a swing high is known from the bar that confirms it", () => {
  const state = createSwings({ barsEachSide: 1 });
  const [first, second, third] = bars([3, 5, 4]);
  addSwingBar(state, first);
  addSwingBar(state, second);
  assert.equal(state.newHigh, null);
  addSwingBar(state, third);
  assert.deepEqual(state.newHigh, { priceTicks: 5, atMs: MINUTE, confirmedMs: 3 * MINUTE });
});

test("of equal highs the latest is the swing, and there is one", () => {
  assert.deepEqual(
    run(bars([1, 5, 5, 5, 2, 1, 1]), 2).highs.map(({ atMs }) => atMs / MINUTE),
    [3],
  );
});

test("a bar that is passed within k bars is no swing", () => {
  assert.deepEqual(run(bars([1, 2, 5, 4, 6]), 2).highs, []);
});

/** The definition said slowly: look at the whole list. */
function slowSwings(inputs: readonly SwingBar[], k: number): { at: number; kind: string }[] {
  return inputs.flatMap((bar, at) => {
    if (at < k || at + k >= inputs.length) return [];
    const [before, after] = [inputs.slice(at - k, at), inputs.slice(at + 1, at + k + 1)];
    const isHigh =
      before.every((other) => other.highTicks <= bar.highTicks) &&
      after.every((other) => other.highTicks < bar.highTicks);
    const isLow =
      before.every((other) => other.lowTicks >= bar.lowTicks) && after.every((other) => other.lowTicks > bar.lowTicks);
    return [...(isHigh ? [{ at, kind: "high" }] : []), ...(isLow ? [{ at, kind: "low" }] : [])];
  });
}

const randomBars = fc
  .array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 80 })
  .map((rows) =>
    bars(
      rows.map(([price, reach]) => price + reach),
      rows.map(([price]) => price),
    ),
  );

test("swings equal the slow definition on random bars, negative prices too", (t) => {
  const property = fc.property(randomBars, fc.integer({ min: 1, max: 4 }), (inputs, k) => {
    const state = createSwings({ barsEachSide: k });
    const found = inputs.flatMap((bar) => {
      addSwingBar(state, bar);
      const kinds = [state.newHigh && "high", state.newLow && "low"].filter((kind) => kind !== null);
      return kinds.map((kind) => ({ at: bar.openMs / MINUTE - k, kind }));
    });
    assert.deepEqual(found, slowSwings(inputs, k));
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("cutting the bars at any point gives the same swings up to there", () => {
  const inputs = bars(Array.from({ length: 120 }, (_, at) => ((at * 7919) % 31) - 15));
  assertNoLookAhead((part) => published(driven(2), part), inputs);
});

test("a restored state goes on alike", () => {
  const inputs = bars(Array.from({ length: 120 }, (_, at) => ((at * 7919) % 31) - 15));
  assertRestores(driven(3), inputs, 17);
});

test(`keeps the newest ${SWINGS_MAX} swings of a side`, () => {
  const state = run(bars(Array.from({ length: 200 }, (_, at) => (at % 2) + at)), 1);
  assert.equal(state.highs.length, 0);
  const zigzag = run(bars(Array.from({ length: 200 }, (_, at) => (at % 2) * 5)), 1);
  assert.equal(zigzag.highs.length, SWINGS_MAX);
  assert.equal(zigzag.highs.at(-1)?.atMs, 197 * MINUTE);
});
