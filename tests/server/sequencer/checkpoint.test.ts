/** Does a start from a snapshot make the state of an unbroken run, and does a bad snapshot cost only time? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf } from "#lib/engine/digest.ts";
import { createEngine } from "#lib/engine/engine.ts";
import { STATE_VERSION } from "#lib/engine/state.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { type HistoryLoaded, SOURCE } from "#lib/events/market.ts";
import { DEFAULT_SETTINGS } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_MS_MAX, SNAPSHOTS_KEPT } from "#lib/limits.ts";
import { createOutputs } from "#lib/outputs/output.ts";
import { createRandom } from "#lib/prng.ts";
import { REAL_CHECKPOINT_DISK } from "#server/sequencer/checkpoint-disk.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { decodeSnapshot, type Snapshot, serializeSnapshot, snapshotParts } from "#server/sequencer/snapshot-file.ts";
import { recoverRig, startCheckpointRig } from "#tests/support/checkpoint-rig.ts";
import { trade } from "#tests/support/engine-run.ts";
import { RANDOM_START_MS, randomEvents, randomLiveEvents } from "#tests/support/random-market.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

/** The digest of one engine over the whole log. */
function unbrokenDigest(folder: string): string {
  const engine = createEngine({ analyses: false });
  const outputs = createOutputs(4);
  readLog(path.join(folder, "log"), (event) => void engine.process(event, outputs));
  return digestOf(engine.state);
}

function snapshotsOf(folder: string): string[] {
  return fs.readdirSync(path.join(folder, "snapshots")).sort();
}

/** Small enough that segments and column files are begun anew again and again. */
const RANDOM_RIG = { segmentBytesMax: 20_000, spareBytes: 20_000 };

for (const seed of testSeeds("random runs with snapshots")) {
  test(`starts from random snapshots equal the unbroken run (seed ${seed})`, async (t) => {
    const folder = temporaryFolder(t);
    const random = createRandom(seed);
    let rig = await startCheckpointRig(folder, RANDOM_RIG);
    let fromSnapshot = 0;
    let generation = 0;
    for (const [part, events] of parts(randomEvents(seed, 3_000), random).entries()) {
      const half = Math.floor(events.length / 2);
      await rig.send(events.slice(0, half));
      if (random() < 0.6) await rig.checkpointer.take();
      await rig.send(events.slice(half));
      const before = { digest: digestOf(rig.engine.state), book: structuredClone(rig.book.entry()) };
      if (random() < 0.7) await rig.breakOff();
      else await rig.end();
      const next = await recoverRig(folder);
      assert.equal(digestOf(next.engine.state), before.digest, `part ${part}`);
      assert.deepEqual(structuredClone(next.book.entry()), before.book);
      assert.notEqual(next.recovered.digest?.equal, false);
      if (next.recovered.snapshot !== null) fromSnapshot += 1;
      generation = next.recovered.snapshot?.columns.generation ?? 0;
      rig = await startCheckpointRig(folder, RANDOM_RIG);
    }
    await rig.end();
    assert.equal(digestOf(rig.engine.state), unbrokenDigest(folder));
    assert.ok(generation > 1, "the columns were written anew");
    assert.ok(fs.readdirSync(path.join(folder, "columns")).length <= SNAPSHOTS_KEPT);
    assert.ok(fromSnapshot > 5, `${fromSnapshot} starts from a snapshot`);
  });
}

function parts<Item>(items: readonly Item[], random: () => number): Item[][] {
  const cut: Item[][] = [];
  for (let at = 0; at < items.length; ) {
    const next = at + 50 + Math.floor(random() * 350);
    cut.push(items.slice(at, next));
    at = next;
  }
  return cut;
}

/** Three snapshots, events behind each, and an end as by kill -9. */
async function runWithSnapshots(folder: string): Promise<{ digest: string; seqs: number[] }> {
  const rig = await startCheckpointRig(folder);
  const seqs: number[] = [];
  const events = randomEvents(11, 1_600);
  for (let part = 0; part < 4; part += 1) {
    await rig.send(events.slice(part * 400, part * 400 + 400));
    if (part === 3) break;
    await rig.checkpointer.take();
    assert.equal(rig.checkpointer.status.error, null);
    seqs.push(rig.checkpointer.status.seq);
  }
  await rig.breakOff();
  return { digest: digestOf(rig.engine.state), seqs };
}

test("the last two snapshots are kept, and nothing else is left beside them", async (t) => {
  const folder = temporaryFolder(t);
  const { seqs } = await runWithSnapshots(folder);
  const names = snapshotsOf(folder);
  assert.deepEqual(
    names.map((name) => Number(name.slice(0, 12))),
    seqs.slice(-SNAPSHOTS_KEPT),
  );
  assert.deepEqual(fs.readdirSync(path.join(folder, "columns")), ["00000001.col"]);
  const found = await recoverRig(folder);
  assert.equal(found.recovered.snapshot?.seq, seqs[2]);
  assert.equal(found.recovered.events, found.recovered.lastSeq - seqs[2]);
});

/** Ways to spoil the newest snapshot, and what is said of it. */
const DAMAGES: Record<string, { spoil: (file: string) => void; said: RegExp }> = {
  "a flipped bit": { spoil: flipMiddle, said: /its checksum is wrong/ },
  "half of it": { spoil: (file) => fs.truncateSync(file, fs.statSync(file).size >> 1), said: /bytes, expected/ },
  nothing: { spoil: (file) => fs.truncateSync(file, 0), said: /does not begin as a snapshot/ },
  "another state version": { spoil: toFormerVersion, said: /its state has version 1, expected 2/ },
  "a changed number under a right checksum": { spoil: changeNumber, said: /restored at seq \d+ with digest/ },
  "another's bytes": { spoil: (file) => fs.writeFileSync(file, "PostgreSQL base backup"), said: /does not begin/ },
};

function flipMiddle(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1] ^= 4;
  fs.writeFileSync(file, bytes);
}

function encoded(snapshot: Snapshot): Uint8Array {
  return Buffer.concat(snapshotParts(serializeSnapshot(snapshot)));
}

function changeNumber(file: string): void {
  const snapshot = decodeSnapshot(fs.readFileSync(file));
  snapshot.rest.contracts[0].lastSize += 1;
  fs.writeFileSync(file, encoded(snapshot));
}

function toFormerVersion(file: string): void {
  fs.writeFileSync(file, encoded({ ...decodeSnapshot(fs.readFileSync(file)), stateVersion: 1 }));
}

for (const [name, { spoil, said }] of Object.entries(DAMAGES)) {
  test(`${name} in the newest snapshot: it is set aside, the former is taken`, async (t) => {
    const folder = temporaryFolder(t);
    const { digest, seqs } = await runWithSnapshots(folder);
    const newest = path.join(folder, "snapshots", snapshotsOf(folder)[1]);
    spoil(newest);
    const found = await recoverRig(folder);
    assert.equal(found.recovered.snapshot?.seq, seqs[1]);
    assert.equal(digestOf(found.engine.state), digest);
    assert.match(found.said.join("\n"), said);
    assert.ok(fs.existsSync(`${newest}.bad`));
    // It goes on from there: the columns behind the former snapshot are written over.
    const rig = await startCheckpointRig(folder);
    await rig.send(randomEvents(12, 300));
    await rig.end();
    assert.equal(digestOf((await recoverRig(folder)).engine.state), unbrokenDigest(folder));
  });
}

test("a flipped bit in the columns is found; without snapshots and columns the whole log is read", async (t) => {
  const folder = temporaryFolder(t);
  const { digest } = await runWithSnapshots(folder);
  flipMiddle(path.join(folder, "columns", "00000001.col"));
  const found = await recoverRig(folder);
  assert.match(found.said.join("\n"), /00000001\.col, byte \d+: a block/);
  assert.equal(digestOf(found.engine.state), digest);
  for (const part of ["snapshots", "columns"]) fs.rmSync(path.join(folder, part), { recursive: true });
  const bare = await recoverRig(folder);
  assert.deepEqual([bare.recovered.snapshot, bare.recovered.events], [null, bare.recovered.lastSeq]);
  assert.equal(digestOf(bare.engine.state), digest);
});

test("a snapshot of other code is not used while the log is whole; it is when the log's beginning has gone", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder, { segmentBytesMax: 20_000 });
  await rig.send(randomEvents(5, 1_500));
  await rig.end();
  const digest = digestOf(rig.engine.state);
  fs.cpSync(folder, `${folder}-cut`, { recursive: true });
  t.after(() => fs.rmSync(`${folder}-cut`, { recursive: true }));
  const other = await recoverRig(folder, "another");
  assert.equal(other.recovered.snapshot, null);
  assert.match(other.said.join("\n"), /made by test on v.*expected another/);
  assert.equal(digestOf(other.engine.state), digest);
  fs.rmSync(path.join(`${folder}-cut`, "log", "00000001.seg"));
  const cut = await recoverRig(`${folder}-cut`, "another");
  assert.equal(cut.recovered.snapshot?.seq, rig.checkpointer.status.seq);
  assert.equal(digestOf(cut.engine.state), digest);
  fs.rmSync(path.join(`${folder}-cut`, "snapshots"), { recursive: true });
  await assert.rejects(recoverRig(`${folder}-cut`), /00000001\.seg.*begins with segment 2.*or a good snapshot/);
});

/** What version 2 wrote: no anchors, settings, calendar, analyses or accounts, and its own digest of the rest. */
function toVersion2(file: string): void {
  const snapshot = decodeSnapshot(fs.readFileSync(file));
  const { settings: _s, analyses: _a, nextSliceMs: _n, analysisVersion: _v, calendar: _c, ...other } = snapshot.rest;
  const { accounts: _b, liveAccounts: _l, accountsWakeMs: _w, ...rest } = other;
  const contracts = rest.contracts.map(({ anchors: _none, ...contract }) => contract);
  const former = {
    ...snapshot,
    stateVersion: 2,
    digest: "of another version",
    rest: { ...rest, contracts, version: 2 },
  };
  // Safe: what a former version wrote is no Snapshot of ours.
  fs.writeFileSync(file, encoded(former as unknown as Snapshot));
}

test("a snapshot of version 2 is taken over where the log's beginning has gone; its analyses begin anew", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder, { segmentBytesMax: 20_000, isAnalysed: true });
  await rig.send(randomLiveEvents(5, 500));
  await rig.end();
  const { contracts, analyses } = rig.engine.state;
  assert.ok(analyses.some((one) => one !== null && one.bars > 0));
  for (const name of snapshotsOf(folder)) toVersion2(path.join(folder, "snapshots", name));
  fs.rmSync(path.join(folder, "log", "00000001.seg"));
  const found = await recoverRig(folder, "test", true);
  assert.equal(found.recovered.snapshot?.seq, rig.checkpointer.status.seq);
  const { state } = found.engine;
  assert.deepEqual([state.version, state.settings], [STATE_VERSION, DEFAULT_SETTINGS]);
  assert.equal(digestOf(state.contracts), digestOf(contracts));
  assert.deepEqual(
    state.analyses.map((one) => one?.status ?? null),
    ["building", "building"],
  );
});

test("a snapshot ahead of its log (a log brought back from a backup) is set aside", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  await rig.send(randomEvents(5, 200));
  await rig.breakOff();
  fs.cpSync(path.join(folder, "log"), path.join(folder, "backup"), { recursive: true });
  const digest = unbrokenDigest(folder);
  const later = await startCheckpointRig(folder);
  await later.send(randomEvents(6, 200));
  await later.end();
  fs.rmSync(path.join(folder, "log"), { recursive: true });
  fs.renameSync(path.join(folder, "backup"), path.join(folder, "log"));
  const found = await recoverRig(folder);
  assert.match(found.said.join("\n"), /the log ends at seq/);
  assert.deepEqual([found.recovered.snapshot, digestOf(found.engine.state)], [null, digest]);
});

for (const call of ["open", "rename", "syncFolder"] as const) {
  test(`a disk that refuses ${call}: said, the engine goes on, the next snapshot is whole`, async (t) => {
    const folder = temporaryFolder(t);
    let isBroken = false;
    const refuse = (): Promise<never> =>
      Promise.reject(Object.assign(new Error("ENOSPC: planted"), { code: "ENOSPC" }));
    const disk = { ...REAL_CHECKPOINT_DISK };
    disk.open = (file, how) => (isBroken && call === "open" ? refuse() : REAL_CHECKPOINT_DISK.open(file, how));
    disk.rename = (from, to) => (isBroken && call === "rename" ? refuse() : REAL_CHECKPOINT_DISK.rename(from, to));
    disk.syncFolder = (at) => (isBroken && call === "syncFolder" ? refuse() : REAL_CHECKPOINT_DISK.syncFolder(at));
    const rig = await startCheckpointRig(folder, { disk });
    await rig.send(randomEvents(3, 400));
    await rig.checkpointer.take();
    isBroken = true;
    await rig.send(randomEvents(4, 400));
    await rig.checkpointer.take();
    assert.match(rig.checkpointer.status.error ?? "", /ENOSPC/);
    isBroken = false;
    await rig.send(randomEvents(5, 400));
    await rig.checkpointer.take();
    assert.equal(rig.checkpointer.status.error, null);
    await rig.breakOff();
    const found = await recoverRig(folder);
    assert.equal(found.recovered.snapshot?.seq, rig.checkpointer.status.seq);
    assert.equal(digestOf(found.engine.state), unbrokenDigest(folder));
  });
}

test("a full second series drops its oldest rows from the columns too", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  for (let part = 0; part < 4; part += 1) {
    const firstMs = RANDOM_START_MS + part * 2_500_000;
    await rig.send(Array.from({ length: 2_500 }, (_, at) => trade(20_000 + (at % 7), firstMs + at * 1_000)));
    await rig.checkpointer.take();
  }
  const [seconds] = rig.engine.state.contracts[0].series;
  assert.ok(seconds.droppedRows > 0 && seconds.storedRows > 5_000);
  await rig.end();
  const found = await recoverRig(folder);
  assert.notEqual(found.recovered.snapshot, null);
  assert.equal(digestOf(found.engine.state), digestOf(rig.engine.state));
});

const MINUTES = 20_000;
const LARGE_ROOTS = ["ES", "NQ", "YM", "RTY", "GC", "SI", "CL", "NG", "ZN", "ZB", "6E", "6J"];

/** So many minute bars of a contract, up to the day before the random market. */
function longHistory(contract: number): HistoryLoaded {
  const bars = createBarBlock(MINUTES);
  for (; bars.count < MINUTES; bars.count += 1) {
    bars.openMs[bars.count] = RANDOM_START_MS - (MINUTES + 1_440 - bars.count) * 60_000;
    bars.highTicks[bars.count] = bars.count % 977;
    bars.volume[bars.count] = 1 + (bars.count % 50);
  }
  const source = SOURCE.massive;
  return { ...UNSTAMPED, type: "HistoryLoaded", contract, intervalMs: 60_000, bars, source };
}

test("the snapshot of a quarter of a million rows stays small and short: rows and digest were taken up before", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  const numbers = LARGE_ROOTS.map((root) => rig.sequencer.contractNumber({ root, year: 2027, month: 3 }));
  const tookMs: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    if (round === 0) await rig.send(numbers.map(longHistory));
    const firstMs = RANDOM_START_MS + round * 60_000;
    await rig.send(
      numbers.flatMap((contract) => [0, 1, 2].map((at) => trade(100, firstMs + at * 9_000, { contract }))),
    );
    await rig.checkpointer.take();
    const { error, bytes } = rig.checkpointer.status;
    assert.deepEqual([error, bytes <= SNAPSHOT_BYTES_MAX], [null, true]);
    tookMs.push(rig.checkpointer.status.tookMs ?? Number.NaN);
  }
  const { bytes } = rig.checkpointer.status;
  t.diagnostic(`${bytes} bytes; ${tookMs.map((ms) => ms.toFixed(1)).join(", ")} ms`);
  // Other work of the machine may hold one of them up.
  assert.ok(Math.min(...tookMs) <= SNAPSHOT_MS_MAX, `${tookMs}`);
  assert.ok(bytes < 2_000_000, "the rows are not in it");
  const digest = rig.engine.digest();
  await rig.end();
  const found = await recoverRig(folder);
  assert.deepEqual([found.recovered.events, found.engine.digest()], [0, digest]);
});

test("a snapshot waits until the log up to its seq is flushed", async (t) => {
  const folder = temporaryFolder(t);
  const flushed: number[] = [];
  const rig = await startCheckpointRig(folder, { onFlushed: (seq) => flushed.push(seq) });
  await rig.send(randomEvents(3, 400));
  const taken = rig.checkpointer.take();
  while (flushed.at(-1) !== rig.engine.state.seq) await sleep(5);
  await sleep(50);
  assert.deepEqual(snapshotsOf(folder), []);
  rig.checkpointer.flushed(rig.engine.state.seq - 1);
  await sleep(20);
  assert.deepEqual(snapshotsOf(folder), []);
  rig.checkpointer.flushed(rig.engine.state.seq);
  await taken;
  assert.equal(snapshotsOf(folder).length, 1);
  await rig.end();
});

test("no snapshot is taken of a state that broke off inside an event", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  await rig.send(randomEvents(3, 400));
  await rig.send([trade(100, RANDOM_START_MS + 1e9, { contract: 99 })]);
  assert.match(rig.said.join("\n"), /crash the engine failed/);
  rig.checkpointer.flushed(rig.engine.state.seq);
  await rig.checkpointer.take();
  await rig.end();
  assert.deepEqual(snapshotsOf(folder), []);
});

test("a snapshot that takes too long is counted and said; one that is too large is not written, and the next is", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startCheckpointRig(folder);
  await rig.send(randomEvents(3, 400));
  const { digest } = rig.engine;
  rig.engine.digest = () => {
    for (const startMs = performance.now(); performance.now() - startMs <= SNAPSHOT_MS_MAX; );
    return digest();
  };
  await rig.checkpointer.take();
  const { overtime, error, tookMs } = rig.checkpointer.status;
  assert.deepEqual([overtime, error, (tookMs ?? 0) > SNAPSHOT_MS_MAX], [1, null, true]);
  assert.match(rig.said.join("\n"), /warn .*held the event loop up/);
  rig.engine.digest = digest;
  const { feedMessage } = rig.engine.state;
  rig.engine.state.feedMessage = "x".repeat(SNAPSHOT_BYTES_MAX);
  await rig.send(randomEvents(4, 1));
  await rig.checkpointer.take();
  assert.match(rig.checkpointer.status.error ?? "", /assert: the snapshot has \d+ bytes, at most/);
  assert.equal(snapshotsOf(folder).length, 1);
  rig.engine.state.feedMessage = feedMessage;
  await rig.checkpointer.take();
  assert.deepEqual([rig.checkpointer.status.error, snapshotsOf(folder).length], [null, 2]);
  await rig.end();
});
