/** Which indicator answers to which reference file? One row a match; what is not matched is named with its reason. */
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
import { kama } from "#lib/indicators/kama.ts";
import { keltner } from "#lib/indicators/keltner.ts";
import { linearRegression } from "#lib/indicators/linear-regression.ts";
import { macd } from "#lib/indicators/macd.ts";
import { mfi } from "#lib/indicators/mfi.ts";
import { obv } from "#lib/indicators/obv.ts";
import { parabolicSar } from "#lib/indicators/parabolic-sar.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import { rma } from "#lib/indicators/rma.ts";
import { roc } from "#lib/indicators/roc.ts";
import { rsi } from "#lib/indicators/rsi.ts";
import { sma } from "#lib/indicators/sma.ts";
import { standardDeviation } from "#lib/indicators/standard-deviation.ts";
import { stochRsi } from "#lib/indicators/stoch-rsi.ts";
import { stochastic } from "#lib/indicators/stochastic.ts";
import { supertrend } from "#lib/indicators/supertrend.ts";
import { tema } from "#lib/indicators/tema.ts";
import { vwap } from "#lib/indicators/vwap.ts";
import { vwma } from "#lib/indicators/vwma.ts";
import { williamsR } from "#lib/indicators/williams-r.ts";
import { wma } from "#lib/indicators/wma.ts";
import { zscore } from "#lib/indicators/zscore.ts";

/** A file of expected values over skender/quotes/default.csv, 502 daily bars. */
export type SkenderRow = {
  file: string;
  indicator: AnyIndicator;
  params: unknown;
  /** Their column → our field. */
  fields: Record<string, string>;
  /** Compared from this row on (else from our first value); `why` says what differs before. */
  from?: number;
  /** Rows left out; `why` says what differs there. */
  except?: readonly number[];
  /** Our value stands this many rows before theirs (below 0: behind). */
  lag?: number;
  why?: string;
};

const SEED = "another seed: equal once it has worn off";
const SHIFTED = "theirs is drawn N ÷ 2 + 1 rows back";

export const SKENDER_ROWS: readonly SkenderRow[] = [
  {
    file: "adx.standard.json",
    indicator: adx,
    params: { period: 14 },
    fields: { pdi: "plusDi", mdi: "minusDi", adx: "adx" },
  },
  {
    file: "atr-stop.standard.json",
    indicator: atr,
    params: { period: 21 },
    fields: { atr: "value" },
    from: 370,
    why: SEED,
  },
  { file: "atr.standard.json", indicator: atr, params: { period: 1 }, fields: { tr: "value" } },
  { file: "atr.standard.json", indicator: atr, params: { period: 14 }, fields: { atr: "value" }, from: 230, why: SEED },
  { file: "crsi.standard.json", indicator: rsi, params: { period: 3 }, fields: { rsi: "value" } },
  { file: "dpo.standard.csv", indicator: sma, params: { period: 14 }, fields: { sma: "value" }, lag: -8, why: SHIFTED },
  {
    file: "dpo.standard.json",
    indicator: sma,
    params: { period: 14 },
    fields: { sma: "value" },
    lag: -8,
    why: SHIFTED,
  },
  { file: "elder-ray.standard.json", indicator: ema, params: { period: 13 }, fields: { ema: "value" } },
  { file: "ema.standard.json", indicator: ema, params: { period: 20 }, fields: { ema: "value" } },
  { file: "epma.standard.json", indicator: linearRegression, params: { period: 10 }, fields: { epma: "value" } },
  { file: "kama.standard.json", indicator: efficiencyRatio, params: { period: 10 }, fields: { er: "value" } },
  { file: "ma-env.standard.json", indicator: sma, params: { period: 20 }, fields: { centerline: "value" } },
  { file: "macd.standard.json", indicator: ema, params: { period: 12 }, fields: { fastEma: "value" } },
  { file: "macd.standard.json", indicator: ema, params: { period: 26 }, fields: { slowEma: "value" } },
  { file: "rsi.standard.json", indicator: rsi, params: { period: 14 }, fields: { rsi: "value" } },
  {
    file: "slope.standard.json",
    indicator: linearRegression,
    params: { period: 14 },
    fields: { slope: "slope", rSquared: "rSquared" },
  },
  { file: "sma-analysis.standard.json", indicator: sma, params: { period: 20 }, fields: { sma: "value" } },
  { file: "sma.standard.json", indicator: sma, params: { period: 20 }, fields: { sma: "value" } },
  { file: "smma.standard.json", indicator: rma, params: { period: 20 }, fields: { smma: "value" } },
  { file: "starc.standard.json", indicator: sma, params: { period: 5 }, fields: { centerline: "value" } },
  {
    file: "stdev.standard.json",
    indicator: standardDeviation,
    params: { period: 14 },
    fields: { stdDev: "value", mean: "mean" },
  },
  { file: "tr.standard.json", indicator: atr, params: { period: 1 }, fields: { tr: "value" } },
  {
    file: "awesome.standard.json",
    indicator: awesomeOscillator,
    params: { fast: 5, slow: 34 },
    fields: { oscillator: "value" },
  },
  {
    file: "bb.standard.json",
    indicator: bollinger,
    params: { period: 20, deviations: 2 },
    fields: { sma: "middle", upperBand: "upper", lowerBand: "lower" },
  },
  { file: "bb.standard.json", indicator: zscore, params: { period: 20 }, fields: { zScore: "value" } },
  {
    file: "dema.standard.json",
    indicator: dema,
    params: { period: 14 },
    fields: { dema: "value" },
    from: 200,
    why: SEED,
  },
  {
    file: "donchian.standard.json",
    indicator: donchian,
    params: { period: 20 },
    fields: { upperBand: "upper", centerline: "middle", lowerBand: "lower" },
    lag: 1,
    why: "theirs leaves the newest bar out",
  },
  { file: "hma.standard.json", indicator: hma, params: { period: 14 }, fields: { hma: "value" } },
  { file: "kama.standard.json", indicator: kama, params: { period: 10, fast: 2, slow: 30 }, fields: { kama: "value" } },
  {
    file: "keltner.standard.json",
    indicator: keltner,
    params: { period: 20, atrPeriod: 10, ranges: 2 },
    fields: { centerline: "middle" },
  },
  {
    file: "keltner.standard.json",
    indicator: keltner,
    params: { period: 20, atrPeriod: 10, ranges: 2 },
    fields: { upperBand: "upper", lowerBand: "lower" },
    from: 160,
    why: SEED,
  },
  {
    file: "macd.standard.json",
    indicator: macd,
    params: { fast: 12, slow: 26, signal: 9 },
    fields: { macd: "macd", signal: "signal", histogram: "histogram" },
  },
  { file: "obv.standard.json", indicator: obv, params: {}, fields: { obv: "value" } },
  { file: "roc-wb.standard.json", indicator: roc, params: { period: 20 }, fields: { roc: "value" } },
  { file: "roc.standard.json", indicator: roc, params: { period: 14 }, fields: { momentum: "momentum", roc: "value" } },
  { file: "stdev.standard.json", indicator: zscore, params: { period: 14 }, fields: { zScore: "value" } },
  {
    file: "tema.standard.json",
    indicator: tema,
    params: { period: 20 },
    fields: { tema: "value" },
    from: 350,
    why: SEED,
  },
  { file: "vwap.standard.json", indicator: vwap, params: {}, fields: { vwap: "value" } },
  { file: "vwma.standard.json", indicator: vwma, params: { period: 14 }, fields: { vwma: "value" } },
  { file: "cci.standard.json", indicator: cci, params: { period: 20 }, fields: { cci: "value" } },
  { file: "chop.standard.json", indicator: choppiness, params: { period: 14 }, fields: { chop: "value" } },
  { file: "cmf.standard.json", indicator: cmf, params: { period: 20 }, fields: { cmf: "value" } },
  {
    file: "hurst.standard.json",
    indicator: hurst,
    params: { period: 100 },
    fields: { hurstExponent: "value", hurstExponentAL: "corrected" },
  },
  {
    file: "ichimoku.standard.json",
    indicator: ichimoku,
    params: { conversion: 9, base: 26, span: 52 },
    fields: { tenkanSen: "conversion", kijunSen: "base", senkouSpanA: "spanA", senkouSpanB: "spanB" },
  },
  {
    file: "ichimoku.standard.json",
    indicator: ichimoku,
    params: { conversion: 9, base: 26, span: 52 },
    fields: { chikouSpan: "lagging" },
    lag: -26,
    why: "theirs is drawn 26 rows back",
  },
  { file: "mfi.standard.json", indicator: mfi, params: { period: 14 }, fields: { mfi: "value" } },
  {
    file: "psar.standard.json",
    indicator: parabolicSar,
    params: { step: 0.02, limit: 0.2 },
    fields: { sar: "value" },
    except: [250],
    why: "theirs leaves the extreme of the bar that reverses out; Tulip and TradingView count it",
  },
  {
    file: "stoch.standard.json",
    indicator: stochastic,
    params: { period: 14, smooth: 3, signal: 3 },
    fields: { oscillator: "k", signal: "d", k: "k", d: "d" },
  },
  {
    file: "stoch-rsi.standard.json",
    indicator: stochRsi,
    params: { rsi: 14, period: 14, smooth: 1, signal: 3 },
    fields: { stochRsi: "k", signal: "d" },
  },
  {
    file: "supertrend.standard.json",
    indicator: supertrend,
    params: { period: 10, ranges: 3 },
    fields: { superTrend: "value" },
    from: 240,
    why: SEED,
  },
  { file: "willr.standard.json", indicator: williamsR, params: { period: 14 }, fields: { williamsR: "value" } },
  { file: "wma.standard.json", indicator: wma, params: { period: 14 }, fields: { wma: "value" } },
];

/** Cases of Tulip by "name options", in whichever of its files they stand. */
export type TulipRow = {
  cases: string;
  indicator: AnyIndicator;
  params: unknown;
  /** Its input columns in order, of the bar; a value's only column is "close". */
  inputs: string;
  /** Our field for each of its output columns. */
  outputs: readonly string[];
  /** Theirs are ours times this. */
  scale?: number;
  /** This many half units of the last digit are allowed instead of one; `why` says what is wrong with the reference. */
  units?: number;
  why?: string;
};

export const TULIP_ROWS: readonly TulipRow[] = [
  { cases: "atr 4", indicator: atr, params: { period: 4 }, inputs: "high low close", outputs: ["value"] },
  { cases: "atr 5", indicator: atr, params: { period: 5 }, inputs: "high low close", outputs: ["value"] },
  { cases: "linreg 5", indicator: linearRegression, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  {
    cases: "linregintercept 5",
    indicator: linearRegression,
    params: { period: 5 },
    inputs: "close",
    outputs: ["start"],
  },
  { cases: "linregslope 5", indicator: linearRegression, params: { period: 5 }, inputs: "close", outputs: ["slope"] },
  { cases: "rsi 5", indicator: rsi, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  { cases: "sma 5", indicator: sma, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  { cases: "stddev 3", indicator: standardDeviation, params: { period: 3 }, inputs: "close", outputs: ["value"] },
  { cases: "stddev 5", indicator: standardDeviation, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  { cases: "tr", indicator: atr, params: { period: 1 }, inputs: "high low close", outputs: ["value"] },
  { cases: "ao", indicator: awesomeOscillator, params: { fast: 5, slow: 34 }, inputs: "high low", outputs: ["value"] },
  {
    cases: "bbands 5 2",
    indicator: bollinger,
    params: { period: 5, deviations: 2 },
    inputs: "close",
    outputs: ["lower", "middle", "upper"],
  },
  { cases: "hma 5", indicator: hma, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  {
    cases: "kama 4",
    indicator: kama,
    params: { period: 4, fast: 2, slow: 30 },
    inputs: "close",
    outputs: ["value"],
    units: 4,
    why: "theirs was worked out by hand with rounded steps; kama 5, of their code, agrees to the digit",
  },
  { cases: "kama 5", indicator: kama, params: { period: 5, fast: 2, slow: 30 }, inputs: "close", outputs: ["value"] },
  { cases: "max 2", indicator: donchian, params: { period: 2 }, inputs: "close", outputs: ["upper"] },
  { cases: "max 3", indicator: donchian, params: { period: 3 }, inputs: "close", outputs: ["upper"] },
  { cases: "max 5", indicator: donchian, params: { period: 5 }, inputs: "close", outputs: ["upper"] },
  { cases: "min 3", indicator: donchian, params: { period: 3 }, inputs: "close", outputs: ["lower"] },
  { cases: "min 5", indicator: donchian, params: { period: 5 }, inputs: "close", outputs: ["lower"] },
  { cases: "mom 3", indicator: roc, params: { period: 3 }, inputs: "close", outputs: ["momentum"] },
  { cases: "mom 5", indicator: roc, params: { period: 5 }, inputs: "close", outputs: ["momentum"] },
  { cases: "obv", indicator: obv, params: {}, inputs: "close volume", outputs: ["value"] },
  { cases: "roc 3", indicator: roc, params: { period: 3 }, inputs: "close", outputs: ["value"], scale: 0.01 },
  { cases: "roc 5", indicator: roc, params: { period: 5 }, inputs: "close", outputs: ["value"], scale: 0.01 },
  { cases: "vwma 4", indicator: vwma, params: { period: 4 }, inputs: "close volume", outputs: ["value"] },
  { cases: "vwma 5", indicator: vwma, params: { period: 5 }, inputs: "close volume", outputs: ["value"] },
  { cases: "wilders 5", indicator: rma, params: { period: 5 }, inputs: "close", outputs: ["value"] },
  { cases: "cci 5", indicator: cci, params: { period: 5 }, inputs: "high low close", outputs: ["value"] },
  { cases: "cmf 21", indicator: cmf, params: { period: 21 }, inputs: "high low close volume", outputs: ["value"] },
  { cases: "mfi 14", indicator: mfi, params: { period: 14 }, inputs: "high low close volume", outputs: ["value"] },
  { cases: "mfi 5", indicator: mfi, params: { period: 5 }, inputs: "high low close volume", outputs: ["value"] },
  {
    cases: "psar .02 .2",
    indicator: parabolicSar,
    params: { step: 0.02, limit: 0.2 },
    inputs: "high low",
    outputs: ["value"],
  },
  {
    cases: "psar .2 2",
    indicator: parabolicSar,
    params: { step: 0.2, limit: 2 },
    inputs: "high low",
    outputs: ["value"],
  },
  {
    cases: "stoch 5 3 3",
    indicator: stochastic,
    params: { period: 5, smooth: 3, signal: 3 },
    inputs: "high low close",
    outputs: ["k", "d"],
  },
  {
    cases: "stochrsi 5",
    indicator: stochRsi,
    params: { rsi: 5, period: 5, smooth: 1, signal: 1 },
    inputs: "close",
    outputs: ["k"],
    scale: 0.01,
  },
  { cases: "willr 5", indicator: williamsR, params: { period: 5 }, inputs: "high low close", outputs: ["value"] },
  { cases: "wma 5", indicator: wma, params: { period: 5 }, inputs: "close", outputs: ["value"] },
];

/** Why a file or case is not compared → their names, by blanks. A Tulip case goes by its name, for all its options. */
export const UNUSED: {
  skender: Record<string, string>;
  quotes: Record<string, string>;
  tulip: Record<string, string>;
} = {
  skender: {
    "an indicator that we do not offer":
      "adl alligator alma aroon beta bop chaikin-osc chexit cmo corr dynamic fcb fisher force gator heikinashi htl kvo " +
      "mama pmo prs pvo smi stc stdev-channels t3 trix tsi ulcer uo vol-stop vortex",
    "bars, marks or levels, no running value":
      "barpart doji fractal marubozu pivots renko renko-atr zigzag zigzag-close",
    "levels of calendar windows, which stand with the levels": "pivot-points rolling-pivots",
  },
  quotes: {
    "bars without expected values":
      "_issue0616.zigzag.schrodinger.json _issue0616.zigzag.thresholds.json _issue0632.zigzag.thresholds.json " +
      "_issue0859.adx.nan.csv _issue1127.williamr.original.csv _issue1127.williamr.revisit.csv _issue1949.zigzag.csv " +
      "_issue1950.pivots.csv bad.csv bitcoin.csv compare.csv intraday.csv longish.csv max.csv mismatch.csv msft.csv " +
      "penny.csv zeros.csv",
  },
  tulip: {
    "arithmetic on columns, no indicator":
      "abs acos add asin atan ceil cos cosh crossany crossover decay div edecay exp floor ln log10 mul round sin sinh " +
      "sqrt sub sum tan tanh todeg torad trunc",
    "an indicator that we do not offer":
      "abands ad adosc adxr alma apo aroon aroonosc avgprice bop ce cmo cvi dm dpo dx emv fisher fosc ikhts kvo lag " +
      "marketfi mass md medprice msw natr nvi ppo pvi qstick rmta stderr trima trix tsf typprice ultosc vhf vidya " +
      "volatility vosc wad wcprice zlema var",
    "seeded with N − 1 moves where Wilder takes N, and too short for that to wear off": "adx di",
    "averages that begin with the first value alone, and too short for that to wear off": "dema ema macd tema",
    "our ROC and 1; the ROC is compared": "rocr",
    "shapes of candles, which we do not name": "candle",
  },
};
