/** Is no lamp green over dead data, a silent disk, a refusing log or a broken engine? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "#lib/engine/engine.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { clearOutputs, createOutputs } from "#lib/outputs/output.ts";
import type { Part } from "#lib/wire/ops.ts";
import { type OpsInput, opsReport } from "#server/ops-report.ts";
import type { CheckpointStatus } from "#server/sequencer/checkpoint.ts";
import type { SequencerStatus } from "#server/sequencer/sequencer.ts";
import { trade } from "#tests/support/sequencer-rig.ts";

/** Friday 2026-11-20, 09:00 CT: RTH. */
const NOW_MS = Date.UTC(2026, 10, 20, 15);

const SEQUENCER: SequencerStatus = {
  ...{ state: "ok", reason: null, seq: 9, flushedSeq: 8, queued: 0, eventsPerSecond: 1 },
  ...{ flushMs: { p50: 1, p99: 2 }, flushPendingMs: 3, logBytes: 4, segment: { number: 1, sinceMs: null } },
  ...{ dropped: 0, poisoned: { count: 0, newest: [] } },
};
const CHECKPOINT: CheckpointStatus = { seq: 5, atMs: NOW_MS, bytes: 6, tookMs: 1, overtime: 0, error: null };

/** The state behind these events, one millisecond apart. */
function stateBehind(events: readonly InputEvent[]): OpsInput["state"] {
  const engine = createEngine();
  const outputs = createOutputs(8);
  events.forEach((event, index) => {
    engine.process({ ...event, seq: index + 1, nowMs: NOW_MS + index, receivedMs: NOW_MS + index }, outputs);
    clearOutputs(outputs);
  });
  return engine.state;
}

const CONNECTED = {
  ...UNSTAMPED,
  type: "FeedStatusChanged",
  feed: "test",
  state: "connected",
  message: "runs",
} as const;
const ES = { root: "ES", year: 2026, month: 12, contract: 0, tickSize: 0.25 };
const LISTED = { ...UNSTAMPED, type: "InstrumentListed", ...ES } as const;
const ALIVE = stateBehind([LISTED, CONNECTED, trade(1, { exchangeMs: NOW_MS })]);

function lampOf(name: string, change: Partial<OpsInput> = {}): Part {
  const stores = { parts: [], handlers: [], projection: null };
  const input: OpsInput = {
    ...{ state: ALIVE, sequencer: SEQUENCER, checkpoint: CHECKPOINT, readiness: { ready: true }, stores },
    ...{
      progressMs: NOW_MS,
      wallMs: NOW_MS,
      clients: 0,
      clientsCut: 0,
      codeVersion: "test",
      digest: null,
      rejects: [],
      accounts: [],
    },
    ...change,
  };
  const part = opsReport(input).parts.find((one) => one.name === name);
  assert.ok(part !== undefined);
  return part;
}

const withSequencer = (change: Partial<SequencerStatus>) => ({ sequencer: { ...SEQUENCER, ...change } });

test("all is well: green", () => {
  for (const name of ["feed", "log", "engine", "stream"]) assert.equal(lampOf(name).state, "ok", name);
  assert.deepEqual([lampOf("bridge").state, lampOf("bridge").message], ["absent", "none yet"]);
});

test("a feed that is connected and has sent nothing is not green while a market is open", () => {
  const silent = stateBehind([LISTED, CONNECTED]);
  assert.deepEqual(
    [lampOf("feed", { state: silent }).state, lampOf("feed", { state: silent }).message],
    ["degraded", "connected, no data yet"],
  );
  assert.equal(lampOf("feed", { state: stateBehind([CONNECTED]) }).state, "degraded");
});

test("a stale contract and a lost connection are not green", () => {
  const state = stateBehind([LISTED, CONNECTED, trade(1, { exchangeMs: NOW_MS })]);
  state.contracts[0].trust.staleSinceMs = NOW_MS;
  assert.deepEqual(lampOf("feed", { state }).message, "stale: ESZ6");
  assert.equal(lampOf("feed", { state }).state, "degraded");
  const lost = stateBehind([LISTED, trade(1), { ...CONNECTED, state: "backing-off", message: "again in 2 s" }]);
  assert.equal(lampOf("feed", { state: lost }).state, "degraded");
});

test("a log that refuses is red, and the feed whose data it drops is not green", () => {
  const refusing = withSequencer({ state: "refusing", reason: "ENOSPC" });
  assert.deepEqual([lampOf("log", refusing).state, lampOf("log", refusing).message], ["failed", "ENOSPC"]);
  assert.equal(lampOf("feed", refusing).state, "degraded");
});

test("a disk that does not answer a flush, dropped events and a failing snapshot are not green", () => {
  assert.equal(lampOf("log", withSequencer({ flushPendingMs: 2_000 })).state, "ok");
  const silent = lampOf("log", withSequencer({ flushPendingMs: 3_500 }));
  assert.deepEqual([silent.state, silent.message], ["degraded", "the disk has not answered for 3 s"]);
  assert.equal(lampOf("log", withSequencer({ dropped: 2 })).state, "degraded");
  const failing = lampOf("log", { checkpoint: { ...CHECKPOINT, error: "EIO" } });
  assert.deepEqual([failing.state, failing.message], ["degraded", "no snapshot could be taken: EIO"]);
});

test("a poison event and a digest that differs are not green, and named", () => {
  const newest = [{ type: "Poisoned", seq: 7, eventType: "TradePrinted", contentHash: "x", reason: "NaN" }] as const;
  const poisoned = lampOf("engine", withSequencer({ poisoned: { count: 3, newest } }));
  assert.deepEqual([poisoned.state, poisoned.message], ["degraded", "set aside: seq 7 TradePrinted (NaN) and 2 more"]);
  assert.equal(lampOf("engine", { digest: { seq: 4, equal: false } }).state, "degraded");
});
