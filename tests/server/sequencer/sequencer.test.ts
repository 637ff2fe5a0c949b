/** Is every event logged before anything reacts, in one order, under clocks that never run back? */
import assert from "node:assert/strict";
import test from "node:test";
import type { InputEvent } from "#lib/events/event.ts";
import { QUEUE_EVENTS_FULL, QUEUE_EVENTS_MAX } from "#lib/limits.ts";
import { REAL_DISK } from "#server/sequencer/log-disk.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { pin, startRig, trade, turn } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

test("writes a batch before the engine sees it, and releases outputs once, behind the engine", async (t) => {
  const order: string[] = [];
  const engine = createTallyEngine();
  const process = engine.process;
  engine.process = (event, outputs) => {
    order.push(`process ${event.seq}`);
    return process(event, outputs);
  };
  const disk = {
    ...REAL_DISK,
    write: (fd: number, bytes: Uint8Array, position: number) => {
      order.push("write");
      return REAL_DISK.write(fd, bytes, position);
    },
  };
  const { sequencer } = await startRig({
    folder: temporaryFolder(t),
    engine,
    disk,
    onBatch: (outputs, lastSeq) => order.push(`batch ${lastSeq} touched ${outputs.touched[0]}`),
  });
  sequencer.publish(trade(1));
  sequencer.publish(trade(2));
  assert.deepEqual(order, []);
  await turn();
  // The first write is the new segment's header.
  assert.deepEqual(order, ["write", "write", "process 1", "process 2", "batch 2 touched 1"]);
  await sequencer[Symbol.asyncDispose]();
});

test("a durable event is answered with seq and outcome only when it is flushed", async (t) => {
  const firstSync = Promise.withResolvers<void>();
  let syncs = 0;
  const disk = {
    ...REAL_DISK,
    sync: async (fd: number) => {
      syncs += 1;
      await firstSync.promise;
      return REAL_DISK.sync(fd);
    },
  };
  const flushed: number[] = [];
  const { sequencer, engine } = await startRig({
    folder: temporaryFolder(t),
    disk,
    onFlushed: (seq) => flushed.push(seq),
  });
  let answer: unknown = null;
  const waiting = sequencer.publishDurable(pin("ESZ26")).then((got) => {
    answer = got;
  });
  assert.deepEqual([sequencer.status.queued, sequencer.status.flushPendingMs], [1, 0]);
  await turn();
  assert.deepEqual([engine.pins, answer, flushed, syncs], [["ESZ26"], null, [], 1]);
  assert.ok(sequencer.status.queued === 0 && sequencer.status.flushPendingMs > 0, "the disk does not answer");
  firstSync.resolve();
  await waiting;
  assert.equal(sequencer.status.flushPendingMs, 0);
  assert.deepEqual([answer, flushed], [{ seq: 1, outcome: { status: "accepted" } }, [1]]);
  await sequencer[Symbol.asyncDispose]();
});

test("a thousand waiters share a few flushes", async (t) => {
  let syncs = 0;
  const disk = {
    ...REAL_DISK,
    sync: (fd: number) => {
      syncs += 1;
      return REAL_DISK.sync(fd);
    },
  };
  const { sequencer } = await startRig({ folder: temporaryFolder(t), disk });
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => sequencer.publishDurable(pin(`S${index}`))),
  );
  assert.deepEqual(
    answers.map((answer) => answer.seq),
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
  assert.ok(syncs >= 1 && syncs <= 3, `${syncs} flushes`);
  await sequencer[Symbol.asyncDispose]();
});

test("both clocks hold when theirs run back; the feed's own time wins over the wall", async (t) => {
  const folder = temporaryFolder(t);
  let wall = 5_000;
  let feed = 100;
  const { sequencer } = await startRig({ folder, wallMs: () => wall, feedNowMs: () => feed });
  sequencer.publish(trade(1));
  wall = 4_000;
  feed = 50;
  sequencer.publish(trade(2));
  sequencer.publish(trade(3, { nowMs: 120.5 }));
  sequencer.publish(trade(4, { nowMs: 110 }));
  wall = 6_000;
  feed = 130;
  sequencer.publish(pin("ESZ26"));
  await sequencer[Symbol.asyncDispose]();
  const stamps: unknown[] = [];
  readLog(folder, ({ seq, nowMs, receivedMs }) => stamps.push([seq, nowMs, receivedMs]));
  assert.deepEqual(stamps, [
    [1, 100, 5_000],
    [2, 100, 5_000],
    [3, 120.5, 5_000],
    [4, 120.5, 5_000],
    [5, 130, 6_000],
  ]);
  // Also behind a restart.
  wall = 1_000;
  feed = 1;
  const again = await startRig({ folder, wallMs: () => wall, feedNowMs: () => feed });
  const event = pin("ESH27");
  await again.sequencer.publishDurable(event);
  assert.deepEqual([event.seq, event.nowMs, event.receivedMs], [6, 130, 6_000]);
  await again.sequencer[Symbol.asyncDispose]();
});

test("contracts are numbered from 0, listed before their first event, and keep their numbers", async (t) => {
  const folder = temporaryFolder(t);
  const feedNowMs = (): number => Date.UTC(2026, 10, 20, 15);
  const first = await startRig({ folder, feedNowMs });
  const es = { root: "ES", year: 2026, month: 12 };
  const zn = { root: "ZN", year: 2026, month: 12 };
  assert.equal(first.sequencer.contractNumber(es), 0);
  first.sequencer.publish(trade(41, { contract: 0 }));
  assert.equal(first.sequencer.contractNumber(zn), 1);
  assert.equal(first.sequencer.contractNumber(es), 0);
  assert.throws(() => first.sequencer.contractNumber({ root: "XX", year: 2026, month: 12 }), /XX 2026-12.*none/);
  await first.sequencer[Symbol.asyncDispose]();
  const events: InputEvent[] = [];
  readLog(folder, (event) => events.push({ ...event }));
  assert.deepEqual(
    events.map((event) => [event.type, "tickSize" in event ? event.tickSize : null]),
    [
      ["InstrumentListed", 0.25],
      ["TradePrinted", null],
      ["InstrumentListed", 0.015625],
    ],
  );
  const second = await startRig({ folder, feedNowMs });
  assert.equal(second.sequencer.contractNumber(zn), 1);
  assert.equal(second.sequencer.contractNumber({ root: "ES", year: 2027, month: 3 }), 2);
  assert.equal(second.recovered.lastSourceSeq(es), 41);
  assert.equal(second.recovered.lastSourceSeq(zn), -1);
  await second.sequencer[Symbol.asyncDispose]();
});

test("feeds are asked to wait at a full queue, and publish throws where they do not", async (t) => {
  const { sequencer, engine } = await startRig({ folder: temporaryFolder(t) });
  let timerTurns = 0;
  const timer = setInterval(() => {
    timerTurns += 1;
  }, 1);
  for (let index = 0; index < QUEUE_EVENTS_FULL - 1; index += 1) sequencer.publish(trade(index));
  assert.equal(sequencer.drained(), null);
  for (let index = QUEUE_EVENTS_FULL - 1; index < QUEUE_EVENTS_MAX; index += 1) sequencer.publish(trade(index));
  assert.throws(() => sequencer.publish(trade(0)), /did not await drained/);
  await sequencer.drained();
  assert.ok(sequencer.status.queued <= QUEUE_EVENTS_FULL / 2);
  clearInterval(timer);
  assert.ok(timerTurns > 3, `the event loop had ${timerTurns} turns for others`);
  await sequencer[Symbol.asyncDispose]();
  assert.equal(engine.events, QUEUE_EVENTS_MAX);
  assert.equal(sequencer.status.seq, QUEUE_EVENTS_MAX);
});

test("an event that does not fit the log is refused by name; the others go on without a hole", async (t) => {
  const folder = temporaryFolder(t);
  const { sequencer, said } = await startRig({ folder });
  sequencer.publish(trade(1));
  sequencer.publish(trade(2, { priceTicks: 0.5 }));
  const refused = assert.rejects(sequencer.publishDurable({ ...pin("x"), root: "" }), { code: "BAD_SHAPE" });
  sequencer.publish(trade(3));
  await refused;
  await sequencer[Symbol.asyncDispose]();
  const seqs: number[] = [];
  readLog(folder, (event) => seqs.push(event.seq));
  assert.deepEqual(seqs, [1, 2]);
  assert.ok(said.some((line) => line.includes("priceTicks was 0.5")));
  assert.equal(sequencer.status.dropped, 1);
});

test("an exception of the engine ends the process: no outputs, no answer, no further event", async (t) => {
  const batches: number[] = [];
  const { sequencer, said } = await startRig({
    folder: temporaryFolder(t),
    engine: createTallyEngine({ failAtSeq: 2 }),
    onBatch: (_outputs, seq) => batches.push(seq),
  });
  sequencer.publish(trade(1));
  await turn();
  const broken = assert.rejects(sequencer.publishDurable(pin("ESZ26")), { code: "QUARANTINED", status: 422 });
  await assert.rejects(sequencer.publishDurable(pin("ESH27")), { code: "LOG_UNWRITABLE" });
  await broken;
  assert.deepEqual(batches, [1]);
  assert.equal(sequencer.status.state, "failed");
  assert.deepEqual(
    said.filter((line) => line.startsWith("crash")),
    ["crash the engine failed at seq 2: planted failure"],
  );
  assert.equal(sequencer.publish(trade(3)), false);
  await sequencer[Symbol.asyncDispose]();
});

test("market events are flushed within 50 ms", async (t) => {
  const flushed = Promise.withResolvers<number>();
  const { sequencer } = await startRig({
    folder: temporaryFolder(t),
    onFlushed: () => flushed.resolve(performance.now()),
  });
  const startMs = performance.now();
  sequencer.publish(trade(1));
  const tookMs = (await flushed.promise) - startMs;
  assert.ok(tookMs < 200, `${tookMs} ms`);
  assert.equal(sequencer.status.flushedSeq, 1);
  await sequencer[Symbol.asyncDispose]();
});
