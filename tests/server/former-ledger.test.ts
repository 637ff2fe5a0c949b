/** Does a new run take over the ledger of the run before it, however that one, or the new one's start, ended? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { emptyLedger, runStartedSchema } from "#lib/events/clock.ts";
import { DEFAULT_SETTINGS, type EngineSettings } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { AnalysisStatus } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import { formerLedger } from "#server/former-ledger.ts";
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

const SETTINGS: EngineSettings = { interval: "1m", lookbackDates: 9, accountSizeUsd: 150_000 };
const CPI = { name: "CPI", atMs: NOW_MS, impact: "high", roots: ["ES"] } as const;
const CALENDAR = [{ ...CPI, roots: [...CPI.roots] }];

async function formerPins(former: readonly Run[]): Promise<Record<string, string>> {
  return (await formerLedger(former)).pins;
}

test("the newest settings and the newest calendar are taken over, from the log alone or behind a snapshot", async (t) => {
  const run = runOf(temporaryFolder(t), 7);
  const rig = await startCheckpointRig(run.folder);
  await rig.send([{ ...UNSTAMPED, type: "SettingsApplied", settings: { ...SETTINGS, interval: "15m" } }]);
  assert.deepEqual((await formerLedger([run])).settings, { ...SETTINGS, interval: "15m" });
  assert.equal((await formerLedger([run])).calendar, null);
  await rig.send([{ ...UNSTAMPED, type: "CalendarApplied", events: CALENDAR }]);
  await rig.checkpointer.take();
  await rig.send([{ ...UNSTAMPED, type: "SettingsApplied", settings: SETTINGS }]);
  await rig.breakOff();
  assert.deepEqual(await formerLedger([run]), { ...emptyLedger(), settings: SETTINGS, calendar: CALENDAR });
  const [snapshot] = listSnapshots(path.join(run.folder, "snapshots"));
  fs.truncateSync(snapshot.file, 100);
  assert.deepEqual(await formerLedger([run]), { ...emptyLedger(), settings: SETTINGS, calendar: CALENDAR });
});

test("what a run took over itself is handed on, and a log of before there was more than pins hands on the defaults", async (t) => {
  const run = runOf(temporaryFolder(t), 7);
  const { sequencer } = await startRig({ folder: run.logFolder, feedNowMs: () => NOW_MS });
  const ledger = { ...emptyLedger(), pins: { ES: "ESZ26" }, settings: SETTINGS, calendar: CALENDAR };
  await sequencer.publishDurable({ type: "RunStarted", ...UNSTAMPED, runId: run.runId, ...SIM, seed: 7, ...ledger });
  await sequencer[Symbol.asyncDispose]();
  assert.deepEqual(await formerLedger([run]), ledger);
  const first = runStartedSchema.parse({ runId: "x", ...SIM, seed: 7, pins: { ES: "ESZ26" } });
  assert.deepEqual([first.settings, first.calendar], [DEFAULT_SETTINGS, null]);
  assert.deepEqual(await formerLedger([]), emptyLedger());
});

test("the pins that stand at the end of the former run; a refused one does not count", async (t) => {
  const run = runOf(temporaryFolder(t), 7);
  const { sequencer } = await startRig({ folder: run.logFolder, feedNowMs: () => NOW_MS });
  const pins = { GC: "GCZ26", CL: "CLZ26" };
  sequencer.publish({ type: "RunStarted", ...UNSTAMPED, runId: run.runId, ...SIM, seed: 7, ...emptyLedger(), pins });
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
  await sequencer.publishDurable({
    ...{ type: "RunStarted", ...UNSTAMPED, runId: begun.runId, ...SIM, seed: 1 },
    ...{ ...emptyLedger(), pins },
  });
  await sequencer[Symbol.asyncDispose]();
  for (const seed of [2, 3]) runOf(dataDir, seed);
  assert.deepEqual(await formerPins(formerRuns(dataDir, runOf(dataDir, 4))), { ES: "ESZ26" });
});

async function isPinned(service: DataService): Promise<boolean> {
  const { instruments } = await service.get<{ instruments: InstrumentRow[] }>("/instruments");
  return instruments.some(({ root, pinned }) => root === "ES" && pinned);
}

async function post(service: DataService, address: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${service.port}${address}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return answer.status;
}

test("changed settings and the calendar survive a restart and a new run", async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  const nowhere = { DATABASE_URL: "postgres://127.0.0.1:9/x", REDIS_URL: "redis://127.0.0.1:9" };
  const start = async (feed: string): Promise<DataService> => {
    const env = { INSTRUMENTS: "ES", FEED: feed, FEED_START: "2026-11-17T15:02:10Z", ...nowhere };
    const service = await startDataService({ dataDir, env });
    t.after(() => service.stop("SIGKILL"));
    return service;
  };
  const file = path.join(dataDir, "event-calendar.json");
  fs.writeFileSync(file, JSON.stringify({ events: [{ name: "CPI", date: "2026-12-10", time: "08:30" }] }));
  const first = await start("simulator:1");
  const change = { interval: "15m", period: "7d", account_size: 120_000 };
  assert.equal(await post(first, "/actions/update_settings", change), 200);
  fs.rmSync(file);
  const settingsOf = async (service: DataService) => {
    const { settings } = await service.get<AnalysisStatus>("/analysis/status");
    return settings;
  };
  assert.deepEqual(await settingsOf(first), change);
  await first.stop();
  const again = await start("simulator:1");
  assert.deepEqual(await settingsOf(again), change, "after a restart");
  await again.stop("SIGKILL");
  const other = await start("simulator:2");
  assert.deepEqual(await settingsOf(other), change, "in a new run");
  const { runId } = await other.get<{ runId: string }>("/status");
  assert.equal(runId, lastRun(dataDir)?.runId);
  await other.stop();
  const { calendar } = await formerLedger([lastRun(dataDir) ?? assert.fail()]);
  assert.deepEqual(
    calendar?.map(({ name }) => name),
    ["CPI"],
  );
});

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
