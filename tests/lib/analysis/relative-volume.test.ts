/** Is RVOL volume so far against the same clock time, on the contract that was front? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addRelativeVolumeBar,
  createRelativeVolume,
  type RelativeVolume,
  type RelativeVolumeState,
  relativeVolumeOf,
} from "#lib/analysis/relative-volume.ts";
import { MS_PER_DAY, MS_PER_MINUTE } from "#lib/units.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { barsOf, barsPerDay, gappedWalk } from "#tests/support/shaped-bars.ts";
import { needsSharedData, readSharedCsv } from "#tests/support/shared-data.ts";

const FLAT = { open: 100, high: 101, low: 99, close: 100 };

const rvolBy = (intervalMs: number): Driven<RelativeVolumeState, AnalysisBar, RelativeVolume> => ({
  create: () => createRelativeVolume(intervalMs),
  add: addRelativeVolumeBar,
  read: relativeVolumeOf,
});

const run = (bars: readonly AnalysisBar[], minutes = 30): RelativeVolume[] =>
  published(rvolBy(minutes * MS_PER_MINUTE), bars);

test("I-18 RVOL compares the volume so far with the same clock time, not a bar with a day", () => {
  const day = barsPerDay(30);
  // Six dates: the bars of the first five trade 100 each, those of the sixth 150.
  const shapes = Array.from({ length: 6 * day }, (_, at) => ({ ...FLAT, volume: at < 5 * day ? 100 : 150 }));
  const readings = run(barsOf(shapes, { minutes: 30 }));
  const early = readings[5 * day + 1];
  const late = readings[6 * day - 1];
  assert.ok(early.status === "ready" && late.status === "ready");
  assert.deepEqual([early.ratio, early.volume, early.usualVolume, early.n], [1.5, 300, 200, 5]);
  assert.deepEqual([late.ratio, late.volume], [1.5, day * 150]);
  assert.deepEqual(readings[4 * day].status, "warming");
  assert.match(early.reasons[0], /volume 300 is 1\.50 × the average at this clock time \(200, n 5\)/);
});

/** The slow version: volumes of every earlier full date up to the same clock time. */
function searched(bars: readonly AnalysisBar[], at: number): { n: number; mean: number } {
  const bar = bars[at];
  const clock = (one: AnalysisBar): number => (one.openMs - one.sessionOpenMs) % MS_PER_DAY;
  const full = bars.filter((one) => one.tradeDate < bar.tradeDate && one.isFullSession);
  const dates = [...new Set(full.map((one) => one.tradeDate))].slice(-20);
  const sums = dates.map((date) =>
    full.reduce((sum, one) => sum + (one.tradeDate === date && clock(one) <= clock(bar) ? one.volume : 0), 0),
  );
  return { n: dates.length, mean: sums.reduce((sum, one) => sum + one, 0) / dates.length };
}

for (const seed of testSeeds("relative-volume")) {
  test(`equals the slow search where bars are missing, seed ${seed}`, () => {
    const bars = gappedWalk(seed, 24 * barsPerDay(30), 30).filter((_, at) => at % 7 !== 3);
    const readings = run(bars);
    for (let at = 8 * barsPerDay(30); at < bars.length; at += 13) {
      const reading = readings[at];
      const { n, mean } = searched(bars, at);
      assert.ok(reading.status === "ready");
      assert.deepEqual([reading.n, reading.usualVolume], [n, mean], `bar ${at}`);
    }
  });
}

test("a session that was joined in its middle is no measure and gets none", () => {
  const day = barsPerDay(30);
  const bars = barsOf(Array(8 * day).fill(FLAT), { minutes: 30 }).slice(10);
  const readings = run(bars);
  // Behind the joined one five whole sessions are needed.
  assert.equal(readings[6 * day - 11].status, "warming");
  assert.equal(readings[6 * day - 10].status, "ready");
  assert.equal(readings[6 * day - 10].n, 5);
});

test("behind a holiday's segment the count begins again at 17:00: Martin Luther King Day 2026", () => {
  const day = barsPerDay(30);
  const bars = barsOf(Array(9 * day).fill(FLAT), { from: "2026-01-09", minutes: 30 });
  const readings = run(bars);
  const tuesday = bars.findIndex((bar) => bar.openMs === Date.parse("2026-01-19T23:00:00Z"));
  const reading = readings[tuesday + 3];
  assert.ok(reading.status === "ready");
  assert.deepEqual([bars[tuesday].isFullSession, reading.volume, reading.ratio], [false, 400, 1]);
});

const DAILY = "bars/lean_es_daily_trade.csv.gz";

/** Daily bars of the dates up to 2013-12-16, each of the contract that `pick` names for it, as one bar a date. */
function dailyBars(pick: (date: string) => string): AnalysisBar[] {
  const rows = readSharedCsv(DAILY).filter((row) => row.time <= "20131216 24" && row.time > "20131101");
  const dates = [...new Set(rows.map((row) => row.time.slice(0, 8)))];
  return dates.flatMap((date) => {
    const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    const row = rows.find((one) => one.time.startsWith(date) && one.contract === pick(date));
    const [first] = barsOf([{ ...FLAT, volume: Number(row?.volume ?? 0) }], { from: iso });
    const isWeekend = [0, 6].includes(new Date(`${iso}T00:00:00Z`).getUTCDay());
    return row === undefined || isWeekend ? [] : [{ ...first, endMs: first.sessionCloseMs }];
  });
}

test("the roll is no jump in volume: ES of 2013-12-16 is about 0.9", needsSharedData(DAILY), () => {
  const ofDay = (bars: AnalysisBar[]): RelativeVolume | undefined => published(rvolBy(MS_PER_DAY), bars).at(-1);
  const front = ofDay(dailyBars((date) => (date < "20131216" ? "ES201312" : "ES201403")));
  const own = ofDay(dailyBars(() => "ES201403"));
  assert.ok(front?.status === "ready" && own?.status === "ready");
  assert.equal(front.n, 20);
  assert.ok(front.ratio > 0.8 && front.ratio < 1, `front ${front.ratio}`);
  assert.ok(own.ratio > 5, `own ${own.ratio}`);
});

test("nothing published depends on later bars; a look at the next bar is found; a restored state goes on", () => {
  const bars = gappedWalk(5, 8 * barsPerDay(30), 30);
  assertNoLookAhead((inputs) => run(inputs), bars);
  const peeking = (inputs: readonly AnalysisBar[]): RelativeVolume[] =>
    run(inputs.map((bar, at) => ({ ...bar, volume: (inputs[at + 1] ?? bar).volume })));
  assert.throws(() => assertNoLookAhead(peeking, bars), /cut behind input/);
  assertRestores(rvolBy(30 * MS_PER_MINUTE), bars);
});
