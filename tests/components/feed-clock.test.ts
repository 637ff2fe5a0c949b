/** Does the feed's clock tick between messages, at its speed, and never backwards? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLOCK_CARRY_MS, FeedClock } from "#components/live/feed-clock.ts";

function rig() {
  const wall = { ms: 0 };
  return { wall, clock: new FeedClock(() => wall.ms) };
}

test("knows nothing before the first word", () => {
  assert.equal(rig().clock.nowMs(), null);
});

test("runs at the feed's speed between messages", () => {
  const { wall, clock } = rig();
  clock.start(1_000_000, 10);
  wall.ms = 300;
  assert.equal(clock.nowMs(), 1_003_000);
});

test("stands where the feed runs as fast as possible or is paused", () => {
  for (const speed of [null, 0]) {
    const { wall, clock } = rig();
    clock.start(1_000_000, speed);
    wall.ms = 900;
    assert.equal(clock.nowMs(), 1_000_000);
    clock.hear(1_050_000);
    assert.equal(clock.nowMs(), 1_050_000);
  }
});

test("jumps forward with the virtual clock at once", () => {
  const { wall, clock } = rig();
  clock.start(1_000_000, 1);
  wall.ms = 100;
  clock.hear(5_000_000);
  assert.equal(clock.nowMs(), 5_000_000);
});

test("never runs backwards when it was ahead, and takes the overshoot back by and by", () => {
  const { wall, clock } = rig();
  clock.start(1_000_000, 1);
  wall.ms = 1_000;
  const shown = clock.nowMs();
  assert.equal(shown, 1_001_000);
  clock.hear(1_000_500);
  assert.equal(clock.nowMs(), shown);
  for (let step = 1; step <= 200; step += 1) {
    wall.ms = 1_000 + step * 50;
    clock.hear(1_000_500 + step * 50);
  }
  const ahead = (clock.nowMs() ?? 0) - (1_000_500 + 200 * 50);
  assert.ok(ahead >= 0 && ahead < 2, `still ${ahead} ms ahead`);
});

test("stands when nothing was heard for too long", () => {
  const { wall, clock } = rig();
  clock.start(1_000_000, 2);
  wall.ms = CLOCK_CARRY_MS + 60_000;
  assert.equal(clock.nowMs(), 1_000_000 + 2 * CLOCK_CARRY_MS);
});

test("a change of speed keeps the time and goes on from it", () => {
  const { wall, clock } = rig();
  clock.start(1_000_000, 10);
  wall.ms = 100;
  clock.setSpeed(1);
  assert.equal(clock.nowMs(), 1_001_000);
  wall.ms = 200;
  assert.equal(clock.nowMs(), 1_001_100);
});

test("another run may begin earlier", () => {
  const { clock } = rig();
  clock.start(9_000_000, 1);
  assert.equal(clock.nowMs(), 9_000_000);
  clock.reset();
  assert.equal(clock.nowMs(), null);
  clock.start(1_000_000, 1);
  assert.equal(clock.nowMs(), 1_000_000);
});

/** Steps of wall time, and how far each message is off the true feed time. */
const steps = fc.array(fc.record({ wallMs: fc.nat(400), offMs: fc.integer({ min: -300, max: 300 }) }), {
  minLength: 1,
});

for (const seed of [7, Math.floor(Math.random() * 2 ** 31)]) {
  test(`is monotone whatever comes, seed ${seed}`, () => {
    const property = fc.property(steps, fc.constantFrom(1, 10, 0.5), (list, speed) => {
      const { wall, clock } = rig();
      clock.start(1_000_000, speed);
      let formerMs = clock.nowMs() ?? 0;
      for (const { wallMs, offMs } of list) {
        wall.ms += wallMs;
        clock.hear(1_000_000 + wall.ms * speed + offMs);
        const nowMs = clock.nowMs() ?? 0;
        if (nowMs < formerMs) return false;
        formerMs = nowMs;
      }
      return true;
    });
    fc.assert(property, { seed });
  });
}
