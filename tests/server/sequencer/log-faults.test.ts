/** What happens when the disk is full, broken or lies? Nothing acknowledged is lost, and the state is said. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { type LogDisk, REAL_DISK } from "#server/sequencer/log-disk.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { segmentFile } from "#server/sequencer/log-segment.ts";
import { factsOf } from "#tests/support/log-facts.ts";
import { pin, startRig, trade, turn } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

type Faults = { write: "ENOSPC" | "EIO" | null; sync: boolean; truncate: boolean; shortBytes: number };

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

/** The real disk, but for the faults that are set at the moment. A full disk takes a part of the bytes first. */
function faultyDisk(): LogDisk & { faults: Faults } {
  const faults: Faults = { write: null, sync: false, truncate: false, shortBytes: 0 };
  return {
    ...REAL_DISK,
    faults,
    write(fd, bytes, position) {
      const part = faults.shortBytes > 0 ? bytes.subarray(0, faults.shortBytes) : bytes;
      if (faults.write === null) return REAL_DISK.write(fd, part, position);
      // Frames begin at multiples of 8: seven bytes of the frame arrive, the rest fails.
      if (part.length < bytes.length && position % 2 === 0) return REAL_DISK.write(fd, bytes.subarray(0, 7), position);
      throw fault(faults.write);
    },
    truncate(fd, byteLength) {
      if (faults.truncate) throw fault("EIO");
      REAL_DISK.truncate(fd, byteLength);
    },
    sync: (fd) => (faults.sync ? Promise.reject(fault("EIO")) : REAL_DISK.sync(fd)),
  };
}

function pinsOf(folder: string): (string | null)[] {
  const pins: (string | null)[] = [];
  readLog(folder, (event) => {
    if (event.type === "ContractPinned") pins.push(event.symbol);
  });
  return pins;
}

for (const code of ["ENOSPC", "EIO"] as const) {
  test(`${code}: the half-written frame is taken back, commands are refused, the engine sees nothing`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const folder = temporaryFolder(t);
    const disk = faultyDisk();
    const gaps: unknown[] = [];
    let now = 1_000;
    const rig = await startRig({
      folder,
      disk,
      wallMs: () => now,
      feedNowMs: () => now,
      onGap: (fromMs, toMs) => gaps.push([fromMs, toMs]),
    });
    const { sequencer, engine } = rig;
    await sequencer.publishDurable(pin("BEFORE"));
    // Without the zeros made ahead: a refused write gives them back too.
    const size = sequencer.status.logBytes;
    disk.faults.write = code;
    disk.faults.shortBytes = 16;
    now = 2_000;
    const refused = [sequencer.publishDurable(pin("LOST1")), sequencer.publishDurable(pin("LOST2"))];
    sequencer.publish(trade(1));
    for (const one of refused) await assert.rejects(one, { code: "LOG_UNWRITABLE", status: 503 });
    assert.equal(fs.statSync(segmentFile(folder, 1)).size, size);
    assert.equal(sequencer.publish(trade(2)), false);
    await assert.rejects(sequencer.publishDurable(pin("LOST3")), { code: "LOG_UNWRITABLE" });
    // Rare events wait.
    assert.equal(sequencer.contractNumber({ root: "ES", year: 2026, month: 12 }), 0);
    const { state, reason, dropped, seq } = sequencer.status;
    assert.deepEqual([state, dropped, seq, engine.events], ["refusing", 2, 1, 1]);
    assert.match(reason ?? "", new RegExp(code));
    assert.notEqual(sequencer.drained(), null);
    now = 5_000;
    t.mock.timers.tick(2_000);
    assert.equal(sequencer.status.state, "refusing");
    assert.equal(fs.statSync(segmentFile(folder, 1)).size, size);
    disk.faults.write = null;
    disk.faults.shortBytes = 0;
    const drained = sequencer.drained();
    now = 9_000;
    t.mock.timers.tick(2_000);
    await drained;
    assert.deepEqual([sequencer.status.state, gaps], ["ok", [[2_000, 9_000]]]);
    const answer = await sequencer.publishDurable(pin("AFTER"));
    assert.equal(answer.seq, 3);
    await sequencer[Symbol.asyncDispose]();
    assert.deepEqual(pinsOf(folder), ["BEFORE", "AFTER"]);
    assert.deepEqual([engine.pins, engine.contracts], [["BEFORE", "AFTER"], [0]]);
    assert.equal(rig.said.filter((line) => line.startsWith("crash")).length, 0);
  });
}

test("short writes are continued until the frame is whole", async (t) => {
  const folder = temporaryFolder(t);
  const disk = faultyDisk();
  const { sequencer } = await startRig({ folder, disk });
  await sequencer.publishDurable(pin("FIRST"));
  disk.faults.shortBytes = 5;
  await sequencer.publishDurable(pin("SECOND"));
  await sequencer[Symbol.asyncDispose]();
  assert.deepEqual(pinsOf(folder), ["FIRST", "SECOND"]);
});

for (const waiters of [1, 2]) {
  test(`a failed fdatasync is never retried: ${waiters} waiting are refused and the process ends`, async (t) => {
    const disk = faultyDisk();
    const inPool = disk.sync;
    let pooled = 0;
    disk.sync = (fd) => {
      pooled += 1;
      return disk.faults.sync ? inPool(fd) : Promise.resolve();
    };
    disk.syncNow = () => {
      if (disk.faults.sync) throw fault("EIO");
    };
    let now = 0;
    const { sequencer, said } = await startRig({ folder: temporaryFolder(t), disk, wallMs: () => now });
    // Until the disk counts as fast: then one alone is flushed in place, two over the thread pool.
    let first = 0;
    for (let before = -1; before !== pooled; first += 1) {
      before = pooled;
      await sequencer.publishDurable(pin(`FIRST${first}`));
    }
    const pooledBefore = pooled;
    disk.faults.sync = true;
    // The digest is due too: nothing is written behind the failure.
    now = 120_000;
    const broken = Array.from({ length: waiters }, (_, at) => sequencer.publishDurable(pin(`SECOND${at}`)));
    for (const one of broken) await assert.rejects(one, { code: "LOG_UNWRITABLE" });
    assert.equal(pooled, pooledBefore + waiters - 1);
    disk.faults.sync = false;
    assert.equal(sequencer.status.state, "failed");
    assert.equal(said.filter((line) => line.startsWith("crash")).length, 1);
    await assert.rejects(sequencer.publishDurable(pin("THIRD")), { code: "LOG_UNWRITABLE" });
    await turn();
    assert.equal(sequencer.status.flushedSeq, first);
    await sequencer[Symbol.asyncDispose]();
  });
}

test("a half-written frame that cannot be taken back ends the process, and recovery cuts it", async (t) => {
  const folder = temporaryFolder(t);
  const disk = faultyDisk();
  const { sequencer, said } = await startRig({ folder, disk });
  await sequencer.publishDurable(pin("FIRST"));
  Object.assign(disk.faults, { write: "ENOSPC", shortBytes: 16, truncate: true });
  await assert.rejects(sequencer.publishDurable(pin("SECOND")), { code: "LOG_UNWRITABLE" });
  assert.match(said.join(), /crash a half-written frame could not be taken back/);
  await sequencer[Symbol.asyncDispose]();
  const again = await startRig({ folder });
  assert.deepEqual([again.recovered.cutBytes >= 7, again.engine.pins], [true, ["FIRST"]]);
  await again.sequencer[Symbol.asyncDispose]();
});

test("facts that find no room hold the answer back, not the state; they are written before anything else", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = temporaryFolder(t);
  const disk = faultyDisk();
  const { sequencer, engine, writer } = await startRig({ folder, disk });
  await sequencer.publishDurable(pin("FIRST"));
  const process = engine.process;
  engine.process = (event, outputs) => {
    // Behind the write of the events, before that of their facts.
    disk.faults.write = "ENOSPC";
    return process(event, outputs);
  };
  let answer: unknown = null;
  const second = sequencer.publishDurable(pin("SECOND")).then((got) => {
    answer = got;
  });
  await turn();
  engine.process = process;
  // The event itself is on disk; it does not count as flushed.
  await writer.flush();
  const { state, flushedSeq, seq } = sequencer.status;
  assert.deepEqual([state, flushedSeq, seq, answer], ["refusing", 1, 2, null]);
  assert.deepEqual(factsOf(folder), ["1.0 FIRST"]);
  await assert.rejects(sequencer.publishDurable(pin("THIRD")), { code: "LOG_UNWRITABLE" });
  disk.faults.write = null;
  t.mock.timers.tick(2_000);
  await second;
  assert.deepEqual([answer, sequencer.status.flushedSeq], [{ seq: 2, outcome: { status: "accepted" } }, 2]);
  await sequencer.publishDurable(pin("FOURTH"));
  await sequencer[Symbol.asyncDispose]();
  assert.deepEqual(factsOf(folder), ["1.0 FIRST", "2.0 SECOND", "3.0 FOURTH"]);
});

test("a segment that cannot be begun leaves the log as it was", async (t) => {
  const folder = temporaryFolder(t);
  const disk = faultyDisk();
  let isFull = false;
  const create = disk.create;
  disk.create = (file) => {
    if (isFull) throw fault("ENOSPC");
    return create(file);
  };
  const { sequencer, writer } = await startRig({ folder, disk, segmentBytesMax: 200 });
  await sequencer.publishDurable(pin("FIRST"));
  const before = fs.readdirSync(folder);
  isFull = true;
  await assert.rejects(sequencer.publishDurable(pin("SECOND")), { code: "LOG_UNWRITABLE" });
  assert.deepEqual([writer.state.state, fs.readdirSync(folder)], ["refusing", before]);
  await sequencer[Symbol.asyncDispose]();
  const again = await startRig({ folder });
  assert.deepEqual(again.engine.pins, ["FIRST"]);
  await again.sequencer[Symbol.asyncDispose]();
});

/** A mounted file system of 256 KiB, or null where this user may not mount. */
function tinyDisk(t: TestContext): string | null {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-tiny-"));
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], { stdio: "ignore" });
  t.after(() => {
    if (mount.status === 0) execFileSync("umount", [folder]);
    fs.rmdirSync(folder);
  });
  return mount.status === 0 ? folder : null;
}

test("a disk that is really full refuses, keeps everything acknowledged, and goes on when there is room", async (t) => {
  const folder = tinyDisk(t);
  if (folder === null) {
    t.skip("this user may not mount a tmpfs");
    return;
  }
  const filler = path.join(folder, "filler");
  fs.writeFileSync(filler, Buffer.alloc(100_000));
  const { sequencer } = await startRig({ folder });
  const acknowledged: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  for (let index = 0; sequencer.status.state === "ok"; index += 1) {
    assert.ok(index < 10_000, "the disk never became full");
    for (let noise = 0; noise < 50; noise += 1) sequencer.publish(trade(index * 50 + noise));
    let isAnswered = false;
    last = sequencer
      .publishDurable(pin(`P${index}`))
      .then(
        () => acknowledged.push(`P${index}`),
        (error) => assert.equal(error.code, "LOG_UNWRITABLE"),
      )
      .finally(() => {
        isAnswered = true;
      });
    // Where only its facts found no room, the answer waits for them.
    while (!isAnswered && sequencer.status.state === "ok") await turn();
  }
  assert.ok(acknowledged.length > 10);
  fs.rmSync(filler);
  const drained = sequencer.drained();
  assert.notEqual(drained, null);
  await drained;
  await last;
  assert.deepEqual(pinsOf(folder), acknowledged);
  await sequencer.publishDurable(pin("AFTER"));
  await sequencer[Symbol.asyncDispose]();
  assert.deepEqual(pinsOf(folder), [...acknowledged, "AFTER"]);
});
