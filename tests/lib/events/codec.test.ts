/** Do events survive the log's bytes, and does the decoder refuse what is not whole? */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { appendBookkeeping, appendEvent, createDecodeScratch, decodeFrame, payloadHead } from "#lib/events/codec.ts";
import { CodecError } from "#lib/events/codec-error.ts";
import { beginFrame, createFrameWriter, type FrameWriter, finishFrame } from "#lib/events/codec-frame.ts";
import { type Bookkeeping, JSON_ROWS } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { anyEvent, comparable, SAMPLE_EVENTS } from "#tests/support/sample-events.ts";

const trade: InputEvent = {
  type: "TradePrinted",
  seq: 5,
  nowMs: 1_700_000_000_000.25,
  receivedMs: 1_700_000_000_001.5,
  contract: 3,
  priceTicks: -1480,
  size: 2,
  aggressor: 2,
  exchangeMs: 1_699_999_999_999.125,
  source: 2,
  sourceSeq: 77,
};
const digest: Bookkeeping = { type: "DigestRecorded", seq: 4, digest: "abc" };

function frameOf(writer: FrameWriter, firstSeq: number, events: readonly InputEvent[]): Uint8Array {
  beginFrame(writer, firstSeq);
  events.forEach((event, index) => {
    event.seq = firstSeq + index;
    appendEvent(writer, event);
  });
  return finishFrame(writer);
}

function decoded(payload: Uint8Array): unknown[] {
  const seen: unknown[] = [];
  decodeFrame(payload, (event) => seen.push(comparable(event)));
  return seen;
}

for (const [type, arbitrary] of Object.entries(SAMPLE_EVENTS)) {
  test(`${type} comes back from the log exactly as it went in`, (t) => {
    const writer = createFrameWriter(64);
    checkTwice(
      fc.property(fc.array(arbitrary as fc.Arbitrary<InputEvent>, { maxLength: 5 }), (events) => {
        const payload = frameOf(writer, 1_000_000_000_000, events);
        assert.deepEqual(decoded(payload), events.map(comparable));
      }),
      { print: (line) => t.diagnostic(line) },
    );
  });
}

test("a frame of mixed events and bookkeeping keeps their order; bookkeeping takes no seq", () => {
  const writer = createFrameWriter();
  beginFrame(writer, 5);
  appendEvent(writer, { ...trade, seq: 5 });
  appendBookkeeping(writer, digest);
  appendEvent(writer, { ...trade, seq: 6 });
  const order: unknown[] = [];
  const payload = finishFrame(writer);
  decodeFrame(payload, (event) => order.push(event.seq), { bookkeeping: (record) => order.push(record) });
  assert.deepEqual(order, [5, digest, 6]);
  const head = { firstSeq: 5, events: 2, records: 3 };
  assert.deepEqual(payloadHead(new DataView(payload.buffer, payload.byteOffset, payload.byteLength)), head);
});

test("a trade costs 48 bytes, its reserved bytes are zero also in a buffer that was used before", (t) => {
  const writer = createFrameWriter(4096);
  writer.bytes.fill(0xff);
  const payload = frameOf(writer, 5, [trade]);
  assert.equal(payload.length, 16 + 48);
  assert.deepEqual([...payload.subarray(16 + 6, 16 + 8)], [0, 0]);
  checkTwice(
    fc.property(anyEvent(), (event) => {
      const clean = frameOf(createFrameWriter(8192), 5, [event]);
      writer.bytes.fill(0xff);
      assert.deepEqual([...frameOf(writer, 5, [event])], [...clean]);
      assert.equal(clean.length % 8, 0);
    }),
    { print: (line) => t.diagnostic(line) },
  );
});

test("a payload cut anywhere is refused", (t) => {
  checkTwice(
    fc.property(
      fc.array(anyEvent(), { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (events, part) => {
        const payload = frameOf(createFrameWriter(), 5, events);
        const cut = payload.subarray(0, Math.min(payload.length - 1, Math.floor(payload.length * part)));
        assert.throws(() => decodeFrame(cut, () => {}), CodecError);
      },
    ),
    { print: (line) => t.diagnostic(line) },
  );
});

test("bytes behind the last record are refused", () => {
  const payload = frameOf(createFrameWriter(), 5, [trade]);
  const longer = new Uint8Array(payload.length + 8);
  longer.set(payload);
  assert.throws(() => decodeFrame(longer, () => {}), /held 1 events in 64 bytes, expected 1 in 72 at payload byte 64/);
});

test("an unknown kind or version is named with its offset", () => {
  const payload = frameOf(createFrameWriter(), 5, [trade, { ...trade }]);
  payload[16 + 48] = 99;
  assert.throws(() => decodeFrame(payload, () => {}), /unknown record of kind 99, version 1 at payload byte 64/);
  payload[16 + 48] = 1;
  payload[16 + 48 + 1] = 2;
  assert.throws(() => decodeFrame(payload, () => {}), /unknown record of kind 1, version 2 at payload byte 64/);
});

test("a value that does not fit its column is refused and leaves the frame as it was", () => {
  const writer = createFrameWriter();
  beginFrame(writer, 5);
  appendEvent(writer, { ...trade, seq: 5 });
  const before = writer.at;
  const wrong: [Partial<typeof trade>, RegExp][] = [
    [{ priceTicks: 1.5 }, /priceTicks was 1.5/],
    [{ priceTicks: 2_147_483_648 }, /priceTicks was 2147483648/],
    [{ size: -1 }, /size was -1/],
    [{ size: Number.NaN }, /size was NaN/],
    [{ contract: 65_536 }, /contract was 65536/],
    [{ seq: 7 }, /seq of TradePrinted was 7, expected 6/],
  ];
  for (const [part, message] of wrong) {
    // Safe: the parts only replace numbers of the trade by wrong numbers.
    assert.throws(() => appendEvent(writer, { ...trade, seq: 6, ...part } as InputEvent), message);
  }
  const stamp = { seq: 6, nowMs: 0, receivedMs: 0 };
  assert.throws(() => appendEvent(writer, { type: "ContractPinned", ...stamp, root: "", symbol: null }), /root/);
  assert.throws(
    () => appendEvent(writer, { type: "DeadlineReached", ...stamp, clock: "feed", deadlineMs: Number.NaN }),
    /deadlineMs/,
  );
  assert.equal(writer.at, before);
  assert.deepEqual(decoded(finishFrame(writer)), [{ ...trade, seq: 5 }]);
});

test("a JSON payload that fails its schema is refused on read", () => {
  const writer = createFrameWriter();
  const event: InputEvent = { type: "ContractPinned", seq: 5, nowMs: 0, receivedMs: 0, root: "ES", symbol: null };
  const payload = frameOf(writer, 5, [event]);
  const text = new TextDecoder().decode(payload);
  payload[text.indexOf("root")] = "x".charCodeAt(0);
  assert.throws(() => decodeFrame(payload, () => {}), /ContractPinned .*xoot.* at payload byte 16/);
});

test("one trade object is filled again and again", () => {
  const payload = frameOf(createFrameWriter(), 5, [{ ...trade }, { ...trade, priceTicks: 9 }]);
  const scratch = createDecodeScratch();
  const seen = new Set<InputEvent>();
  decodeFrame(payload, (event) => seen.add(event), { scratch });
  assert.deepEqual([...seen], [{ ...trade, seq: 6, priceTicks: 9 }]);
  assert.ok(seen.has(scratch.trade));
});

test("every kind and every type is used once", () => {
  assert.equal(new Set(JSON_ROWS.map((row) => row.kind)).size, JSON_ROWS.length);
  assert.equal(new Set(JSON_ROWS.map((row) => row.type)).size, JSON_ROWS.length);
});
