/** Does a deadline become an event at its time, on either clock? */
import assert from "node:assert/strict";
import test from "node:test";
import { createOutputs } from "#lib/outputs/output.ts";
import { TimerFeed, type Timers } from "#server/feeds/timer-feed.ts";

type Scene = {
  feed: TimerFeed;
  pass(wallMs: number): void;
  came: unknown[];
  pending(): number[];
  speed: number;
  takes: boolean;
};

/** A wall clock that stands until the test lets it pass; the feed's clock runs `speed` times as fast from 0. */
function scene(speed: number): Scene {
  let wallMs = 0;
  let feedMs = 0;
  const timers = new Map<number, { atMs: number; run: () => void }>();
  let nextTimer = 1;
  const fake: Timers = {
    set(run, delayMs) {
      timers.set(nextTimer, { atMs: wallMs + delayMs, run });
      nextTimer += 1;
      return nextTimer - 1;
    },
    // Safe: it came from `set`.
    clear: (timer) => timers.delete(timer as number),
  };
  const came: unknown[] = [];
  const made: Scene = {
    speed,
    takes: true,
    came,
    pending: () => [...timers.values()].map((timer) => timer.atMs),
    feed: new TimerFeed({
      feedClock: { nowMs: () => feedMs, speed: () => made.speed },
      wallMs: () => wallMs,
      publish(event) {
        if (made.takes) came.push([event.clock, event.deadlineMs, wallMs]);
        return made.takes;
      },
      timers: fake,
    }),
    pass(ms) {
      for (let step = 0; step < ms; step += 1) {
        wallMs += 1;
        if (Number.isFinite(made.speed)) feedMs += made.speed;
        for (const [id, timer] of [...timers]) {
          if (timer.atMs > wallMs) continue;
          timers.delete(id);
          timer.run();
        }
      }
    },
  };
  return made;
}

test("a feed deadline comes at the feed's time, ten times as early at speed 10", () => {
  const scenes = [scene(1), scene(10)];
  for (const one of scenes) {
    one.feed.wakeAt("feed", 5_000);
    one.pass(6_000);
  }
  assert.deepEqual(
    scenes.map((one) => one.came),
    [[["feed", 5_000, 5_000]], [["feed", 5_000, 500]]],
  );
});

test("the earliest of each clock wins, and each comes once", () => {
  const { feed, pass, came, pending } = scene(2);
  const outputs = createOutputs(1);
  outputs.list.push({ type: "WakeAt", clock: "feed", deadlineMs: 900 });
  outputs.list.push({ type: "WakeAt", clock: "wall", deadlineMs: 700 });
  outputs.list.push({ type: "WakeAt", clock: "feed", deadlineMs: 400 });
  outputs.list.push({ type: "WakeAt", clock: "wall", deadlineMs: 800 });
  feed.onOutputs(outputs);
  assert.deepEqual(pending().sort(), [200, 700]);
  pass(3_000);
  assert.deepEqual(came, [
    ["feed", 400, 200],
    ["wall", 700, 700],
  ]);
  assert.deepEqual(pending(), []);
});

test("a clock that stands or is driven by its events alone has no timer; the next batch sees it run again", () => {
  for (const speed of [0, Number.POSITIVE_INFINITY]) {
    const one = scene(speed);
    one.feed.wakeAt("feed", 100);
    assert.deepEqual(one.pending(), []);
    one.pass(5_000);
    assert.deepEqual(one.came, []);
    one.speed = 1;
    one.feed.onOutputs(createOutputs(1));
    assert.equal(one.pending().length, 1);
    one.pass(200);
    assert.deepEqual(one.came, [["feed", 100, 5_100]]);
  }
});

test("a clock that is made faster between two batches is noticed within a second", () => {
  const one = scene(1);
  one.feed.wakeAt("feed", 60_000);
  one.pass(100);
  one.speed = 100;
  one.pass(1_000);
  assert.deepEqual(one.came, [["feed", 60_000, 1_000]]);
});

test("a deadline that is not taken is offered again; a disposed timer is silent", () => {
  const one = scene(1);
  one.takes = false;
  one.feed.wakeAt("wall", 10);
  one.pass(500);
  assert.equal(one.pending().length, 1);
  one.takes = true;
  one.pass(1_000);
  assert.deepEqual(one.came, [["wall", 10, 1_010]]);
  one.feed.wakeAt("wall", 9_000);
  one.feed[Symbol.dispose]();
  one.feed.wakeAt("wall", 8_000);
  one.pass(10_000);
  assert.deepEqual([one.came.length, one.pending()], [1, []]);
});
