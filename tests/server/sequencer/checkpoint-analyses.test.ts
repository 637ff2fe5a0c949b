/** Are analyses in a snapshot what they were at its moment, and are snapshots taken and kept while they are needed? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { digestOf } from "#lib/engine/digest.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { SNAPSHOT_BUILDING_MS, SNAPSHOT_EVERY_MS, SNAPSHOT_FIRST_MS, SNAPSHOTS_KEPT } from "#lib/limits.ts";
import { createRandom } from "#lib/prng.ts";
import { Checkpointer } from "#server/sequencer/checkpoint.ts";
import { recoverRig, startCheckpointRig } from "#tests/support/checkpoint-rig.ts";
import { randomEvents, randomLiveEvents } from "#tests/support/random-market.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

function snapshotCount(folder: string): number {
  return fs.readdirSync(path.join(folder, "snapshots")).length;
}

/** Behind the live events. */
function later(event: InputEvent): InputEvent {
  const shiftMs = 86_400_000;
  return {
    ...event,
    nowMs: event.nowMs + shiftMs,
    ...("exchangeMs" in event ? { exchangeMs: event.exchangeMs + shiftMs } : {}),
  };
}

for (const seed of testSeeds("analyses in snapshots")) {
  test(`analyses that change while they are packed are restored as they were (seed ${seed})`, async (t) => {
    const folder = temporaryFolder(t);
    const random = createRandom(seed);
    const rig = await startCheckpointRig(folder, { isAnalysed: true });
    const events: InputEvent[] = [...randomLiveEvents(seed, 1_000), ...randomEvents(seed + 1, 200).map(later)];
    while (events.length > 0) {
      await rig.send(events.splice(0, 20 + Math.floor(random() * 100)));
      const taken = rig.checkpointer.take();
      await rig.send(events.splice(0, 1 + Math.floor(random() * 50)));
      await taken;
      await rig.checkpointer.take();
      assert.equal(rig.checkpointer.status.error, null);
      const found = await recoverRig(folder, "test", true);
      assert.equal(found.recovered.events, 0);
      assert.equal(digestOf(found.engine.state), digestOf(rig.engine.state));
    }
    await rig.end();
    assert.ok(rig.engine.state.analyses.some((one) => one !== null && one.bars > 0));
  });
}

test("while somebody reads them no snapshot goes; the next one behind that removes what is too many", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  const events = randomEvents(9, 500);
  const take = async (): Promise<number> => {
    await rig.send(events.splice(0, 100));
    await rig.checkpointer.take();
    return snapshotCount(folder);
  };
  const held = rig.checkpointer.hold();
  assert.deepEqual([await take(), await take(), await take(), await take()], [1, 2, 3, 4]);
  held[Symbol.dispose]();
  assert.equal(await take(), SNAPSHOTS_KEPT);
  await rig.end();
});

test("while analyses are built a snapshot is due every few seconds, then every minute", async (t) => {
  const rig = await startCheckpointRig(temporaryFolder(t), { isAnalysed: true });
  const { engine, book } = rig;
  let wallMs = 0;
  let looks = 0;
  const checkpointer = new Checkpointer({
    ...{ folder: temporaryFolder(t), book, logger: memoryLogger([]), recovered: null, wallMs: () => wallMs },
    engine: {
      ...engine,
      digestAhead(rowsMax) {
        looks += 1;
        return engine.digestAhead(rowsMax);
      },
    },
    version: { codeVersion: "test", nodeVersion: process.version },
  });
  await rig.send(randomEvents(9, 100));
  checkpointer.flushed(engine.state.seq);
  const analysis = engine.state.analyses.find((one) => one !== null);
  assert.ok(analysis);
  const isTakenAt = async (ms: number): Promise<boolean> => {
    wallMs = ms;
    const before = looks;
    checkpointer.note(engine.state.seq);
    if (looks === before) return false;
    await checkpointer.take();
    return checkpointer.status.atMs === ms;
  };
  analysis.status = "building";
  assert.deepEqual([await isTakenAt(SNAPSHOT_FIRST_MS - 1), await isTakenAt(SNAPSHOT_FIRST_MS)], [false, true]);
  const second = SNAPSHOT_FIRST_MS + SNAPSHOT_BUILDING_MS;
  assert.deepEqual([await isTakenAt(second - 1), await isTakenAt(second)], [false, true]);
  for (const one of engine.state.analyses) if (one !== null) one.status = "ready";
  const third = second + SNAPSHOT_BUILDING_MS;
  assert.equal(await isTakenAt(third), true);
  const fourth = third + SNAPSHOT_EVERY_MS;
  assert.deepEqual([await isTakenAt(fourth - 1), await isTakenAt(fourth)], [false, true]);
  await checkpointer[Symbol.asyncDispose]();
  await rig.end();
});
