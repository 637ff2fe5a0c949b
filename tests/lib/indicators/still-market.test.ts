/** What do indicators say where their formula divides by nothing? Something neutral, as their docstrings have it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adx } from "#lib/indicators/adx.ts";
import { bollinger } from "#lib/indicators/bollinger.ts";
import { cci } from "#lib/indicators/cci.ts";
import { choppiness } from "#lib/indicators/choppiness.ts";
import { cmf } from "#lib/indicators/cmf.ts";
import { efficiencyRatio } from "#lib/indicators/efficiency-ratio.ts";
import { hurst } from "#lib/indicators/hurst.ts";
import { ichimoku } from "#lib/indicators/ichimoku.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { kama } from "#lib/indicators/kama.ts";
import { linearRegression } from "#lib/indicators/linear-regression.ts";
import { mfi } from "#lib/indicators/mfi.ts";
import { parabolicSar } from "#lib/indicators/parabolic-sar.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import { roc } from "#lib/indicators/roc.ts";
import { rollingPercentile } from "#lib/indicators/rolling-percentile.ts";
import { rsi } from "#lib/indicators/rsi.ts";
import { stochRsi } from "#lib/indicators/stoch-rsi.ts";
import { stochastic } from "#lib/indicators/stochastic.ts";
import { supertrend } from "#lib/indicators/supertrend.ts";
import { vwap } from "#lib/indicators/vwap.ts";
import { vwma } from "#lib/indicators/vwma.ts";
import { williamsR } from "#lib/indicators/williams-r.ts";
import { zscore } from "#lib/indicators/zscore.ts";
import { outputsOf } from "#tests/lib/indicators/contract.ts";

const STILL: IndicatorBar = { open: 7, high: 7, low: 7, close: 7, volume: 0 };

/** Indicator → its outputs after 200 bars that neither move nor trade. */
const NEUTRAL: [AnyIndicator, readonly number[]][] = [
  [adx, [0, 0, 0]],
  [bollinger, [7, 7, 7]],
  [cci, [0]],
  [choppiness, [100]],
  [cmf, [0]],
  [efficiencyRatio, [0]],
  [hurst, [0.5, 0.5]],
  [ichimoku, [7, 7, 7, 7, 7]],
  [kama, [7]],
  [linearRegression, [7, 0, 7, 0]],
  [mfi, [50]],
  [parabolicSar, [7, 1]],
  [roc, [0, 0]],
  [rollingPercentile, [50]],
  [rsi, [50]],
  [stochRsi, [50, 50]],
  [stochastic, [50, 50]],
  [supertrend, [7, -1]],
  [vwap, [7]],
  [vwma, [7]],
  [williamsR, [-50]],
  [zscore, [0]],
];

for (const [indicator, expected] of NEUTRAL) {
  test(`${indicator.name} is neutral where nothing moves and nothing is traded`, () => {
    const state = indicator.create(indicator.defaults);
    for (let i = 0; i < 200; i++) indicator.add(state, indicator.input === "value" ? STILL.close : STILL);
    assert.deepEqual(outputsOf(indicator, state), expected);
  });
}

test("rsi is 100 after rises alone and 0 after falls alone", () => {
  const [rising, falling] = [rsi.create({ period: 14 }), rsi.create({ period: 14 })];
  for (let i = 0; i < 30; i++) {
    rsi.add(rising, i);
    rsi.add(falling, -i);
  }
  assert.deepEqual([rising.value, falling.value], [100, 0]);
});

test("roc keeps the sign of the move below 0, and is 0 from 0", () => {
  const state = roc.create({ period: 1 });
  const values = [-40, -30, 0, 5].map((value) => {
    roc.add(state, value);
    return state.value;
  });
  assert.deepEqual(values, [Number.NaN, 25, 100, 0]);
});

test("a period that is no whole number in its bounds is refused", () => {
  for (const period of [0, -1, 1.5, 5_001, Number.NaN]) assert.throws(() => rsi.create({ period }), /period was/);
  assert.throws(() => bollinger.create({ period: 1, deviations: 2 }), /period was 1/);
});
