/** Are the windows right on hostile values? Each beside a slow sum over the window: spikes, levels, long runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { addLinearRegression, createLinearRegression } from "#lib/indicators/linear-regression.ts";
import { addRollingPercentile, createRollingPercentile } from "#lib/indicators/rolling-percentile.ts";
import { addSlidingMoments, createSlidingMoments } from "#lib/indicators/sliding-moments.ts";
import { addSlidingRange, createSlidingRange } from "#lib/indicators/sliding-range.ts";
import { addSlidingSum, createSlidingSum } from "#lib/indicators/sliding-sum.ts";
import { addTtmSqueeze, createTtmSqueeze } from "#lib/indicators/ttm-squeeze.ts";
import { addWma, createWma } from "#lib/indicators/wma.ts";
import { createRandom } from "#lib/prng.ts";
import { randomBars } from "#tests/lib/indicators/random-inputs.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

/** Values around a level with noise as small as a billionth of it, and spikes that are a billion times the noise. */
const hostile = fc.record({
  seed: fc.nat(),
  period: fc.integer({ min: 2, max: 30 }),
  level: fc.constantFrom(0, 5_000.1, 1e9),
  spikes: fc.constantFrom(0, 0.02),
});

function hostileValues({ seed, level, spikes }: { seed: number; level: number; spikes: number }): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 200 }, () => level + (random() - 0.5) + (random() < spikes ? 1e9 : 0));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]): number =>
  values[0] + sumOf(values.map((v) => v - values[0])) / values.length;
const scatterOf = (values: readonly number[]): number =>
  sumOf(values.map((v) => (v - meanOf(values)) * (v - meanOf(values))));

function isClose(actual: number, expected: number, scale: number): boolean {
  return Math.abs(actual - expected) <= 1e-9 * Math.max(Math.abs(expected), scale);
}

/** Checks after each value, from the first full window on. */
function eachWindow(values: readonly number[], period: number, check: (window: number[], value: number) => void): void {
  for (const [i, value] of values.entries()) check(i + 1 < period ? [] : values.slice(i + 1 - period, i + 1), value);
}

test("a spike that has left the window leaves nothing in sum, mean, scatter, line and weighted average", (t) => {
  const property = fc.property(hostile, (draw) => {
    const { period } = draw;
    const [sum, moments] = [createSlidingSum(period), createSlidingMoments(period)];
    const [wma, line] = [createWma({ period }), createLinearRegression({ period })];
    eachWindow(hostileValues(draw), period, (window, value) => {
      addSlidingSum(sum, value);
      addSlidingMoments(moments, value);
      addWma(wma, value);
      addLinearRegression(line, value);
      if (window.length === 0) return;
      const [mean, scatter] = [meanOf(window), scatterOf(window)];
      const size = Math.sqrt(scatter / period) + Number.EPSILON * Math.abs(mean) * 1e9;
      assert.ok(isClose(sum.sum, sumOf(window), Math.abs(mean)), `sum ${sum.sum}`);
      assert.ok(isClose(moments.mean, mean, size), `mean ${moments.mean}, expected ${mean}`);
      assert.ok(isClose(moments.scatter, scatter, size * size), `scatter ${moments.scatter}, expected ${scatter}`);
      const weighted = sumOf(window.map((v, i) => (v - mean) * (i + 1))) / ((period * (period + 1)) / 2);
      assert.ok(isClose(wma.value - mean, weighted, size), `wma ${wma.value}`);
      const middle = (period - 1) / 2;
      const slope =
        sumOf(window.map((v, i) => (v - mean) * (i - middle))) / sumOf(window.map((_, i) => (i - middle) ** 2));
      assert.ok(isClose(line.slope, slope, size), `slope ${line.slope}, expected ${slope}`);
    });
  });
  checkTwice(property, { runs: 60, print: (text) => t.diagnostic(text) });
});

test("equal values have a scatter of exactly 0 as soon as they fill the window", () => {
  const moments = createSlidingMoments(20);
  for (let i = 0; i < 100; i++) addSlidingMoments(moments, 5_000.1 + i * 0.7);
  for (let i = 0; i < 20; i++) addSlidingMoments(moments, 5_000.1);
  for (let i = 0; i < 40; i++) {
    addSlidingMoments(moments, 5_000.1);
    assert.equal(moments.scatter, 0);
    assert.equal(moments.mean, 5_000.1);
  }
});

test("nothing drifts over a million values", () => {
  const random = createRandom(5);
  const [sum, moments] = [createSlidingSum(20), createSlidingMoments(20)];
  const window: number[] = [];
  for (let i = 0; i < 1_000_000; i++) {
    const value = 5_000.1 + random();
    addSlidingSum(sum, value);
    addSlidingMoments(moments, value);
    if (i >= 999_980) window.push(value);
  }
  assert.ok(Math.abs(sum.sum - sumOf(window)) < 1e-10, `${sum.sum}`);
  assert.ok(Math.abs(moments.scatter - scatterOf(window)) < 1e-10, `${moments.scatter}`);
});

test("highest and lowest, and the rank, are those of the window looked through", (t) => {
  const property = fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, period) => {
    const bars = randomBars(seed, 300);
    const [range, percentile] = [createSlidingRange(period), createRollingPercentile({ period })];
    for (const [i, bar] of bars.entries()) {
      addSlidingRange(range, bar.high, bar.low);
      addRollingPercentile(percentile, bar.close);
      const window = bars.slice(Math.max(0, i + 1 - period), i + 1);
      assert.equal(range.highest, Math.max(...window.map(({ high }) => high)));
      assert.equal(range.lowest, Math.min(...window.map(({ low }) => low)));
      if (i < period) continue;
      const before = bars.slice(i - period, i).map(({ close }) => close);
      const below = before.filter((close) => close < bar.close).length;
      const equal = before.filter((close) => close === bar.close).length;
      assert.equal(percentile.value, (100 * (below + equal / 2)) / period);
    }
  });
  checkTwice(property, { runs: 60, print: (text) => t.diagnostic(text) });
});

/** The squeeze by its definition, from all bars up to the newest: its averages begin anew each time. */
function slowSqueeze(bars: readonly IndicatorBar[], period: number): [isOn: boolean, momentum: number] {
  const closes = bars.map(({ close }) => close);
  const lastOf = (end: number) => bars.slice(end - period, end);
  const smaAt = (end: number) => meanOf(closes.slice(end - period, end));
  const ranges = bars.map((bar, i) => {
    const prior = closes[i - 1] ?? bar.close;
    return i === 0 ? bar.high - bar.low : Math.max(bar.high, prior) - Math.min(bar.low, prior);
  });
  const averageOf = (values: readonly number[], share: number): number =>
    values.slice(period).reduce((average, v) => average + share * (v - average), meanOf(values.slice(0, period)));
  const reach = 2 * Math.sqrt(scatterOf(closes.slice(-period)) / period);
  const [middle, atr] = [averageOf(closes, 2 / (period + 1)), averageOf(ranges, 1 / period)];
  const isOn = smaAt(bars.length) + reach < middle + 1.5 * atr && smaAt(bars.length) - reach > middle - 1.5 * atr;
  const leans = Array.from({ length: period }, (_, i) => {
    const end = bars.length - period + 1 + i;
    const window = lastOf(end);
    const half = (Math.max(...window.map(({ high }) => high)) + Math.min(...window.map(({ low }) => low))) / 2;
    return closes[end - 1] - (half + smaAt(end)) / 2;
  });
  const [mean, centre] = [meanOf(leans), (period - 1) / 2];
  const slope = sumOf(leans.map((v, i) => (v - mean) * (i - centre))) / sumOf(leans.map((_, i) => (i - centre) ** 2));
  return [isOn, mean + slope * centre];
}

test("the squeeze is what its definition gives, and is both on and off in these bars", () => {
  const bars = randomBars(11, 400);
  const state = createTtmSqueeze({ period: 20, deviations: 2, ranges: 1.5 });
  const seen = new Set<number>();
  for (const [i, bar] of bars.entries()) {
    addTtmSqueeze(state, bar);
    if (i < 38) continue;
    const [isOn, momentum] = slowSqueeze(bars.slice(0, i + 1), 20);
    assert.equal(state.isOn, isOn ? 1 : 0, `bar ${i}`);
    assert.ok(isClose(state.momentum, momentum, 1), `bar ${i}: ${state.momentum}, expected ${momentum}`);
    seen.add(state.isOn);
  }
  assert.equal(seen.size, 2);
});
