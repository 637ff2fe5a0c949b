/** Whose time does an event get: its own where it has one, else the clock's, and never one that runs back? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { EventClock } from "#server/sequencer/event-clock.ts";

test("an event's own times win over the clocks; neither ever runs back", () => {
  let wallMs = 1_000;
  const clock = new EventClock({ wallMs: () => wallMs, feedNowMs: () => 50 }, { nowMs: 0, receivedMs: 0 });
  const stamped = (own: { nowMs?: number; receivedMs?: number }): number[] => {
    const event = { ...UNSTAMPED, ...own };
    clock.stamp(event);
    return [event.receivedMs, event.nowMs];
  };
  assert.deepEqual(stamped({}), [1_000, 50]);
  assert.deepEqual(stamped({ receivedMs: 1_002, nowMs: 60 }), [1_002, 60], "a frame's instant, a virtual clock");
  assert.deepEqual(stamped({ receivedMs: 1_001, nowMs: 55 }), [1_002, 60], "a frame that waited");
  assert.deepEqual(stamped({}), [1_002, 60], "a clock that was set back");
  wallMs = 2_000;
  assert.deepEqual(stamped({}), [2_000, 60]);
});

test("where one clock serves as both, the arrival is the engine's time too", () => {
  const wallMs = (): number => 1_000;
  const clock = new EventClock({ wallMs, feedNowMs: wallMs }, { nowMs: 0, receivedMs: 0 });
  const event = { ...UNSTAMPED, receivedMs: 1_500 };
  clock.stamp(event);
  assert.deepEqual([event.receivedMs, event.nowMs], [1_500, 1_500]);
});
