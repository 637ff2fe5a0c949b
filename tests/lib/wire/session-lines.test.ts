/** Do VWAP, bands and CVD over a chart's bars say what the analysis says of the same trades? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { addCvdBar, createCvd } from "#lib/analysis/order-flow/cvd.ts";
import { addRowTrade } from "#lib/analysis/price-rows.ts";
import { addVwapBar, createVwap, vwapOf } from "#lib/analysis/vwap.ts";
import { SIDE } from "#lib/bars/time-bars.ts";
import {
  createSessionLines,
  extendAnchoredLines,
  extendSessionLines,
  type SessionLines,
} from "#lib/wire/session-lines.ts";
import type { BarTuple } from "#lib/wire/stream.ts";
import { foldBars, readEsHour } from "#tests/support/es-oracle.ts";
import { filledRows, flowTrade, minutesOf } from "#tests/support/flow-tape.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const ES = { calendar: "equity", tickSize: 0.25 } as const;
const MINUTE = 60_000;
/** Monday 2026-11-16, 17:00 CT: the open of Tuesday's session. */
const OPEN_MS = Date.parse("2026-11-16T23:00:00Z");

type Prices = { low?: number; high?: number; vwap?: number | null };

function barAt(
  openMs: number,
  close: number,
  sides: [buy: number, sell: number, all: number],
  over: Prices = {},
): BarTuple {
  const { low = close, high = close, vwap = close } = over;
  const delta = sides[0] - sides[1];
  return [openMs, close, high, low, close, sides[2], sides[0], sides[1], 1, vwap, 0, 1, delta, 1];
}

function linesOver(bars: BarTuple[]): SessionLines {
  const lines = createSessionLines();
  extendSessionLines(lines, bars, 0, ES);
  return lines;
}

test("one contract at 100 and three at 104: VWAP 103, sigma √3", () => {
  const lines = linesOver([barAt(OPEN_MS, 100, [1, 0, 1]), barAt(OPEN_MS + MINUTE, 104, [0, 2, 3])]);
  assert.deepEqual([lines.vwap[1], lines.cvd[1], lines.unsigned[1]], [103, -1, 1]);
  assert.ok(Math.abs(lines.sigma[1] - Math.sqrt(3)) < 1e-12);
});

test("a bar without its own VWAP counts at its typical price, with an even spread over its range", () => {
  const lines = linesOver([barAt(OPEN_MS, 101, [1, 1, 2], { low: 100, high: 102, vwap: null })]);
  assert.equal(lines.vwap[0], 101);
  // Nine rows of a quarter: (81 − 1) ÷ 12 ticks².
  assert.ok(Math.abs(lines.sigma[0] - 0.25 * Math.sqrt(80 / 12)) < 1e-12);
});

test("every trade date begins anew, over the break of each day", () => {
  const nextOpenMs = OPEN_MS + 24 * 60 * MINUTE;
  const bars = [barAt(OPEN_MS, 100, [5, 0, 5]), barAt(nextOpenMs - 61 * MINUTE, 90, [0, 9, 9])];
  const lines = linesOver([...bars, barAt(nextOpenMs, 120, [2, 0, 2])]);
  assert.deepEqual(lines.from, [0, 0, 2]);
  assert.deepEqual(lines.cvd, [5, -4, 2]);
  assert.equal(lines.vwap[2], 120);
});

test("taking the tail anew says what taking all of it says", () => {
  const bars = Array.from({ length: 3_000 }, (_, index) => {
    const close = 100 + Math.round(8 * Math.sin(index / 40)) / 4;
    return barAt(OPEN_MS + index * MINUTE, close, [index % 7, index % 5, 12], { high: close + 0.5 });
  });
  const whole = linesOver(bars);
  const lines = linesOver(bars.slice(0, 2_000));
  for (const first of [1_999, 1_439, 1_440, 0]) {
    extendSessionLines(lines, bars, first, ES);
    assert.deepEqual(lines, whole, `from ${first}`);
  }
});

test(
  "the real ES hour: VWAP and CVD as of the trades, sigma within 1 % in bars of one and five minutes",
  needsSharedData(ES_HOUR),
  (t) => {
    const raw = readEsHour(sharedData(ES_HOUR) ?? "");
    const sides = { B: SIDE.buy, S: SIDE.sell, N: SIDE.unsigned } as const;
    const vwap = createVwap();
    const cvd = createCvd();
    for (const { bar, trades } of minutesOf(
      "ES",
      raw.map(({ ms, price, size, side }) => flowTrade(price / 0.25, size, sides[side], ms)),
    )) {
      const rows = filledRows((into) => {
        for (const trade of trades) addRowTrade(into, trade);
      });
      addVwapBar(vwap, bar, rows);
      addCvdBar(cvd, bar);
    }
    const exact = vwapOf(vwap.session);
    assert.equal(exact.status, "ready");
    assert.ok(exact.status === "ready");
    for (const minutes of [1, 5]) {
      const bars = foldBars(raw, minutes).map(
        (bar): BarTuple => [
          bar.openMs,
          bar.open,
          bar.high,
          bar.low,
          bar.close,
          bar.volume,
          bar.bought,
          bar.sold,
          bar.trades,
          bar.vwap,
          0,
          1,
          bar.bought - bar.sold,
          1,
        ],
      );
      const lines = linesOver(bars);
      const last = bars.length - 1;
      assert.ok(Math.abs(lines.vwap[last] - exact.vwapTicks * 0.25) < 1e-6, `VWAP ${lines.vwap[last]}`);
      assert.equal(lines.cvd[last], cvd.session.cvd);
      const ratio = lines.sigma[last] / (exact.sigmaTicks * 0.25);
      t.diagnostic(`sigma of ${minutes}m bars is ${ratio.toFixed(4)} of that of the trades`);
      assert.ok(Math.abs(ratio - 1) < 0.01, `sigma of ${minutes}m bars: ${ratio}`);
    }
  },
);

test("lines of an anchor sum over the ends of dates from the first bar behind it, alike whole and bar by bar", () => {
  const nextOpenMs = OPEN_MS + 24 * 60 * MINUTE;
  const bars = [
    barAt(OPEN_MS, 90, [9, 0, 9]),
    barAt(OPEN_MS + MINUTE, 100, [1, 0, 1]),
    barAt(nextOpenMs, 104, [0, 2, 3]),
    barAt(nextOpenMs + MINUTE, 96, [4, 0, 4]),
  ];
  const anchor = { anchorMs: OPEN_MS + 30_000, tickSize: ES.tickSize };
  const whole = createSessionLines();
  extendAnchoredLines(whole, bars, 0, anchor);
  assert.deepEqual(whole.vwap, [Number.NaN, 100, 103, (100 + 3 * 104 + 4 * 96) / 8]);
  assert.deepEqual(whole.cvd, [Number.NaN, 1, -1, 3]);
  assert.deepEqual(whole.from, [0, 1, 1, 1]);
  assert.ok(Math.abs(whole.sigma[2] - Math.sqrt(3)) < 1e-12);
  const stepwise = createSessionLines();
  for (let count = 1; count <= bars.length; count += 1) {
    extendAnchoredLines(stepwise, bars.slice(0, count), Math.max(0, count - 2), anchor);
  }
  assert.deepEqual(stepwise, whole);
});

test("bars that begin behind the anchor do not tell its sum", () => {
  const lines = createSessionLines();
  const bars = [barAt(OPEN_MS + MINUTE, 100, [1, 0, 1])];
  extendAnchoredLines(lines, bars, 0, { anchorMs: OPEN_MS, tickSize: ES.tickSize });
  assert.deepEqual([lines.vwap, lines.cvd], [[Number.NaN], [Number.NaN]]);
  extendAnchoredLines(lines, [barAt(OPEN_MS, 90, [3, 0, 3]), ...bars], 0, { anchorMs: OPEN_MS, tickSize: ES.tickSize });
  assert.deepEqual(lines.cvd, [3, 4]);
});
