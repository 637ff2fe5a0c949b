/** Does a forced refresh find the live analyses equal to the log, name and mend what is not, and hold nothing up? */
import assert from "node:assert/strict";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TradePrinted } from "#lib/events/market.ts";
import type { AnalysisStatus } from "#lib/wire/insight.ts";
import type { RefreshReport } from "#lib/wire/refresh.ts";
import { ForceRefresh } from "#server/force-refresh.ts";
import { type CheckpointRig, startCheckpointRig } from "#tests/support/checkpoint-rig.ts";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { trade } from "#tests/support/engine-run.ts";
import { randomEvents } from "#tests/support/random-market.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const TRIES = 1_200;
const EVENTS = randomEvents(11, 900);

async function ended(report: () => Promise<RefreshReport | null> | RefreshReport | null): Promise<RefreshReport> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const now = await report();
    if (now !== null && now.status !== "running") return now;
    await sleep(50);
  }
  throw new Error("the refresh did not end");
}

type Lived = { rig: CheckpointRig; refresh: ForceRefresh };

/** A run with analyses and a snapshot in its middle; `plant` changes the live state behind its last event. */
async function lived(t: TestContext, plant: (rig: CheckpointRig) => void = () => {}): Promise<Lived> {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder, { isAnalysed: true });
  t.after(() => rig.end());
  await rig.send(EVENTS.slice(0, 500));
  await rig.checkpointer.take();
  await rig.send(EVENTS.slice(500));
  plant(rig);
  const refresh = new ForceRefresh({
    ...{ folder, logFolder: path.join(folder, "log"), state: rig.engine.state, checkpointer: rig.checkpointer },
    ...{ publishDurable: (event) => rig.sequencer.publishDurable(event), wallMs: Date.now, logger: memoryLogger([]) },
  });
  t.after(() => refresh[Symbol.asyncDispose]());
  return { rig, refresh };
}

for (const from of ["snapshot", "log"] as const) {
  test(`I-38 a refresh finds an untouched run equal from the ${from} on, and changes nothing of it`, async (t) => {
    const { rig, refresh } = await lived(t);
    const before = rig.engine.state.seq;
    assert.equal(refresh.start(from).status, "running");
    assert.equal(refresh.start(from), refresh.report, "one at a time");
    const report = await ended(() => refresh.report);
    assert.ok(report.status === "equal", JSON.stringify(report));
    assert.equal(report.seq, before);
    assert.equal(report.fromSeq === 0, from === "log");
    assert.equal(report.events, before - report.fromSeq);
    assert.equal(rig.engine.state.seq, before, "nothing was changed");
  });
}

test("a planted difference is named with both values, and its analysis begins anew", async (t) => {
  const { rig, refresh } = await lived(t, ({ engine }) => {
    const analysis = engine.state.analyses[0];
    assert.ok(analysis);
    analysis.bars += 1;
  });
  const wrong = rig.engine.state.analyses[0];
  refresh.start("snapshot");
  const report = await ended(() => refresh.report);
  assert.ok(report.status === "different", JSON.stringify(report));
  assert.equal(report.difference.path, "analyses.ESZ6.bars");
  assert.equal(Number(report.difference.live), Number(report.difference.rebuilt) + 1);
  assert.deepEqual([report.rebuilt, report.isElsewhere], [["ESZ6"], false]);
  assert.equal(report.repairSeq, rig.engine.state.seq);
  assert.notEqual(rig.engine.state.analyses[0], wrong);
  assert.equal(rig.engine.state.analyses[0]?.status, "building");
});

test("a difference outside the analyses is named and not mended by words", async (t) => {
  const { rig, refresh } = await lived(t, ({ engine }) => {
    engine.state.contracts[1].duplicates += 7;
  });
  const { seq } = rig.engine.state;
  refresh.start("snapshot");
  const report = await ended(() => refresh.report);
  assert.ok(report.status === "different", JSON.stringify(report));
  assert.equal(report.difference.path, "contracts.1.duplicates");
  assert.equal(Number(report.difference.live), Number(report.difference.rebuilt) + 7);
  assert.deepEqual([report.rebuilt, report.repairSeq, report.isElsewhere], [[], null, true]);
  assert.equal(rig.engine.state.seq, seq);
});

/** Trades of one contract, a millisecond apart, behind everything so far. */
function trades(rig: CheckpointRig, count: number): TradePrinted[] {
  const { nowMs, contracts } = rig.engine.state;
  return Array.from({ length: count }, (_, index) => ({
    ...trade(contracts[0].lastTicks + (index % 3), nowMs + index),
    nowMs: nowMs + index,
    sourceSeq: SOURCE_SEQ + nowMs + index,
  }));
}

const SOURCE_SEQ = 1e9;
/** The worker tells its progress six times in so many. */
const MANY = 130_000;

test("live ticks are not delayed: batches go by while the refresh is in the midst of its replay", async (t) => {
  const { rig, refresh } = await lived(t);
  for (let sent = 0; sent < MANY; sent += 10_000) await rig.send(trades(rig, 10_000));
  const { seq } = rig.engine.state;
  refresh.start("log");
  const during: number[] = [];
  while (refresh.report?.status === "running") {
    await rig.send(trades(rig, 10));
    // The replay has begun, and is not through: this batch went by beside it.
    if (refresh.report.status === "running" && refresh.report.events > 0) during.push(refresh.report.events);
  }
  const { report } = refresh;
  assert.ok(report?.status === "equal", JSON.stringify(report));
  assert.ok(report.events === report.seq && report.seq >= seq, "the whole log");
  assert.ok(during.length > 0, "no batch was processed from the replay's first word to its last");
  assert.ok(rig.engine.state.seq >= report.seq + during.length * 10, "the live engine went on behind the snapshot");
});

test("the data-service answers 202, tells the progress and finds its own run equal", async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  const service = await startDataService({ dataDir, env: { INSTRUMENTS: "ES,MES", DATA_MODE: "SIM" } });
  t.after(async () => {
    await service.stop();
    remove();
  });
  for (const address of ["/actions/force_refresh", "/analysis/force_refresh"]) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${service.port}${address}`, { method: "POST", headers, body: "{}" });
    assert.equal(answer.status, 202, await answer.clone().text());
    const body = (await answer.json()) as { status: string; refresh: RefreshReport };
    assert.deepEqual([body.status, body.refresh.status], ["refresh_triggered", "running"]);
    const report = await ended(async () => (await service.get<AnalysisStatus>("/analysis/status")).refresh);
    assert.ok(report.status === "equal", JSON.stringify(report));
    assert.ok(report.events > 0);
  }
});
