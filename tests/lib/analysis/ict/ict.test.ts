/** Does the whole ICT reading see only the past, restore, stay small, and hold on real bars? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addIctBar, createIct, type IctReading, type IctState, ictOf } from "#lib/analysis/ict/ict.ts";
import { killzoneAt, killzonesFrom } from "#lib/analysis/ict/killzones.ts";
import { ES_FIVE_MINUTES, realEsFiveMinutes, walkBars } from "#tests/support/placed-bars.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

const FIVE = 300_000;
const ICT: Driven<IctState, AnalysisBar, IctReading> = {
  create: () => createIct({ root: "ES", barsEachSide: 3 }),
  add: addIctBar,
  read: ictOf,
};
const WALK = walkBars(11, { from: "2026-11-16", dates: 4, intervalMs: FIVE });

function readyAfter(bars: readonly AnalysisBar[]): Extract<IctReading, { status: "ready" }> {
  const state = ICT.create();
  for (const bar of bars) addIctBar(state, bar);
  const reading = ictOf(state);
  assert.ok(reading.status === "ready");
  return reading;
}

test("cutting the bars at any point gives the same reading up to there", () => {
  assertNoLookAhead((bars) => published(ICT, bars), WALK);
});

test("a restored state goes on alike", () => {
  assertRestores(ICT, WALK.slice(0, 500), 61);
});

test("it warms up for 30 bars, and says how far it is", () => {
  const readings = published(ICT, WALK.slice(0, 30));
  const { status, n, reasons } = readings[28];
  assert.deepEqual([status, n, reasons], ["warming", 29, ["29 of 30 bars"]]);
  assert.equal(readings[29].status, "ready");
});

test("its state and its lists are bounded", () => {
  const state = ICT.create();
  for (const bar of walkBars(13, { from: "2026-06-01", dates: 20, intervalMs: FIVE })) addIctBar(state, bar);
  const bytes = snapshotBytes(state);
  assert.ok(bytes < 25_000, `${bytes} bytes`);
});

test("zones lie on ticks, are known when born, and nothing is drawn from the future", (t) => {
  for (const seed of testSeeds("ICT zones")) {
    t.diagnostic(`seed ${seed}`);
    for (const reading of published(ICT, walkBars(seed, { from: "2026-11-16", dates: 2, intervalMs: FIVE }))) {
      if (reading.status !== "ready") continue;
      for (const zone of [...reading.gaps, ...reading.orderBlocks, ...reading.failedBlocks]) {
        assert.ok(Number.isInteger(zone.topTicks) && Number.isInteger(zone.bottomTicks));
        assert.ok(zone.topTicks > zone.bottomTicks, zone.id);
        assert.ok(zone.fromMs < zone.bornMs && zone.bornMs <= reading.atMs, zone.id);
      }
      for (const swing of [...reading.swingHighs, ...reading.swingLows]) {
        assert.ok(swing.confirmedMs <= reading.atMs && swing.atMs + 4 * FIVE <= swing.confirmedMs);
      }
    }
  }
});

test("ids are unique and stay with their object", () => {
  const { gaps, orderBlocks, failedBlocks, sweeps, equalSwings, breaks } = readyAfter(WALK);
  const ids = [...gaps, ...orderBlocks, ...failedBlocks, ...sweeps, ...equalSwings, ...breaks].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 20, `${ids.length} objects`);
});

test("killzones are London, New York morning and afternoon, by New York time", () => {
  const at = (iso: string) => {
    const ms = Date.parse(iso);
    const zone = killzoneAt(killzonesFrom("ES", ms), ms);
    return [zone?.status, zone?.id];
  };
  // Friday 2026-11-20, five hours behind UTC.
  assert.deepEqual(at("2026-11-20T14:00:00Z"), ["in", "killzoneNyAm"]);
  assert.deepEqual(at("2026-11-20T16:00:00Z"), ["next", "killzoneNyPm"]);
  assert.deepEqual(at("2026-11-20T07:00:00Z"), ["in", "killzoneLondon"]);
  // After the last one of the week: London on Monday.
  assert.deepEqual(at("2026-11-20T21:30:00Z"), ["next", "killzoneLondon"]);
  assert.equal(killzonesFrom("ES", Date.parse("2026-11-20T21:30:00Z"))[0].openMs, Date.parse("2026-11-23T07:00:00Z"));
});

test("on real ES bars each kind is found, none an opening gap", needsSharedData(ES_FIVE_MINUTES), (t) => {
  const bars = realEsFiveMinutes("2024-02-05", "2024-02-16");
  const state = ICT.create();
  const seen: Record<string, Set<string>> = {};
  const byEnd = new Map(bars.map((bar, index) => [bar.endMs, index]));
  for (const bar of bars) {
    addIctBar(state, bar);
    const reading = ictOf(state);
    if (reading.status !== "ready") continue;
    const { gaps, orderBlocks, failedBlocks, sweeps, equalSwings, breaks } = reading;
    for (const { kind, id } of [...gaps, ...orderBlocks, ...failedBlocks, ...sweeps, ...equalSwings, ...breaks]) {
      seen[kind] ??= new Set();
      seen[kind].add(id);
    }
    for (const gap of gaps) {
      const third = byEnd.get(gap.bornMs) ?? Number.NaN;
      assert.ok(!bars[third].isAfterBreak && !bars[third - 1].isAfterBreak, gap.id);
    }
  }
  const counts = Object.fromEntries(Object.entries(seen).map(([kind, ids]) => [kind, ids.size]));
  t.diagnostic(`${bars.length} bars: ${JSON.stringify(counts)}`);
  for (const kind of ["fairValueGap", "orderBlock", "breaker", "sweep", "equalHighs", "equalLows", "BOS", "CHoCH"]) {
    assert.ok((counts[kind] ?? 0) > 0, kind);
  }
});
