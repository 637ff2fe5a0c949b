/** Is each candle pattern found, and its near miss not? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { candleSideOf } from "#lib/analysis/candle.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const bar = (open: number, high: number, low: number, close: number): IndicatorBar => ({
  open,
  high,
  low,
  close,
  volume: 1,
});

const side = (newest: IndicatorBar, prior: IndicatorBar | null = null): string => candleSideOf(newest, prior);

test("hammer and shooting star, and a body too large for one", () => {
  assert.equal(side(bar(100, 101, 90, 100.5)), "bullish");
  // Body 2.5 of 10, lower wick 6, upper 1.5: a hammer and no pin, whose wick would be over 6.
  assert.equal(side(bar(6, 10, 0, 8.5)), "bullish");
  assert.equal(side(bar(6, 10, 0, 9.1)), "none", "body 31 % of the range");
  assert.equal(side(bar(4, 10, 0, 1.5)), "bearish");
});

test("pin bars, and a wick too short for one", () => {
  // Upper wick 2.5 above a body of 1: no hammer.
  assert.equal(side(bar(6.5, 10, 0, 7.5)), "bullish");
  assert.equal(side(bar(5.9, 9.9, 0, 7.2)), "none", "wick 59.6 %");
  assert.equal(side(bar(3.5, 10, 0, 2.5)), "bearish");
});

test("a body that engulfs the opposite one before it, also from the very close", () => {
  const fall = bar(10, 11, 4, 5);
  assert.equal(side(bar(5, 12, 4, 11), fall), "bullish");
  assert.equal(side(bar(5, 12, 4, 10), fall), "none", "closes at the prior open, not above");
  assert.equal(side(bar(5.5, 12, 4, 11), fall), "none", "opens inside the prior body");
  assert.equal(side(bar(5, 12, 4, 11), bar(5, 11, 4, 10)), "none", "the prior body rose");
  assert.equal(side(bar(5, 12, 4, 11)), "none", "behind a break there is no prior body");
  assert.equal(side(bar(10, 11, 3, 4), bar(5, 11, 4, 10)), "bearish");
});

test("both at once say nothing, nor does a bar without range", () => {
  // A hammer that also engulfs downwards.
  assert.equal(side(bar(10, 10, 0, 8.9), bar(9, 10, 8, 9.9)), "none");
  assert.equal(side(bar(5, 5, 5, 5), bar(5, 5, 5, 5)), "none");
});

test("mirrored prices give the mirrored side", (t) => {
  const price = fc.integer({ min: -50, max: 50 });
  const anyBar = fc.tuple(price, price, fc.nat(20), fc.nat(20)).map(([open, close, up, down]) => {
    return bar(open, Math.max(open, close) + up, Math.min(open, close) - down, close);
  });
  const mirror = (one: IndicatorBar): IndicatorBar => bar(-one.open, -one.low, -one.high, -one.close);
  const opposite = { bullish: "bearish", bearish: "bullish", none: "none" };
  const property = fc.property(anyBar, anyBar, (newest, prior) => {
    assert.equal(candleSideOf(mirror(newest), mirror(prior)), opposite[candleSideOf(newest, prior)]);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line), runs: 500 });
});
