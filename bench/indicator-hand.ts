/** How fast can it be at all? Hand-written loops for one purpose each: no replaced bar, no snapshot, naive sums. */
import type { Batch, Stream } from "./indicator-bars.ts";

/** EMA 20. */
const emaLoop: Batch = ({ columns: { closes: close }, rows }, [out]) => {
  const k = 2 / 21;
  let ema = 0;
  for (let i = 0; i < 20; i++) {
    ema += close[i] / 20;
    out[i] = Number.NaN;
  }
  out[19] = ema;
  for (let i = 20; i < rows; i++) {
    ema += k * (close[i] - ema);
    out[i] = ema;
  }
  return undefined;
};

/** RSI 14. */
const rsiLoop: Batch = ({ columns: { closes: close }, rows }, [out]) => {
  let [gain, loss] = [0, 0];
  out[0] = Number.NaN;
  for (let i = 1; i < rows; i++) {
    const move = close[i] - close[i - 1];
    const share = i > 14 ? 1 / 14 : 1 / i;
    gain += share * ((move > 0 ? move : 0) - gain);
    loss += share * ((move < 0 ? -move : 0) - loss);
    out[i] = i < 14 ? Number.NaN : (100 * gain) / (gain + loss);
  }
  return undefined;
};

/** ATR 14. */
const atrLoop: Batch = ({ columns: { highs: high, lows: low, closes: close }, rows }, [out]) => {
  let atr = high[0] - low[0];
  out[0] = Number.NaN;
  for (let i = 1; i < rows; i++) {
    const prior = close[i - 1];
    const range = (high[i] > prior ? high[i] : prior) - (low[i] < prior ? low[i] : prior);
    atr += (range - atr) * (i >= 14 ? 1 / 14 : 1 / (i + 1));
    out[i] = i < 13 ? Number.NaN : atr;
  }
  return undefined;
};

/** MACD 12, 26, 9; begun with the first value. */
const macdLoop: Batch = ({ columns: { closes: close }, rows }, [macd, signal, histogram]) => {
  let [fast, slow, average] = [close[0], close[0], 0];
  for (let i = 0; i < rows; i++) {
    fast += (2 / 13) * (close[i] - fast);
    slow += (2 / 27) * (close[i] - slow);
    average += 0.2 * (fast - slow - average);
    macd[i] = fast - slow;
    signal[i] = average;
    histogram[i] = fast - slow - average;
  }
  return undefined;
};

/** Bollinger 20, 2 by running sums of prices and squares. */
const bollingerLoop: Batch = ({ columns: { closes: close }, rows }, [middle, upper, lower]) => {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < rows; i++) {
    sum += close[i];
    squares += close[i] * close[i];
    if (i >= 20) {
      sum -= close[i - 20];
      squares -= close[i - 20] * close[i - 20];
    }
    const mean = sum / 20;
    const reach = 2 * Math.sqrt(squares / 20 - mean * mean);
    middle[i] = i < 19 ? Number.NaN : mean;
    upper[i] = mean + reach;
    lower[i] = mean - reach;
  }
  return undefined;
};

// The streams keep their state and values in a record between calls, like anything that waits for the next bar.

type Ema = { count: number; ema: number };

function pushEma(state: Ema, close: number): void {
  const count = ++state.count;
  state.ema += (close - state.ema) * (count > 20 ? 2 / 21 : 1 / count);
}

type Rsi = { count: number; prior: number; gain: number; loss: number; rsi: number };

function pushRsi(state: Rsi, close: number): void {
  const move = close - state.prior;
  const moves = state.count++;
  state.prior = close;
  if (moves === 0) return;
  const share = moves > 14 ? 1 / 14 : 1 / moves;
  state.gain += share * ((move > 0 ? move : 0) - state.gain);
  state.loss += share * ((move < 0 ? -move : 0) - state.loss);
  state.rsi = (100 * state.gain) / (state.gain + state.loss);
}

type Atr = { count: number; prior: number; atr: number };

function pushAtr(state: Atr, high: number, low: number, close: number): void {
  const { prior } = state;
  const range = (prior > high ? prior : high) - (prior < low ? prior : low);
  const count = ++state.count;
  state.prior = close;
  state.atr += (range - state.atr) * (count > 14 ? 1 / 14 : 1 / count);
}

type Macd = { count: number; fast: number; slow: number; macd: number; signal: number; histogram: number };

function pushMacd(state: Macd, close: number): void {
  const count = ++state.count;
  state.fast += (close - state.fast) * (count > 12 ? 2 / 13 : 1 / count);
  state.slow += (close - state.slow) * (count > 26 ? 2 / 27 : 1 / count);
  if (count < 26) return;
  state.macd = state.fast - state.slow;
  state.signal += (state.macd - state.signal) * (count > 34 ? 0.2 : 1 / (count - 25));
  state.histogram = state.macd - state.signal;
}

type Bollinger = {
  ring: Float64Array;
  at: number;
  sum: number;
  squares: number;
  middle: number;
  upper: number;
  lower: number;
};

function pushBollinger(state: Bollinger, close: number): void {
  const { ring, at } = state;
  const leaving = ring[at];
  ring[at] = close;
  state.at = at === 19 ? 0 : at + 1;
  state.sum += close - leaving;
  state.squares += close * close - leaving * leaving;
  const mean = state.sum / 20;
  const reach = 2 * Math.sqrt(state.squares / 20 - mean * mean);
  state.middle = mean;
  state.upper = mean + reach;
  state.lower = mean - reach;
}

export const HAND_BATCH: Readonly<Record<string, Batch>> = {
  ema: emaLoop,
  rsi: rsiLoop,
  atr: atrLoop,
  macd: macdLoop,
  bollinger: bollingerLoop,
};

export const HAND_STREAM: Readonly<Record<string, Stream>> = {
  ema: ({ columns }) => {
    const state: Ema = { count: 0, ema: 0 };
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        pushEma(state, closes[i]);
        sum += state.ema;
      }
      return sum;
    };
  },
  rsi: ({ columns }) => {
    const state: Rsi = { count: 0, prior: 0, gain: 0, loss: 0, rsi: Number.NaN };
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        pushRsi(state, closes[i]);
        sum += state.rsi;
      }
      return sum;
    };
  },
  atr: ({ columns }) => {
    const state: Atr = { count: 0, prior: Number.NaN, atr: 0 };
    return (from, to) => {
      const { highs, lows, closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        pushAtr(state, highs[i], lows[i], closes[i]);
        sum += state.atr;
      }
      return sum;
    };
  },
  macd: ({ columns }) => {
    const state: Macd = { count: 0, fast: 0, slow: 0, macd: 0, signal: 0, histogram: 0 };
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        pushMacd(state, closes[i]);
        sum += state.macd + 2 * state.signal + 3 * state.histogram;
      }
      return sum;
    };
  },
  bollinger: ({ columns }) => {
    const state: Bollinger = { ring: new Float64Array(20), at: 0, sum: 0, squares: 0, middle: 0, upper: 0, lower: 0 };
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        pushBollinger(state, closes[i]);
        sum += state.middle + 2 * state.upper + 3 * state.lower;
      }
      return sum;
    };
  },
};
