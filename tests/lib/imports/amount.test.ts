/** Is an amount read as it was meant, in every notation, and refused where it is none? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DecimalMark, decimalMarkIn, parseAmount } from "#lib/imports/amount.ts";
import { checkTwice } from "../../support/property-runs.ts";

const READABLE: readonly [text: string, mark: DecimalMark, value: number, currency: string | null][] = [
  ["$(400.00)", ".", -400, "USD"],
  ["($75.90)", ".", -75.9, "USD"],
  ["$48.10 ", ".", 48.1, "USD"],
  ["-$1,200.50", ".", -1200.5, "USD"],
  ["$-3", ".", -3, "USD"],
  ["1.234,50 €", ",", 1234.5, "EUR"],
  ["-1\u00a0234,50\u00a0€", ",", -1234.5, "EUR"],
  ["(1.234,50 €)", ",", -1234.5, "EUR"],
  ["1'234.50", ".", 1234.5, null],
  ["\u22122.5", ".", -2.5, null],
  ["£0.5", ".", 0.5, "GBP"],
  ["12 USD", ".", 12, "USD"],
  [".25", ".", 0.25, null],
  ["1e-7", ".", 1e-7, null],
  ["28549.999999999996", ".", 28549.999999999996, null],
  ["0", ".", 0, null],
];

for (const [text, mark, value, currency] of READABLE) {
  test(`reads ${JSON.stringify(text)} with "${mark}" as ${value} ${currency ?? ""}`, () => {
    assert.deepEqual(parseAmount(text, mark), { value, currency });
  });
}

test("refuses what is no amount", () => {
  const wrong = ["", "-", "$", "NaN", "Infinity", "abc", "1,23,4", "12,34", "1.2.3", "(5", "5)", "5-", "1e999", "0x10"];
  for (const text of [...wrong, "9".repeat(400)]) assert.equal(parseAmount(text, "."), null, text);
  for (const text of ["1,234.50", "1.23.4", "12.34"]) assert.equal(parseAmount(text, ","), null, text);
});

test("minus zero is zero", () => {
  assert.ok(Object.is(parseAmount("-0.00", ".")?.value, 0));
});

test("the decimal mark is proven by a cell, and asked where a comma may be either", () => {
  assert.equal(decimalMarkIn(["21,450", "1.234,50"]), ",");
  assert.equal(decimalMarkIn(["30220,25"]), ",");
  assert.equal(decimalMarkIn(["21,450.5"]), ".");
  assert.equal(decimalMarkIn(["1,234,567"]), ".");
  assert.equal(decimalMarkIn(["1.234.567"]), ",");
  assert.equal(decimalMarkIn(["3.181", "5"]), ".");
  assert.equal(decimalMarkIn(["3.181", "2,5"]), ",");
  assert.equal(decimalMarkIn(["21,450"]), null);
  assert.equal(decimalMarkIn(["1,5", "1.5"]), ".", "both cannot be: the rows with a comma become errors");
  assert.equal(decimalMarkIn([]), ".");
});

test("any amount of cents comes back from any notation", (t) => {
  const notations = fc.record({
    cents: fc.integer({ min: -10_000_000_00, max: 10_000_000_00 }),
    mark: fc.constantFrom<DecimalMark>(".", ","),
    isGrouped: fc.boolean(),
    negative: fc.constantFrom("minus", "parentheses"),
    sign: fc.constantFrom("", "$", "€"),
  });
  const property = fc.property(notations, ({ cents, mark, isGrouped, negative, sign }) => {
    const whole = String(Math.floor(Math.abs(cents) / 100));
    const grouping = mark === "." ? "," : ".";
    const digits = isGrouped ? whole.replace(/\B(?=(\d{3})+$)/g, grouping) : whole;
    const magnitude = `${sign}${digits}${mark}${String(Math.abs(cents) % 100).padStart(2, "0")}`;
    const text = cents >= 0 ? magnitude : negative === "minus" ? `-${magnitude}` : `(${magnitude})`;
    assert.equal(parseAmount(text, mark)?.value, cents === 0 ? 0 : cents / 100, text);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});
