/** Is the last run continued when it is the same, and never an older one? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { lastRun, openRun, type RunIdentity } from "#server/runs.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const sim: RunIdentity = { mode: "SIM", feed: "simulator", seed: 7 };
const file: RunIdentity = { mode: "REPLAY", feed: "file:es.csv", seed: null };
const nowMs = Date.UTC(2026, 10, 20, 14, 48, 25);

test("a start continues the last run when mode, feed and seed are the same", (t) => {
  const dataDir = temporaryFolder(t);
  const first = openRun(dataDir, sim, { alwaysNew: false, nowMs });
  assert.deepEqual([first.run.runId, first.isNew], ["20261120-144825-sim7", true]);
  assert.ok(fs.statSync(first.run.logFolder).isDirectory());
  const again = openRun(dataDir, sim, { alwaysNew: false, nowMs: nowMs + 5e9 });
  assert.deepEqual([again.run, again.isNew], [first.run, false]);
});

test("another seed, mode or feed begins a new run, and an older one that would fit is not taken up", (t) => {
  const dataDir = temporaryFolder(t);
  const ids: string[] = [];
  const identities = [
    sim,
    { ...sim, seed: 8 },
    { ...sim, mode: "LIVE" as const },
    { ...sim, feed: "other" },
    file,
    sim,
  ];
  for (const [index, identity] of identities.entries()) {
    const { run, isNew } = openRun(dataDir, identity, { alwaysNew: false, nowMs: nowMs + index * 60_000 });
    assert.equal(isNew, true);
    ids.push(run.runId);
  }
  assert.equal(new Set(ids).size, identities.length);
  assert.equal(lastRun(dataDir)?.runId, "20261120-145325-sim7");
});

test("a replay begins a new run always; names stay sorted when the clock has stepped back", (t) => {
  const dataDir = temporaryFolder(t);
  const runIds = [0, 0, -9e9].map((stepMs) => {
    return openRun(dataDir, file, { alwaysNew: true, nowMs: nowMs + stepMs }).run.runId;
  });
  assert.deepEqual(runIds, ["20261120-144825-replay", "20261120-144826-replay", "20261120-144827-replay"]);
  assert.equal(lastRun(dataDir)?.runId, runIds[2]);
});

test("a run that was never finished does not count; one that cannot be read stops the start by name", (t) => {
  const dataDir = temporaryFolder(t);
  const { run } = openRun(dataDir, sim, { alwaysNew: false, nowMs });
  fs.mkdirSync(path.join(dataDir, "runs", "20991231-000000-sim7", "log"), { recursive: true });
  assert.equal(openRun(dataDir, sim, { alwaysNew: false, nowMs }).run.runId, run.runId);
  fs.writeFileSync(path.join(run.folder, "run.json"), '{"mode":"PAPER"}');
  assert.throws(() => openRun(dataDir, sim, { alwaysNew: false, nowMs }), /run\.json is no run.*mode/s);
  fs.writeFileSync(path.join(run.folder, "run.json"), "");
  assert.throws(() => openRun(dataDir, sim, { alwaysNew: false, nowMs }), /run\.json cannot be read/);
});
