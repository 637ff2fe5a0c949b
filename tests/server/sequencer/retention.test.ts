/** Does a log get smaller and stay readable, and does it forget market records only, and none that are needed? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { isMarketRecord } from "#lib/events/event.ts";
import { FACTS_BEGIN, type Fact } from "#lib/outputs/fact.ts";
import { MS_PER_DAY } from "#lib/units.ts";
import { compressSegment } from "#server/sequencer/compress.ts";
import { FactTail } from "#server/sequencer/fact-tail.ts";
import { isThinnedOut } from "#server/sequencer/log-cursor.ts";
import { LogKeeper } from "#server/sequencer/log-keeper.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { LogCorruptError, listSegments, segmentFile } from "#server/sequencer/log-segment.ts";
import { segmentsToThin, thinSegment } from "#server/sequencer/retention.ts";
import { segmentSpans } from "#server/sequencer/segment-spans.ts";
import { publishMinutes, startMarketRig } from "#tests/support/market-rig.ts";
import { pin, turn } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

/** Several segments of trades, with a pin now and then. */
async function writeMarket(folder: string): Promise<void> {
  const rig = await startMarketRig(folder, 8_000);
  for (let part = 0; part < 8; part += 1) {
    publishMinutes(rig, part * 20, 20);
    await rig.sequencer.publishDurable({ ...pin("ESZ26"), symbol: part % 2 === 0 ? "ESZ26" : null });
  }
  await rig.sequencer[Symbol.asyncDispose]();
  assert.ok(listSegments(folder).length > 3);
}

type Read = { events: unknown[]; facts: Fact[] };

async function readAll(folder: string): Promise<Read> {
  const events: unknown[] = [];
  readLog(folder, (event) => events.push({ ...event }));
  using tail = new FactTail();
  const { facts } = await tail.read({ folder, after: FACTS_BEGIN, untilSeq: Number.MAX_SAFE_INTEGER, max: 100_000 });
  return { events, facts };
}

test("compressed segments are smaller and read the same, recovery and going on included", async (t) => {
  const folder = temporaryFolder(t);
  await writeMarket(folder);
  const before = await readAll(folder);
  const closed = listSegments(folder).slice(0, -1);
  const plainBytes = closed.map((segment) => fs.statSync(segmentFile(folder, segment)).size);
  for (const segment of closed) await compressSegment(folder, segment);
  for (const segment of closed) assert.equal(fs.existsSync(segmentFile(folder, segment)), false);
  assert.deepEqual(await readAll(folder), before);
  const spans = segmentSpans(folder).slice(0, -1);
  assert.deepEqual(
    spans.map((span) => [span.isCompressed, span.plainBytes]),
    plainBytes.map((bytes) => [true, bytes]),
  );
  assert.ok(spans.every((span) => span.byteLength < span.plainBytes / 2));
  const rig = await startMarketRig(folder, 8_000);
  assert.equal(rig.recovered.digest?.equal, true);
  await rig.sequencer.publishDurable(pin("ESZ26"));
  await rig.sequencer[Symbol.asyncDispose]();
  assert.equal((await readAll(folder)).events.length, before.events.length + 1);
});

test("a compression that was broken off, before or behind the rename, leaves a whole log", async (t) => {
  const folder = temporaryFolder(t);
  await writeMarket(folder);
  const before = await readAll(folder);
  const plain = fs.readFileSync(segmentFile(folder, 1));
  fs.writeFileSync(`${segmentFile(folder, 1)}.zst.new`, "half");
  assert.deepEqual(await readAll(folder), before);
  await compressSegment(folder, 1);
  fs.writeFileSync(segmentFile(folder, 1), plain);
  assert.deepEqual(await readAll(folder), before);
  await compressSegment(folder, 1);
  assert.deepEqual(await readAll(folder), before);
  assert.equal(fs.existsSync(segmentFile(folder, 1)), false);
});

test("a flipped bit in a compressed segment stops the reader with file and offset, or is one of no meaning", async (t) => {
  const folder = temporaryFolder(t);
  await writeMarket(folder);
  const before = await readAll(folder);
  await compressSegment(folder, 1);
  const file = `${segmentFile(folder, 1)}.zst`;
  const bytes = fs.readFileSync(file);
  let found = 0;
  for (let at = 0; at < bytes.length; at += 1 + (at % 37)) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 1 << (at % 8);
    fs.writeFileSync(file, damaged);
    const events: unknown[] = [];
    try {
      readLog(folder, (event) => events.push({ ...event }));
    } catch (error) {
      assert.ok(error instanceof LogCorruptError && error.file === file, `byte ${at}: ${error}`);
      found += 1;
      continue;
    }
    assert.deepEqual(events, before.events, `byte ${at} of ${bytes.length} was not noticed`);
  }
  assert.ok(found > 30, `${found} found`);
});

test("thinning takes market records alone: ledger records, facts, seqs and poison marks stay", async (t) => {
  const folder = temporaryFolder(t);
  await writeMarket(folder);
  const before = await readAll(folder);
  const closed = listSegments(folder).slice(0, -1);
  assert.equal(isThinnedOut(folder), false);
  for (const segment of closed) await thinSegment(folder, segment);
  assert.equal(isThinnedOut(folder), true);
  const after = await readAll(folder);
  assert.deepEqual(after.facts, before.facts);
  const firstKept = segmentSpans(folder).at(-1)?.firstSeq ?? 0;
  type Seen = Parameters<typeof isMarketRecord>[0];
  const expected = (before.events as Seen[]).filter((event) => event.seq >= firstKept || !isMarketRecord(event));
  assert.deepEqual(after.events, expected);
  assert.ok(expected.length < before.events.length / 2 && expected.length > 8);
  // Once more changes nothing, and the log can be gone on with.
  await thinSegment(folder, closed[0]);
  assert.deepEqual(await readAll(folder), after);
  const rig = await startMarketRig(folder, 8_000);
  await rig.sequencer.publishDurable(pin("ESZ26"));
  await rig.sequencer[Symbol.asyncDispose]();
});

test("a thinned log whose segments lie out of order is still refused", async (t) => {
  const folder = temporaryFolder(t);
  await writeMarket(folder);
  await thinSegment(folder, 2);
  fs.copyFileSync(`${segmentFile(folder, 2)}.zst`, `${segmentFile(folder, 3)}.zst`);
  fs.rmSync(segmentFile(folder, 3));
  assert.throws(() => readLog(folder, () => {}), /00000003\.seg\.zst, byte 0: was segment 2, expected segment 3/);
});

test("what goes is old or too much, closed, and needed by nobody", () => {
  const span = (segment: number, day: number, isThinned = false) => ({
    ...{ segment, file: "", byteLength: 100, plainBytes: 500, isCompressed: true, isThinned },
    ...{ firstSeq: segment * 1_000, firstMs: day * MS_PER_DAY },
  });
  const spans = [span(1, 1, true), span(2, 10), span(3, 20), span(4, 30), span(5, 40)];
  const base = { days: 30, bytesOver: -1, keepFromSeq: 9_000, endedMs: null, nowMs: 51 * MS_PER_DAY };
  const chosen = (part: Partial<typeof base> & { endedMs?: number | null }): number[] =>
    segmentsToThin(spans, { ...base, ...part }).segments;
  // 2 ends where 3 begins, on day 20: older than 51 − 30.
  assert.deepEqual(chosen({}), [2]);
  assert.deepEqual(chosen({ days: 31 }), []);
  assert.deepEqual(chosen({ keepFromSeq: 2_999 }), []);
  assert.deepEqual(chosen({ bytesOver: 150 }), [2, 3]);
  assert.deepEqual(chosen({ bytesOver: 9_999 }), [2, 3, 4]);
  assert.deepEqual(chosen({ bytesOver: 9_999, keepFromSeq: 4_000 }), [2, 3]);
  assert.deepEqual(segmentsToThin(spans, { ...base, days: 1, endedMs: 45 * MS_PER_DAY }).segments, [2, 3, 4, 5]);
  assert.equal(segmentsToThin(spans, { ...base, bytesOver: 150 }).bytesOver, -50);
});

test("the keeper compresses what is closed and thins what is too much, while the log is written", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startMarketRig(folder, 8_000);
  let keepFromSeq = 0;
  const said: string[] = [];
  const logger = { info: () => {}, error: (...words: unknown[]) => void said.push(JSON.stringify(words)) };
  const log = { folder, endedMs: null, keepFromSeq: () => keepFromSeq };
  const wallMs = (): number => Date.UTC(2026, 10, 18, 15);
  await using keeper = new LogKeeper({ logs: [log], days: 30, bytesMax: 1, wallMs, logger });
  for (let part = 0; part < 8; part += 1) {
    publishMinutes(rig, part * 20, 20);
    while (rig.sequencer.status.queued > 0) await turn();
    if (part === 5) keepFromSeq = 200;
    await keeper.look();
  }
  await rig.sequencer[Symbol.asyncDispose]();
  const spans = segmentSpans(folder);
  assert.deepEqual(said, []);
  assert.ok(spans.length > 3 && spans.slice(0, -1).every((span) => span.isCompressed));
  const thinned = spans.filter((span) => span.isThinned);
  assert.ok(thinned.length >= 1);
  const behind = spans[thinned.length].firstSeq ?? Number.NaN;
  assert.ok(behind <= 200, `${behind}`);
  assert.ok(!fs.readdirSync(folder).some((name) => path.extname(name) === ".new"));
});
