/** Does a start go on from the snapshot of the end before it, and show the same bars? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import { lastRun } from "#server/runs.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";

const ENV = {
  FEED: "simulator:9",
  FEED_SPEED: "120",
  FEED_START: "2026-11-17T14:25:00Z",
  INSTRUMENTS: "ES,GC",
};
const COMPARED_UNTIL_MS = Date.parse("2026-11-17T14:28:00Z");

/** The line that recovery wrote. */
function recoveredBy(service: DataService): { snapshotSeq: number | null; events: number } {
  const line = service
    .said()
    .split("\n")
    .find((text) => text.includes('"msg":"recovered"'));
  assert.ok(line !== undefined, service.said());
  return JSON.parse(line); // safe: pino wrote it, and the test compares what it reads
}

async function minuteBars(service: DataService): Promise<BarsAnswer["bars"]> {
  while ((await service.get<{ nowMs: number }>("/status")).nowMs < COMPARED_UNTIL_MS + 60_000) await sleep(20);
  return (await service.get<BarsAnswer>(`/bars/ESZ6?interval=1m&limit=50000&to=${COMPARED_UNTIL_MS}`)).bars;
}

test("a stop leaves a snapshot, the next start begins with it, and without it the log gives the same", async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  const first = await startDataService({ dataDir, env: ENV });
  const bars = await minuteBars(first);
  assert.ok(bars.length > 1_000);
  await first.stop();
  assert.equal(await first.ended, 0);
  assert.equal(recoveredBy(first).snapshotSeq, null);
  const second = await startDataService({ dataDir, env: ENV });
  const { snapshotSeq, events } = recoveredBy(second);
  assert.ok(snapshotSeq !== null && snapshotSeq > 1_000, `${snapshotSeq}`);
  assert.equal(events, 0);
  assert.deepEqual(await minuteBars(second), bars);
  await second.stop();
  const run = lastRun(dataDir);
  assert.ok(run !== null);
  for (const part of ["snapshots", "columns"]) fs.rmSync(path.join(run.folder, part), { recursive: true });
  const third = await startDataService({ dataDir, env: ENV });
  assert.equal(recoveredBy(third).snapshotSeq, null);
  assert.deepEqual(await minuteBars(third), bars);
  await third.stop();
  assert.doesNotMatch(third.said(), /differs from the state/);
});
