/** Is speed the slope of the last five points, with each momentum reached? */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addToTrendSpeed,
  createTrendSpeed,
  momentumOf,
  type TrendSpeed,
  trendSpeedOf,
} from "#lib/analysis/trend-speed.ts";

function speedOf(points: readonly number[]): TrendSpeed {
  const state = createTrendSpeed();
  for (const point of points) addToTrendSpeed(state, point);
  return trendSpeedOf(state);
}

test("the worked example: half an ATR a bar, which is what is usual there", () => {
  const { direction, speed, relativeSpeed, momentum } = speedOf([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]);
  assert.ok(Math.abs(speed - 0.5) < 1e-12 && Math.abs(relativeSpeed - 1) < 1e-12);
  assert.deepEqual([direction, momentum], ["up", "steady"]);
});

test("a slope is that of least squares, and its size is measured against the last hundred", () => {
  const points = [0, 3, 1, 4, 1, 5, 9];
  const slope = (five: number[]): number => five.reduce((sum, value, at) => sum + ((at - 2) * value) / 10, 0);
  const slopes = [0, 1, 2].map((from) => slope(points.slice(from, from + 5)));
  const usual = Math.sqrt(slopes.reduce((sum, one) => sum + one * one, 0) / 3);
  const { speed, relativeSpeed } = speedOf(points);
  assert.ok(Math.abs(speed - slopes[2]) < 1e-12 && Math.abs(relativeSpeed - slopes[2] / usual) < 1e-12);
});

test("each momentum is reached, up and down", () => {
  assert.deepEqual([momentumOf(3, 2, 1), momentumOf(-3, -2, -1), momentumOf(1, -1, -2)], Array(3).fill("accelerating"));
  assert.deepEqual([momentumOf(1, 2, 3), momentumOf(-1, -2, -3)], Array(2).fill("decelerating"));
  assert.deepEqual([momentumOf(2, 3, 1), momentumOf(-2, -3, -1), momentumOf(1, 1, 1)], Array(3).fill("steady"));
  assert.equal(momentumOf(0, 1, 2), "flat");
});

test("a path that stands still has no speed, also behind fractions of an ATR", () => {
  const { direction, momentum, relativeSpeed } = speedOf([0.1, 0.7, 0.3, ...Array(250).fill(0.30000000000000004)]);
  assert.deepEqual([direction, momentum, relativeSpeed], ["flat", "flat", 0]);
});
