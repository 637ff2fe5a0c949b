/** How do we compute the benched indicators? Bar by bar through `add`, and over columns through `runBatch`. */
import { addAtr, atr, createAtr } from "#lib/indicators/atr.ts";
import { runBatch } from "#lib/indicators/batch.ts";
import { addBollinger, bollinger, createBollinger } from "#lib/indicators/bollinger.ts";
import { addEma, createEma, ema } from "#lib/indicators/ema.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { addMacd, createMacd, macd } from "#lib/indicators/macd.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import { addRsi, createRsi, rsi } from "#lib/indicators/rsi.ts";
import type { Batch, Stream } from "./indicator-bars.ts";

const PERIODS = { fast: 12, slow: 26, signal: 9 };
const BANDS = { period: 20, deviations: 2 };

const batchOf =
  (indicator: AnyIndicator, params: unknown): Batch =>
  ({ columns }, out) => {
    runBatch(indicator, params, columns, out);
    return undefined;
  };

export const OUR_BATCH: Readonly<Record<string, Batch>> = {
  ema: batchOf(ema, { period: 20 }),
  rsi: batchOf(rsi, { period: 14 }),
  atr: batchOf(atr, { period: 14 }),
  macd: batchOf(macd, PERIODS),
  bollinger: batchOf(bollinger, BANDS),
};

export const OUR_STREAM: Readonly<Record<string, Stream>> = {
  ema: ({ columns }) => {
    const state = createEma({ period: 20 });
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        addEma(state, closes[i]);
        sum += state.value;
      }
      return sum;
    };
  },
  rsi: ({ columns }) => {
    const state = createRsi({ period: 14 });
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        addRsi(state, closes[i]);
        sum += state.value;
      }
      return sum;
    };
  },
  atr: ({ columns }) => {
    const state = createAtr({ period: 14 });
    const nan = Number.NaN;
    const bar: IndicatorBar = { open: nan, high: nan, low: nan, close: nan, volume: nan };
    return (from, to) => {
      const { highs, lows, closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        bar.high = highs[i];
        bar.low = lows[i];
        bar.close = closes[i];
        addAtr(state, bar);
        sum += state.value;
      }
      return sum;
    };
  },
  macd: ({ columns }) => {
    const state = createMacd(PERIODS);
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        addMacd(state, closes[i]);
        sum += state.macd + 2 * state.signal + 3 * state.histogram;
      }
      return sum;
    };
  },
  bollinger: ({ columns }) => {
    const state = createBollinger(BANDS);
    return (from, to) => {
      const { closes } = columns;
      let sum = 0;
      for (let i = from; i < to; i++) {
        addBollinger(state, closes[i]);
        sum += state.middle + 2 * state.upper + 3 * state.lower;
      }
      return sum;
    };
  },
};
