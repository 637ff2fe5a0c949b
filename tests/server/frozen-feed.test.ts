/** A feed freezes while its status stays "connected": does the lamp go out within its bound, through the real parts? */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { staleAfterMs } from "#lib/engine/trust.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import { createSimulatorFeed, type SimulatorFeed } from "#server/feeds/simulator-feed.ts";
import { TimerFeed } from "#server/feeds/timer-feed.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { temporaryDataDir } from "#tests/support/data-service.ts";

const SPEED = 40;
const folder = temporaryDataDir();
after(() => folder.remove());

type Parts = { engine: Engine; feed: SimulatorFeed };

/** Engine, log, sequencer, timers and simulator, put together as the data-service does. */
async function startParts(stack: AsyncDisposableStack): Promise<Parts> {
  const engine = createEngine();
  const startMs = Date.parse("2026-11-17T15:00:00Z");
  const feed = createSimulatorFeed({ seed: 9, roots: ["ES", "MES"], speed: SPEED, startMs, wallMs: Date.now });
  const sequencer: Sequencer = new Sequencer({
    engine,
    writer: new LogWriter({ folder: folder.dataDir, runId: "frozen", tail: EMPTY_TAIL }),
    wallMs: Date.now,
    feedNowMs: () => feed.clock.nowMs(),
    onBatch: (outputs) => timers.onOutputs(outputs),
    onFlushed() {},
    onGap() {},
    crash(error) {
      throw error;
    },
    logger: { info() {}, warn() {}, error() {}, fatal() {} },
    recovered: { nowMs: 0, receivedMs: 0, contracts: [] },
  });
  const publish = sequencer.publish.bind(sequencer);
  const timers = new TimerFeed({ feedClock: feed.clock, wallMs: Date.now, publish });
  stack.use(sequencer);
  stack.use(timers);
  stack.use(feed);
  const run = { runId: "frozen", mode: "SIM", feed: "simulator", seed: 9, ...emptyLedger() } as const;
  sequencer.publish({ ...UNSTAMPED, type: "RunStarted", ...run });
  const sink: FeedSink = {
    contractNumber: (contract) => sequencer.contractNumber(contract),
    publish: (event) => void sequencer.publish(event),
    drained: () => sequencer.drained(),
    reject: (reason, detail) => assert.fail(`${reason}: ${detail}`),
  };
  await feed.connect(sink, null);
  return { engine, feed };
}

test("a frozen simulator is STALE within its bound, and alive again when it thaws", async () => {
  await using stack = new AsyncDisposableStack();
  const { engine, feed } = await startParts(stack);
  const { state } = engine;
  const isStale = () => state.contracts.map(({ trust }) => trust.staleSinceMs !== null);
  const until = async (claim: () => boolean, patienceMs: number): Promise<boolean> => {
    const endMs = feed.clock.nowMs() + patienceMs;
    while (feed.clock.nowMs() < endMs) {
      if (claim()) return true;
      await sleep(2);
    }
    return claim();
  };
  assert.ok(
    await until(() => state.contracts.every(({ trust }) => trust.eventMs > Date.parse("2026-11-17T15:00:05Z")), 60_000),
  );
  assert.deepEqual(isStale(), [false, false], "while it runs");
  feed.freeze();
  const frozenMs = feed.clock.nowMs();
  const boundMs = Math.max(...state.contracts.map((contract) => staleAfterMs(contract, frozenMs)));
  assert.ok(boundMs <= 60_000, `${boundMs}`);
  assert.ok(await until(() => isStale().every(Boolean), boundMs + SPEED * 500), "stale within its bound");
  assert.equal(state.feedState, "connected", "whatever the status says");
  for (const { trust } of state.contracts) assert.ok((trust.staleSinceMs ?? Number.POSITIVE_INFINITY) <= frozenMs);
  feed.thaw();
  assert.ok(await until(() => !isStale().some(Boolean), 60_000), "alive again");
});
