/** Are sessions, trade dates and RTH those of the definitions, in every year? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { civilDayIso, parseCivilDay, weekday } from "#lib/civil.ts";
import { easterSunday, holidayOn } from "#lib/holidays.ts";
import {
  isFullTradeDate,
  isTradeDate,
  nextTradeDate,
  previousTradeDate,
  rthOf,
  segmentsOf,
  sessionAt,
  sessionCloseMs,
  sessionOpenMs,
  tradeDateAt,
} from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { civilDay, MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";

const CALENDARS: readonly CalendarId[] = ["equity", "metals", "energy", "rates", "fx", "crypto"];

function date(iso: string): TradeDate {
  const day = parseCivilDay(iso);
  assert.ok(day !== null, iso);
  return tradeDate(day);
}

/** "2026-01-19 12:00" on the Chicago clock. */
function ct(text: string): number {
  const minute = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
  return utcMsFromLocal("America/Chicago", date(text.slice(0, 10)), minute * MS_PER_MINUTE);
}

function chicago(ms: number): string {
  const { day, msOfDay } = localParts("America/Chicago", ms);
  const minute = msOfDay / MS_PER_MINUTE;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${civilDayIso(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function segments(calendar: CalendarId, iso: string): string[] {
  return segmentsOf(calendar, date(iso)).map(({ openMs, closeMs }) => `${chicago(openMs)} → ${chicago(closeMs)}`);
}

const SEGMENT_CASES: readonly [calendar: CalendarId, tradeDate: string, what: string, segments: string[]][] = [
  ["equity", "2026-11-20", "an ordinary day", ["2026-11-19 17:00 → 2026-11-20 16:00"]],
  ["equity", "2026-01-20", "MLK", ["2026-01-18 17:00 → 2026-01-19 12:00", "2026-01-19 17:00 → 2026-01-20 16:00"]],
  ["fx", "2026-01-20", "MLK, no halt", ["2026-01-18 17:00 → 2026-01-19 16:00", "2026-01-19 17:00 → 2026-01-20 16:00"]],
  [
    "metals",
    "2026-01-20",
    "MLK at 13:30",
    ["2026-01-18 17:00 → 2026-01-19 13:30", "2026-01-19 17:00 → 2026-01-20 16:00"],
  ],
  [
    "equity",
    "2026-11-27",
    "Thanksgiving and the early close behind it",
    ["2026-11-25 17:00 → 2026-11-26 12:00", "2026-11-26 17:00 → 2026-11-27 12:15"],
  ],
  [
    "energy",
    "2026-11-27",
    "Thanksgiving, energy",
    ["2026-11-25 17:00 → 2026-11-26 13:30", "2026-11-26 17:00 → 2026-11-27 12:45"],
  ],
  ["equity", "2024-04-01", "Good Friday 2024: shut", ["2024-03-31 17:00 → 2024-04-01 16:00"]],
  [
    "equity",
    "2026-04-06",
    "Good Friday 2026 until 08:15",
    ["2026-04-02 17:00 → 2026-04-03 08:15", "2026-04-05 17:00 → 2026-04-06 16:00"],
  ],
  [
    "rates",
    "2026-04-06",
    "Good Friday 2026 until 10:15",
    ["2026-04-02 17:00 → 2026-04-03 10:15", "2026-04-05 17:00 → 2026-04-06 16:00"],
  ],
  ["energy", "2026-04-06", "Good Friday 2026: shut", ["2026-04-05 17:00 → 2026-04-06 16:00"]],
  [
    "equity",
    "2026-06-22",
    "Juneteenth on a Friday reopens Sunday",
    ["2026-06-18 17:00 → 2026-06-19 12:00", "2026-06-21 17:00 → 2026-06-22 16:00"],
  ],
  [
    "equity",
    "2021-06-18",
    "no Juneteenth before 2022",
    ["2021-06-17 17:00 → 2021-06-18 15:15", "2021-06-18 15:30 → 2021-06-18 16:00"],
  ],
  [
    "equity",
    "2026-07-06",
    "4 July 2026 kept on Friday the 3rd",
    ["2026-07-02 17:00 → 2026-07-03 12:00", "2026-07-05 17:00 → 2026-07-06 16:00"],
  ],
  ["equity", "2026-07-02", "no early close before a holiday kept on Friday", ["2026-07-01 17:00 → 2026-07-02 16:00"]],
  ["equity", "2023-07-03", "the day before 4 July", ["2023-07-02 17:00 → 2023-07-03 12:15"]],
  ["metals", "2023-07-03", "the day before 4 July, metals", ["2023-07-02 17:00 → 2023-07-03 16:00"]],
  ["equity", "2026-12-24", "24 December", ["2026-12-23 17:00 → 2026-12-24 12:15"]],
  ["equity", "2025-12-26", "Christmas on a Thursday", ["2025-12-25 17:00 → 2025-12-26 16:00"]],
  ["equity", "2021-12-23", "Christmas kept on Friday the 24th", ["2021-12-22 17:00 → 2021-12-23 16:00"]],
  ["equity", "2021-12-31", "New Year on a Saturday is not kept", ["2021-12-30 17:00 → 2021-12-31 16:00"]],
  ["equity", "2023-01-03", "New Year kept on Monday", ["2023-01-02 17:00 → 2023-01-03 16:00"]],
  ["equity", "2018-12-05", "a day of mourning", ["2018-12-04 17:00 → 2018-12-05 08:30"]],
  ["equity", "2025-01-09", "a day of mourning", ["2025-01-08 17:00 → 2025-01-09 08:30"]],
  ["metals", "2025-01-09", "a day of mourning, metals", ["2025-01-08 17:00 → 2025-01-09 16:00"]],
  [
    "equity",
    "2015-09-18",
    "the last 16:15 close, with the halt",
    ["2015-09-17 17:00 → 2015-09-18 15:15", "2015-09-18 15:30 → 2015-09-18 16:15"],
  ],
  ["metals", "2015-09-18", "the last 16:15 close, metals", ["2015-09-17 17:00 → 2015-09-18 16:15"]],
  ["rates", "2015-09-18", "rates always closed at 16:00", ["2015-09-17 17:00 → 2015-09-18 16:00"]],
  [
    "equity",
    "2015-09-21",
    "the first 16:00 close",
    ["2015-09-20 17:00 → 2015-09-21 15:15", "2015-09-21 15:30 → 2015-09-21 16:00"],
  ],
  [
    "equity",
    "2021-06-25",
    "the last halt",
    ["2021-06-24 17:00 → 2021-06-25 15:15", "2021-06-25 15:30 → 2021-06-25 16:00"],
  ],
  ["equity", "2021-06-28", "no halt any more", ["2021-06-27 17:00 → 2021-06-28 16:00"]],
];

for (const [calendar, iso, what, expected] of SEGMENT_CASES) {
  test(`${calendar} ${iso}: ${what}`, () => assert.deepEqual(segments(calendar, iso), expected));
}

test("holidays have no trade date of their own", () => {
  const shut = "2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25";
  for (const iso of `${shut} 2026-01-01 2026-01-17 2026-01-18`.split(" ")) {
    for (const calendar of CALENDARS) {
      assert.ok(!isTradeDate(calendar, date(iso)), `${calendar} ${iso}`);
      assert.deepEqual(segmentsOf(calendar, date(iso)), []);
    }
  }
  for (const iso of "2026-07-02 2026-11-27 2026-12-24 2026-10-12 2026-11-11 2026-12-31".split(" ")) {
    for (const calendar of CALENDARS) assert.ok(isTradeDate(calendar, date(iso)), `${calendar} ${iso}`);
  }
});

test("a full trade date has no holiday segment and no early close", () => {
  for (const iso of "2026-01-20 2026-11-27 2026-12-24 2026-06-22 2026-04-06 2025-01-09".split(" ")) {
    assert.ok(!isFullTradeDate("equity", date(iso)), iso);
  }
  for (const iso of "2026-01-21 2026-01-16 2026-11-25 2024-04-01 2025-12-26 2026-11-20".split(" ")) {
    assert.ok(isFullTradeDate("equity", date(iso)), iso);
  }
  assert.ok(!isFullTradeDate("equity", date("2026-01-19")), "a holiday is no trade date at all");
});

const STATE_CASES: readonly [calendar: CalendarId, at: string, state: string, tradeDate: string, nextOpen: string][] = [
  ["equity", "2026-11-20 09:00", "open", "2026-11-20", ""],
  ["equity", "2026-11-19 16:00", "break", "2026-11-20", "2026-11-19 17:00"],
  ["equity", "2026-11-19 16:59", "break", "2026-11-20", "2026-11-19 17:00"],
  ["equity", "2026-11-19 17:00", "open", "2026-11-20", ""],
  ["equity", "2026-11-20 16:00", "weekend", "2026-11-23", "2026-11-22 17:00"],
  ["equity", "2026-11-21 12:00", "weekend", "2026-11-23", "2026-11-22 17:00"],
  ["equity", "2026-11-22 16:59", "weekend", "2026-11-23", "2026-11-22 17:00"],
  ["equity", "2026-01-19 11:59", "open", "2026-01-20", ""],
  ["equity", "2026-01-19 12:00", "halt", "2026-01-20", "2026-01-19 17:00"],
  ["equity", "2026-06-19 13:00", "halt", "2026-06-22", "2026-06-21 17:00"],
  ["equity", "2026-06-19 17:00", "weekend", "2026-06-22", "2026-06-21 17:00"],
  ["equity", "2026-11-27 12:15", "holiday", "2026-11-30", "2026-11-29 17:00"],
  ["equity", "2026-12-24 12:15", "holiday", "2026-12-28", "2026-12-27 17:00"],
  ["equity", "2026-12-25 10:00", "holiday", "2026-12-28", "2026-12-27 17:00"],
  ["equity", "2024-03-28 16:30", "break", "2024-04-01", "2024-03-31 17:00"],
  ["equity", "2024-03-28 18:00", "holiday", "2024-04-01", "2024-03-31 17:00"],
  ["equity", "2020-03-09 15:20", "halt", "2020-03-09", "2020-03-09 15:30"],
];

for (const [calendar, at, expected, iso, nextOpen] of STATE_CASES) {
  test(`${calendar} at ${at} CT is ${expected}`, () => {
    const session = sessionAt(calendar, ct(at));
    assert.equal(session.state === "open" ? "open" : session.reason, expected);
    assert.equal(civilDayIso(session.tradeDate), iso);
    if (session.state === "closed") assert.equal(chicago(session.nextOpenMs), nextOpen);
  });
}

test("a moment belongs to the trade date of the last segment that opened", () => {
  const at = (text: string): string => civilDayIso(tradeDateAt("equity", ct(text)));
  assert.equal(at("2026-11-20 16:30"), "2026-11-20");
  assert.equal(at("2026-11-22 16:59"), "2026-11-20");
  assert.equal(at("2026-11-22 17:00"), "2026-11-23");
  assert.equal(at("2026-01-19 14:00"), "2026-01-20");
  assert.equal(at("2026-01-18 16:59"), "2026-01-16");
  assert.equal(at("2026-06-20 12:00"), "2026-06-22");
  assert.equal(at("2025-12-25 12:00"), "2025-12-24");
});

test("in every year 2013–2035 sessions are disjoint, in order and the state of their ends", () => {
  for (const calendar of CALENDARS) {
    let lastCloseMs = Number.NEGATIVE_INFINITY;
    let dates = 0;
    for (let day = date("2013-01-02"); day <= date("2035-12-31"); day = nextTradeDate(calendar, day)) {
      dates += 1;
      const parts = segmentsOf(calendar, day);
      assert.equal(parts[0].openMs, sessionOpenMs(calendar, day));
      assert.equal(parts[parts.length - 1].closeMs, sessionCloseMs(calendar, day));
      for (const { openMs, closeMs } of parts) {
        assert.ok(openMs > lastCloseMs && closeMs > openMs, `${calendar} ${civilDayIso(day)}`);
        const open = sessionAt(calendar, openMs);
        assert.ok(open.state === "open" && open.openMs === openMs && open.closeMs === closeMs);
        assert.equal(open.tradeDate, day);
        assert.equal(tradeDateAt(calendar, closeMs), day);
        const before = sessionAt(calendar, openMs - 1);
        assert.ok(before.state === "closed" && before.nextOpenMs === openMs && before.tradeDate === day);
        assert.equal(sessionAt(calendar, closeMs).state, "closed");
        lastCloseMs = closeMs;
      }
      assert.equal(previousTradeDate(calendar, nextTradeDate(calendar, day)), day);
    }
    assert.ok(dates > 5_700 && dates < 5_800, `${calendar} ${dates} trade dates`);
  }
});

for (const [name, seed] of [["fixed", 1_700] as const, ["fresh", Math.floor(Math.random() * 1e9)] as const]) {
  test(`state, segments and trade date tell one story at any moment (${name} seed ${seed})`, () => {
    const second = fc.integer({ min: ct("2013-01-03 00:00") / 1_000, max: ct("2035-12-20 00:00") / 1_000 });
    fc.assert(
      fc.property(fc.constantFrom(...CALENDARS), second, (calendar, at) => {
        const ms = at * 1_000;
        const session = sessionAt(calendar, ms);
        const inside = segmentsOf(calendar, session.tradeDate).filter((part) => ms >= part.openMs && ms < part.closeMs);
        assert.equal(inside.length, session.state === "open" ? 1 : 0);
        if (session.state === "open") assert.equal(tradeDateAt(calendar, ms), session.tradeDate);
        else assert.ok(session.nextOpenMs > ms && tradeDateAt(calendar, session.nextOpenMs) === session.tradeDate);
      }),
      { seed, numRuns: 2_000 },
    );
  });
}

test("Easter falls as published", () => {
  const published =
    "2013-03-31 2014-04-20 2015-04-05 2016-03-27 2017-04-16 2018-04-01 2019-04-21 2020-04-12 2021-04-04";
  const later = "2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21";
  const last = "2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25 2038-04-25";
  for (const iso of `${published} ${later} ${last}`.split(" ")) {
    assert.equal(civilDayIso(easterSunday(Number(iso.slice(0, 4)))), iso);
  }
});

test("every year has its holidays on weekdays, once each", () => {
  for (let year = 2013; year <= 2035; year += 1) {
    const names: string[] = [];
    for (let day = date(`${year}-01-01`); day <= date(`${year}-12-31`); day = tradeDate(day + 1)) {
      const holiday = holidayOn(civilDay(day));
      if (holiday === null) continue;
      assert.ok(weekday(day) % 6 !== 0);
      names.push(holiday);
    }
    assert.equal(new Set(names).size, names.length, `${year}: ${names}`);
    const isNewYearSaturday = weekday(date(`${year}-01-01`)) === 6;
    for (const name of "mlk presidents goodFriday memorial julyFourth labor thanksgiving christmas".split(" ")) {
      assert.ok(names.includes(name), `${year} ${name}`);
    }
    assert.equal(names.includes("newYear"), !isNewYearSaturday, `${year} newYear`);
    assert.equal(names.includes("juneteenth"), year >= 2022, `${year} juneteenth`);
  }
});

const RTH_CASES: readonly [root: string, tradeDate: string, hours: string | null][] = [
  ["ES", "2026-11-20", "08:30–15:00"],
  ["MES", "2026-11-20", "08:30–15:00"],
  ["ES", "2020-10-23", "08:30–15:15"],
  ["ES", "2020-10-26", "08:30–15:00"],
  ["ES", "2023-11-24", "08:30–12:15"],
  ["ES", "2018-12-05", null],
  ["ES", "2026-01-19", null],
  ["GC", "2026-11-20", "07:20–12:30"],
  ["GC", "2026-11-27", "07:20–12:30"],
  ["SIL", "2026-11-20", "07:25–12:25"],
  ["HG", "2026-11-20", "07:10–12:00"],
  ["MCL", "2026-11-20", "08:00–13:30"],
  ["NG", "2026-11-27", "08:00–12:45"],
  ["ZN", "2026-11-20", "07:20–14:00"],
  ["6E", "2026-11-27", "07:20–12:15"],
  ["MBT", "2026-11-20", "08:30–15:00"],
];

for (const [root, iso, hours] of RTH_CASES) {
  test(`RTH of ${root} on ${iso} is ${hours}`, () => {
    const rth = rthOf(root, date(iso));
    const text = rth === null ? null : `${chicago(rth.openMs).slice(11)}–${chicago(rth.closeMs).slice(11)}`;
    assert.equal(text, hours);
    if (rth !== null) assert.equal(chicago(rth.openMs).slice(0, 10), iso);
  });
}

test("RTH can be edited by root", () => {
  const table = { ES: [{ fromDay: civilDay(0), openMinute: 9 * 60, closeMinute: 14 * 60 }] };
  const rth = rthOf("MES", date("2026-11-20"), table);
  assert.deepEqual([rth?.openMs, rth?.closeMs], [ct("2026-11-20 09:00"), ct("2026-11-20 14:00")]);
  assert.equal(rthOf("GC", date("2026-11-20"), table), null);
  assert.throws(() => rthOf("XX", date("2026-11-20")), /root was XX/);
});
