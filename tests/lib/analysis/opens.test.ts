/** Are opens the prices of the first bar at their New York time, in winter and summer, and unknown when missed? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addOpensBar, createOpens, type OpensState } from "#lib/analysis/opens.ts";
import { walkBars } from "#tests/support/placed-bars.ts";

const MINUTE = 60_000;

function opensOf(bars: readonly AnalysisBar[]): OpensState["opens"] {
  const state = createOpens();
  for (const bar of bars) addOpensBar(state, bar);
  return state.opens;
}

const at = (iso: string): number => Date.parse(iso);
const before = (bars: readonly AnalysisBar[], iso: string): AnalysisBar[] =>
  bars.filter(({ openMs }) => openMs < at(iso));

/** Monday 2026-11-23 and Tuesday 11-24: New York is five hours behind UTC. */
const WINTER = walkBars(3, { from: "2026-11-23", dates: 2, intervalMs: 5 * MINUTE });

test("clock opens are the first bar's open at 00:00, 08:30 and 09:30 New York", () => {
  const opens = opensOf(WINTER);
  const openAt = (iso: string): number | undefined => WINTER.find(({ openMs }) => openMs === at(iso))?.openTicks;
  assert.deepEqual(opens.midnight, { priceTicks: openAt("2026-11-24T05:00:00Z"), atMs: at("2026-11-24T05:00:00Z") });
  assert.equal(opens.et0830?.atMs, at("2026-11-24T13:30:00Z"));
  assert.equal(opens.et0930?.atMs, at("2026-11-24T14:30:00Z"));
  assert.deepEqual(opens.rth, opens.et0930);
  assert.equal(opens.session?.atMs, at("2026-11-23T23:00:00Z"));
  assert.equal(opens.week?.atMs, at("2026-11-22T23:00:00Z"));
});

test("in summer they are an hour earlier by UTC", () => {
  const opens = opensOf(walkBars(3, { from: "2026-07-14", dates: 2, intervalMs: 5 * MINUTE }));
  assert.equal(opens.midnight?.atMs, at("2026-07-15T04:00:00Z"));
  assert.equal(opens.et0930?.atMs, at("2026-07-15T13:30:00Z"));
});

test("gold's RTH opens at 08:20 New York", () => {
  const opens = opensOf(walkBars(3, { root: "GC", from: "2026-11-23", dates: 1, intervalMs: 5 * MINUTE }));
  assert.equal(opens.rth?.atMs, at("2026-11-23T13:20:00Z"));
});

test("an open that is not reached yet, or was missed, is unknown", () => {
  assert.equal(opensOf(before(WINTER, "2026-11-24T13:30:00Z")).et0830, null);
  const late = WINTER.filter(({ openMs }) => openMs >= at("2026-11-23T14:45:00Z"));
  const opens = opensOf(before(late, "2026-11-23T20:00:00Z"));
  assert.deepEqual(opens, {
    session: null,
    midnight: null,
    et0830: null,
    et0930: null,
    rth: null,
    week: null,
    month: null,
  });
  const hole = WINTER.filter(
    ({ openMs }) => openMs < at("2026-11-24T13:30:00Z") || openMs > at("2026-11-24T14:05:00Z"),
  );
  assert.equal(opensOf(hole).et0830, null);
  const short = WINTER.filter(
    ({ openMs }) => openMs < at("2026-11-24T13:30:00Z") || openMs > at("2026-11-24T13:50:00Z"),
  );
  assert.equal(opensOf(short).et0830?.atMs, at("2026-11-24T13:55:00Z"));
});

test("the month begins with its first trade date, the week with Sunday's open", () => {
  // Monday 2026-11-30 and Tuesday 2026-12-01, whose session opens on Monday 17:00 CT.
  const opens = opensOf(walkBars(5, { from: "2026-11-30", dates: 2, intervalMs: 5 * MINUTE }));
  assert.equal(opens.month?.atMs, at("2026-11-30T23:00:00Z"));
  assert.equal(opens.week?.atMs, at("2026-11-29T23:00:00Z"));
});

test("a holiday's Friday segment of Monday's date begins no week: Sunday does", () => {
  // Juneteenth, Friday 2026-06-19: Thursday 17:00 CT to noon, then Sunday 17:00 CT, all of Monday's trade date.
  const bars = walkBars(6, { from: "2026-06-18", dates: 2, intervalMs: 5 * MINUTE });
  assert.equal(opensOf(before(bars, "2026-06-19T16:00:00Z")).week, null);
  assert.equal(opensOf(bars).week?.atMs, at("2026-06-21T22:00:00Z"));
});
