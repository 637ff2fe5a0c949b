/** Does a bridge learn what is wrong with bytes that are no JSON? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readBridgeBody } from "#lib/wire/bridge-body.ts";
import { checkTwice } from "../../support/property-runs.ts";

const utf8 = new TextEncoder();

function refusal(bytes: Uint8Array) {
  const answer = readBridgeBody(bytes);
  assert.ok("refused" in answer);
  return answer.refused;
}

test("whatever JSON can say is read back", (t) => {
  const property = fc.property(fc.jsonValue(), (value) => {
    const text = JSON.stringify(value);
    assert.deepEqual(readBridgeBody(utf8.encode(text)), { body: JSON.parse(text) });
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("the first byte that is no UTF-8 is named, wherever it lies", (t) => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const property = fc.property(text, text, (before, behind) => {
    const good = utf8.encode(`"${before}`);
    const bytes = Uint8Array.from([...good, 0xe9, 0x22, ...utf8.encode(behind)]);
    assert.deepEqual(refusal(bytes), { field: "body", expected: "UTF-8", received: `byte 0xE9 at ${good.length}` });
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
  // A character that the body's end cuts off.
  assert.match(refusal(utf8.encode('"é').subarray(0, 2)).received, /^byte 0xC3 at 1$/);
});

test("the usual faults have their own words", () => {
  const faults: [text: string, expected: RegExp, received: string][] = [
    ['{"avgPrice": 6012,25}', /decimal point/, "6012,25"],
    ['{"quantity": 2, "avgPrice":-6012,25, "side": "Long"}', /decimal point/, "-6012,25"],
    ['{"avgPrice": NaN}', /finite number/, "NaN"],
    ['{"avgPrice": -Infinity}', /finite number/, "-Infinity"],
    ['{"account": "C:\\Sim"}', /escaped backslashes/, '\\Sim"}'],
    ['{"account": "A"', /^JSON$/, '{"account": "A"'],
    ["", /^JSON$/, ""],
  ];
  for (const [text, expected, received] of faults) {
    const found = refusal(utf8.encode(text));
    assert.match(found.expected, expected, text);
    assert.equal(found.received, received);
  }
});
