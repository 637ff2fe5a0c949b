/** Does the short way through a frame say exactly what JSON.parse and its checks say, and leave to them what is odd? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MASSIVE_SCANNED_MESSAGES_MAX } from "#lib/limits.ts";
import { FrameScanner } from "#server/feeds/massive/frame-scanner.ts";
import { readFrame } from "#server/feeds/massive/message.ts";
import { HOUR_FILES, hourFrames } from "#tests/support/massive-hour.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

const TIME_MS = 1_794_929_400_000;

/** One scanner for all: what a frame leaves behind in it must not show in the next. */
const scanner = new FrameScanner();

function scanned(text: string): unknown[] | null {
  const messages = scanner.scan(Buffer.from(text));
  return messages === null ? null : messages.map((message) => ({ ...message }));
}

/** Both ways read it, alike. */
function assertAtAGlance(text: string): void {
  assert.deepEqual(scanned(text), readFrame(text), text);
}

const price = fc
  .tuple(fc.integer({ min: -40_000, max: 99_999_999 }), fc.integer({ min: 0, max: 7 }))
  .map(([digits, decimals]) => (digits / 10 ** decimals).toFixed(decimals))
  .chain((text) => fc.constantFrom(text, `"${text}"`));
const size = fc.constantFrom("0", "1", "44", '"7"', "4294967295");
const time = fc.integer({ min: 0, max: 1_000_000 }).map((ms) => `${TIME_MS + ms}`);
const symbol = fc.constantFrom("ESZ6", "MESZ6", "6EZ6", "ESZ6-ESH7");

const trade = fc
  .record({ sym: symbol, p: price, s: size, t: time, q: fc.nat().map(String) })
  .map(({ sym, p, s, t, q }) => `{"ev":"T","sym":"${sym}","p":${p},"s":${s},"t":${t},"q":${q}}`);
const side = (kind: "b" | "a"): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(price, size, time).map(([p, s, t]) => `"${kind}p":${p},"${kind}s":${s},"${kind}t":${t},`),
    fc.constant(""),
  );
const quote = fc
  .record({ sym: symbol, bid: side("b"), ask: side("a"), t: time })
  .map(({ sym, bid, ask, t }) => `{"ev":"Q","sym":"${sym}",${bid}${ask}"t":${t}}`);
const usualFrame = fc
  .array(fc.oneof(trade, quote), { minLength: 1, maxLength: 6 })
  .map((messages) => `[${messages.join(",")}]`);

test("trades and quotes in the vendor's words are read at a glance, as JSON.parse reads them", (t) => {
  checkTwice(fc.property(usualFrame, assertAtAGlance), { runs: 3_000, print: (line) => t.diagnostic(line) });
});

/** Pieces that break, bend or only move a frame. */
const piece = fc.constantFrom(
  ...['"', ",", ":", "{", "}", "[", "]", "\\", "-", ".", "0", "9", "e5", "E-2", "+1", " ", "\n", "null", "true", "é"],
  ...['"x":1,', '"sym":"NQZ6",', '"p":1,', '"ev":"T",', '"ev":"Q",', '"ev":"A",', '"bp":1,', '"t":1,', '"s":-1,', '""'],
  ...["123456789012345678", "1e999", "-0", "00", "\u0000", "\u2028", "\\u0041", "NaN", '"NaN"', '"1e3"', '" 1"'],
);
type Change = { at: number; drop: number; put: string };
const change = fc.record({ at: fc.nat(), drop: fc.nat({ max: 4 }), put: fc.oneof(piece, fc.constant("")) });

function changed(text: string, { at, drop, put }: Change): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + put + text.slice(place + drop);
}

test("a frame that is bent in any place is read alike, or left to the long way", (t) => {
  let alike = 0;
  const bent = fc.property(usualFrame, fc.array(change, { minLength: 1, maxLength: 3 }), (frame, changes) => {
    const text = changes.reduce(changed, frame);
    const short = scanned(text);
    if (short === null) return;
    alike += 1;
    assert.deepEqual(short, readFrame(text), text);
  });
  checkTwice(bent, { runs: 20_000, print: (line) => t.diagnostic(line) });
  assert.ok(alike > 1_000, `${alike} bent frames were still of the usual shape`);
});

test("every byte changed, cut or doubled: alike, or left to the long way", () => {
  const frame =
    `[{"ev":"T","sym":"ESZ6","p":"6000.25","s":1,"t":${TIME_MS},"q":7},` +
    `{"ev":"Q","sym":"ESZ6","bp":-0.5,"bs":4,"bt":${TIME_MS},"t":${TIME_MS}}]`;
  assertAtAGlance(frame);
  for (let at = 0; at <= frame.length; at += 1) {
    const puts = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
    const texts = puts.map((put) => frame.slice(0, at) + put + frame.slice(at + 1));
    texts.push(frame.slice(0, at), frame.slice(0, at) + frame.slice(at + 1), frame.slice(0, at) + frame.slice(at - 1));
    for (const text of texts) {
      const short = scanned(text);
      if (short !== null) assert.deepEqual(short, readFrame(text), text);
    }
  }
});

test("what a check would refuse takes the long way, where its fault is named", () => {
  const faults = [
    '"p":"NaN","s":1,"t":T,"q":1',
    '"p":1,"s":-1,"t":T,"q":1',
    '"p":1,"s":1.5,"t":T,"q":1',
    '"p":1,"s":4294967296,"t":T,"q":1',
    '"p":1,"s":1,"t":1,"q":1',
    '"p":1,"s":1,"t":T,"q":-1',
    '"p":1,"s":1,"t":T,"q":0.5',
    '"p":1,"s":1,"t":T',
  ];
  for (const fields of faults) {
    const text = `[{"ev":"T","sym":"ESZ6",${fields.replace("T", `${TIME_MS}`)}}]`;
    assert.equal(scanned(text), null, text);
    assert.equal(readFrame(text)[0].ev, "bad", text);
  }
  for (const text of ["", "[", "[]", "{}", '[{"ev":"T"}]', '[{"sym":"ESZ6"}]']) assert.equal(scanned(text), null, text);
});

test("a frame of more messages than are kept takes the long way", () => {
  const message = `{"ev":"T","sym":"ESZ6","p":6000.25,"s":1,"t":${TIME_MS},"q":7}`;
  const frame = (count: number): string => `[${new Array(count).fill(message).join(",")}]`;
  assert.equal(scanned(frame(MASSIVE_SCANNED_MESSAGES_MAX))?.length, MASSIVE_SCANNED_MESSAGES_MAX);
  assert.equal(scanned(frame(MASSIVE_SCANNED_MESSAGES_MAX + 1)), null);
});

test("of the real hour every frame of trades and quotes is read at a glance", needsSharedData(...HOUR_FILES), () => {
  let frames = 0;
  for (const { messages } of hourFrames()) {
    if (messages.some(({ ev }) => ev !== "T" && ev !== "Q")) continue;
    frames += 1;
    assertAtAGlance(JSON.stringify(messages));
  }
  assert.ok(frames > 2_000, `${frames} frames`);
});
