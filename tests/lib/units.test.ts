/** Do ticks, points and dollars convert without losing or inventing anything? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { points, pointsFromTicks, ticks, ticksFromPoints, usd, usdFromTicks } from "#lib/units.ts";
import { testSeeds } from "#tests/support/seeds.ts";

test("ticks are whole numbers, and nothing else is taken for them", () => {
  assert.equal(ticks(-3), -3);
  for (const wrong of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => ticks(wrong), RangeError);
});

test("a price off its tick is null, the dust of decimals is not", () => {
  assert.equal(ticksFromPoints(4800.25, 0.25), 19_201);
  assert.equal(ticksFromPoints(4800.3, 0.25), null);
  assert.equal(ticksFromPoints(0.1 + 0.2, 0.1), 3);
  assert.equal(ticksFromPoints(-37.63, 0.01), -3_763, "CL on 2020-04-20");
  assert.equal(ticksFromPoints(Number.NaN, 0.25), null);
});

test("points and back is the same tick for every product, at any sign", () => {
  for (const seed of testSeeds("units")) {
    for (const { tickSizes } of INSTRUMENTS) {
      for (const { size } of tickSizes) {
        fc.assert(
          fc.property(fc.integer({ min: -2_000_000, max: 2_000_000 }), (price) => {
            assert.equal(ticksFromPoints(pointsFromTicks(price, size), size), price);
          }),
          { seed, numRuns: 50 },
        );
      }
    }
  }
  assert.equal(pointsFromTicks(11, 0.1), points(1.1), "no 1.1000000000000001");
});

test("money keeps four decimals: three ticks of two ZN are 93.75 USD, one tick 15.625", () => {
  assert.equal(usdFromTicks(3, 15.625, 2), 93.75);
  assert.equal(usdFromTicks(1, 15.625, 1), 15.625);
  assert.equal(usdFromTicks(-1, 12.5, 3), -37.5);
});

test("half of the fourth decimal is rounded away from zero, so that a loss mirrors its gain; there is no −0", () => {
  assert.deepEqual([usd(0.781_25), usd(-0.781_25)], [0.7813, -0.7813]);
  assert.deepEqual([usdFromTicks(0.0625, 12.5, 1), usdFromTicks(-0.0625, 12.5, 1)], [0.7813, -0.7813]);
  assert.ok(Object.is(usd(-0.000_01), 0));
});
