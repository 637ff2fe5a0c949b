/** Does a bar stand at its exchange time, with the day's windows behind it? */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axisSeconds,
  candleOf,
  deltaOf,
  intradayMs,
  isForming,
  isShaded,
  shadesBetween,
  tupleOf,
} from "#components/chart/chart-data.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

const BAR: BarTuple = [Date.UTC(2026, 10, 20, 15, 30), 1, 4, 0.5, 3, 100, 60, 30, 20, 2.25, 0, 0, 30, 2];

test("a bar stands at the exchange's wall clock, winter and summer", () => {
  assert.equal(candleOf(BAR, "America/Chicago").time, Date.UTC(2026, 10, 20, 9, 30) / 1_000);
  assert.equal(candleOf(BAR, "America/New_York").time, Date.UTC(2026, 10, 20, 10, 30) / 1_000);
  assert.equal(axisSeconds(Date.UTC(2026, 6, 1, 14, 30), "America/Chicago"), Date.UTC(2026, 6, 1, 9, 30) / 1_000);
});

test("axis time rises over both changes of the clock while the market trades", () => {
  // Friday's close and Sunday's open around the first Sunday of November and the second of March.
  for (const sunday of [Date.UTC(2026, 10, 1), Date.UTC(2026, 2, 8)]) {
    const times = Array.from({ length: 8 * 24 }, (_, hour) => sunday + (hour - 72) * 3_600_000);
    const trading = times.filter((ms) => ms < sunday - 26 * 3_600_000 || ms > sunday + 22 * 3_600_000);
    const axis = trading.map((ms) => axisSeconds(ms, "America/Chicago"));
    assert.deepEqual(
      axis.toSorted((a, b) => a - b),
      axis,
    );
    assert.equal(new Set(axis).size, axis.length);
  }
});

test("open, high, low, close and delta keep their places", () => {
  const { open, high, low, close } = candleOf(BAR, "UTC");
  assert.deepEqual([open, high, low, close], [1, 4, 0.5, 3]);
  assert.deepEqual(deltaOf(BAR), { contracts: 30, source: "quote" });
  assert.equal(isForming(BAR), true);
});

test("a row of history becomes a closed bar of the stream", () => {
  const row = {
    openMs: BAR[0],
    open: 1,
    high: 4,
    low: 0.5,
    close: 3,
    volume: 100,
    buyVolume: 60,
    sellVolume: 30,
    unsignedVolume: 10,
    trades: 20,
    vwap: 2.25,
    revision: 2,
    delta: -70,
    deltaSource: "estimate",
  } as const;
  assert.deepEqual(tupleOf(row), [...BAR.slice(0, 10), 2, 1, -70, 4]);
});

test("lengths of intervals, and which of them have windows behind", () => {
  assert.deepEqual((["1s", "15m", "4h", "1d", "1w", "500t", "8r"] as const).map(intradayMs), [
    1_000,
    900_000,
    14_400_000,
    null,
    null,
    null,
    null,
  ]);
  assert.deepEqual((["1m", "1h", "4h", "1d", "500t"] as const).map(isShaded), [true, true, false, false, true]);
});

test("the windows of a Friday: Asia, London, New York and RTH by their own clocks", () => {
  const fromMs = Date.UTC(2026, 10, 20, 12);
  const shades = shadesBetween("ES", fromMs, fromMs + 3_600_000);
  const hours = shades.map(({ kind, fromMs: from, toMs: to }) => {
    return [kind, new Date(from).toISOString().slice(5, 16), new Date(to).toISOString().slice(5, 16)];
  });
  assert.deepEqual(hours, [
    ["asia", "11-20T00:00", "11-20T07:00"],
    ["london", "11-20T07:00", "11-20T13:00"],
    ["newYork", "11-20T13:00", "11-20T21:00"],
    ["rth", "11-20T14:30", "11-20T21:00"],
  ]);
  assert.deepEqual(shadesBetween("ES", Date.UTC(2026, 10, 22, 12), Date.UTC(2026, 10, 21, 12)), []);
  assert.deepEqual(shadesBetween("XX", fromMs, fromMs), []);
});
