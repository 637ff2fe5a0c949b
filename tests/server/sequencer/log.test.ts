/** Is the log read back whole, cut where it tore, and refused where it is damaged? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createTradeBlock } from "#lib/events/trade-block.ts";
import { DIGEST_EVERY_MS, DIGEST_SLICES_MAX } from "#lib/limits.ts";
import { type LogDisk, REAL_DISK } from "#server/sequencer/log-disk.ts";
import { readLog, scanLog } from "#server/sequencer/log-reader.ts";
import { LogCorruptError, segmentFile } from "#server/sequencer/log-segment.ts";
import { recover } from "#server/sequencer/recover.ts";
import { factsOf } from "#tests/support/log-facts.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { memoryLogger, pin, startRig, trade } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const es = { root: "ES", year: 2026, month: 12 };

/** A log of `pins` batches of one durable event and two trades each; returns the digest behind each seq. */
async function writeLog(folder: string, pins: number, segmentBytesMax?: number): Promise<string[]> {
  const engine = createTallyEngine();
  const digests: string[] = [];
  const process = engine.process;
  engine.process = (event, outputs) => {
    const outcome = process(event, outputs);
    digests[event.seq] = engine.digest();
    return outcome;
  };
  const limit = segmentBytesMax === undefined ? {} : { segmentBytesMax };
  const { sequencer } = await startRig({ folder, engine, ...limit });
  sequencer.contractNumber(es);
  for (let index = 0; index < pins; index += 1) {
    sequencer.publish(trade(index));
    sequencer.publish(trade(index + 1_000));
    await sequencer.publishDurable(pin(`P${index}`));
  }
  await sequencer[Symbol.asyncDispose]();
  return digests;
}

/** Nothing here is about power cuts. */
const UNSYNCED: LogDisk = { ...REAL_DISK, sync: async () => {}, syncNow() {}, syncFolder() {} };

async function recoverFolder(folder: string) {
  const said: string[] = [];
  const engine = createTallyEngine();
  const logger = memoryLogger(said);
  const recovered = await recover({ folder, runId: "test-run", engine, logger, disk: UNSYNCED });
  return { ...recovered, engine, said };
}

/** Byte at which each frame of the first segment begins, and its end. */
function frameStarts(bytes: Buffer): number[] {
  const starts = [];
  let at = 64;
  for (; at < bytes.length; at += 8 + bytes.readUInt32LE(at)) starts.push(at);
  assert.equal(at, bytes.length);
  return [...starts, at];
}

/** The same log in a new folder, its first segment replaced. */
function withBytes(t: TestContext, bytes: Buffer): string {
  const folder = temporaryFolder(t);
  fs.writeFileSync(segmentFile(folder, 1), bytes);
  return folder;
}

test("recovery rebuilds the very state, and its digest equals the one in the log", async (t) => {
  const folder = temporaryFolder(t);
  const digests = await writeLog(folder, 20);
  const { lastSeq, events, digest, engine, cutBytes, tail, said } = await recoverFolder(folder);
  assert.deepEqual([lastSeq, events, digest, cutBytes], [61, 61, { seq: 61, equal: true }, 0]);
  assert.equal(engine.digest(), digests[61]);
  assert.equal(tail.byteLength, fs.statSync(segmentFile(folder, 1)).size);
  assert.deepEqual(said, []);
});

test("a digest is taken up in slices behind batches before it is recorded, and not for ever", async (t) => {
  for (const [isEndless, calls] of [
    [false, 4],
    [true, DIGEST_SLICES_MAX],
  ] as const) {
    let wallMs = 0;
    let ahead = 0;
    const engine = createTallyEngine();
    const recordedAt: number[] = [];
    const digest = engine.digest;
    engine.digest = () => {
      recordedAt.push(ahead);
      return digest();
    };
    engine.digestAhead = () => {
      ahead += 1;
      return !isEndless && ahead === calls;
    };
    const { sequencer } = await startRig({ folder: temporaryFolder(t), engine, wallMs: () => wallMs });
    await sequencer.publishDurable(pin("A"));
    assert.deepEqual([ahead, recordedAt], [0, []], "not due yet");
    wallMs = DIGEST_EVERY_MS;
    for (let at = 1; at <= calls + 2; at += 1) await sequencer.publishDurable(pin(String(at)));
    assert.deepEqual([ahead, recordedAt], [calls, [calls]]);
    await sequencer[Symbol.asyncDispose]();
  }
});

test("a state that differs from the recorded digest is reported, and does not stop the start", async (t) => {
  const folder = temporaryFolder(t);
  await writeLog(folder, 3);
  const engine = createTallyEngine();
  const process = engine.process;
  engine.process = (event, outputs) => (event.seq === 5 ? { status: "unchanged" } : process(event, outputs));
  const said: string[] = [];
  const recovered = await recover({ folder, runId: "test-run", engine, logger: memoryLogger(said) });
  assert.deepEqual([recovered.lastSeq, recovered.digest], [10, { seq: 10, equal: false }]);
  assert.match(said.join(), /error .*"seq":10.*differs/);
});

/** What a kill or a power cut leaves behind byte `cut`: nothing, or zeros that were there before. */
const CUTS = {
  "cut at": (bytes: Buffer, cut: number) => bytes.subarray(0, cut),
  "without a write behind": (bytes: Buffer, cut: number) =>
    Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(bytes.length - cut + 4_096)]),
};

for (const [how, cutAt] of Object.entries(CUTS)) {
  test(`a log ${how} any byte of its last five frames recovers to the last whole one, with all its facts`, async (t) => {
    const origin = temporaryFolder(t);
    const digests = await writeLog(origin, 4);
    const facts = factsOf(origin);
    assert.deepEqual(facts, ["4.0 P0", "7.0 P1", "10.0 P2", "13.0 P3"]);
    const bytes = fs.readFileSync(segmentFile(origin, 1));
    const starts = frameStarts(bytes);
    const folder = temporaryFolder(t);
    const completed = new Set<number>();
    // The last frames: two batches, each with its facts; the digest.
    for (let cut = starts[starts.length - 6]; cut < bytes.length; cut += 1) {
      const left = cutAt(bytes, cut);
      fs.writeFileSync(segmentFile(folder, 1), left);
      const good = starts.filter((start) => left.subarray(0, start).equals(bytes.subarray(0, start))).at(-1) ?? 0;
      const torn = left.subarray(good).some((byte) => byte !== 0) ? left.length - good : 0;
      const { engine, lastSeq, cutBytes, said } = await recoverFolder(folder);
      const mended = fs.readFileSync(segmentFile(folder, 1));
      assert.ok(mended.subarray(0, good).equals(bytes.subarray(0, good)), `cut at ${cut}`);
      assert.deepEqual([cutBytes, engine.digest()], [torn, digests[lastSeq]], `cut at ${cut}`);
      assert.equal(
        said.some((line) => line.includes("was cut")),
        torn > 0,
      );
      const expected = facts.filter((fact) => Number.parseInt(fact, 10) <= lastSeq);
      assert.deepEqual(factsOf(folder), expected, `cut at ${cut}`);
      if (said.some((line) => line.includes("were completed"))) completed.add(lastSeq);
      // A second recovery finds nothing left to do.
      const again = await recoverFolder(folder);
      assert.deepEqual([again.said, again.engine.digest()], [[], digests[lastSeq]]);
      assert.ok(fs.readFileSync(segmentFile(folder, 1)).equals(mended));
    }
    assert.deepEqual(
      [...completed].sort((a, b) => a - b),
      [10, 13],
    );
  });
}

test("behind a cut the log goes on, and everything is read in one piece", async (t) => {
  const folder = temporaryFolder(t);
  await writeLog(folder, 4);
  const file = segmentFile(folder, 1);
  fs.truncateSync(file, fs.statSync(file).size - 3);
  const { sequencer, engine } = await startRig({ folder });
  await sequencer.publishDurable(pin("LATER"));
  await sequencer[Symbol.asyncDispose]();
  const again = await recoverFolder(folder);
  assert.deepEqual(again.engine.pins, ["P0", "P1", "P2", "P3", "LATER"]);
  assert.equal(again.engine.digest(), engine.digest());
});

test("a flipped bit anywhere before the last frame stops the start with file and offset", async (t) => {
  const origin = temporaryFolder(t);
  await writeLog(origin, 6);
  const bytes = fs.readFileSync(segmentFile(origin, 1));
  const starts = frameStarts(bytes);
  const folder = temporaryFolder(t);
  const file = segmentFile(folder, 1);
  const lastStart = starts[starts.length - 2];
  const flip = (at: number, bit: number): void => {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 1 << bit;
    fs.writeFileSync(file, damaged);
    const frame = at < 64 ? 0 : starts.filter((start) => start <= at).at(-1);
    assert.throws(
      () => readLog(folder, () => {}),
      (error) => error instanceof LogCorruptError && error.file === file && error.offset === frame,
      `byte ${at} bit ${bit}`,
    );
    assert.ok(fs.readFileSync(file).equals(damaged), "a damaged log is left alone");
  };
  for (const start of [0, ...starts.slice(0, -2)]) for (let at = start; at < start + 8; at += 1) flip(at, at % 8);
  checkTwice(fc.property(fc.integer({ min: 0, max: lastStart - 1 }), fc.integer({ min: 0, max: 7 }), flip), {
    runs: 200,
    print: (line) => t.diagnostic(line),
  });
  await assert.rejects(recoverFolder(folder), LogCorruptError);
});

test("zeros behind the last frame, made ahead by the writer, are its clean end: nothing is said, they are cut", async (t) => {
  const origin = temporaryFolder(t);
  await writeLog(origin, 2);
  const bytes = fs.readFileSync(segmentFile(origin, 1));
  const folder = withBytes(t, Buffer.concat([bytes, Buffer.alloc(5_000)]));
  assert.equal(readLog(folder, () => {}).torn, null);
  const { lastSeq, cutBytes, said } = await recoverFolder(folder);
  assert.deepEqual([lastSeq, cutBytes, said], [7, 0, []]);
  assert.ok(fs.readFileSync(segmentFile(folder, 1)).equals(bytes));
});

test("segments roll at their size, begin with the contracts, and are read as one log", async (t) => {
  const folder = temporaryFolder(t);
  const digests = await writeLog(folder, 40, 2_000);
  const names = fs.readdirSync(folder).sort();
  assert.ok(names.length > 3, names.join());
  for (const name of names) assert.ok(fs.statSync(path.join(folder, name)).size <= 2_000);
  const { engine, events, digest, tail } = await recoverFolder(folder);
  assert.deepEqual([events, digest?.equal, engine.digest()], [121, true, digests[121]]);
  const total = names.reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0);
  assert.equal(tail.closedBytes + tail.byteLength, total);
  const repeated: unknown[] = [];
  const seqs: number[] = [];
  readLog(folder, (event) => seqs.push(event.seq), {
    fromSeq: 100,
    toSeq: 110,
    bookkeeping: (record) => record.type === "InstrumentRepeated" && repeated.push(record.root),
  });
  assert.deepEqual(seqs, [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
  assert.ok(repeated.length >= 1 && repeated.every((root) => root === "ES"));
});

test("a missing, a swapped and a foreign segment are named; a last one that was just begun is removed", async (t) => {
  const origin = temporaryFolder(t);
  const digests = await writeLog(origin, 40, 2_000);
  const count = fs.readdirSync(origin).length;
  const copy = (): string => {
    const folder = temporaryFolder(t);
    fs.cpSync(origin, folder, { recursive: true });
    return folder;
  };
  const missing = copy();
  fs.rmSync(segmentFile(missing, 2));
  await assert.rejects(recoverFolder(missing), /00000002\.seg, byte 0: was no file/);
  const swapped = copy();
  fs.copyFileSync(segmentFile(origin, 3), segmentFile(swapped, 2));
  await assert.rejects(recoverFolder(swapped), /00000002\.seg, byte 0: was segment 3, expected segment 2/);
  const foreign = recover({ folder: origin, runId: "other", engine: createTallyEngine(), logger: memoryLogger([]) });
  await assert.rejects(foreign, /was run test-run, expected run other/);
  const torn = copy();
  fs.truncateSync(segmentFile(torn, 2), fs.statSync(segmentFile(torn, 2)).size - 8);
  await assert.rejects(recoverFolder(torn), /00000002\.seg.*not whole/);
  const begun = copy();
  fs.writeFileSync(segmentFile(begun, count + 1), "RSEA");
  const recovered = await recoverFolder(begun);
  assert.deepEqual([recovered.engine.digest(), recovered.cutBytes, recovered.tail.segment], [digests[121], 4, count]);
  assert.equal(fs.existsSync(segmentFile(begun, count + 1)), false);
});

test("a log that grows is scanned in slices, whole frames only, while the event loop goes on", async (t) => {
  const folder = temporaryFolder(t);
  const { sequencer } = await startRig({ folder, segmentBytesMax: 4_000_000 });
  for (let index = 0; index < 200_000; index += 1) sequencer.publish(trade(index));
  await sequencer.drained();
  let others = 0;
  const timer = setInterval(() => {
    others += 1;
  }, 1);
  let expected = 1;
  const { lastSeq } = await scanLog(folder, (event) => {
    assert.equal(event.seq, expected);
    expected += 1;
    for (let spin = 0; spin < 300; spin += 1) Math.sqrt(spin);
  });
  clearInterval(timer);
  assert.ok(lastSeq > 0 && others > 0, `${lastSeq} events, ${others} turns`);
  await sequencer[Symbol.asyncDispose]();
  assert.equal(readLog(folder, () => {}, { toSeq: 200_000 }).events, 200_000);
});

test("a frame larger than the reader's chunk comes back", async (t) => {
  const folder = temporaryFolder(t);
  const trades = createTradeBlock(200_000);
  trades.count = 200_000;
  trades.size.fill(3);
  const { sequencer } = await startRig({ folder, segmentBytesMax: 100_000 });
  sequencer.publish({ type: "GapFilled", ...UNSTAMPED, contract: 0, fromMs: 0, toMs: 1, source: 1, trades });
  await sequencer.publishDurable(pin("BEHIND"));
  await sequencer[Symbol.asyncDispose]();
  const seen: unknown[] = [];
  readLog(folder, (event) => {
    seen.push(event.type === "GapFilled" ? event.trades.size.reduce((sum, size) => sum + size, 0) : event.type);
  });
  assert.deepEqual(seen, [600_000, "ContractPinned"]);
});
