/** Does the room of zeros behind the log's end save flushes, and does nobody take it for anything else? */
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { LogCursor } from "#server/sequencer/log-cursor.ts";
import { type LogDisk, REAL_DISK } from "#server/sequencer/log-disk.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { LogCorruptError, listSegments, segmentFile } from "#server/sequencer/log-segment.ts";
import { pin, type Rig, startRig, trade, turn } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

/** Counts what is asked of the real disk. */
function countingDisk(): LogDisk & { counts: { writes: number; syncs: number } } {
  const counts = { writes: 0, syncs: 0 };
  return {
    ...REAL_DISK,
    counts,
    write(fd, bytes, position) {
      counts.writes += 1;
      return REAL_DISK.write(fd, bytes, position);
    },
    sync(fd) {
      counts.syncs += 1;
      return REAL_DISK.sync(fd);
    },
    syncNow(fd) {
      counts.syncs += 1;
      REAL_DISK.syncNow(fd);
    },
  };
}

async function acknowledge({ sequencer }: Rig, symbols: readonly string[]): Promise<void> {
  for (const symbol of symbols) await sequencer.publishDurable(pin(symbol));
}

const symbols = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `P${from + at}`);

function pinsOf(folder: string): (string | null)[] {
  const pins: (string | null)[] = [];
  readLog(folder, (event) => event.type === "ContractPinned" && pins.push(event.symbol));
  return pins;
}

test("an acknowledged event costs one write and one fdatasync, and the file's length stays", async (t) => {
  const folder = temporaryFolder(t);
  const engine = createTallyEngine();
  // Facts are a second write into the page cache: they are known only when the event is on its way to the disk.
  engine.conclude = () => {};
  const disk = countingDisk();
  const rig = await startRig({ folder, engine, disk });
  await acknowledge(rig, ["FIRST"]);
  const before = { ...disk.counts };
  const size = fs.statSync(segmentFile(folder, 1)).size;
  await acknowledge(rig, symbols(100));
  const { writes, syncs } = disk.counts;
  assert.deepEqual([writes - before.writes, syncs - before.syncs], [100, 100]);
  assert.equal(fs.statSync(segmentFile(folder, 1)).size, size);
  await rig.sequencer[Symbol.asyncDispose]();
  assert.equal(fs.statSync(segmentFile(folder, 1)).size, rig.sequencer.status.logBytes);
});

test("a flush of much makes no room: bulk loads are written once", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startRig({ folder });
  for (let index = 0; index < 2_000; index += 1) rig.sequencer.publish(trade(index));
  await acknowledge(rig, ["BEHIND"]);
  assert.equal(fs.statSync(segmentFile(folder, 1)).size, rig.sequencer.status.logBytes);
  await rig.sequencer[Symbol.asyncDispose]();
});

test("a reader at the end of a growing log sees every frame that comes, within the room and in the next segment", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startRig({ folder, segmentBytesMax: 20_000 });
  await acknowledge(rig, ["FIRST"]);
  using cursor = new LogCursor(folder);
  let events = 0;
  for (let index = 0; index < 400; index += 1) {
    for (let frame = cursor.next(); frame !== null; frame = cursor.next()) events += frame.events;
    assert.deepEqual([events, cursor.torn], [rig.sequencer.status.seq, null], `behind ${index} pins`);
    // Sometimes two frames between two looks.
    await acknowledge(rig, symbols(1 + (index % 2), index * 2));
  }
  const segments = listSegments(folder);
  assert.ok(segments.length > 2, `${segments.length} segments`);
  // Only the newest has room.
  for (const segment of segments.slice(0, -1)) assert.ok(fs.statSync(segmentFile(folder, segment)).size < 20_000);
  assert.equal(fs.statSync(segmentFile(folder, segments.at(-1) ?? 0)).size, 20_000);
  await rig.sequencer[Symbol.asyncDispose]();
});

test("what kill -9 leaves, with its room, is recovered without a word, and gone on behind", async (t) => {
  const live = temporaryFolder(t);
  const rig = await startRig({ folder: live });
  await acknowledge(rig, symbols(5));
  const killed = temporaryFolder(t);
  fs.copyFileSync(segmentFile(live, 1), segmentFile(killed, 1));
  await rig.sequencer[Symbol.asyncDispose]();
  assert.ok(fs.statSync(segmentFile(killed, 1)).size > fs.statSync(segmentFile(live, 1)).size);
  const again = await startRig({ folder: killed });
  assert.deepEqual([again.recovered.cutBytes, again.said], [0, []]);
  await acknowledge(again, ["LATER"]);
  await again.sequencer[Symbol.asyncDispose]();
  assert.deepEqual(pinsOf(killed), [...symbols(5), "LATER"]);
});

test("zeros in place of what was flushed stop the start with file and offset, room or not", async (t) => {
  const live = temporaryFolder(t);
  const rig = await startRig({ folder: live });
  await acknowledge(rig, symbols(5));
  await turn();
  const bytes = fs.readFileSync(segmentFile(live, 1));
  await rig.sequencer[Symbol.asyncDispose]();
  const starts: number[] = [];
  for (let at = 64; bytes.readUInt32LE(at) !== 0; at += 8 + bytes.readUInt32LE(at)) starts.push(at);
  const folder = temporaryFolder(t);
  const file = segmentFile(folder, 1);
  // The newest batch and its facts are all that no later frame speaks of.
  for (const [index, start] of starts.slice(0, -2).entries()) {
    fs.writeFileSync(file, Buffer.from(bytes).fill(0, start, starts[index + 1]));
    await assert.rejects(
      startRig({ folder }),
      (error) => error instanceof LogCorruptError && error.file === file && error.offset === start,
    );
  }
});
