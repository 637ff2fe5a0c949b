/** Does a replay keep its pace? The wall clock of these tests moves only by waiting; nothing sleeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeedEvent } from "#server/feeds/feed.ts";
import { createFileFeed } from "#server/feeds/file-feed.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";
import { replayFolder, steppedWall } from "#tests/support/replay-run.ts";

const ticks = (times: string[]): string =>
  `ts_utc,price,size\n${times.map((time, index) => `${time}Z,5100.25,${index + 1}\n`).join("")}`;

/** Keeps the wall time at which each event came, and checks that the feed's clock never passes an unpublished row. */
class PaceRecorder extends FeedRecorder {
  readonly cameAtMs: number[] = [];
  readonly #waitedMs: () => number;

  constructor(waitedMs: () => number) {
    super();
    this.#waitedMs = waitedMs;
  }

  override publish(event: FeedEvent): void {
    this.cameAtMs.push(this.#waitedMs());
    super.publish(event);
  }
}

async function replayAtPace(paths: string, speed: number, fromMs: number | null = null) {
  const wall = steppedWall();
  const recorder = new PaceRecorder(wall.waitedMs);
  const clockSteps: number[] = [];
  const feed = createFileFeed({
    paths,
    speed,
    fromMs,
    contractOverride: null,
    wallMs: wall.wallMs,
    waitMs: (ms) => {
      clockSteps.push(feed.clock.nowMs());
      return wall.waitMs(ms);
    },
  });
  assert.equal(feed.clock.speed(), 0);
  await feed.connect(recorder, null);
  const end = await feed.finished;
  return { recorder, wall, feed, end, clockSteps };
}

for (const speed of [1, 10]) {
  test(`at speed ${speed} each row comes when it is due`, async (t) => {
    const folder = replayFolder(t, {
      "ESH4.csv": ticks(["2024-03-05T15:00:00.000", "2024-03-05T15:00:00.500", "2024-03-05T15:00:30.000"]),
    });
    const { recorder, end, feed, wall, clockSteps } = await replayAtPace(folder, speed);
    assert.equal(end.status, "ended");
    const tradesAt = recorder.cameAtMs.filter((_, index) => recorder.events[index].type === "TradePrinted");
    for (const [index, dueMs] of [0, 500, 30_000].entries()) {
      const lateMs = tradesAt[index] - dueMs / speed;
      assert.ok(lateMs >= 0 && lateMs <= 1, `row ${index + 1}: ${lateMs} ms late`);
    }
    assert.deepEqual(
      recorder.trades().map((trade) => trade.nowMs - trade.exchangeMs),
      [0, 0, 0],
    );
    // The clock stands where the last minute's bars can close, after that time has passed.
    assert.equal(new Date(feed.clock.nowMs()).toISOString(), "2024-03-05T15:01:00.250Z");
    assert.ok(Math.abs(wall.waitedMs() - 60_250 / speed) <= 1);
    assert.equal(feed.clock.speed(), 0);
    assert.ok(clockSteps.every((ms, index) => index === 0 || ms >= clockSteps[index - 1]));
  });
}

test("the clock never runs ahead of a row that is not yet published", async (t) => {
  const folder = replayFolder(t, { "ESH4.csv": ticks(["2024-03-05T15:00:00.000", "2024-03-05T15:00:01.000"]) });
  const wall = steppedWall();
  const recorder = new FeedRecorder();
  const secondMs = Date.UTC(2024, 2, 5, 15, 0, 1);
  let seenMs = 0;
  const feed = createFileFeed({
    paths: folder,
    speed: 1,
    fromMs: null,
    contractOverride: null,
    wallMs: wall.wallMs,
    // A wait that takes a minute, as on a machine that slept.
    waitMs: async () => {
      await wall.waitMs(60_000);
      if (recorder.trades().length === 1) seenMs = feed.clock.nowMs();
    },
  });
  await feed.connect(recorder, null);
  await feed.finished;
  assert.equal(seenMs, secondMs);
  assert.equal(recorder.trades().length, 2);
});

test("jumps over the weekend to 60 s before the open, and says so", async (t) => {
  const folder = replayFolder(t, {
    "ESM4.csv": ticks(["2024-04-05T20:59:58.000", "2024-04-07T22:00:03.000", "2024-04-07T22:00:04.000"]),
  });
  const { recorder, wall } = await replayAtPace(folder, 10);
  assert.deepEqual(
    recorder.jumps().map((jump) => [new Date(jump.toMs).toISOString(), jump.nowMs === jump.toMs, jump.reason]),
    [["2024-04-07T21:59:00.000Z", true, "weekend: on to 60 s before the open"]],
  );
  const closeMs = Date.UTC(2024, 3, 5, 21);
  const [jump] = recorder.jumps();
  assert.ok(jump.fromMs >= closeMs && jump.fromMs <= closeMs + 2_000, "after the close, so that the last bars closed");
  assert.equal(recorder.trades().length, 3);
  assert.ok(wall.waitedMs() < 20_000, `${wall.waitedMs()} ms of wall time`);
});

test("jumps over the daily break, but not over a quiet hour", async (t) => {
  const folder = replayFolder(t, {
    "ESM4.csv": ticks(["2024-04-03T18:00:00.000", "2024-04-03T20:00:00.000", "2024-04-03T22:00:00.500"]),
  });
  const { recorder, wall } = await replayAtPace(folder, 60);
  assert.deepEqual(
    recorder.jumps().map((jump) => [new Date(jump.toMs).toISOString(), jump.reason]),
    [["2024-04-03T21:59:00.000Z", "break: on to 60 s before the open"]],
  );
  // Three hours to the close, the last minute of the break, and a minute for the last bar.
  assert.ok(Math.abs(wall.waitedMs() - 182_000) <= 2_000, `${wall.waitedMs()} ms of wall time`);
});

test("jumps to 60 s before the next row where it comes long after the open", async (t) => {
  const folder = replayFolder(t, { "ESM4.csv": ticks(["2024-04-05T20:59:58.000", "2024-04-10T15:00:00.000"]) });
  const { recorder } = await replayAtPace(folder, 100);
  assert.deepEqual(
    recorder.jumps().map((jump) => [new Date(jump.toMs).toISOString(), jump.reason]),
    [["2024-04-10T14:59:00.000Z", "weekend: on to 60 s before the next row"]],
  );
});

test("a start in the weekend jumps to the open too; at full speed nothing is jumped", async (t) => {
  const folder = replayFolder(t, { "ESM4.csv": ticks(["2024-04-05T20:59:58.000", "2024-04-07T22:00:03.000"]) });
  const paced = await replayAtPace(folder, 1, Date.UTC(2024, 3, 6, 12));
  assert.equal(paced.recorder.jumps().length, 1);
  assert.equal(paced.recorder.trades().length, 1);
  const full = await replayAtPace(folder, Number.POSITIVE_INFINITY);
  assert.deepEqual([full.recorder.jumps(), full.recorder.trades().length, full.wall.waitedMs()], [[], 2, 0]);
});

test("waits for the sequencer before it goes on", async (t) => {
  const many = Array.from({ length: 20_000 }, (_, index) => new Date(Date.UTC(2024, 3, 3, 15) + index).toISOString());
  const folder = replayFolder(t, { "ESM4.csv": ticks(many.map((time) => time.slice(0, -1))) });
  const recorder = new FeedRecorder();
  let release: () => void = () => {};
  let asked = 0;
  const held = Object.assign(recorder, {
    drained: (): Promise<void> | null => {
      asked += 1;
      return asked === 1 ? new Promise<void>((resolve) => (release = resolve)) : null;
    },
  });
  const feed = createFileFeed({
    paths: folder,
    speed: Number.POSITIVE_INFINITY,
    fromMs: null,
    contractOverride: null,
    wallMs: () => 0,
  });
  await feed.connect(held, null);
  for (let turn = 0; asked === 0 && turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const before = recorder.trades().length;
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(before > 0 && before < 20_000);
  assert.equal(recorder.trades().length, before, "nothing is published while the queue is full");
  release();
  await feed.finished;
  assert.equal(recorder.trades().length, 20_000);
});

test("stops when it is disposed of", async (t) => {
  const folder = replayFolder(t, { "ESM4.csv": ticks(["2024-04-03T15:00:00.000", "2024-04-03T18:00:00.000"]) });
  const recorder = new FeedRecorder();
  const feed = createFileFeed({ paths: folder, speed: 1, fromMs: null, contractOverride: null, wallMs: () => 0 });
  await feed.connect(recorder, null);
  await feed[Symbol.asyncDispose]();
  assert.deepEqual(await feed.finished, { status: "disposed" });
  assert.ok(recorder.trades().length <= 1);
});
