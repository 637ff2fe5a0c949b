/** Is each minute in the phase, and before the instants, that the definitions give it? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { countdowns, DEFAULT_PHASES, type Phase, phaseAt } from "#lib/phase.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

function ct(text: string): number {
  const day = parseCivilDay(text.slice(0, 10));
  assert.ok(day !== null, text);
  const minute = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
  return utcMsFromLocal("America/Chicago", day, minute * MS_PER_MINUTE);
}

function chicago(ms: number): string {
  const { day, msOfDay } = localParts("America/Chicago", ms);
  const minute = msOfDay / MS_PER_MINUTE;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${civilDayIso(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const CASES: readonly [root: string, at: string, phase: Phase][] = [
  ["ES", "2026-11-19 17:00", "overnight"],
  ["ES", "2026-11-20 06:59", "overnight"],
  ["ES", "2026-11-20 07:00", "pre-market"],
  ["ES", "2026-11-20 08:29", "pre-market"],
  ["ES", "2026-11-20 08:30", "open"],
  ["ES", "2026-11-20 09:29", "open"],
  ["ES", "2026-11-20 09:30", "midday"],
  ["ES", "2026-11-20 13:59", "midday"],
  ["ES", "2026-11-20 14:00", "wind-down"],
  ["ES", "2026-11-20 14:59", "wind-down"],
  ["ES", "2026-11-20 15:00", "overnight"],
  ["ES", "2026-11-20 16:00", "closed"],
  ["ES", "2026-11-21 12:00", "closed"],
  ["MES", "2026-11-20 08:30", "open"],
  ["GC", "2026-11-20 05:50", "pre-market"],
  ["GC", "2026-11-20 11:30", "wind-down"],
  ["GC", "2026-11-20 12:30", "overnight"],
  ["ZN", "2026-11-20 13:00", "wind-down"],
  // On the holiday itself all trading is Tuesday's overnight.
  ["ES", "2026-01-19 09:00", "overnight"],
  ["ES", "2026-01-19 12:00", "closed"],
  ["6E", "2026-01-19 09:00", "overnight"],
  ["6E", "2026-01-20 07:20", "open"],
  // The early close pulls the wind-down forward.
  ["ES", "2026-11-27 11:14", "midday"],
  ["ES", "2026-11-27 11:15", "wind-down"],
  ["ES", "2026-11-27 12:15", "closed"],
  ["ES", "2020-03-09 15:20", "closed"],
  ["ES", "2020-03-09 15:14", "wind-down"],
  ["ES", "2018-12-05 08:00", "overnight"],
];

for (const [root, at, phase] of CASES) {
  test(`${root} at ${at} CT is in ${phase}`, () => assert.equal(phaseAt(root, ct(at)), phase));
}

test("lengths of phases are settings", () => {
  const config = { ...DEFAULT_PHASES, preMarketMinutes: 30, openMinutes: 15, windDownMinutes: 10 };
  assert.equal(phaseAt("ES", ct("2026-11-20 07:59"), config), "overnight");
  assert.equal(phaseAt("ES", ct("2026-11-20 08:45"), config), "midday");
  assert.equal(phaseAt("ES", ct("2026-11-20 14:49"), config), "midday");
  assert.equal(phaseAt("ES", ct("2026-11-20 14:50"), config), "wind-down");
});

const COUNTDOWN_CASES: readonly [root: string, at: string, rthOpen: string, rthClose: string, roll: string][] = [
  ["ES", "2026-11-19 08:00", "2026-11-19 08:30", "2026-11-19 15:00", "2026-11-19 17:00"],
  ["ES", "2026-11-19 08:30", "2026-11-20 08:30", "2026-11-19 15:00", "2026-11-19 17:00"],
  ["ES", "2026-11-20 14:00", "2026-11-23 08:30", "2026-11-20 15:00", "2026-11-22 17:00"],
  ["ES", "2026-11-19 17:00", "2026-11-20 08:30", "2026-11-20 15:00", "2026-11-22 17:00"],
  // The trade date of MLK Monday ends with Tuesday.
  ["ES", "2026-01-19 09:00", "2026-01-20 08:30", "2026-01-20 15:00", "2026-01-20 17:00"],
  ["ES", "2026-11-26 09:00", "2026-11-27 08:30", "2026-11-27 12:15", "2026-11-29 17:00"],
  ["ES", "2018-12-04 16:00", "2018-12-06 08:30", "2018-12-06 15:15", "2018-12-04 17:00"],
  ["GC", "2026-11-20 10:00", "2026-11-23 07:20", "2026-11-20 12:30", "2026-11-22 17:00"],
];

for (const [root, at, rthOpen, rthClose, roll] of COUNTDOWN_CASES) {
  test(`${root} at ${at} CT counts down to ${rthOpen}, ${rthClose} and ${roll}`, () => {
    const next = countdowns(root, ct(at));
    assert.deepEqual([next.nextRthOpenMs, next.nextRthCloseMs, next.nextRollMs].map(chicago), [
      rthOpen,
      rthClose,
      roll,
    ]);
  });
}
