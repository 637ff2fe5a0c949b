/** Is a bar's delta what its sides say, and an estimate, named so, only where no side is known? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BarSeries, createBarSeries, DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { deltaOfParts, rowDelta } from "#lib/bars/delta.ts";
import { addTrade, openBar, SIDE } from "#lib/bars/time-bars.ts";
import { type VendorBar, writeVendorRow } from "#lib/bars/vendor-row.ts";

const MINUTE = 60_000;

/** Closed rows of a minute each, from a vendor's bars without sides: five contracts are not damped. */
function minutes(bars: readonly (Partial<VendorBar> & { atMinute?: number })[]): BarSeries {
  const series = createBarSeries("1m");
  for (const [at, { atMinute = at, ...one }] of bars.entries()) {
    const row = openBar(series, atMinute * MINUTE, (atMinute + 1) * MINUTE);
    const prices = { openTicks: 100, highTicks: 110, lowTicks: 100, closeTicks: 105 };
    writeVendorRow(series, row, {
      ...prices,
      volume: 5,
      buyVolume: 0,
      sellVolume: 0,
      trades: 1,
      vwapTicks: 105,
      ...one,
    });
    series.length += 1;
    series.isForming = false;
  }
  return series;
}

test("a row with sides is what they say, one without is estimated, an empty one has none", () => {
  const series = minutes([{ closeTicks: 110 }, { volume: 10, buyVolume: 7, sellVolume: 3 }, { volume: 0 }]);
  assert.deepEqual(rowDelta(series, 0), { contracts: 5, source: DELTA_SOURCE.estimate });
  assert.deepEqual(rowDelta(series, 1), { contracts: 4, source: DELTA_SOURCE.aggressor });
  assert.deepEqual(rowDelta(series, 2), { contracts: 0, source: DELTA_SOURCE.none });
  const auction = createBarSeries("1m");
  const unsigned = { priceTicks: 100, size: 9, side: SIDE.unsigned, exchangeMs: 0 };
  addTrade(auction, openBar(auction, 0, MINUTE), { ...unsigned, deltaSource: DELTA_SOURCE.aggressor });
  assert.deepEqual(rowDelta(auction, 0), { contracts: 0, source: DELTA_SOURCE.aggressor }, "known to have no side");
});

test("an estimate goes by the close before, and by the bar's open behind a stop of trading", () => {
  const series = minutes([{ closeTicks: 110 }, { closeTicks: 105 }, { closeTicks: 105, atMinute: 17 }]);
  const deltas = [0, 1, 2].map((row) => rowDelta(series, row).contracts);
  assert.deepEqual(deltas, [5, -2.5, 2.5]);
});

test("a long bar is the sum of the finest bars that hold it whole, by the worst of their sources", () => {
  const signedMinute = { volume: 10, buyVolume: 7, sellVolume: 3 };
  const fine = minutes([{ closeTicks: 110 }, { closeTicks: 104 }, signedMinute, {}]);
  const span = { fromMs: 0, untilMs: 3 * MINUTE, volume: 20 };
  const whole = { contracts: 5 - 3 + 4, source: DELTA_SOURCE.estimate };
  assert.deepEqual(deltaOfParts([fine], span), whole);
  const lacking = minutes([{ closeTicks: 110 }]);
  assert.deepEqual(deltaOfParts([lacking, fine], span), whole, "the finest that is not whole is passed over");
  assert.equal(deltaOfParts([lacking], span), null);
  const signed = minutes([{ volume: 10, buyVolume: 1, sellVolume: 9 }]);
  assert.deepEqual(deltaOfParts([signed], { fromMs: 0, untilMs: MINUTE, volume: 10 }), {
    contracts: -8,
    source: DELTA_SOURCE.aggressor,
  });
});
