/** Does each timeframe lean, hold and trigger by its own closed bars? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addBiasBar, biasOf, createBiasLayer } from "#lib/analysis/confluence/bias-layer.ts";
import { addEntryBar, createEntryLayer, type Entry, entryOf } from "#lib/analysis/confluence/entry-layer.ts";
import { addSetupBar, createSetupLayer, heldBars, type Setup, setupOf } from "#lib/analysis/confluence/setup-layer.ts";
import { createRandom } from "#lib/prng.ts";
import { type BarShape, barsOf, gappedWalk, shapeOf, walkShapes } from "#tests/support/shaped-bars.ts";

const setupAfter = (bars: readonly AnalysisBar[]): Setup => {
  const layer = createSetupLayer();
  for (const bar of bars) addSetupBar(layer, bar);
  return setupOf(layer);
};

const entryAfter = (bars: readonly AnalysisBar[]): Entry => {
  const layer = createEntryLayer();
  for (const bar of bars) addEntryBar(layer, bar);
  return entryOf(layer);
};

/** Bars that move `step` ticks from close to close, four more to each side. */
function run(count: number, step: number, start: number): BarShape[] {
  return Array.from({ length: count }, (_, at) => shapeOf(start + at * step, [-4, 4, step, 4, -4]));
}

test("the worked bias: averages in order, half their full distance, a close beyond them", () => {
  const layer = createBiasLayer();
  for (const bar of gappedWalk(1, 60)) addBiasBar(layer, bar);
  const readAs = (fast: number, middle: number, slow: number, close: number): [string, string] => {
    [layer.fast.value, layer.middle.value, layer.slow.value, layer.closeTicks] = [fast, middle, slow, close];
    layer.atr.value = 10;
    const bias = biasOf(layer);
    assert.ok(bias.status === "ready");
    return [bias.lean, bias.confidence.toFixed(2)];
  };
  assert.deepEqual(readAs(110, 105, 100, 112), ["bullish", "0.65"]);
  assert.deepEqual(readAs(110, 105, 100, 108), ["bullish", "0.35"]);
  assert.deepEqual(readAs(60, 90, 100, 50), ["bearish", "1.00"]);
  assert.deepEqual(readAs(60, 110, 100, 50), ["neutral", "0.00"]);
});

test("a bias needs 50 bars of its own timeframe", () => {
  const layer = createBiasLayer();
  const bars = barsOf(run(50, 3, 1000));
  for (const bar of bars.slice(0, 49)) addBiasBar(layer, bar);
  assert.deepEqual(biasOf(layer), { status: "warming", have: 49, need: 50 });
  addBiasBar(layer, bars[49]);
  const bias = biasOf(layer);
  assert.ok(bias.status === "ready");
  assert.equal(bias.lean, "bullish");
});

test("I-16 consecutive closes are consecutive: the first opposite one ends them", () => {
  const after = (sides: number[]): number => sides.reduce(heldBars, 0);
  assert.equal(after([1, 1, 1]), 3);
  assert.equal(after([1, 1, -1, 1]), 1, "three of the last four, but not in a row");
  assert.equal(after([1, 1, 0]), 0);
  assert.equal(after([-1, -1]), -2);
  assert.equal(after([1, 1, -1]), -1);
  // On bars: a rise whose newest close but one dips below EMA 10 holds for one bar, not for twenty.
  const rise = run(40, 4, 1000);
  const held = setupAfter(barsOf(rise));
  const dip = [...rise, shapeOf(1160, [-60]), shapeOf(1100, [70])];
  const dipped = setupAfter(barsOf(dip));
  assert.ok(held.status === "ready" && dipped.status === "ready");
  assert.ok(held.holdBars >= 20 && held.quality >= 0.55);
  assert.deepEqual([dipped.lean, dipped.holdBars], ["bullish", 1]);
});

test("a setup leans nowhere where its averages are a tenth of an ATR apart", () => {
  const flat = setupAfter(barsOf(run(40, 0, 1000)));
  assert.ok(flat.status === "ready");
  assert.deepEqual([flat.lean, flat.quality, flat.holdBars], ["neutral", 0, 0]);
});

test("a setup counts lean, pullback, room in RSI and held closes", () => {
  const layer = createSetupLayer();
  for (const bar of barsOf(run(30, 4, 1000))) addSetupBar(layer, bar);
  const readAs = (over: { rsi: number; hold: number; near: number }): number => {
    [layer.rsi.value, layer.holdBars, layer.lowNearAgo, layer.highNearAgo] = [over.rsi, over.hold, over.near, 0];
    const setup = setupOf(layer);
    assert.ok(setup.status === "ready" && setup.lean === "bullish");
    return Number(setup.quality.toFixed(2));
  };
  assert.equal(readAs({ rsi: 80, hold: 2, near: 5 }), 0.4);
  assert.equal(readAs({ rsi: 80, hold: 2, near: 4 }), 0.7);
  assert.equal(readAs({ rsi: 60, hold: 2, near: 4 }), 0.85);
  assert.equal(readAs({ rsi: 60, hold: 3, near: 4 }), 1);
  assert.equal(readAs({ rsi: 40, hold: -5, near: 5 }), 0.4);
});

test("a pullback is a low within half an ATR of EMA 10, on the lean's side", () => {
  const rise = run(30, 10, 1000);
  const end = rise[29].close;
  const away = setupAfter(barsOf(rise));
  const back = setupAfter(barsOf([...rise, shapeOf(end, [-38, 40])]));
  assert.ok(away.status === "ready" && back.status === "ready");
  assert.deepEqual([away.lean, away.isPulledBack, back.isPulledBack], ["bullish", false, true]);
  const mirrored = [...rise, shapeOf(end, [-38, 40])].map(({ open, high, low, close }) => {
    return { open: -open, high: -low, low: -high, close: -close };
  });
  const down = setupAfter(barsOf(mirrored));
  assert.ok(down.status === "ready");
  assert.deepEqual([down.lean, down.isPulledBack, down.quality], ["bearish", true, back.quality]);
});

test("I-2 RSI is Wilder's: setup and entry read what the slow recursion gives", () => {
  const bars = gappedWalk(13, 200);
  const closes = bars.map((bar) => bar.closeTicks);
  const moves = closes.slice(1).map((close, at) => close - closes[at]);
  let [gain, loss] = [0, 0];
  moves.forEach((move, at) => {
    const weight = at < 14 ? 1 / (at + 1) : 1 / 14;
    gain += (Math.max(move, 0) - gain) * weight;
    loss += (Math.max(-move, 0) - loss) * weight;
  });
  const [setup, entry] = [createSetupLayer(), createEntryLayer()];
  for (const bar of bars) {
    addSetupBar(setup, bar);
    addEntryBar(entry, bar);
  }
  const expected = (100 * gain) / (gain + loss);
  assert.ok(Math.abs(setup.rsi.value - expected) < 1e-9 && Math.abs(entry.rsi.value - expected) < 1e-9);
});

test("an entry triggers on a fresh cross with volume, for three bars, and not without volume", () => {
  const shapes = [...run(40, -4, 2000), ...run(20, 12, 1840)];
  const states = barsOf(shapes).map((_, at, bars) => entryAfter(bars.slice(0, at + 1)));
  const crossed = states.findIndex((entry) => entry.status === "ready" && entry.crossedAgo === 0);
  assert.ok(crossed > 40 && crossed < 56);
  const loud = shapes.map((shape, at) => ({ ...shape, volume: at >= crossed ? 300 : 100 }));
  const entries = barsOf(loud).map((_, at, bars) => entryAfter(bars.slice(0, at + 1)));
  const triggers = entries.map((entry) => entry.status === "ready" && entry.isTriggered);
  assert.deepEqual(triggers.slice(crossed - 1, crossed + 4), [false, true, true, true, false]);
  assert.ok(!states.some((entry) => entry.status === "ready" && entry.isTriggered), "no more volume than usual");
});

test("an entry triggers on a candle of its side, never on one of the other", () => {
  const rise = run(40, 4, 1000);
  const end = rise[39].close;
  const hammer = { open: end, high: end + 1, low: end - 20, close: end + 0.5, volume: 300 };
  const star = { open: end, high: end + 20, low: end - 1, close: end - 0.5, volume: 300 };
  const [up, down] = [hammer, star].map((shape) => entryAfter(barsOf([...rise, shape])));
  assert.ok(up.status === "ready" && down.status === "ready");
  assert.deepEqual([up.lean, up.candle, up.isTriggered], ["bullish", "bullish", true]);
  assert.deepEqual([down.lean, down.candle, down.isTriggered], ["bullish", "bearish", false]);
});

test("a body does not engulf one from before a session break", () => {
  const shapes = walkShapes(createRandom(4), 30);
  const bars = barsOf([
    ...shapes,
    { open: 50, high: 51, low: 39, close: 40 },
    { open: 40, high: 56, low: 39, close: 55 },
  ]);
  const [before, behind] = [bars, bars.with(-1, { ...bars[31], isAfterBreak: true })].map(entryAfter);
  assert.ok(before.status === "ready" && behind.status === "ready");
  assert.deepEqual([before.candle, behind.candle], ["bullish", "none"]);
});
