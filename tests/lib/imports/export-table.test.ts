/** Does everything come back from an export as it was, and does no cell become a formula? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";
import { csvOf, recordsIn } from "#lib/imports/export-table.ts";
import { DAY_TABLE, everythingIn, FILL_TABLE, type JournalDay, jsonOf } from "#lib/imports/export-tables.ts";
import { readCsv } from "#server/imports/read-csv.ts";
import { checkTwice } from "../../support/property-runs.ts";
import { fillOf } from "./fill-rig.ts";

/** Texts that hurt: formulas, quotes, line breaks, delimiters, apostrophes, blanks, beside any Unicode. */
const nasty = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0")),
  fc.string({ unit: fc.constantFrom(..."=+-@'\"\t\r\n,; 1.eE\u20ac") }),
);
const named = nasty.filter((text) => text !== "");
const PLAIN = { noNullPrototype: true };
const amount = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const anyFill: fc.Arbitrary<Fill> = fc.record(
  {
    executionId: named,
    account: named,
    root: fc.constantFrom("ES", "6E", "MNQ"),
    year: fc.integer({ min: 2000, max: 2099 }),
    month: fc.integer({ min: 1, max: 12 }),
    side: fc.constantFrom("buy" as const, "sell" as const),
    contracts: fc.integer({ min: 1, max: 100_000 }),
    priceTicks: amount,
    tickSize: fc.constantFrom(0.25, 0.00005, 0.015625),
    atMs: fc.double({ min: 0, max: 4e12, noNaN: true }),
    orderId: fc.option(nasty),
    feeUsd: fc.option(amount),
    source: named,
  },
  PLAIN,
);

const anyDay: fc.Arbitrary<JournalDay> = fc.record(
  {
    account: named,
    tradeDate: fc.constant("2026-07-02"),
    grossUsd: amount,
    netUsd: amount,
    feesUsd: amount,
    contracts: fc.integer(),
    instruments: nasty,
    notes: nasty,
  },
  PLAIN,
);

test("any fills and days come back from CSV as they were", (t) => {
  const property = fc.property(fc.array(anyFill), fc.array(anyDay), (fills, days) => {
    const backFills = recordsIn(FILL_TABLE, readCsv(Buffer.from(csvOf(FILL_TABLE, fills))).rows);
    assert.deepEqual(backFills, { records: fills, rowErrors: [] });
    const backDays = recordsIn(DAY_TABLE, readCsv(Buffer.from(csvOf(DAY_TABLE, days))).rows);
    assert.deepEqual(backDays, { records: days, rowErrors: [] });
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("any fills and days come back from JSON as they were", (t) => {
  const property = fc.property(fc.array(anyFill), fc.array(anyDay), (fills, days) => {
    assert.deepEqual(everythingIn(JSON.parse(jsonOf({ fills, days }))), { fills, days });
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("no cell of an export begins a formula, but for plain numbers", (t) => {
  const property = fc.property(fc.array(anyDay), (days) => {
    for (const cell of readCsv(Buffer.from(csvOf(DAY_TABLE, days))).rows.flat()) {
      if (/^[=+\-@\t\r]/.test(cell)) assert.match(cell, /^[+-]?\d+(\.\d+)?(e[+-]\d+)?$/);
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("a fill reads as a person wants it, and formulas carry an apostrophe", () => {
  const fill = fillOf({ account: "=cmd|'/C calc'!A0", orderId: "-5", executionId: "@x", feeUsd: -0.5 });
  assert.equal(
    csvOf(FILL_TABLE, [fill]),
    "account,root,year,month,side,contracts,priceTicks,tickSize,atMs,feeUsd,executionId,orderId,source,contract,price," +
      "timeUtc\r\n'=cmd|'/C calc'!A0,MES,2026,12,buy,1,24000,0.25,1791900000000,-0.5,'@x,-5,tradovate,MESZ26,6000," +
      "2026-10-13T14:00:00.000Z\r\n",
  );
});

test("a row that a hand spoiled is named, a missing column refuses the file", () => {
  const rows = readCsv(Buffer.from(csvOf(FILL_TABLE, [fillOf(), fillOf({ executionId: "2" })]))).rows;
  const spoiled = rows.map((cells, index) =>
    index === 1 ? cells.map((cell) => (cell === "buy" ? "bye" : cell)) : cells,
  );
  const found = recordsIn(FILL_TABLE, spoiled);
  assert.deepEqual(
    found?.records.map((fill) => fill.executionId),
    ["2"],
  );
  assert.deepEqual(
    found?.rowErrors.map(({ row, field, received }) => [row, field, received]),
    [[2, "side", "bye"]],
  );
  assert.equal(
    recordsIn(
      FILL_TABLE,
      rows.map((cells) => cells.slice(1)),
    ),
    null,
  );
  assert.deepEqual(everythingIn({ product: "other" }), { refused: 'product: Invalid input: expected "rightseat"' });
});
