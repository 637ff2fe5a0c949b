/** Does the store tell its readers once a frame, and forget when it must? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveStore, PENDING_MESSAGES_MAX } from "#components/live/live-store.ts";
import type { SaidCards } from "#lib/wire/insight-stream.ts";
import type { BarMessage, OpsMessage, TopicMessage } from "#lib/wire/stream.ts";

function opsMessage(seq: number, receivedMs = 0): OpsMessage {
  // The store never looks inside; what it holds is told apart by seq.
  return { topic: "ops", kind: "snapshot", seq, nowMs: 0, receivedMs, ops: {} as OpsMessage["ops"] };
}

function barMessage(openMs: number, close: number): BarMessage {
  const bars: BarMessage["bars"] = [[openMs, 1, 9, 1, close, 1, 1, 0, 1, null, 0, 0, 1, 1]];
  return { topic: "bar:ESZ6:1m", kind: "delta", seq: 1, nowMs: 0, receivedMs: 0, bars, why: null };
}

function rig() {
  const frames: (() => void)[] = [];
  const probed: [string, number, number][] = [];
  const store = new LiveStore({
    schedule: (flush) => frames.push(flush),
    wallMs: () => 1_000,
    probe: ({ topic, receivedMs }, appliedMs) => probed.push([topic, receivedMs, appliedMs]),
  });
  return { store, frames, probed, paint: () => frames.splice(0).forEach((flush) => void flush()) };
}

test("many messages of a frame make one call, with the newest value", () => {
  const { store, frames, paint } = rig();
  const seen: (number | undefined)[] = [];
  store.subscribe("ops", () => seen.push(store.get("ops")?.seq));
  store.receive([opsMessage(1), opsMessage(2)]);
  store.receive([opsMessage(3)]);
  assert.equal(frames.length, 1, "one frame is asked for");
  assert.equal(store.get("ops"), undefined, "nothing is shown before the frame");
  paint();
  assert.deepEqual(seen, [3]);
});

test("a chart's listener gets every message of the frame, in order", () => {
  const { store, paint } = rig();
  const groups: TopicMessage[][] = [];
  store.listen("bar:ESZ6:1m", (messages) => groups.push([...messages]));
  const messages = [barMessage(60, 2), barMessage(60, 3), barMessage(120, 4)];
  store.receive(messages);
  paint();
  assert.deepEqual(groups, [messages]);
  assert.deepEqual(
    store.barsOf("bar:ESZ6:1m")?.bars.map((bar) => bar[4]),
    [3, 4],
  );
});

test("every applied message is measured in the frame that applied it, behind the listeners", () => {
  const { store, probed, paint } = rig();
  const order: string[] = [];
  store.subscribe("ops", () => order.push(`told, ${probed.length} measured`));
  store.receive([opsMessage(1, 940), opsMessage(2, 950)]);
  assert.deepEqual(probed, []);
  paint();
  assert.deepEqual(order, ["told, 0 measured"]);
  assert.deepEqual(probed, [
    ["ops", 940, 1_000],
    ["ops", 950, 1_000],
  ]);
});

test("without frames (a hidden tab) the waiting messages are bounded", () => {
  const { store } = rig();
  for (let seq = 1; seq <= PENDING_MESSAGES_MAX + 1; seq += 1) store.receive([opsMessage(seq)]);
  assert.equal(store.get("ops")?.seq, PENDING_MESSAGES_MAX);
});

test("a reset forgets values and waiting messages and tells everybody", () => {
  const { store, paint } = rig();
  store.receive([opsMessage(1), barMessage(60, 2)]);
  paint();
  let told = 0;
  let resets = 0;
  store.subscribe("ops", () => {
    told += 1;
  });
  store.onReset(() => {
    resets += 1;
  });
  store.receive([opsMessage(2)]);
  store.reset();
  paint();
  assert.deepEqual([told, resets], [1, 1]);
  assert.equal(store.get("ops"), undefined);
  assert.equal(store.barsOf("bar:ESZ6:1m"), null);
});

test("nobody is told any more after leaving", () => {
  const { store, paint } = rig();
  let told = 0;
  const leave = store.subscribe("ops", () => {
    told += 1;
  });
  leave();
  store.receive([opsMessage(1)]);
  paint();
  assert.equal(told, 0);
});

test("analyses are held with what the forming bars change of them, and forgotten with their topic", () => {
  const { store, paint } = rig();
  const topic = "insight:ES" as const;
  const head = { topic, seq: 1, nowMs: 0, receivedMs: 0 };
  // Safe: the store hands on what the analyses say and never looks inside.
  const published = { instrument: "ES", parts: { quality: { score: 60 }, focus: {} } } as unknown as SaidCards;
  const seen: unknown[] = [];
  store.subscribe(topic, () => seen.push(store.insightOf(topic)?.provisional));
  store.receive([{ ...head, kind: "snapshot", published, change: null }]);
  paint();
  const former = store.insightOf(topic);
  store.receive([{ ...head, kind: "delta", change: { quality: { score: [61] } } }]);
  paint();
  assert.deepEqual(seen, [null, { quality: { score: 61 }, focus: {} }]);
  assert.equal(store.insightOf(topic)?.parts, former?.parts, "the published part stays the same object");
  store.drop(topic);
  assert.equal(store.insightOf(topic), null);
});
