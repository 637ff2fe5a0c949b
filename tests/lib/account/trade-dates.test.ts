/** Does each fill's money fall on its trade date: around the 17:00 CT roll, clock changes and holidays? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dailyPnlOf } from "#lib/account/daily-pnl.ts";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { fillOf } from "#tests/support/random-fills.ts";

const FIFO = { method: "fifo", schedule: [] } as const;
const TICK = { ES: 0.25, MES: 0.25, GC: 0.1, CL: 0.01, "6E": 0.00005, ZN: 1 / 64, BTC: 5 } as const;
type Root = keyof typeof TICK;

/** Chicago's clock, "2026-11-20 17:00:00". */
function chicagoMs(clock: string): number {
  const [date, time] = clock.split(" ");
  const [hours, minutes, seconds] = time.split(":").map(Number);
  return utcMsFromLocal(
    "America/Chicago",
    parseCivilDay(date) ?? Number.NaN,
    ((hours * 60 + minutes) * 60 + seconds) * 1_000,
  );
}

/** Root, when the closing fill came by Chicago's clock, its trade date, why. */
const CLOSINGS: readonly [Root, string, string, string][] = [
  ["ES", "2026-11-19 15:59:59", "2026-11-19", "the last second"],
  ["ES", "2026-11-19 16:00:01", "2026-11-19", "told just behind the close"],
  ["ES", "2026-11-19 16:59:59", "2026-11-19", "in the break"],
  ["ES", "2026-11-19 17:00:00", "2026-11-20", "the roll itself"],
  ["ES", "2026-11-19 23:59:59", "2026-11-20", "before midnight"],
  ["ES", "2026-11-20 15:59:59", "2026-11-20", "Friday's close"],
  ["ES", "2026-11-22 17:00:00", "2026-11-23", "Sunday's open is Monday's"],
  // Clocks: 2026-03-08 forward, 2026-11-01 back, both between two sessions; UTC of the roll moves.
  ["MES", "2026-03-06 15:59:59", "2026-03-06", "Friday before summer time"],
  ["MES", "2026-03-08 17:00:00", "2026-03-09", "first evening of summer time, 22:00 UTC"],
  ["MES", "2026-03-09 16:59:59", "2026-03-09", "an hour that UTC days would call the roll"],
  ["MES", "2026-10-30 15:59:59", "2026-10-30", "Friday before winter time"],
  ["MES", "2026-11-01 17:00:00", "2026-11-02", "first evening of winter time, 23:00 UTC"],
  ["MES", "2026-11-02 16:59:59", "2026-11-02", "22:59 UTC is before the roll again"],
  // Holidays: a halt day is a segment of the next trade date.
  ["ES", "2026-01-18 17:00:00", "2026-01-20", "MLK from Sunday"],
  ["ES", "2026-01-19 11:59:59", "2026-01-20", "MLK before the halt"],
  ["ES", "2026-01-19 17:00:00", "2026-01-20", "MLK's evening"],
  ["6E", "2026-01-19 15:00:00", "2026-01-20", "MLK, FX does not halt"],
  ["GC", "2026-11-26 10:00:00", "2026-11-27", "Thanksgiving is Friday's"],
  ["ES", "2026-11-27 12:14:59", "2026-11-27", "the early close behind it"],
  ["CL", "2026-11-27 12:44:59", "2026-11-27", "energy half an hour longer"],
  ["ES", "2026-12-24 12:14:59", "2026-12-24", "Christmas Eve has its own date"],
  ["ES", "2026-12-27 17:00:00", "2026-12-28", "Christmas on a Friday: on Sunday"],
  ["ES", "2026-04-03 08:14:59", "2026-04-06", "Good Friday with payrolls is Monday's"],
  ["ZN", "2026-06-19 11:59:59", "2026-06-22", "Juneteenth on a Friday is Monday's"],
  ["ES", "2026-07-03 11:59:59", "2026-07-06", "4 July kept on Friday the 3rd is Monday's"],
  ["BTC", "2026-09-07 15:00:00", "2026-09-08", "Labor Day, BTC does not halt"],
  ["ES", "2018-12-05 08:29:59", "2018-12-05", "a day of mourning, closed at 08:30"],
  ["CL", "2015-09-18 16:10:00", "2015-09-18", "closes at 16:15 up to this day"],
];

test("the P&L of a trip belongs to the trade date of its closing fill", () => {
  for (const [root, clock, date, why] of CLOSINGS) {
    const atMs = chicagoMs(clock);
    const place = { root, tickSize: TICK[root], year: Number(date.slice(0, 4)), month: 12 };
    const { ledger, refused } = ledgerOf(
      [
        fillOf({ ...place, executionId: "1", priceTicks: 100, atMs: atMs - 600_000 }),
        fillOf({ ...place, executionId: "2", priceTicks: 101, atMs, side: "sell" }),
      ],
      FIFO,
    );
    assert.deepEqual(refused, []);
    const [trip] = tripsOf(ledger);
    assert.equal(civilDayIso(trip.tradeDate), date, `${root} ${clock}: ${why}`);
    assert.deepEqual(
      dailyPnlOf(ledger).map((day) => [civilDayIso(day.tradeDate), day.grossUsd]),
      [[date, trip.grossUsd]],
      `${root} ${clock}: ${why}`,
    );
  }
});

test("held across the roll: each part counts on the date of its exit, with the fees of what it closed", () => {
  const at = (executionId: string, clock: string, given: object): ReturnType<typeof fillOf> =>
    fillOf({ executionId, atMs: chicagoMs(clock), ...given });
  const fills = [
    at("1", "2026-11-19 14:00:00", { contracts: 3, priceTicks: 100, feeUsd: 1.86 }),
    at("2", "2026-11-19 15:59:00", { contracts: 1, priceTicks: 110, feeUsd: 0.62, side: "sell" }),
    at("3", "2026-11-19 17:00:00", { contracts: 1, priceTicks: 90, feeUsd: 0.62, side: "sell" }),
  ];
  const { ledger } = ledgerOf(fills, FIFO);
  // Still open: the parts count all the same.
  assert.deepEqual(
    dailyPnlOf(ledger).map((day) => [civilDayIso(day.tradeDate), day.contracts, day.grossUsd, day.feesUsd, day.netUsd]),
    [
      ["2026-11-19", 1, 12.5, 1.24, 11.26],
      ["2026-11-20", 1, -12.5, 1.24, -13.74],
    ],
  );
  const closed = ledgerOf(
    [...fills, at("4", "2026-11-20 09:00:00", { priceTicks: 104, feeUsd: 0.62, side: "sell" })],
    FIFO,
  );
  const [trip] = tripsOf(closed.ledger);
  const days = dailyPnlOf(closed.ledger);
  assert.deepEqual([civilDayIso(trip.tradeDate), trip.netUsd], ["2026-11-20", 1.28]);
  assert.equal(days.length, 2);
  assert.deepEqual([days[0].netUsd, days[1].netUsd], [11.26, -9.98]);
});
