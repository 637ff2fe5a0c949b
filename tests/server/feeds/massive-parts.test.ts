/** Do the feed's small parts keep their word: waits, numbers as text, scales, timeliness, the bounded queue? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBackOff } from "#server/feeds/back-off.ts";
import { isOtherScale } from "#server/feeds/massive/contract-stream.ts";
import { FrameQueue } from "#server/feeds/massive/frame-queue.ts";
import { KnownSeqs } from "#server/feeds/massive/known-seqs.ts";
import { isPowerOfTen } from "#server/feeds/massive/listing.ts";
import { readFrame } from "#server/feeds/massive/message.ts";
import { Timeliness } from "#server/feeds/massive/timeliness.ts";
import { createSimulatorControls } from "#server/feeds/simulator-controls.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";

test("waits double with jitter, stop at the cap and begin anew after a success", () => {
  const half = createBackOff({ firstMs: 1_000, mostMs: 60_000, random: () => 0.5 });
  assert.deepEqual([half.next(), half.next(), half.next()], [750, 1_500, 3_000]);
  for (let count = 0; count < 60; count++) assert.ok(half.next() <= 60_000);
  half.reset();
  assert.equal(half.next(), 750);
  assert.equal(createBackOff({ firstMs: 1_000, mostMs: 60_000, random: () => 0 }).next(), 500);
});

test("numbers as text and numbers read the same; the document's own examples are understood", () => {
  const asText = '[{"ev":"A","sym":"NQZ6","v":12,"dv":"369600.5","o":"30800.25","c":"30801","h":"30801.25",';
  const asNumbers = '[{"ev":"A","sym":"NQZ6","v":"12","dv":369600.5,"o":30800.25,"c":30801,"h":30801.25,';
  const rest = '"l":30800,"n":9,"s":1790789100000,"e":1790789101000}]';
  assert.deepEqual(readFrame(asText + rest), readFrame(asNumbers + rest));
  const [quote] = readFrame('[{"ev":"Q","sym":"ESZ6","ap":6000.25,"as":3,"t":1790789100000}]');
  assert.deepEqual(quote, {
    ev: "Q",
    symbol: "ESZ6",
    bid: null,
    bidSize: 0,
    ask: 6_000.25,
    askSize: 3,
    ms: 1_790_789_100_000,
  });
});

test("whatever comes as a frame, reading it never throws", () => {
  fc.assert(fc.property(fc.string(), (text) => readFrame(text).length >= 0));
  fc.assert(fc.property(fc.json(), (text) => readFrame(text).length >= 0));
  const field = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.constant(null), fc.boolean());
  const message = fc.record({
    ev: fc.constantFrom("T", "Q", "A", "AM", "status", "X"),
    sym: field,
    p: field,
    s: field,
    t: field,
    q: field,
    e: field,
  });
  fc.assert(fc.property(fc.array(message), (list) => readFrame(JSON.stringify(list)).length === list.length));
});

test("scales: powers of ten pass, anything else is another product; a price ten times off is named", () => {
  assert.deepEqual([0.0001, 1, 100, 0.8, 0, Number.NaN].map(isPowerOfTen), [true, true, true, false, false, false]);
  assert.equal(isOtherScale(240_000, 24_000), true);
  assert.equal(isOtherScale(24_900, 24_000), false);
  assert.equal(isOtherScale(-2_400, -24_000), true);
  assert.equal(isOtherScale(9, 90), false, "small prices say nothing");
});

test("a mode is proved by one message and refuted by three, or by ten seconds of contradiction", () => {
  const fresh = new Timeliness("LIVE");
  assert.deepEqual([fresh.note(0, 600_000), fresh.note(1, 600_000), fresh.note(2, 600_000)], ["wait", "wait", "wrong"]);
  const proved = new Timeliness("LIVE");
  assert.equal(proved.note(0, 40), "right");
  for (let ms = 0; ms < 9_000; ms += 100) assert.equal(proved.note(ms, 600_000), "right", "a burst after a pause");
  assert.equal(proved.note(10_000, 600_000), "wrong");
  assert.equal(new Timeliness("DELAYED").note(0, 600_020), "right");
});

test("the queue gives frames in order, and passes its bound once, empty afterwards", () => {
  const queue = new FrameQueue(10);
  assert.ok(queue.push(Buffer.from("abcd")) && queue.push(Buffer.from("efgh")));
  assert.equal(queue.take()?.toString(), "abcd");
  assert.equal(queue.push(Buffer.from("1234567")), false);
  assert.deepEqual([queue.length, queue.take()], [0, null]);
});

test("the newest trade numbers are known, the oldest are forgotten", () => {
  const known = new KnownSeqs();
  for (let seq = 0; seq < 9_000; seq++) known.add(seq);
  assert.deepEqual([known.has(8_999), known.has(900), known.has(0)], [true, true, false]);
  // Behind a question too, and behind a late one.
  known.add(9_500);
  known.add(9_400);
  assert.deepEqual(
    [9_500, 9_400, 9_450, 9_501].map((seq) => known.has(seq)),
    [true, true, false, false],
  );
});

test("the simulator stands and goes on, says so, and refuses what it has not", async () => {
  const calls: string[] = [];
  const recorder = new FeedRecorder();
  const controls = createSimulatorControls({
    name: "simulator",
    clock: { nowMs: () => 5, speed: () => 1 },
    freeze: () => void calls.push("freeze"),
    thaw: () => void calls.push("thaw"),
  });
  controls.bind?.(recorder);
  assert.equal((await controls.act("start")).status, "unchanged");
  assert.equal((await controls.act("stop")).status, "done");
  assert.equal((await controls.act("stop")).status, "unchanged");
  assert.equal(controls.report().isRunning, false);
  assert.equal((await controls.act("start")).status, "done");
  assert.match((await controls.act("upgrade")).message, /no plan to change/);
  assert.deepEqual(calls, ["freeze", "thaw"]);
  assert.deepEqual(
    recorder.statuses().map(({ state }) => state),
    ["paused", "connected"],
  );
});
