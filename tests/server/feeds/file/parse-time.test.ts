/** Do the time columns name the right instants, and nothing that is no time? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Zone } from "#lib/time-zone.ts";
import { createTimeParser, type TimeFormat } from "#server/feeds/file/parse-time.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

function parse(format: TimeFormat, text: string, zone: Zone = "UTC"): number {
  const bytes = Buffer.from(`,${text},`);
  return createTimeParser(format, zone)(bytes, 1, bytes.length - 1);
}

test("reads every format to the fraction of a millisecond", () => {
  const wholeMs = Date.parse("2023-12-25T23:00:00Z");
  assert.equal(parse("epochNs", "1703545200085275419"), wholeMs + 85.275419);
  assert.equal(parse("iso", "2023-12-25T23:00:00.085275419Z"), wholeMs + 85.275419);
  assert.equal(parse("iso", "2023-12-25 23:00:00.5"), wholeMs + 500);
  assert.equal(parse("iso", "2023-12-25T23:00:00"), wholeMs);
  assert.equal(parse("compact", "20231225 23:00"), wholeMs);
  assert.equal(parse("ninjatrader", "20231225 230000"), wholeMs);
  assert.equal(parse("ninjatrader", "20231225 230000 0852754"), wholeMs + 85.2754);
});

test("reads Chicago time in winter and in summer", () => {
  assert.equal(parse("iso", "2023-12-25T17:00:00", "America/Chicago"), Date.parse("2023-12-25T23:00:00Z"));
  assert.equal(parse("iso", "2020-06-15T08:30:00", "America/Chicago"), Date.parse("2020-06-15T13:30:00Z"));
});

test("takes no date or clock that does not exist", () => {
  const wrong: [TimeFormat, string][] = [
    ["iso", "2023-02-29T00:00:00Z"],
    ["iso", "2023-13-01T00:00:00Z"],
    ["iso", "2023-12-25T24:00:00Z"],
    ["iso", "2023-12-25T23:60:00Z"],
    ["iso", "2023-12-25T23:00:60Z"],
    ["iso", "2023-12-25T23:00:00."],
    ["iso", "2023-12-25T23:00:00+01:00"],
    ["iso", "2023-12-25"],
    ["iso", ""],
    ["compact", "20231225T23:00"],
    ["compact", "20231300 23:00"],
    ["ninjatrader", "20231225 2300"],
    ["ninjatrader", "20231225 230000 08527"],
    ["ninjatrader", "20231225 236000"],
    ["epochNs", "1703545200085"],
    ["epochNs", "170354520008527541x"],
  ];
  for (const [format, text] of wrong) assert.ok(Number.isNaN(parse(format, text)), `${format} "${text}"`);
});

test("agrees with Date on every millisecond, also when hours change", (t) => {
  const parser = createTimeParser("iso", "UTC");
  const instant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });
  checkTwice(
    fc.property(fc.array(instant, { minLength: 1, maxLength: 5 }), (instants) => {
      for (const ms of instants) {
        const bytes = Buffer.from(new Date(ms).toISOString());
        assert.equal(parser(bytes, 0, bytes.length), ms);
      }
    }),
    { runs: 500, print: (line) => t.diagnostic(line) },
  );
});
