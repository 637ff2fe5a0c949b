/** Do contracts end, and give notice, on the days that the exchanges published? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso } from "#lib/civil.ts";
import { parseContract } from "#lib/contract.ts";
import { firstNoticeDate, lastTradeDate } from "#lib/expiry.ts";
import { INSTRUMENTS, instrumentOf } from "#lib/instrument.ts";
import { isTradeDate } from "#lib/session.ts";

/** Last trade dates from the exchanges' calendars; those of MHG from a broker's list of them. */
const LAST_TRADE: readonly [contract: string, lastTrade: string][] = [
  ["ESZ13", "2013-12-20"],
  ["ESH24", "2024-03-15"],
  // The third Friday is Juneteenth.
  ["ESM26", "2026-06-18"],
  ["MESM26", "2026-06-18"],
  ["NQU24", "2024-09-20"],
  ["CLX23", "2023-10-20"],
  // The 25th of December is no clearing day: three clearing days before Friday the 22nd.
  ["CLF24", "2023-12-19"],
  ["CLK20", "2020-04-21"],
  ["MCLK24", "2024-04-19"],
  ["CLK24", "2024-04-22"],
  ["NGF24", "2023-12-27"],
  ["NGH24", "2024-02-27"],
  ["GCZ13", "2013-12-27"],
  ["GCG24", "2024-02-27"],
  ["HGH24", "2024-03-26"],
  ["MHGU22", "2022-08-29"],
  ["MHGZ22", "2022-11-28"],
  ["MHGF23", "2022-12-28"],
  ["MHGK23", "2023-04-26"],
  ["ZNH24", "2024-03-19"],
  ["ZBM24", "2024-06-18"],
  ["6EH24", "2024-03-18"],
  ["6JZ23", "2023-12-18"],
  ["BTCF24", "2024-01-26"],
  // The last Friday is Good Friday.
  ["BTCH24", "2024-03-28"],
];

for (const [symbol, expected] of LAST_TRADE) {
  test(`${symbol} last trades on ${expected}`, () => {
    const contract = parseContract(symbol, 0);
    assert.ok("root" in contract);
    assert.equal(civilDayIso(lastTradeDate(contract)), expected);
  });
}

const FIRST_NOTICE: readonly [contract: string, firstNotice: string | null][] = [
  ["GCZ13", "2013-11-29"],
  ["GCG24", "2024-01-31"],
  ["SIH24", "2024-02-29"],
  ["HGK24", "2024-04-30"],
  ["MGCG24", "2024-01-31"],
  ["ZNH24", "2024-02-29"],
  ["ZBZ23", "2023-11-30"],
  ["ESH24", null],
  ["CLX23", null],
  ["6EH24", null],
  ["MHGZ22", null],
  ["BTCF24", null],
];

for (const [symbol, expected] of FIRST_NOTICE) {
  test(`first notice of ${symbol} is ${expected}`, () => {
    const contract = parseContract(symbol, 0);
    assert.ok("root" in contract);
    const notice = firstNoticeDate(contract);
    assert.equal(notice === null ? null : civilDayIso(notice), expected);
  });
}

test("every expiry of 2013–2035 is a trade date, in or just before its month, behind its first notice", () => {
  for (const { root, calendar, listedMonths } of INSTRUMENTS) {
    for (let year = 2013; year <= 2035; year += 1) {
      for (const month of listedMonths) {
        const contract = { root, year, month };
        const last = lastTradeDate(contract);
        assert.ok(isTradeDate(calendar, last), `${root} ${year}-${month}`);
        const iso = civilDayIso(last);
        const monthsBefore = year * 12 + month - (Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)));
        assert.ok(monthsBefore === 0 || monthsBefore === 1, `${root} ${year}-${month} ends ${iso}`);
        const notice = firstNoticeDate(contract);
        if (notice !== null) assert.ok(notice < last && isTradeDate(calendar, notice), `${root} ${year}-${month}`);
      }
    }
  }
});

test("an unknown root is a crash, not a date", () => {
  assert.equal(instrumentOf("XX"), null);
  assert.throws(() => lastTradeDate({ root: "XX", year: 2026, month: 12 }), /root was XX/);
});
