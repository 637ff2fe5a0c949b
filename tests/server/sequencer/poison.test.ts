/** Is an event at which the engine breaks found, set aside and skipped, whether it throws or ends the process? */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { readLog } from "#server/sequencer/log-reader.ts";
import { segmentFile } from "#server/sequencer/log-segment.ts";
import { surveyLog } from "#server/sequencer/log-survey.ts";
import { contentHash } from "#server/sequencer/quarantine.ts";
import { factsOf } from "#tests/support/log-facts.ts";
import { pin, startRig, trade } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const publisher = fileURLToPath(new URL("../../support/poison-publisher.ts", import.meta.url));

function run(folder: string, ...symbols: string[]): { end: number | string | null; said: string[] } {
  const { status, signal, stdout } = spawnSync(process.execPath, [publisher, folder, ...symbols], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { end: signal ?? status, said: stdout.trim().split("\n") };
}

function pinsRead(folder: string): (string | null)[] {
  const pins: (string | null)[] = [];
  readLog(folder, (event) => event.type === "ContractPinned" && pins.push(event.symbol));
  return pins;
}

test("an event at which the engine throws: exit 1, then skipped by recovery and every reader, and answered 422", (t) => {
  const folder = temporaryFolder(t);
  const first = run(folder, "A", "THROW", "B");
  assert.deepEqual([first.end, first.said.at(-1)], [1, "crash the engine failed at seq 2: planted poison"]);
  // B was logged behind it and not lost; A's fact, which the crash cut off, is completed.
  const second = run(folder, "C", "THROW");
  assert.deepEqual(second, { end: 0, said: ["recovered A,B poisoned 2", "THROW QUARANTINED", "C 4"] });
  assert.deepEqual(factsOf(folder), ["1.0 A", "3.0 B", "4.0 C"]);
  assert.deepEqual(pinsRead(folder), ["A", "B", "C"]);
});

test("an event that ends the process: whole, whole, one by one; the fourth start goes on without it", async (t) => {
  const folder = temporaryFolder(t);
  assert.equal(run(folder, "A", "KILL", "B").end, "SIGKILL");
  assert.equal(run(folder).end, "SIGKILL");
  assert.equal((await surveyLog(folder, {})).lastBatch?.trials, 1);
  assert.equal(run(folder).end, "SIGKILL");
  assert.equal((await surveyLog(folder, {})).lastBatch?.suspectSeq, 2);
  assert.deepEqual(run(folder, "C"), { end: 0, said: ["recovered A,B poisoned 2", "C 4"] });
  assert.deepEqual(factsOf(folder), ["1.0 A", "3.0 B", "4.0 C"]);
  assert.match((await surveyLog(folder, {})).poisoned[0].reason, /ended three times/);
  // Another batch with the same content ends no other start.
  assert.deepEqual(run(folder, "KILL"), { end: 0, said: ["recovered A,B,C poisoned 2", "KILL QUARANTINED"] });
});

test("two poison events in one batch are found one after the other", (t) => {
  const folder = temporaryFolder(t);
  const ends = [run(folder, "KILL", "A", "THROW", "B").end];
  while (ends.length < 8 && ends.at(-1) !== 0) ends.push(run(folder).end);
  assert.deepEqual(ends, ["SIGKILL", "SIGKILL", "SIGKILL", 1, 0]);
  assert.deepEqual(run(folder).said, ["recovered A,B poisoned 1,3"]);
});

test("kills that are nobody's fault blame nobody: a finished batch is never tried again", async (t) => {
  const folder = temporaryFolder(t);
  const { sequencer } = await startRig({ folder });
  sequencer.publish(trade(1));
  await sequencer.publishDurable(pin("A"));
  await sequencer[Symbol.asyncDispose]();
  // As kill -9 leaves it: neither digest nor facts behind the batch.
  const bytes = fs.readFileSync(segmentFile(folder, 1));
  const batchEnd = 64 + 8 + bytes.readUInt32LE(64);
  fs.truncateSync(segmentFile(folder, 1), batchEnd);
  for (let start = 0; start < 4; start += 1) {
    // It recovers and is killed before it writes an event.
    const engine = createTallyEngine();
    const { recovered, writer } = await startRig({ folder, engine });
    await writer[Symbol.asyncDispose]();
    assert.deepEqual([engine.pins, recovered.poisoned], [["A"], []]);
  }
});

test("equal content has one hash, whatever seq and clocks; other content another", () => {
  const event = { ...pin("A"), seq: 7, nowMs: 5, receivedMs: 6 };
  assert.equal(contentHash(event), contentHash({ ...event, seq: 8, nowMs: 50, receivedMs: 60 }));
  assert.notEqual(contentHash(event), contentHash({ ...event, symbol: "B" }));
});
