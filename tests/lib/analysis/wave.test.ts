/** Are legs, speed and phase read from the path that was traded, in ATRs, and from nothing that comes later? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addWaveBar, createWave, type Wave, type WaveState, waveOf } from "#lib/analysis/wave.ts";
import { createRandom } from "#lib/prng.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { type BarShape, barsOf, barsPerDay, gappedWalk, shapeOf, walkShapes } from "#tests/support/shaped-bars.ts";

const wave: Driven<WaveState, AnalysisBar, Wave> = { create: createWave, add: addWaveBar, read: waveOf };

const DAY = barsPerDay(5);

function last(bars: readonly AnalysisBar[]): Wave {
  const readings = published(wave, bars);
  return readings[readings.length - 1];
}

/** Bars that run up `up` ticks a bar for 15 bars, then down `down` a bar for 15, and so on. */
function zigzag(cycles: number, up: number, down: number): BarShape[] {
  const shapes: BarShape[] = [];
  let price = 10_000;
  for (let bar = 0; bar < cycles * 30; bar += 1) {
    const step = bar % 30 < 15 ? up : -down;
    shapes.push(shapeOf(price, [-2, 4, -4, 2 + step]));
    price += step;
  }
  return shapes;
}

/** The slow version of the legs: sizes up and down, and the one that runs, from whole arrays of gap-free closes. */
function slowLegs(bars: readonly AnalysisBar[]): { up: number[]; down: number[]; running: number } {
  const moves: number[] = [];
  const ranges: number[] = [];
  bars.forEach((bar, at) => {
    const from = at === 0 || bar.isAfterBreak ? bar.openTicks : bars[at - 1].closeTicks;
    moves.push(bar.closeTicks - from);
    ranges.push(Math.max(bar.highTicks, from) - Math.min(bar.lowTicks, from));
  });
  const closes = moves.map((_, at) => bars[0].openTicks + moves.slice(0, at + 1).reduce((sum, move) => sum + move, 0));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [up, down]: [number[], number[]] = [[], []];
  let [atr, average, path, side, start, furthest, legs] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < bars.length; at += 1) {
    atr = at < 14 ? mean(ranges.slice(0, at + 1)) : (atr * 13 + ranges[at]) / 14;
    average = at < 20 ? mean(closes.slice(0, at + 1)) : average + (2 / 21) * (closes[at] - average);
    const before = path;
    if (at >= 13) path += moves[at] / atr;
    const now = at < 19 ? 0 : Math.sign(closes[at] - average);
    if (now !== 0 && now !== side) {
      if (legs > 1) (side > 0 ? up : down).push(Math.abs(furthest - start));
      [legs, side, start, furthest] = [legs + 1, now, before, before];
    }
    furthest = side > 0 ? Math.max(furthest, path) : side < 0 ? Math.min(furthest, path) : furthest;
  }
  return { up, down, running: Math.abs(furthest - start) };
}

for (const seed of [3, 17, 99]) {
  test(`legs equal those of the slow version, over session breaks, seed ${seed}`, () => {
    const bars = gappedWalk(seed, 3 * DAY);
    const { up, down, running } = slowLegs(bars);
    const reading = last(bars);
    assert.ok(reading.status === "ready" && reading.legs.status === "ready");
    const median = (sizes: number[]): number => {
      const sorted = sizes.slice(-100).sort((a, b) => a - b);
      return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
    };
    assert.deepEqual([reading.legs.up.n, reading.legs.down.n], [up.length, down.length]);
    assert.ok(Math.abs(reading.legs.up.medianAtr - median(up)) < 1e-9);
    assert.ok(Math.abs(reading.legs.down.medianAtr - median(down)) < 1e-9);
    assert.ok(Math.abs(reading.leg.sizeAtr - running) < 1e-9);
  });
}

test("planted legs up twice as long as those down: bullish, with its numbers in words", () => {
  const reading = last(barsOf(zigzag(14, 12, 6)));
  assert.ok(reading.status === "ready" && reading.legs.status === "ready");
  assert.equal(reading.legs.bias, "bullish");
  assert.ok(reading.legs.ratio > 1.5 && reading.legs.dominance > 0.2);
  assert.equal(reading.n, reading.legs.up.n + reading.legs.down.n);
  assert.match(reading.reasons[0], /^bullish: median leg 13\.50 ATR up \(n \d+\), \d\.\d\d down \(n \d+\)/);
  const mirror = last(barsOf(zigzag(14, 6, 12)));
  assert.ok(mirror.status === "ready" && mirror.legs.status === "ready");
  assert.equal(mirror.legs.bias, "bearish");
});

test("the same legs either way are neutral", () => {
  const reading = last(barsOf(zigzag(14, 9, 9)));
  assert.ok(reading.status === "ready" && reading.legs.status === "ready");
  assert.equal(reading.legs.bias, "neutral");
});

test("too few legs say so, and bars before that", () => {
  const few = last(barsOf(zigzag(4, 9, 9)));
  assert.ok(few.status === "ready");
  assert.equal(few.legs.status, "not-enough-legs");
  assert.match(few.reasons[0], /^not enough legs: \d up, \d down of 8 each$/);
  assert.deepEqual(last(gappedWalk(1, 43)).status, "warming");
  assert.deepEqual(last(gappedWalk(1, 44)).status, "ready");
});

test("no leg across a session break counts the gap, nor do speed and phase", () => {
  const count = 2 * DAY + 60;
  const still = published(wave, barsOf(walkShapes(createRandom(31), count)));
  assert.deepEqual(published(wave, gappedWalk(31, count)), still);
});

test("I-3 the average is a plain EMA: the price level changes nothing", () => {
  const bars = gappedWalk(12, 2 * DAY);
  const lifted = bars.map((bar) => {
    const { openTicks, highTicks, lowTicks, closeTicks } = bar;
    const prices = { openTicks: openTicks + 5e4, highTicks: highTicks + 5e4, lowTicks: lowTicks + 5e4 };
    return { ...bar, ...prices, closeTicks: closeTicks + 5e4 };
  });
  const [low, high] = [last(bars), last(lifted)];
  assert.ok(low.status === "ready" && high.status === "ready");
  assert.ok(low.legs.status === "ready" && high.legs.status === "ready");
  assert.deepEqual([high.legs.up.n, high.legs.down.n, high.phase], [low.legs.up.n, low.legs.down.n, low.phase]);
  assert.ok(Math.abs(high.legs.dominance - low.legs.dominance) < 1e-9);
});

test("I-31 each closed bar is a new value, of that bar", () => {
  const bars = gappedWalk(2, DAY);
  assert.deepEqual(
    published(wave, bars).map((reading) => reading.atMs),
    bars.map((bar) => bar.endMs),
  );
});

test("nothing published depends on later bars; a look at the next bar is found", () => {
  const bars = gappedWalk(8, 2 * DAY);
  assertNoLookAhead((inputs) => published(wave, inputs), bars);
  const peeking = (inputs: readonly AnalysisBar[]): Wave[] => {
    const next = (at: number): AnalysisBar => inputs[Math.min(at + 1, inputs.length - 1)];
    return published(
      wave,
      inputs.map((bar, at) => ({ ...bar, closeTicks: next(at).closeTicks })),
    );
  };
  assert.throws(() => assertNoLookAhead(peeking, bars), /cut behind input/);
});

test("a restored state goes on as if nothing had been, and is below 6 kB", () => {
  assertRestores(wave, gappedWalk(6, 2 * DAY));
  assert.ok(snapshotBytes(wave.create()) < 6_000);
});
