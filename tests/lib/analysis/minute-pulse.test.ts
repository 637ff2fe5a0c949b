/** Is the pulse of the last ten minutes what their bars say, and none across a stop of trading? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addMinutePulseBar,
  createMinutePulse,
  type MinutePulse,
  type MinutePulseState,
  minutePulseOf,
} from "#lib/analysis/minute-pulse.ts";
import { barsFrom, type PriceRow, walkBars } from "#tests/support/placed-bars.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-20T15:00:00Z");
const PULSE: Driven<MinutePulseState, AnalysisBar, MinutePulse> = {
  create: createMinutePulse,
  add: addMinutePulseBar,
  read: minutePulseOf,
};

function pulse(rows: readonly PriceRow[]): Extract<MinutePulse, { status: "ready" }> {
  const reading = published(PULSE, barsFrom("ES", START, MINUTE, rows)).at(-1);
  assert.ok(reading?.status === "ready", JSON.stringify(reading));
  return reading;
}

const rising = Array.from({ length: 10 }, (_, at): PriceRow => [100 + at, 101 + at, 99 + at, 100 + at, 20]);

test("rising closes: up, one tick a minute, range of five minutes", () => {
  const { trend, momentumTicks, rangeTicks, volumeRatio, isVolumeSurge } = pulse(rising);
  assert.deepEqual([trend, momentumTicks, rangeTicks, volumeRatio, isVolumeSurge], ["up", 1, 6, 1, false]);
  const falling = rising.map(([o, h, l, c, v = 20]): PriceRow => [-o, -l, -h, -c, v]);
  assert.deepEqual([pulse(falling).trend, pulse(falling).momentumTicks], ["down", -1]);
});

test("a minute of more than twice the volume of the nine before it is a surge", () => {
  const last = (volume: number): PriceRow[] => [...rising.slice(0, 9), [109, 110, 108, 109, volume]];
  assert.equal(pulse(last(40)).isVolumeSurge, false);
  assert.deepEqual([pulse(last(50)).isVolumeSurge, pulse(last(50)).volumeRatio], [true, 2.5]);
});

test("averages within a tenth of a minute's range are flat", () => {
  assert.equal(pulse(rising.map(([, , , , v = 20]): PriceRow => [100, 105, 95, 100, v])).trend, "flat");
});

test("it warms up for ten minutes, again behind a stop of trading", () => {
  const bars = walkBars(3, { from: "2026-11-19", dates: 2, intervalMs: MINUTE });
  const readings = published(PULSE, bars);
  assert.equal(readings[8].status, "warming");
  assert.equal(readings[9].status, "ready");
  const open = bars.findIndex((bar, at) => at > 0 && bar.isAfterBreak);
  assert.deepEqual([readings[open].status, readings[open].n], ["warming", 1]);
  assert.equal(readings[open + 9].status, "ready");
});

test("cutting the minutes at any point gives the same pulse up to there; a restored state goes on alike", () => {
  const bars = walkBars(4, { from: "2026-11-19", dates: 2, intervalMs: 5 * MINUTE });
  assertNoLookAhead((part) => published(PULSE, part), bars);
  assertRestores(PULSE, bars, 37);
});
