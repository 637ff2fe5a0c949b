/** Does the virtual clock run, jump, change speed and stand as it is told? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVirtualClock } from "#server/feeds/virtual-clock.ts";

function wall(): { nowMs: number; read: () => number } {
  const clock = { nowMs: 5_000, read: () => clock.nowMs };
  return clock;
}

test("50 ms of wall time at speed 10 are 500 ms", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 1_000, speed: 10, wallMs: outside.read });
  assert.equal(clock.nowMs(), 1_000);
  outside.nowMs += 50;
  assert.equal(clock.nowMs(), 1_500);
});

test("a change of speed changes nothing of the past", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 0, speed: 1, wallMs: outside.read });
  outside.nowMs += 100;
  clock.setSpeed(3);
  assert.equal(clock.nowMs(), 100);
  outside.nowMs += 100;
  assert.equal(clock.nowMs(), 400);
});

test("a jump goes on from where it lands", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 0, speed: 2, wallMs: outside.read });
  clock.jump(1_000_000);
  outside.nowMs += 10;
  assert.equal(clock.nowMs(), 1_000_020);
});

test("paused it stands and says speed 0; resumed it goes on at its speed", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 0, speed: 4, wallMs: outside.read });
  outside.nowMs += 10;
  clock.pause();
  outside.nowMs += 1_000;
  assert.equal(clock.nowMs(), 40);
  assert.equal(clock.speed(), 0);
  assert.ok(clock.isPaused());
  clock.resume();
  outside.nowMs += 10;
  assert.equal(clock.nowMs(), 80);
  assert.equal(clock.speed(), 4);
});

test("a wall clock that steps back holds it", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 100, speed: 1, wallMs: outside.read });
  outside.nowMs -= 1_000;
  assert.equal(clock.nowMs(), 100);
});

test("at speed Infinity it goes only where it is told; a speed below 0 or NaN is refused", () => {
  const outside = wall();
  const clock = createVirtualClock({ startMs: 0, speed: Number.POSITIVE_INFINITY, wallMs: outside.read });
  outside.nowMs += 1_000;
  assert.equal(clock.nowMs(), 0);
  clock.jump(77);
  assert.equal(clock.nowMs(), 77);
  assert.throws(() => clock.setSpeed(-1), /speed was -1/);
  assert.throws(() => clock.setSpeed(Number.NaN), /speed was NaN/);
});
