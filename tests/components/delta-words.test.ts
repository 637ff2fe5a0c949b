/** Does every delta on screen name who says so? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELTA_MARKS, DELTA_SHORT_WORDS, DELTA_WORDS, deltaText } from "#components/live/delta-words.ts";
import { DELTA_SOURCES } from "#lib/wire/stream.ts";

test("a delta names who says so: an estimate says estimate, in the table, beside the chart and on a bar", () => {
  for (const words of [DELTA_MARKS, DELTA_SHORT_WORDS, DELTA_WORDS]) {
    assert.deepEqual(Object.keys(words), [...DELTA_SOURCES]);
  }
  assert.equal(DELTA_MARKS.estimate, "est.");
  assert.equal(DELTA_SHORT_WORDS.estimate, "estimate");
  assert.match(DELTA_WORDS.estimate, /^Estimated from bars/);
  assert.equal(deltaText({ contracts: 312, source: "estimate" }), "+312 est.");
  assert.equal(deltaText({ contracts: -4_180, source: "quote" }), "-4,180");
  assert.equal(deltaText({ contracts: 0, source: "aggressor" }), "0", "an auction: known to have no side");
  assert.equal(deltaText({ contracts: 0, source: "none" }), "–");
});
