/** Do the numbers that the docstrings work out by hand come out? One row a docstring. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adx } from "#lib/indicators/adx.ts";
import { atr } from "#lib/indicators/atr.ts";
import { awesomeOscillator } from "#lib/indicators/awesome-oscillator.ts";
import { bollinger } from "#lib/indicators/bollinger.ts";
import { cci } from "#lib/indicators/cci.ts";
import { choppiness } from "#lib/indicators/choppiness.ts";
import { cmf } from "#lib/indicators/cmf.ts";
import { dema } from "#lib/indicators/dema.ts";
import { donchian } from "#lib/indicators/donchian.ts";
import { efficiencyRatio } from "#lib/indicators/efficiency-ratio.ts";
import { ema } from "#lib/indicators/ema.ts";
import { hma } from "#lib/indicators/hma.ts";
import { hurst } from "#lib/indicators/hurst.ts";
import { ichimoku } from "#lib/indicators/ichimoku.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { kama } from "#lib/indicators/kama.ts";
import { keltner } from "#lib/indicators/keltner.ts";
import { addLag, createLag } from "#lib/indicators/lag.ts";
import { linearRegression } from "#lib/indicators/linear-regression.ts";
import { macd } from "#lib/indicators/macd.ts";
import { mfi } from "#lib/indicators/mfi.ts";
import { obv } from "#lib/indicators/obv.ts";
import { parabolicSar } from "#lib/indicators/parabolic-sar.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import { rma } from "#lib/indicators/rma.ts";
import { roc } from "#lib/indicators/roc.ts";
import { rollingPercentile } from "#lib/indicators/rolling-percentile.ts";
import { rsi } from "#lib/indicators/rsi.ts";
import { addSlidingLine, createSlidingLine } from "#lib/indicators/sliding-line.ts";
import { addSlidingMoments, createSlidingMoments } from "#lib/indicators/sliding-moments.ts";
import { addSlidingRange, createSlidingRange } from "#lib/indicators/sliding-range.ts";
import { addSlidingSum, createSlidingSum } from "#lib/indicators/sliding-sum.ts";
import { sma } from "#lib/indicators/sma.ts";
import { standardDeviation } from "#lib/indicators/standard-deviation.ts";
import { stochRsi } from "#lib/indicators/stoch-rsi.ts";
import { stochastic } from "#lib/indicators/stochastic.ts";
import { supertrend } from "#lib/indicators/supertrend.ts";
import { tema } from "#lib/indicators/tema.ts";
import { ttmSqueeze } from "#lib/indicators/ttm-squeeze.ts";
import { vwap } from "#lib/indicators/vwap.ts";
import { vwma } from "#lib/indicators/vwma.ts";
import { williamsR } from "#lib/indicators/williams-r.ts";
import { wma } from "#lib/indicators/wma.ts";
import { zscore } from "#lib/indicators/zscore.ts";
import { outputsOf } from "#tests/lib/indicators/contract.ts";

const bar = (high: number, low: number, close = high, volume = 1): IndicatorBar => ({
  open: low,
  high,
  low,
  close,
  volume,
});
const traded = (close: number, volume: number): IndicatorBar => bar(close, close, close, volume);
const THREE = [bar(5, 3, 4), bar(9, 6, 8), bar(9, 8, 9)];

/** Returns of ln 2 and −ln 2 in turn: a rescaled range of 1 in the chunk of 16 and in both of 8. */
const ALTERNATING = Array.from({ length: 17 }, (_, i) => (i % 2 === 0 ? 4 : 8));
/** Log₂ of what the correction makes of it in 16 over what it makes of it in 8: chance gives 4.0355 and 2.6246. */
const HURST_16_CORRECTED = Math.log2(
  (1 - 4.035530681292287 + Math.sqrt(8 * Math.PI)) / (1 - 2.6245962433780012 + Math.sqrt(4 * Math.PI)),
);

/** Inputs → all outputs at the last of them. */
const EXAMPLES: [AnyIndicator, unknown, readonly (number | IndicatorBar)[], readonly number[]][] = [
  [adx, { period: 1 }, [bar(5, 3, 4), bar(7, 4, 6)], [200 / 3, 0, 100]],
  [atr, { period: 2 }, THREE, [2.25]],
  [awesomeOscillator, { fast: 1, slow: 2 }, [bar(4, 2), bar(9, 5)], [2]],
  [bollinger, { period: 3, deviations: 2 }, [9, 1, 2, 6], [3, 3 + 2 * Math.sqrt(14 / 3), 3 - 2 * Math.sqrt(14 / 3)]],
  [dema, { period: 2 }, [1, 3, 5], [5]],
  [donchian, { period: 2 }, [bar(9, 5), bar(7, 4), bar(8, 6)], [8, 4, 6]],
  [efficiencyRatio, { period: 3 }, [1, 3, 2, 5], [4 / 6]],
  [ema, { period: 3 }, [1, 2, 3, 7], [4.5]],
  [hma, { period: 4 }, [1, 2, 3, 4, 9], [337 / 45]],
  [hurst, { period: 16 }, ALTERNATING, [0, HURST_16_CORRECTED]],
  [kama, { period: 2, fast: 2, slow: 30 }, [1, 3, 5], [35 / 9]],
  [keltner, { period: 2, atrPeriod: 2, ranges: 2 }, THREE, [8, 12.5, 3.5]],
  [linearRegression, { period: 3 }, [9, 1, 2, 6], [5.5, 2.5, 0.5, 12.5 / 14]],
  [macd, { fast: 1, slow: 2, signal: 2 }, [1, 3, 7], [5 / 3, 4 / 3, 1 / 3]],
  [obv, {}, [traded(5, 9), traded(6, 3), traded(6, 7), traded(4, 1)], [2]],
  [rma, { period: 3 }, [1, 2, 3, 8], [4]],
  [roc, { period: 2 }, [4, 6, 5], [1, 25]],
  [rollingPercentile, { period: 4 }, [1, 2, 3, 3, 3], [75]],
  [rsi, { period: 2 }, [1, 3, 2, 5], [200 / 2.25]],
  [sma, { period: 3 }, [1, 2, 3, 7], [4]],
  [standardDeviation, { period: 3 }, [9, 1, 2, 6], [3, Math.sqrt(14 / 3)]],
  [tema, { period: 2 }, [1, 3, 5, 10], [29 / 3]],
  [ttmSqueeze, { period: 2, deviations: 2, ranges: 1.5 }, [bar(5, 3, 4), bar(9, 7, 8), bar(9, 7, 8)], [1, 0]],
  [vwap, {}, [bar(4, 2, 3, 1), bar(7, 5, 6, 2)], [5]],
  [vwma, { period: 2 }, [traded(8, 5), traded(10, 2), traded(13, 1)], [11]],
  [wma, { period: 3 }, [1, 2, 3, 7], [29 / 6]],
  [cci, { period: 2 }, [bar(4, 4), bar(8, 8)], [2 / 0.03]],
  [choppiness, { period: 2 }, THREE, [100 * Math.log2(6 / 5)]],
  [cmf, { period: 2 }, [bar(5, 3, 4, 1), bar(9, 5, 8, 3)], [0.375]],
  [ichimoku, { conversion: 1, base: 2, span: 2 }, [bar(4, 2), bar(8, 6), bar(9, 7), bar(5, 3)], [4, 6, 6, 5, 5]],
  [mfi, { period: 2 }, [traded(4, 9), traded(5, 2), traded(3, 10)], [25]],
  [parabolicSar, { step: 0.5, limit: 1 }, [bar(4, 2), bar(6, 3), bar(8, 5)], [2, 1]],
  [parabolicSar, { step: 0.5, limit: 1 }, [bar(4, 2), bar(6, 3), bar(8, 5), bar(9, 1)], [9, -1]],
  [stochRsi, { rsi: 1, period: 2, smooth: 1, signal: 2 }, [1, 3, 2, 5], [100, 50]],
  [stochastic, { period: 2, smooth: 1, signal: 2 }, THREE, [100, 275 / 3]],
  [supertrend, { period: 1, ranges: 1 }, [bar(4, 2, 4), bar(7, 5, 6), bar(5, 3, 4)], [3, 1]],
  [williamsR, { period: 2 }, [bar(5, 3, 4), bar(9, 6, 8)], [-100 / 6]],
  [zscore, { period: 3 }, [9, 1, 2, 6], [3 / Math.sqrt(14 / 3)]],
];

for (const [indicator, params, inputs, expected] of EXAMPLES) {
  test(`${indicator.name} ${JSON.stringify(params)} gives what its docstring works out`, () => {
    const state = indicator.create(params);
    for (const input of inputs) indicator.add(state, input);
    for (const [at, value] of outputsOf(indicator, state).entries()) {
      const isEqual = Math.abs(value - expected[at]) <= 1e-12;
      assert.ok(isEqual, `${indicator.outputs[at]} is ${value}, expected ${expected[at]}`);
    }
    assert.equal(outputsOf(indicator, state).length, expected.length);
  });
}

test("the windows give what their docstrings work out", () => {
  const [sum, moments, line, range, lag] = [
    createSlidingSum(3),
    createSlidingMoments(3),
    createSlidingLine(2),
    createSlidingRange(2),
    createLag(2),
  ];
  for (const value of [1, 2, 3, 4]) addSlidingSum(sum, value);
  for (const value of [9, 1, 2, 6]) addSlidingMoments(moments, value);
  for (const value of [1, 2, 5]) addSlidingLine(line, value);
  for (const [high, low] of [
    [9, 5],
    [7, 4],
    [8, 6],
  ])
    addSlidingRange(range, high, low);
  for (const value of [5, 6, 7]) addLag(lag, value);
  assert.equal(sum.sum, 9);
  assert.deepEqual([moments.mean, moments.scatter], [3, 14]);
  assert.deepEqual([line.base, line.sum, line.weightedSum], [2, 3, 6]);
  assert.deepEqual([range.highest, range.lowest], [8, 4]);
  assert.equal(lag.value, 5);
});
