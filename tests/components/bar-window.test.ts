/** Does a chart hold the right bars after any mix of snapshots and deltas? */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyBarMessage,
  type BarWindow,
  CHART_BARS_MAX,
  indexAtOrAfter,
  prependBars,
} from "#components/live/bar-window.ts";
import type { BarMessage, BarTuple } from "#lib/wire/stream.ts";

function bar(openMs: number, close: number, revision = 0, closed: 0 | 1 = 1): BarTuple {
  return [openMs, 1, 9, 1, close, 10, 6, 4, 5, 2, revision, closed, 2, 1];
}

function message(kind: "snapshot" | "delta", bars: BarTuple[], why: string | null = null): BarMessage {
  return { topic: "bar:ESZ6:1m", seq: 1, nowMs: 0, receivedMs: 0, kind, bars, why };
}

function after(...messages: BarMessage[]): BarWindow {
  let held: BarWindow | null = null;
  for (const one of messages) held = applyBarMessage(held, one);
  assert.ok(held !== null);
  return held;
}

function closes({ bars }: BarWindow): (readonly [number, number])[] {
  return bars.map((one) => [one[0], one[4]] as const);
}

test("a delta adds a newer bar and replaces one of the same time", () => {
  const held = after(
    message("snapshot", [bar(60, 2), bar(120, 3, 0, 0)]),
    message("delta", [bar(120, 4, 0, 0)]),
    message("delta", [bar(120, 5), bar(180, 6, 0, 0)]),
  );
  assert.deepEqual(closes(held), [
    [60, 2],
    [120, 5],
    [180, 6],
  ]);
});

test("a bar that came late lands at its place in time", () => {
  const held = after(message("snapshot", [bar(60, 2), bar(180, 4)]), message("delta", [bar(120, 3)]));
  assert.deepEqual(closes(held), [
    [60, 2],
    [120, 3],
    [180, 4],
  ]);
});

test("a closed bar is not replaced by its forming self nor by an older revision", () => {
  const held = after(
    message("snapshot", [bar(60, 2, 1), bar(120, 3)]),
    message("delta", [bar(60, 7, 0), bar(120, 8, 0, 0)]),
    message("delta", [bar(60, 9, 2)]),
  );
  assert.deepEqual(closes(held), [
    [60, 9],
    [120, 3],
  ]);
});

test("a snapshot forgets what was held, and says why it is empty", () => {
  const held = after(message("snapshot", [bar(60, 2)]), message("snapshot", [], "needs trades"));
  assert.deepEqual(held, { bars: [], why: "needs trades" });
});

test("the oldest bars go at the bound", () => {
  const many = Array.from({ length: CHART_BARS_MAX }, (_, index) => bar(index * 60, index));
  const held = after(message("snapshot", many), message("delta", [bar(CHART_BARS_MAX * 60, 1)]));
  assert.equal(held.bars.length, CHART_BARS_MAX);
  assert.equal(held.bars[0][0], 60);
  const joined = prependBars(held.bars, [bar(-60, 0), bar(0, 0)]);
  assert.equal(joined.length, CHART_BARS_MAX);
  assert.equal(joined[0][0], 60);
});

test("older history comes before, without what is held already", () => {
  const joined = prependBars([bar(120, 3), bar(180, 4)], [bar(0, 1), bar(60, 2), bar(120, 99)]);
  assert.deepEqual(
    joined.map((one) => one[4]),
    [1, 2, 3, 4],
  );
});

test("finds the first bar at or after a time", () => {
  const bars = [bar(60, 1), bar(120, 2), bar(180, 3)];
  const found = [0, 60, 61, 180, 181].map((openMs) => indexAtOrAfter(bars, openMs));
  assert.deepEqual(found, [0, 0, 1, 2, 3]);
});
