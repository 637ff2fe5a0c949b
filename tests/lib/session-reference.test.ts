/** Does our calendar agree, day by day, with both published calendars? Every difference stands here with its reason. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay, weekday } from "#lib/civil.ts";
import { type CalendarId, dayPlan } from "#lib/session-hours.ts";
import { type CivilDay, civilDay } from "#lib/units.ts";
import { needsSharedData, readSharedCsv, readSharedText } from "#tests/support/shared-data.ts";

const LEAN = "sessions/lean_market_hours_futures_subset.json";
const PMC = "sessions/pmc_cme_globex_schedules_2023-2027.csv";

type Difference = {
  readonly source: "lean" | "pmc";
  readonly reason: string;
  /** Dates by calendar, parted by blanks. */
  readonly on: Partial<Record<CalendarId, string>>;
};

/** Every day on which our rule differs from a source, and why. */
const DIFFERENCES: readonly Difference[] = [
  {
    source: "lean",
    reason: "Lean lists Christmas and New Year only from Christmas 2023",
    on: {
      equity: [
        "2013-01-01 2013-12-25 2014-01-01 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-12-26",
        "2017-01-02 2017-12-25 2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25",
        "2021-01-01 2021-12-24 2022-12-26 2023-01-02",
      ].join(" "),
      metals: [
        "2013-01-01 2013-12-25 2014-01-01 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-12-26",
        "2017-01-02 2017-12-25 2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25",
        "2021-01-01 2021-12-24 2022-12-26 2023-01-02",
      ].join(" "),
      energy: [
        "2013-01-01 2013-12-25 2014-01-01 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-12-26",
        "2017-01-02 2017-12-25 2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25",
        "2021-01-01 2021-12-24 2022-12-26 2023-01-02",
      ].join(" "),
      rates: [
        "2013-01-01 2013-12-25 2014-01-01 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-12-26",
        "2017-01-02 2017-12-25 2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25",
        "2021-01-01 2021-12-24 2022-12-26 2023-01-02",
      ].join(" "),
      fx: [
        "2013-01-01 2013-12-25 2014-01-01 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-12-26",
        "2017-01-02 2017-12-25 2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25",
        "2021-01-01 2021-12-24 2022-12-26 2023-01-02",
      ].join(" "),
      crypto: [
        "2018-01-01 2018-12-25 2019-01-01 2019-12-25 2020-01-01 2020-12-25 2021-01-01 2021-12-24",
        "2022-12-26 2023-01-02",
      ].join(" "),
    },
  },
  {
    source: "lean",
    reason: "Lean lists Good Friday only where it has a shortened session, and not in 2013–2025 where all is shut",
    on: {
      equity: [
        "2013-03-29 2014-04-18 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10 2022-04-15",
        "2024-03-29 2025-04-18",
      ].join(" "),
      metals: [
        "2013-03-29 2014-04-18 2015-04-03 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10",
        "2021-04-02 2022-04-15 2023-04-07 2024-03-29 2025-04-18",
      ].join(" "),
      energy: [
        "2013-03-29 2014-04-18 2015-04-03 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10",
        "2021-04-02 2022-04-15 2023-04-07 2024-03-29 2025-04-18",
      ].join(" "),
      rates: [
        "2013-03-29 2014-04-18 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10 2022-04-15",
        "2024-03-29 2025-04-18",
      ].join(" "),
      fx: [
        "2013-03-29 2014-04-18 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10 2022-04-15",
        "2024-03-29 2025-04-18",
      ].join(" "),
      crypto: "2018-03-30 2019-04-19 2020-04-10 2022-04-15 2024-03-29 2025-04-18",
    },
  },
  {
    source: "lean",
    reason: "a day of mourning that Lean does not know: equity closed at 08:30",
    on: {
      equity: "2018-12-05 2025-01-09",
    },
  },
  {
    source: "lean",
    reason: "Lean leaves out the 12:15 close of the day before 4 July; Sierra has no later bar",
    on: {
      equity: "2023-07-03 2024-07-03",
    },
  },
  {
    source: "lean",
    reason: "Lean leaves out the day after Thanksgiving 2024; for equity Sierra has no bar after 12:15",
    on: {
      equity: "2024-11-29",
      metals: "2024-11-29",
      energy: "2024-11-29",
      rates: "2024-11-29",
      fx: "2024-11-29",
      crypto: "2024-11-29",
    },
  },
  {
    source: "lean",
    reason: "Christmas 2025 stands in Lean as an ordinary close at 16:00; nothing traded, as on every Christmas",
    on: {
      equity: "2025-12-25",
      energy: "2025-12-25",
      rates: "2025-12-25",
    },
  },
  {
    source: "lean",
    reason: "day after Thanksgiving: the definitions say 12:45 for metals and energy, 12:15 for FX and crypto",
    on: {
      metals: "2025-11-28 2026-11-27",
      energy: "2025-11-28 2026-11-27",
      fx: "2025-11-28 2026-11-27",
      crypto: "2021-11-26 2022-11-25 2023-11-24 2025-11-28 2026-11-27",
    },
  },
  {
    source: "lean",
    reason:
      "Lean alone closes rates and FX at 15:15 before holiday weekends until May 2015; the definitions name no such close",
    on: {
      rates: [
        "2013-01-18 2013-02-15 2013-05-24 2013-08-30 2014-01-17 2014-02-14 2014-05-23 2014-08-29",
        "2015-01-16 2015-02-13 2015-05-22",
      ].join(" "),
      fx: [
        "2013-01-18 2013-02-15 2013-05-24 2013-08-30 2014-01-17 2014-02-14 2014-05-23 2014-08-29",
        "2015-01-16 2015-02-13 2015-05-22",
      ].join(" "),
    },
  },
  {
    source: "lean",
    reason: "24 December: the definitions say 12:15 for FX and crypto",
    on: {
      fx: "2025-12-24 2026-12-24",
      crypto: "2024-12-24 2025-12-24 2026-12-24",
    },
  },
  {
    source: "lean",
    reason: "Presidents Day 2018 is missing in Lean for BTC; all other holidays of that year are there",
    on: {
      crypto: "2018-02-19",
    },
  },
  {
    source: "lean",
    reason: "Good Friday: the definitions open equity, FX and rates on a first Friday, and nothing else",
    on: {
      crypto: "2021-04-02 2023-04-07 2026-04-03",
    },
  },
  {
    source: "pmc",
    reason:
      "pandas_market_calendars opens every Good Friday; only first Fridays have a session (2024: Sierra has no bar)",
    on: {
      equity: "2024-03-29 2025-04-18 2027-03-26",
      rates: "2024-03-29 2025-04-18 2027-03-26",
      fx: "2024-03-29 2025-04-18 2027-03-26",
    },
  },
  {
    source: "pmc",
    reason: "a day of mourning that pandas_market_calendars does not know: equity closed at 08:30",
    on: {
      equity: "2025-01-09",
    },
  },
  {
    source: "pmc",
    reason: "New Year on a Sunday is kept on Monday; pandas_market_calendars forgot it for metals and energy",
    on: {
      metals: "2023-01-02",
      energy: "2023-01-02",
    },
  },
  {
    source: "pmc",
    reason: "Labor Day: metals and energy halt at 13:30 as Lean has it, not at 12:00",
    on: {
      metals: "2023-09-04 2024-09-02 2025-09-01 2026-09-07 2027-09-06",
      energy: "2023-09-04 2024-09-02 2025-09-01 2026-09-07 2027-09-06",
    },
  },
  {
    source: "pmc",
    reason: "24 December: metals and energy close at 12:45 as Lean has it",
    on: {
      metals: "2024-12-24 2025-12-24 2026-12-24",
      energy: "2024-12-24 2025-12-24 2026-12-24",
    },
  },
  {
    source: "pmc",
    reason: "a holiday halt on a Friday is at 12:00 for every product, as Lean has it",
    on: {
      metals: "2025-07-04 2026-06-19 2026-07-03 2027-06-18",
      energy: "2025-07-04 2026-06-19 2026-07-03 2027-06-18",
      fx: "2025-07-04 2026-06-19 2026-07-03 2027-06-18",
    },
  },
];

/** Roots to compare, from the first day on which Lean's list of the root is kept. */
const LEAN_ROOTS: readonly { calendar: CalendarId; roots: string; from: string }[] = [
  { calendar: "equity", roots: "cme-ES cme-NQ cbot-YM cme-RTY cme-MES cme-MNQ cbot-MYM cme-M2K", from: "2013-01-01" },
  { calendar: "metals", roots: "comex-MGC comex-SIL", from: "2013-01-01" },
  { calendar: "metals", roots: "comex-GC comex-SI comex-HG", from: "2023-12-26" },
  { calendar: "energy", roots: "nymex-CL nymex-NG nymex-MCL", from: "2013-01-01" },
  { calendar: "rates", roots: "cbot-ZN cbot-ZB", from: "2013-01-01" },
  { calendar: "fx", roots: "cme-6E cme-6B cme-6J cme-M6E", from: "2013-01-01" },
  // Bitcoin futures began in December 2017; for MBT Lean has no closing times before May 2021.
  { calendar: "crypto", roots: "cme-BTC", from: "2018-01-01" },
  { calendar: "crypto", roots: "cme-MBT", from: "2021-05-01" },
];
const LEAN_LAST = "2027-01-01";

const PMC_GROUPS: Readonly<Record<string, CalendarId>> = {
  equity_index: "equity",
  metals_gold: "metals",
  energy_crude: "energy",
  rates: "rates",
  fx: "fx",
};

function dayOf(iso: string): CivilDay {
  const day = parseCivilDay(iso);
  assert.ok(day !== null, iso);
  return day;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Our close of a civil day as text; the ordinary 16:00 and, before 2015-09-21, 16:15 are both "full". */
function ourClose(calendar: CalendarId, day: CivilDay): string {
  const plan = dayPlan(calendar, day);
  if (!("closeMinute" in plan)) return "shut";
  return plan.kind === "full" || plan.closeMinute === 960 ? "full" : clock(plan.closeMinute);
}

function weekdays(from: string, through: string): CivilDay[] {
  const days: CivilDay[] = [];
  for (let day = dayOf(from); day <= dayOf(through); day = civilDay(day + 1)) {
    if (weekday(day) % 6 !== 0) days.push(day);
  }
  return days;
}

function expectedDifferences(source: "lean" | "pmc"): string[] {
  const rows = DIFFERENCES.filter((entry) => entry.source === source);
  return rows
    .flatMap(({ on }) => Object.entries(on).flatMap(([id, dates]) => dates.split(" ").map((date) => `${id} ${date}`)))
    .sort();
}

type LeanEntry = {
  exchangeTimeZone: string;
  holidays: string[];
  earlyCloses: Record<string, string>;
  lateOpens: Record<string, string>;
};

/** Lean's close of each special day, on the Chicago clock; a day that only opens late was shut by day. */
function leanCloses(entry: LeanEntry): Map<number, string> {
  const toChicago = entry.exchangeTimeZone === "America/New_York" ? -60 : 0;
  const day = (text: string): number => {
    const [month, date, year] = text.split("/");
    return dayOf(`${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  };
  const closes = new Map<number, string>();
  for (const text of Object.keys(entry.lateOpens)) closes.set(day(text), "shut");
  for (const [text, time] of Object.entries(entry.earlyCloses)) {
    const [hours, minutes] = time.split(":").map(Number);
    const minute = hours * 60 + minutes + toChicago;
    closes.set(day(text), minute === 960 ? "full" : clock(minute));
  }
  for (const text of entry.holidays) closes.set(day(text), "shut");
  return closes;
}

test("closes as Lean lists it on every weekday 2013–2026, but for the listed days", needsSharedData(LEAN), () => {
  const { entries } = JSON.parse(readSharedText(LEAN)) as { entries: Record<string, LeanEntry> };
  const found = new Set<string>();
  let compared = 0;
  for (const { calendar, roots, from } of LEAN_ROOTS) {
    for (const root of roots.split(" ")) {
      const closes = leanCloses(entries[`Future-${root}`]);
      for (const day of weekdays(from, LEAN_LAST)) {
        compared += 1;
        const theirs = closes.get(day) ?? "full";
        if (ourClose(calendar, day) !== theirs) found.add(`${calendar} ${civilDayIso(day)}`);
      }
    }
  }
  assert.ok(compared > 60_000, `compared ${compared}`);
  assert.deepEqual([...found].sort(), expectedDifferences("lean"));
});

test("closes as pandas_market_calendars has it 2023–2027, but for the listed days", needsSharedData(PMC), () => {
  const rows = new Map(readSharedCsv(PMC).map((row) => [`${row.group} ${row.session_date}`, row]));
  const found: string[] = [];
  let compared = 0;
  for (const [group, calendar] of Object.entries(PMC_GROUPS)) {
    // It has rates open 18:00 to 17:00, which is wrong on every day (17:00–16:00 CT): only its shortened days speak.
    const ordinary = group === "rates" ? { open: "18:00", close: "17:00" } : { open: "17:00", close: "16:00" };
    for (const day of weekdays("2023-01-02", "2027-12-31")) {
      compared += 1;
      const row = rows.get(`${group} ${civilDayIso(day)}`);
      if (row !== undefined) assert.equal(row.open_ct.slice(-5), ordinary.open, `${group} ${row.session_date} open`);
      const close = row?.close_ct.slice(-5) ?? "shut";
      if (ourClose(calendar, day) !== (close === ordinary.close ? "full" : close)) {
        found.push(`${calendar} ${civilDayIso(day)}`);
      }
    }
  }
  assert.ok(compared > 6_000, `compared ${compared}`);
  assert.deepEqual(found.sort(), expectedDifferences("pmc"));
});
