/** How do the npm packages compute the same indicators? Each through its own documented calls. */
import { createRequire } from "node:module";
import { IndicatorsSync } from "@ixjb94/indicators";
import { atr as tsAtr, bb as tsBb, ema as tsEma, macd as tsMacd, rsi as tsRsi } from "indicatorts";
import * as signals from "trading-signals";
import type { Batch, Stream } from "./indicator-bars.ts";

// NOTE: its ES modules lack file endings, which Node refuses; the CommonJS build is the documented one.
const technical = createRequire(import.meta.url)("technicalindicators") as typeof import("technicalindicators");

const ixjb = new IndicatorsSync();

export const PEER_BATCH: Readonly<Record<string, Readonly<Record<string, Batch>>>> = {
  "@ixjb94/indicators": {
    ema: ({ close }) => [ixjb.ema(close, 20)],
    rsi: ({ close }) => [ixjb.rsi(close, 14)],
    atr: ({ high, low, close }) => [ixjb.atr(high, low, close, 14)],
    macd: ({ close }) => ixjb.macd(close, 12, 26, 9),
    bollinger: ({ close }) => {
      const [lower, middle, upper] = ixjb.bbands(close, 20, 2);
      return [middle, upper, lower];
    },
  },
  indicatorts: {
    ema: ({ close }) => [tsEma(close, { period: 20 })],
    rsi: ({ close }) => [tsRsi(close, { period: 14 })],
    atr: ({ high, low, close }) => [tsAtr(high, low, close, { period: 14 }).atrLine],
    macd: ({ close }) => {
      const { macdLine, signalLine } = tsMacd(close, { fast: 12, slow: 26, signal: 9 });
      return [macdLine, signalLine];
    },
    bollinger: ({ close }) => {
      const { middle, upper, lower } = tsBb(close, { period: 20 });
      return [middle, upper, lower];
    },
  },
};

const TECHNICAL_MACD = {
  fastPeriod: 12,
  slowPeriod: 26,
  signalPeriod: 9,
  SimpleMAOscillator: false,
  SimpleMASignal: false,
};

/** One loop of its own for each, so that no call in it sees two classes. */
export const PEER_STREAM: Readonly<Record<string, Readonly<Record<string, Stream>>>> = {
  "trading-signals": {
    ema: ({ close }) => {
      const indicator = new signals.EMA(20);
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) sum += indicator.add(close[i]) ?? Number.NaN;
        return sum;
      };
    },
    rsi: ({ close }) => {
      const indicator = new signals.RSI(14);
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) sum += indicator.add(close[i]) ?? Number.NaN;
        return sum;
      };
    },
    atr: ({ high, low, close }) => {
      const indicator = new signals.ATR(14);
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++)
          sum += indicator.add({ high: high[i], low: low[i], close: close[i] }) ?? Number.NaN;
        return sum;
      };
    },
    macd: ({ close }) => {
      const indicator = new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9));
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) {
          const r = indicator.add(close[i]);
          sum += (r?.macd ?? Number.NaN) + 2 * (r?.signal ?? Number.NaN) + 3 * (r?.histogram ?? Number.NaN);
        }
        return sum;
      };
    },
    bollinger: ({ close }) => {
      const indicator = new signals.BollingerBands(20, 2);
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) {
          const r = indicator.add(close[i]);
          sum += (r?.middle ?? Number.NaN) + 2 * (r?.upper ?? Number.NaN) + 3 * (r?.lower ?? Number.NaN);
        }
        return sum;
      };
    },
  },
  technicalindicators: {
    ema: ({ close }) => {
      const indicator = new technical.EMA({ period: 20, values: [] });
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) sum += indicator.nextValue(close[i]) ?? Number.NaN;
        return sum;
      };
    },
    rsi: ({ close }) => {
      const indicator = new technical.RSI({ period: 14, values: [] });
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) sum += indicator.nextValue(close[i]) ?? Number.NaN;
        return sum;
      };
    },
    atr: ({ high, low, close }) => {
      const indicator = new technical.ATR({ period: 14, high: [], low: [], close: [] });
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++)
          sum += indicator.nextValue({ high: high[i], low: low[i], close: close[i] }) ?? Number.NaN;
        return sum;
      };
    },
    macd: ({ close }) => {
      const indicator = new technical.MACD({ values: [], ...TECHNICAL_MACD });
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) {
          const r = indicator.nextValue(close[i]);
          sum += (r?.MACD ?? Number.NaN) + 2 * (r?.signal ?? Number.NaN) + 3 * (r?.histogram ?? Number.NaN);
        }
        return sum;
      };
    },
    bollinger: ({ close }) => {
      const indicator = new technical.BollingerBands({ period: 20, stdDev: 2, values: [] });
      return (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) {
          const r = indicator.nextValue(close[i]);
          sum += (r?.middle ?? Number.NaN) + 2 * (r?.upper ?? Number.NaN) + 3 * (r?.lower ?? Number.NaN);
        }
        return sum;
      };
    },
  },
};
