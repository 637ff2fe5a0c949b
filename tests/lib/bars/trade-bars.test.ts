/** Do bars of N trades, N contracts and N ticks of range begin and end where they should? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SIDE } from "#lib/bars/time-bars.ts";
import { createTradeBars, pushTrade, restartAt } from "#lib/bars/trade-bars.ts";
import { barRows } from "#tests/support/bar-rows.ts";
import { testSeeds } from "#tests/support/seeds.ts";

function build(interval: string, trades: { price: number; size?: number; ms?: number }[]) {
  const bars = createTradeBars(interval, 0);
  trades.forEach(({ price, size = 1, ms }, index) => {
    pushTrade(bars, { priceTicks: price, size, side: SIDE.buy, deltaSource: 1, exchangeMs: ms ?? index });
  });
  return bars;
}

test("2t: a bar closes with its second trade, the third forms", () => {
  const { series } = build("2t", [{ price: 10 }, { price: 11 }, { price: 12 }]);
  assert.equal(series.length, 1);
  assert.deepEqual(
    barRows(series).map((row) => row.ohlc),
    [
      [10, 11, 10, 11],
      [12, 12, 12, 12],
    ],
  );
});

test("5v: the trade that reaches five contracts closes the bar and is not split", () => {
  const { series } = build("5v", [
    { price: 10, size: 3 },
    { price: 11, size: 4 },
    { price: 12, size: 5 },
  ]);
  assert.deepEqual(
    barRows(series).map((row) => row.volume),
    [7, 5],
  );
  assert.equal(series.length, 2);
});

test("2r: the trade that would exceed two ticks opens the next bar", () => {
  const { series } = build("2r", [{ price: 10 }, { price: 12 }, { price: 13 }, { price: 10 }]);
  assert.deepEqual(
    barRows(series).map((row) => row.ohlc),
    [
      [10, 12, 10, 12],
      [13, 13, 13, 13],
      [10, 10, 10, 10],
    ],
  );
});

test("a session open ends the forming bar; bars of one instant stay apart and in order", () => {
  const bars = build("3t", [{ price: 10, ms: 5 }]);
  restartAt(bars, 100);
  for (let i = 0; i < 6; i++) {
    pushTrade(bars, { priceTicks: 10, size: 1, side: SIDE.sell, deltaSource: 1, exchangeMs: 100 });
  }
  assert.equal(bars.series.length, 3);
  const opens = barRows(bars.series).map((row) => row.openMs);
  assert.ok(opens[1] < opens[2] && opens[2] - opens[1] < 0.01);
});

test("whatever the trades: volume is kept, no range bar is wider than N, every closed t bar has N trades", () => {
  const trades = fc.array(
    fc.record({ price: fc.integer({ min: -20, max: 20 }), size: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 80,
    },
  );
  for (const seed of testSeeds("trade bars")) {
    fc.assert(
      fc.property(trades, fc.integer({ min: 1, max: 12 }), (rows, size) => {
        const volume = rows.reduce((sum, row) => sum + row.size, 0);
        for (const kind of ["t", "v", "r"]) {
          const { series } = build(`${size}${kind}`, rows);
          const made = barRows(series);
          assert.equal(
            made.reduce((sum, row) => sum + row.volume, 0),
            volume,
          );
          for (const [index, row] of made.entries()) {
            if (kind === "r") assert.ok(row.ohlc[1] - row.ohlc[2] <= size);
            if (kind === "t" && index < series.length) assert.equal(row.trades, size);
            if (kind === "v" && index < series.length) assert.ok(row.volume >= size && row.volume < size + 9);
          }
        }
      }),
      { seed, numRuns: 100 },
    );
  }
});
