/** Do ten years of real ES bars lie in our equity sessions, and fill each of them from open to close? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, nthWeekday, parseCivilDay } from "#lib/civil.ts";
import { isFullTradeDate, rthOf, segmentsOf, sessionAt, tradeDateAt } from "#lib/session.ts";
import { localParts, utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";
import { needsSharedData, readSharedText } from "#tests/support/shared-data.ts";

const SIERRA = "bars/es_5m_sierra_2014-2024.csv.gz";
const BAR_MS = 5 * MS_PER_MINUTE;

/** Bars outside our sessions that do not begin at the very minute of a close. */
const STRAY_BARS: ReadonlyMap<string, string> = new Map([
  ["2015-12-04 15:25", "a single print of 421 contracts stamped inside the 15:15–15:30 halt"],
]);

/** Segments that the file does not fill. */
const THIN_SEGMENTS: ReadonlyMap<string, string> = new Map([
  ["2015-06-30 17:00–2015-07-01 15:15", "the evening of a leap second: the first bar is that of 19:45"],
  ["2017-06-04 17:00–2017-06-05 15:15", "a late Sunday open: the first bar is that of 18:10"],
  ["2018-04-29 17:00–2018-04-30 15:15", "a late Sunday open: the first bar is that of 17:30"],
]);

/** UTC of a "2014-12-23T18:00:00" Chicago bar start. */
function barMs(text: string): number {
  const day = parseCivilDay(text.slice(0, 10));
  assert.ok(day !== null, text);
  const minute = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
  return utcMsFromLocal("America/Chicago", day, minute * MS_PER_MINUTE);
}

function barStarts(): Float64Array {
  const lines = readSharedText(SIERRA).trimEnd().split("\n");
  const starts = new Float64Array(lines.length - 1);
  for (let index = 1; index < lines.length; index += 1) {
    const from = lines[index].indexOf(",") + 1;
    starts[index - 1] = barMs(lines[index].slice(from, from + 19));
  }
  return starts;
}

function chicagoText(ms: number): string {
  const { day, msOfDay } = localParts("America/Chicago", ms);
  const minute = Math.floor(msOfDay / MS_PER_MINUTE);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${civilDayIso(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** In expiry weeks the file follows the dying contract, and begins the next on the Monday: those dates say nothing. */
function isExpiryRoll(date: TradeDate): boolean {
  const iso = civilDayIso(date);
  const month = { year: Number(iso.slice(0, 4)), month: Number(iso.slice(5, 7)) };
  if (month.month % 3 !== 0) return false;
  const expiry = nthWeekday(month, 5, 3);
  return date >= expiry && date <= expiry + 4;
}

test("no real ES bar begins in a closed time but the prints of the closing minute", needsSharedData(SIERRA), () => {
  const starts = barStarts();
  const strays: string[] = [];
  let atClose = 0;
  for (const ms of starts) {
    if (sessionAt("equity", ms).state === "open") continue;
    const isAtClose = sessionAt("equity", ms - 1).state === "open";
    if (isAtClose) atClose += 1;
    else strays.push(chicagoText(ms));
  }
  assert.equal(starts.length, 699_011);
  assert.deepEqual(strays, [...STRAY_BARS.keys()]);
  // Trades stamped with the instant of the close open a bar of their own there: 36 in ten years.
  assert.equal(atClose, 36);
});

test("each equity session has bars in its first and its last ten minutes", needsSharedData(SIERRA), () => {
  const starts = new Set(barStarts());
  const from = parseCivilDay("2014-12-26");
  const through = parseCivilDay("2024-12-18");
  assert.ok(from !== null && through !== null);
  const thin: string[] = [];
  let segments = 0;
  for (let date = tradeDate(from); date <= through; date = tradeDate(date + 1)) {
    if (isExpiryRoll(date)) continue;
    for (const { openMs, closeMs } of segmentsOf("equity", date)) {
      segments += 1;
      const isFilled = (ms: number): boolean => starts.has(ms) || starts.has(ms + BAR_MS);
      if (!isFilled(openMs) || !isFilled(closeMs - 2 * BAR_MS))
        thin.push(`${chicagoText(openMs)}–${chicagoText(closeMs)}`);
    }
  }
  assert.ok(segments > 3_900, `segments ${segments}`);
  assert.deepEqual(thin, [...THIN_SEGMENTS.keys()]);
});

test("bars lie on trade dates, and each trade date with RTH has a bar at its RTH open", needsSharedData(SIERRA), () => {
  const starts = new Set(barStarts());
  const from = parseCivilDay("2014-12-26");
  const through = parseCivilDay("2024-12-18");
  assert.ok(from !== null && through !== null);
  let compared = 0;
  for (let date = tradeDate(from); date <= through; date = tradeDate(date + 1)) {
    const rth = rthOf("ES", date);
    if (rth === null || isExpiryRoll(date)) continue;
    compared += 1;
    assert.ok(starts.has(rth.openMs), `${civilDayIso(date)} has no bar at its RTH open`);
    assert.equal(tradeDateAt("equity", rth.openMs), date);
  }
  assert.ok(compared > 2_300, `compared ${compared}`);
});

test(
  "real bars stop from 15:15 to 15:30 on the days that have the halt, and on no other",
  needsSharedData(SIERRA),
  () => {
    const starts = new Set(barStarts());
    const from = parseCivilDay("2014-12-26");
    const through = parseCivilDay("2024-12-18");
    assert.ok(from !== null && through !== null);
    let halts = 0;
    let open = 0;
    for (let date = tradeDate(from); date <= through; date = tradeDate(date + 1)) {
      if (!isFullTradeDate("equity", date) || isExpiryRoll(date)) continue;
      const halfPastMs = utcMsFromLocal("America/Chicago", date, (15 * 60 + 30) * MS_PER_MINUTE);
      const isOpen = sessionAt("equity", halfPastMs - 2 * BAR_MS).state === "open";
      if (isOpen) open += 1;
      else halts += 1;
      assert.equal(starts.has(halfPastMs - 2 * BAR_MS), isOpen, civilDayIso(date));
      assert.ok(starts.has(halfPastMs), civilDayIso(date));
    }
    assert.ok(halts > 1_500 && open > 800, `halts ${halts}, open ${open}`);
  },
);
