/** How do the hot indicators run over whole columns? Loops whose state stays in registers, on the formulas of all. */
import { type AtrParams, trueRangeOf } from "#lib/indicators/atr.ts";
import type { BollingerParams } from "#lib/indicators/bollinger.ts";
import { blend, type EmaParams, shareOf } from "#lib/indicators/ema.ts";
import type { MacdParams } from "#lib/indicators/macd.ts";
import type { RsiParams } from "#lib/indicators/rsi.ts";
import { slideMoments } from "#lib/indicators/sliding-moments.ts";

/** Numbers by row; ticks and contracts come as integers. */
export type Column = Float64Array | Int32Array | Uint32Array;

/**
 * NOTE: not named like the fields of a bar. Records of one shape share how their fields are kept: with arrays in them,
 * the numbers of every bar would go to the heap one by one.
 */
export type BarColumns = { opens: Column; highs: Column; lows: Column; closes: Column; volumes: Column };

type Kernel = (params: never, columns: BarColumns, out: readonly Float64Array[]) => void;

/** By the indicator's name. A state in memory is read behind its own store each bar: two to four times the time. */
export const KERNELS: Readonly<Record<string, Kernel>> = {
  atr: runAtr,
  bollinger: runBollinger,
  ema: ({ period }: EmaParams, { closes }, [out]) => runAverage(closes, period, 2 / (period + 1), out),
  macd: runMacd,
  rma: ({ period }: EmaParams, { closes }, [out]) => runAverage(closes, period, 1 / period, out),
  rsi: runRsi,
};

function runAverage(values: Column, period: number, weight: number, out: Float64Array): void {
  let average = 0;
  for (let i = 0; i < values.length; i++) {
    average = blend(average, values[i], shareOf(i + 1, period, weight));
    out[i] = i + 1 < period ? Number.NaN : average;
  }
}

function runAtr({ period }: AtrParams, { highs, lows, closes }: BarColumns, [out]: readonly Float64Array[]): void {
  const weight = 1 / period;
  let [average, priorClose] = [0, Number.NaN];
  for (let i = 0; i < closes.length; i++) {
    average = blend(average, trueRangeOf(highs[i], lows[i], priorClose), shareOf(i + 1, period, weight));
    priorClose = closes[i];
    out[i] = i + 1 < period ? Number.NaN : average;
  }
}

function runRsi({ period }: RsiParams, { closes }: BarColumns, [out]: readonly Float64Array[]): void {
  const weight = 1 / period;
  let [gain, loss] = [0, 0];
  if (closes.length > 0) out[0] = Number.NaN;
  for (let moves = 1; moves < closes.length; moves++) {
    const move = closes[moves] - closes[moves - 1];
    const rise = (move + Math.abs(move)) / 2;
    const share = shareOf(moves, period, weight);
    gain = blend(gain, rise, share);
    loss = blend(loss, rise - move, share);
    out[moves] = moves < period ? Number.NaN : gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  }
}

/** Behind the first signal every share stands still: a loop without choices takes half the time. */
function runMacd(params: MacdParams, { closes }: BarColumns, out: readonly Float64Array[]): void {
  const [macds, signals, histograms] = out;
  const [fastWeight, slowWeight, signalWeight] = [
    2 / (params.fast + 1),
    2 / (params.slow + 1),
    2 / (params.signal + 1),
  ];
  let [fast, slow, signal] = [0, 0, 0];
  const steady = Math.min(closes.length, params.slow + params.signal - 1);
  for (let i = 0; i < steady; i++) {
    fast = blend(fast, closes[i], shareOf(i + 1, params.fast, fastWeight));
    slow = blend(slow, closes[i], shareOf(i + 1, params.slow, slowWeight));
    const differences = i + 2 - params.slow;
    if (differences > 0) signal = blend(signal, fast - slow, shareOf(differences, params.signal, signalWeight));
    const isReady = differences >= params.signal;
    macds[i] = isReady ? fast - slow : Number.NaN;
    signals[i] = isReady ? signal : Number.NaN;
    histograms[i] = isReady ? fast - slow - signal : Number.NaN;
  }
  for (let i = steady; i < closes.length; i++) {
    fast = blend(fast, closes[i], fastWeight);
    slow = blend(slow, closes[i], slowWeight);
    const difference = fast - slow;
    signal = blend(signal, difference, signalWeight);
    macds[i] = difference;
    signals[i] = signal;
    histograms[i] = difference - signal;
  }
}

function runBollinger(params: BollingerParams, { closes }: BarColumns, out: readonly Float64Array[]): void {
  const { period, deviations } = params;
  const share = 1 / period;
  const [middle, upper, lower] = out;
  slideMoments(closes, period, middle, upper);
  for (let i = 0; i < closes.length; i++) {
    const reach = deviations * Math.sqrt(upper[i] * share);
    upper[i] = middle[i] + reach;
    lower[i] = middle[i] - reach;
  }
}
