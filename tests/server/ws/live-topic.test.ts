/** Does a chart's delta hold every bar that changed, also one that had closed before? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearOutputs } from "#lib/outputs/output.ts";
import type { BarMessage } from "#lib/wire/stream.ts";
import type { TimeInterval } from "#lib/wire/topic.ts";
import { createBarTopic, type LiveTopic, type TopicSource } from "#server/ws/live-topic.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";

const T0 = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;

function topicOf(run: EngineRun, interval: TimeInterval): LiveTopic {
  const { state } = run.engine;
  const source = {
    state,
    header: () => ({ seq: state.seq, nowMs: state.nowMs, receivedMs: state.receivedMs }),
  } as TopicSource; // safe: a time bar topic reads nothing else
  return createBarTopic(source, state.contracts[0], interval, "eth");
}

function saidBars(topic: LiveTopic): BarMessage["bars"] {
  const text = topic.delta();
  return text === null ? [] : (JSON.parse(text) as BarMessage).bars; // safe: our own words
}

test("a late trade amends the closed bar of every interval on screen, folded ones too", () => {
  for (const interval of ["1s", "1m", "2m", "10m", "30m"] as const) {
    const run = engineRun([{ root: "ES", year: 2026, month: 12, tickSize: 0.25 }], { startMs: T0 });
    run.send(trade(100, T0 + 29 * MINUTE));
    run.send(trade(101, T0 + 30 * MINUTE + 500));
    const topic = topicOf(run, interval);
    topic.note(run.outputs);
    saidBars(topic);
    clearOutputs(run.outputs);
    run.send(trade(140, T0 + 30 * MINUTE - 1_000, { sourceSeq: 3 }), T0 + 30 * MINUTE + 600);
    topic.note(run.outputs);
    const amended = saidBars(topic).find((bar) => bar[2] === 35);
    assert.ok(amended !== undefined, interval);
    assert.equal(amended[11], 1, "it had closed");
    assert.ok(amended[10] > 0, "and says its revision");
    assert.deepEqual(saidBars(topic), [], "nothing new: nothing said");
  }
});
