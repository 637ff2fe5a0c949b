/** Do intervals hold the truth as often as they claim, does chance shrink away, does the cone know its odds? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#lib/prng.ts";
import { shrunkMeans } from "#lib/stats/credibility.ts";
import { drawDates, resampled } from "#lib/stats/date-resamples.ts";
import { estimateOf } from "#lib/stats/estimate.ts";
import { CONE_SHARES, monteCarloOf } from "#lib/stats/monte-carlo.ts";
import type { TradeRow } from "#lib/stats/trade-row.ts";
import { DEFAULT_STATS, tradeStatsOf } from "#lib/stats/trade-stats.ts";
import { rowOf } from "#tests/support/random-trades.ts";
import { testSeeds } from "#tests/support/seeds.ts";

/** About normal: twelve uniform draws less 6. */
function normal(random: () => number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw += 1) sum += random();
  return sum;
}

/** Five trades a day that share the day's luck; the true mean is 10. */
function alikeDays(dates: number, random: () => number): TradeRow[] {
  return Array.from({ length: dates }, (_, day) => {
    const luck = 30 * normal(random);
    return Array.from({ length: 5 }, () => rowOf({ tradeDate: 20_000 + day, netUsd: 10 + luck + 10 * normal(random) }));
  }).flat();
}

test("95 % intervals of expectancy hold the true mean about 95 times of 100, though trades of a day are alike", () => {
  const settings = { ...DEFAULT_STATS, resamples: 300, cellResamples: 100, paths: 1 };
  for (const seed of testSeeds("coverage")) {
    const random = createRandom(seed);
    let [held, sets] = [0, 0];
    for (; sets < 200; sets += 1) {
      const { low, high } = tradeStatsOf(alikeDays(60, random), settings).summary.expectancyUsd;
      assert.ok(low !== null && high !== null);
      if (low <= 10 && high >= 10) held += 1;
    }
    // Drawn trade by trade it would be some 65 %; chance alone moves 200 sets by 3 %.
    assert.ok(held / sets >= 0.86 && held / sets <= 0.995, `${held} of ${sets}, seed ${seed}`);
  }
});

test("an interval of means is as wide as theory has it", () => {
  const dates = 400;
  const random = createRandom(9);
  const nets = Float64Array.from({ length: dates }, () => 20 * normal(random));
  const resamples = drawDates({ dates, count: 2_000, seed: 3 });
  const [samples] = resampled(resamples, [nets, nets.map(() => 1)], [([sum, n]) => sum / n]);
  const { low, high } = estimateOf(0, samples, { n: dates, dates });
  assert.ok(low !== null && high !== null);
  const mean = nets.reduce((a, b) => a + b, 0) / dates;
  const deviation = Math.sqrt(nets.reduce((sum, net) => sum + (net - mean) ** 2, 0) / dates);
  const expected = (2 * 1.96 * deviation) / Math.sqrt(dates);
  assert.ok(Math.abs((high - low) / expected - 1) < 0.1, `${high - low}, theory ${expected}`);
  // Each resample draws as many dates as there are.
  for (let sample = 0; sample < 20; sample += 1) {
    const times = resamples.times.subarray(sample * dates, (sample + 1) * dates);
    assert.equal(
      times.reduce((a, b) => a + b, 0),
      dates,
    );
  }
});

test("a hundred winners in a row are no certainty: the win rate's bounds are at least Wilson's", () => {
  const rows = Array.from({ length: 100 }, (_, at) => rowOf({ tradeDate: 20_000 + at, netUsd: 5 }));
  const { winRate, profitFactor } = tradeStatsOf(rows, { ...DEFAULT_STATS, paths: 1 }).summary;
  assert.deepEqual([winRate.value, winRate.high], [1, 1]);
  assert.equal(winRate.low?.toFixed(4), "0.9630");
  assert.equal(profitFactor.value, null, "without a loser there is none");
});

test("Bühlmann's worked example: 3, 5, 7 and 6, 12, 9 → credibility 0.7292", () => {
  const [low, high] = shrunkMeans([
    { n: 3, mean: 5, squares: 8 },
    { n: 3, mean: 9, squares: 18 },
  ]);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ["5.5417", "8.4583"]);
  // Groups that differ by chance alone are all the same; one group is itself.
  const alike = [
    { n: 50, mean: 1, squares: 50_000 },
    { n: 50, mean: -1, squares: 50_000 },
  ];
  assert.deepEqual(shrunkMeans(alike), [0, 0]);
  assert.deepEqual(shrunkMeans([{ n: 5, mean: 3, squares: 9 }]), [3]);
});

test("no cell with fewer than 100 trades may order a list, and each says what all have", () => {
  const rows = Array.from({ length: 199 }, (_, at) =>
    rowOf({ tradeDate: 20_000 + at, netUsd: (at % 7) - 3, setup: at < 100 ? "a" : "b" }),
  );
  const { setup } = tradeStatsOf(rows, { ...DEFAULT_STATS, paths: 1 }).breakdowns;
  assert.deepEqual(
    setup.map(({ key, n, nAll, isSortable }) => [key, n, nAll, isSortable]),
    [
      ["a", 100, 199, true],
      ["b", 99, 199, false],
    ],
  );
});

test("the cone of days that are all alike is a line, and below 30 days there is none", () => {
  const given = { horizon: 5, paths: 100, seed: 1, roomUsd: 30 };
  const cone = monteCarloOf({ ...given, nets: new Float64Array(30).fill(-10) });
  assert.ok(cone !== null);
  for (const line of cone.cone) assert.deepEqual([...line], [-10, -20, -30, -40, -50]);
  assert.deepEqual([cone.profitShare, cone.roomLostShare, cone.drawdownMedianUsd, cone.drawdown95Usd], [0, 1, 50, 50]);
  assert.equal(monteCarloOf({ ...given, nets: new Float64Array(29) }), null);
});

test("after one day the cone has the odds of a coin, after 100 those of the normal curve", () => {
  const nets = Float64Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 100 : -90));
  for (const seed of testSeeds("cone")) {
    const cone = monteCarloOf({ nets, horizon: 100, paths: 20_000, seed, roomUsd: null });
    assert.ok(cone !== null);
    const lines = CONE_SHARES.map((share, at) => ({ share, line: cone.cone[at] }));
    assert.deepEqual([lines[0].line[0], lines[4].line[0]], [-90, 100]);
    // Mean 5 and deviation 95 a day.
    for (const [at, z] of [-1.645, -0.674, 0, 0.674, 1.645].entries()) {
      const expected = 500 + z * 950;
      assert.ok(
        Math.abs(lines[at].line[99] - expected) < 100,
        `${lines[at].share}: ${lines[at].line[99]}, ${expected}`,
      );
    }
    assert.ok(Math.abs(cone.profitShare - 0.7) < 0.05, `${cone.profitShare}, seed ${seed}`);
    assert.equal(cone.roomLostShare, null);
    assert.deepEqual(monteCarloOf({ nets, horizon: 100, paths: 20_000, seed, roomUsd: null }), cone);
  }
});
