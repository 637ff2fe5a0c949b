/** Do bytes become the same numbers as their text? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDecimal, parseDigits } from "#server/feeds/file/parse-decimal.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

function parse(text: string): number {
  const bytes = Buffer.from(`;${text};`);
  return parseDecimal(bytes, 1, bytes.length - 1);
}

test("reads plain decimals", () => {
  assert.deepEqual(
    ["4800.25", "-37.63", "+5", "0", "110.", ".5", "007"].map(parse),
    [4800.25, -37.63, 5, 0, 110, 0.5, 7],
  );
});

test("takes everything else for no number", () => {
  for (const text of ["", "-", ".", "NaN", "1e3", "0x10", "Infinity", "1,5", " 1", "1 ", "1.2.3", "--1", "5-"]) {
    assert.ok(Number.isNaN(parse(text)), `"${text}"`);
  }
});

test("agrees with Number() to the last bit", (t) => {
  const decimal = fc
    .tuple(fc.constantFrom("", "-"), fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.option(fc.stringMatching(/^\d{1,9}$/)))
    .map(([sign, whole, decimals]) => `${sign}${whole}${decimals === null ? "" : `.${decimals}`}`);
  checkTwice(
    fc.property(decimal, (text) => assert.equal(parse(text), Number(text))),
    { runs: 2_000, print: (line) => t.diagnostic(line) },
  );
});

test("reads digits of a fixed place", () => {
  const bytes = Buffer.from("20231225 23x5");
  assert.deepEqual(
    [parseDigits(bytes, 0, 8), parseDigits(bytes, 9, 2), parseDigits(bytes, 10, 2)],
    [20_231_225, 23, -1],
  );
});
