/** Are lines the same however the bytes are cut into chunks? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineSplitter } from "#server/feeds/file/line-splitter.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

function lines(chunks: readonly string[]): string[] {
  const splitter = new LineSplitter();
  const found: string[] = [];
  const take = (): void => {
    while (splitter.next()) {
      found.push(splitter.bytes.toString("latin1", splitter.start, splitter.end));
      assert.equal(splitter.line, found.length);
    }
  };
  for (const chunk of chunks) {
    splitter.feed(Buffer.from(chunk));
    take();
  }
  splitter.finish();
  take();
  return found;
}

test("finds lines with LF, with CRLF and without a last line end", () => {
  assert.deepEqual(lines(["a\nbc\r\n\nd"]), ["a", "bc", "", "d"]);
  assert.deepEqual(lines(["a\n"]), ["a"]);
  assert.deepEqual(lines([""]), []);
});

test("any cut into chunks gives the same lines", (t) => {
  const text = fc
    .array(fc.constantFrom("1", "2;", "\n", "\r\n", "abc"), { maxLength: 60 })
    .map((parts) => parts.join(""));
  checkTwice(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 10 }), (whole, cuts) => {
      const stops = [...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const chunks = stops.map((stop, index) => whole.slice(index === 0 ? 0 : stops[index - 1], stop));
      const expected = whole.split(/\r?\n/);
      if (expected[expected.length - 1] === "") expected.pop();
      assert.deepEqual(lines(chunks), expected);
    }),
    { runs: 1_000, print: (line) => t.diagnostic(line) },
  );
});
