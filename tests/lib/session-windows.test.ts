/** Do the named windows begin and end on the New York clock that the definitions give? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";
import { DEFAULT_WINDOWS, weekStartMs, windowsOf } from "#lib/windows.ts";

function date(iso: string): TradeDate {
  const day = parseCivilDay(iso);
  assert.ok(day !== null, iso);
  return tradeDate(day);
}

function newYork(ms: number): string {
  const { day, msOfDay } = localParts("America/New_York", ms);
  const minute = msOfDay / MS_PER_MINUTE;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${civilDayIso(day).slice(5)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function spans(root: string, iso: string, config = DEFAULT_WINDOWS): Record<string, string> {
  const windows = windowsOf(root, date(iso), config);
  return Object.fromEntries(windows.map(({ id, openMs, closeMs }) => [id, `${newYork(openMs)} → ${newYork(closeMs)}`]));
}

test("windows of an ordinary ES day", () => {
  assert.deepEqual(spans("ES", "2026-11-20"), {
    overnight: "11-19 18:00 → 11-20 09:30",
    asia: "11-19 19:00 → 11-20 02:00",
    london: "11-20 02:00 → 11-20 08:00",
    newYork: "11-20 08:00 → 11-20 16:00",
    killzoneLondon: "11-20 02:00 → 11-20 05:00",
    killzoneNyAm: "11-20 08:30 → 11-20 11:00",
    killzoneNyPm: "11-20 13:30 → 11-20 16:00",
    initialBalance: "11-20 09:30 → 11-20 10:30",
    openingRange5: "11-20 09:30 → 11-20 09:35",
    openingRange15: "11-20 09:30 → 11-20 09:45",
    openingRange30: "11-20 09:30 → 11-20 10:00",
  });
});

test("FX has its own New York morning, gold its own open", () => {
  assert.equal(spans("6E", "2026-11-20").killzoneNyAm, "11-20 07:00 → 11-20 10:00");
  assert.equal(spans("M6E", "2026-11-20").overnight, "11-19 18:00 → 11-20 08:20");
  assert.equal(spans("GC", "2026-11-20").initialBalance, "11-20 08:20 → 11-20 09:20");
});

test("an early close cuts windows and leaves out what lies behind it", () => {
  const day = spans("ES", "2026-11-27");
  assert.equal(day.newYork, "11-27 08:00 → 11-27 13:15");
  assert.equal(day.killzoneNyPm, undefined);
  const mourning = spans("ES", "2025-01-09");
  assert.equal(mourning.newYork, "01-09 08:00 → 01-09 09:30");
  assert.equal(mourning.initialBalance, undefined);
  assert.equal(mourning.overnight, "01-08 18:00 → 01-09 09:30");
});

test("overnight behind a holiday begins with the holiday's segment, Asia with the last evening", () => {
  const day = spans("ES", "2026-01-20");
  assert.equal(day.overnight, "01-18 18:00 → 01-20 09:30");
  assert.equal(day.asia, "01-19 19:00 → 01-20 02:00");
  assert.deepEqual(windowsOf("ES", date("2026-01-19")), []);
});

test("windows keep New York time over a change of clocks", () => {
  const monday = windowsOf("ES", date("2026-03-09"));
  const asia = monday.find((entry) => entry.id === "asia");
  assert.equal(new Date(asia?.openMs ?? 0).toISOString(), "2026-03-08T23:00:00.000Z");
  const friday = windowsOf("ES", date("2026-03-06")).find((entry) => entry.id === "asia");
  assert.equal(new Date(friday?.openMs ?? 0).toISOString(), "2026-03-06T00:00:00.000Z");
});

test("windows can be moved", () => {
  const config = { ...DEFAULT_WINDOWS, london: { fromMinute: 180, toMinute: 420 }, initialBalanceMinutes: 30 };
  const day = spans("ES", "2026-11-20", config);
  assert.equal(day.london, "11-20 03:00 → 11-20 07:00");
  assert.equal(day.initialBalance, "11-20 09:30 → 11-20 10:00");
});

test("the week starts on Sunday at 18:00", () => {
  for (const iso of "2026-11-16 2026-11-18 2026-11-20".split(" ")) {
    assert.equal(newYork(weekStartMs(date(iso))), "11-15 18:00");
  }
  assert.equal(newYork(weekStartMs(date("2026-01-20"))), "01-18 18:00");
});
