/** Does a new run take over the pins of the run before it, however that one, or the new one's start, ended? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import { formerPins } from "#server/former-ledger.ts";
import { formerRuns, lastRun, openRun, type Run } from "#server/runs.ts";
import { listSnapshots } from "#server/sequencer/snapshot-file.ts";
import { startCheckpointRig } from "#tests/support/checkpoint-rig.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { pin, startRig } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 14, 48, 25);
const SIM = { mode: "SIM", feed: "simulator" } as const;

function runOf(dataDir: string, seed: number): Run {
  return openRun(dataDir, { ...SIM, seed }, { alwaysNew: false, nowMs: NOW_MS }).run;
}

test("the pins that stand at the end of the former run; a refused one does not count", async (t) => {
  const run = runOf(temporaryFolder(t), 7);
  const { sequencer } = await startRig({ folder: run.logFolder, feedNowMs: () => NOW_MS });
  const pins = { GC: "GCZ26", CL: "CLZ26" };
  sequencer.publish({ type: "RunStarted", ...UNSTAMPED, runId: run.runId, ...SIM, seed: 7, pins });
  sequencer.contractNumber({ root: "ES", year: 2026, month: 12 });
  sequencer.contractNumber({ root: "NQ", year: 2026, month: 12 });
  sequencer.publish(pin("ESZ26"));
  sequencer.publish({ ...pin("ESZ99") });
  sequencer.publish({ ...pin("NQZ26"), root: "NQ" });
  sequencer.publish({ ...pin("x"), root: "NQ", symbol: null });
  sequencer.publish({ ...pin("x"), root: "CL", symbol: null });
  await sequencer[Symbol.asyncDispose]();
  assert.deepEqual(await formerPins([run]), { GC: "GCZ26", ES: "ESZ26" });
  assert.deepEqual(await formerPins([]), {});
});

test("with a snapshot only the log behind it is read; a damaged one costs only time", async (t) => {
  const run = runOf(temporaryFolder(t), 7);
  const rig = await startCheckpointRig(run.folder, { segmentBytesMax: 2_000 });
  const numbers = ["ES", "NQ"].map((root) => rig.sequencer.contractNumber({ root, year: 2027, month: 6 }));
  assert.equal(numbers.length, 2);
  // More than a segment: the first one is not looked at.
  for (let turn = 0; turn < 40; turn += 1) await rig.send([pin("ESM27")]);
  await rig.checkpointer.take();
  await rig.send([{ ...pin("NQM27"), root: "NQ" }]);
  await rig.send([{ ...pin("x"), root: "ES", symbol: null }]);
  await rig.breakOff();
  assert.deepEqual(await formerPins([run]), { NQ: "NQM27" });
  const first = path.join(run.logFolder, "00000001.seg");
  const bytes = fs.readFileSync(first);
  fs.writeFileSync(first, "spoiled");
  assert.deepEqual(await formerPins([run]), { NQ: "NQM27" }, "the log's beginning was not needed");
  fs.writeFileSync(first, bytes);
  const [snapshot] = listSnapshots(path.join(run.folder, "snapshots"));
  fs.truncateSync(snapshot.file, 100);
  assert.deepEqual(await formerPins([run]), { NQ: "NQM27" });
});

test("runs that never began hand on nothing: the one before them counts", async (t) => {
  const dataDir = temporaryFolder(t);
  const begun = runOf(dataDir, 1);
  const { sequencer } = await startRig({ folder: begun.logFolder, feedNowMs: () => NOW_MS });
  const pins = { ES: "ESZ26" };
  await sequencer.publishDurable({ type: "RunStarted", ...UNSTAMPED, runId: begun.runId, ...SIM, seed: 1, pins });
  await sequencer[Symbol.asyncDispose]();
  for (const seed of [2, 3]) runOf(dataDir, seed);
  assert.deepEqual(await formerPins(formerRuns(dataDir, runOf(dataDir, 4))), { ES: "ESZ26" });
});

async function isPinned(service: DataService): Promise<boolean> {
  const { instruments } = await service.get<{ instruments: InstrumentRow[] }>("/instruments");
  return instruments.some(({ root, pinned }) => root === "ES" && pinned);
}

test("a start that was killed behind run.json and before its first event loses no pin", async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  const start = async (seed: number): Promise<DataService> => {
    const nowhere = { DATABASE_URL: "postgres://127.0.0.1:9/x", REDIS_URL: "redis://127.0.0.1:9" };
    const service = await startDataService({
      dataDir,
      env: { INSTRUMENTS: "ES", FEED: `simulator:${seed}`, ...nowhere },
    });
    t.after(() => service.stop("SIGKILL"));
    return service;
  };
  const first = await start(1);
  const answer = await fetch(`http://127.0.0.1:${first.port}/contracts/ES/pin`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ contract: "ESZ6" }),
  });
  assert.equal(answer.status, 200);
  await first.stop("SIGKILL");
  // What the second start left when it was killed: its folder and run.json, an empty log.
  const { feed } = lastRun(dataDir) ?? assert.fail();
  const identity = { ...SIM, feed: feed.replace(/1$/, "2"), seed: 2 };
  const cutOff = openRun(dataDir, identity, { alwaysNew: false, nowMs: Date.now() });
  assert.equal(cutOff.isNew, true);
  const second = await start(2);
  const { runId } = await second.get<{ runId: string }>("/status");
  assert.equal(runId, cutOff.run.runId, "it is continued");
  assert.ok(await isPinned(second));
});
