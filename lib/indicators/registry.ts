/** Which indicators are there? All descriptors, for whatever treats them alike: tests, benches, pickers. */
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
import type { Indicator, IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { kama } from "#lib/indicators/kama.ts";
import { keltner } from "#lib/indicators/keltner.ts";
import { linearRegression } from "#lib/indicators/linear-regression.ts";
import { macd } from "#lib/indicators/macd.ts";
import { mfi } from "#lib/indicators/mfi.ts";
import { obv } from "#lib/indicators/obv.ts";
import { parabolicSar } from "#lib/indicators/parabolic-sar.ts";
import { rma } from "#lib/indicators/rma.ts";
import { roc } from "#lib/indicators/roc.ts";
import { rollingPercentile } from "#lib/indicators/rolling-percentile.ts";
import { rsi } from "#lib/indicators/rsi.ts";
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

/** Any indicator: its own state and params go in; `input` says which input it takes. */
export type AnyIndicator = Omit<Indicator<unknown, IndicatorState, number | IndicatorBar>, "outputs"> & {
  outputs: readonly string[];
};

/** One line an indicator. */
export const INDICATORS: readonly AnyIndicator[] = [
  adx,
  atr,
  awesomeOscillator,
  bollinger,
  cci,
  choppiness,
  cmf,
  dema,
  donchian,
  efficiencyRatio,
  ema,
  hma,
  hurst,
  ichimoku,
  kama,
  keltner,
  linearRegression,
  macd,
  mfi,
  obv,
  parabolicSar,
  rma,
  roc,
  rollingPercentile,
  rsi,
  sma,
  standardDeviation,
  stochastic,
  stochRsi,
  supertrend,
  tema,
  ttmSqueeze,
  vwap,
  vwma,
  williamsR,
  wma,
  zscore,
];
