/** Does every number read as traders write it, also when it is zero, negative or unknown? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decimalsOf,
  formatAge,
  formatBytes,
  formatClock,
  formatCountdown,
  formatDayClock,
  formatMillis,
  formatPrice,
  formatPriceChange,
  formatQuantity,
  formatSigned,
  formatUsd,
} from "#lib/format.ts";
import { INSTRUMENTS, type Instrument, instrumentOf } from "#lib/instrument.ts";
import { pointsFromTicks } from "#lib/units.ts";

function listed(root: string): Instrument {
  const instrument = instrumentOf(root);
  assert.ok(instrument !== null, root);
  return instrument;
}

const PRICES: readonly [root: string, points: number | null, text: string][] = [
  ["ES", 4800.5, "4800.50"],
  ["ES", 4800, "4800.00"],
  ["ES", -0, "0.00"],
  ["ES", -0.25, "-0.25"],
  ["ES", null, "–"],
  ["ES", Number.NaN, "–"],
  ["ES", 4800.123456, "4800.12"],
  ["YM", 44_123, "44123"],
  ["BTC", 91_235, "91235"],
  ["CL", -37.63, "-37.63"],
  ["CL", 0, "0.00"],
  ["GC", 2650.1, "2650.1"],
  ["SI", 31.005, "31.005"],
  ["HG", 4.0995, "4.0995"],
  ["NG", 3.129, "3.129"],
  ["6E", 1.0925, "1.09250"],
  ["6E", 1.09255, "1.09255"],
  ["6B", 1.2701, "1.2701"],
  ["6J", 0.0064005, "0.0064005"],
  ["ZN", 110 + 16.5 / 32, "110'165"],
  ["ZN", 110 + 16 / 32, "110'160"],
  ["ZN", 110, "110'000"],
  ["ZN", 109 + 31.5 / 32, "109'315"],
  ["ZN", 110 + 31.9 / 32, "111'000"],
  ["ZN", -(1 + 0.5 / 32), "-1'005"],
  ["ZN", -0.000001, "0'000"],
  ["ZN", null, "–"],
  ["ZB", 118 + 7 / 32, "118'07"],
  ["ZB", 118.5, "118'16"],
];

for (const [root, points, text] of PRICES) {
  test(`writes ${root} ${Object.is(points, -0) ? "-0" : points} as ${text}`, () => {
    assert.equal(formatPrice(points, listed(root)), text);
  });
}

test("decimals show a tick in full and no more", () => {
  const expected = {
    ES: 2,
    YM: 0,
    RTY: 1,
    GC: 1,
    SI: 3,
    HG: 4,
    CL: 2,
    NG: 3,
    "6E": 5,
    "6B": 4,
    "6J": 7,
    BTC: 0,
    M6E: 4,
  };
  for (const [root, decimals] of Object.entries(expected)) {
    const { tickSizes } = listed(root);
    assert.equal(decimalsOf(tickSizes[tickSizes.length - 1].size), decimals, root);
  }
});

for (const [name, seed] of [["fixed", 32] as const, ["fresh", Math.floor(Math.random() * 1e9)] as const]) {
  test(`no two prices read alike, and none reads "-0" (${name} seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...INSTRUMENTS), fc.integer({ min: -200_000, max: 200_000 }), (instrument, ticks) => {
        const { size } = instrument.tickSizes[instrument.tickSizes.length - 1];
        const text = formatPrice(pointsFromTicks(ticks, size), instrument);
        const next = formatPrice(pointsFromTicks(ticks + 1, size), instrument);
        assert.notEqual(text, next);
        assert.equal(text.startsWith("-"), ticks < 0, text);
        if (instrument.priceFormat.kind === "decimal") assert.ok(Math.abs(Number(text) - ticks * size) < size / 1e3);
      }),
      { seed, numRuns: 1_000 },
    );
  });
}

test("writes changes with their sign", () => {
  assert.equal(formatPriceChange(1.5, listed("ES")), "+1.50");
  assert.equal(formatPriceChange(-1.5, listed("ES")), "-1.50");
  assert.equal(formatPriceChange(0, listed("ES")), "0.00");
  assert.equal(formatPriceChange(null, listed("ES")), "–");
  assert.equal(formatPriceChange(0.25, listed("ZN")), "+0'080");
  assert.equal(formatPriceChange(0.0001, listed("ES")), "0.00");
  assert.equal(formatSigned(3.456, 1), "+3.5");
  assert.equal(formatSigned(-3.456), "-3.46");
  assert.equal(formatSigned(-0.04, 1), "0.0");
  assert.equal(formatSigned(-0), "0.00");
  assert.equal(formatSigned(12_345.6, 0), "+12,346");
  assert.equal(formatSigned(null), "–");
});

test("writes quantities and dollars with commas", () => {
  assert.equal(formatQuantity(12_345), "12,345");
  assert.equal(formatQuantity(999), "999");
  assert.equal(formatQuantity(1_000_000), "1,000,000");
  assert.equal(formatQuantity(-1_200), "-1,200");
  assert.equal(formatQuantity(-0), "0");
  assert.equal(formatQuantity(null), "–");
  assert.equal(formatUsd(1_234.5), "$1,234.50");
  assert.equal(formatUsd(-0.375), "-$0.38");
  assert.equal(formatUsd(1.005), "$1.01");
  assert.equal(formatUsd(-0.001), "$0.00");
  assert.equal(formatUsd(-1_234_567.891), "-$1,234,567.89");
  assert.equal(formatUsd(Number.POSITIVE_INFINITY), "–");
});

test("writes ages", () => {
  const cases: readonly [number | null, string][] = [
    [230, "0.2 s"],
    [0, "0.0 s"],
    [-500, "0.0 s"],
    [9_999, "9.9 s"],
    [10_000, "10 s"],
    [41_700, "41 s"],
    [59_999, "59 s"],
    [60_000, "1 m 0 s"],
    [192_000, "3 m 12 s"],
    [3_600_000, "1 h 0 m"],
    [7_380_000, "2 h 3 m"],
    [90_000_000, "1 d 1 h"],
    [null, "–"],
  ];
  for (const [ageMs, text] of cases) assert.equal(formatAge(ageMs), text, String(ageMs));
});

test("writes countdowns, whose last second ends at zero", () => {
  const cases: readonly [number | null, string][] = [
    [4_673_000, "1:17:53"],
    [1, "0:00:01"],
    [1_000, "0:00:01"],
    [1_001, "0:00:02"],
    [0, "0:00:00"],
    [-5_000, "0:00:00"],
    [172_800_000, "48:00:00"],
    [null, "–"],
  ];
  for (const [leftMs, text] of cases) assert.equal(formatCountdown(leftMs), text, String(leftMs));
});

test("writes the clock of a zone", () => {
  const ms = Date.UTC(2024, 0, 2, 13, 12, 7, 900);
  assert.equal(formatClock("America/New_York", ms), "08:12:07");
  assert.equal(formatClock("America/Chicago", ms), "07:12:07");
  assert.equal(formatClock("UTC", ms), "13:12:07");
  assert.equal(formatClock("America/New_York", Date.UTC(2024, 6, 2, 4)), "00:00:00");
  assert.equal(formatClock("UTC", null), "–");
  assert.equal(formatDayClock("America/Chicago", Date.UTC(2024, 6, 2, 4, 5)), "07-01 23:05");
  assert.equal(formatDayClock("UTC", null), "–");
});

test("writes short times and sizes with three figures", () => {
  assert.deepEqual([4.23, 9.94, 9.96, 18.4, 1_234, null].map(formatMillis), ["4.2", "9.9", "10", "18", "1,234", "–"]);
  const sizes = [0, 512, 999, 1_000, 48_213_004, 999_600, 123_456_789, null];
  const written = ["0 B", "512 B", "999 B", "1.0 kB", "48.2 MB", "1.0 MB", "123 MB", "–"];
  assert.deepEqual(sizes.map(formatBytes), written);
});
