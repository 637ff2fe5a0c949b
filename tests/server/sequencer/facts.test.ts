/** Are the engine's facts in the log behind their events, whole also after a kill, and read by cursor without a gap? */
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type BarFact, FACTS_BEGIN, type Fact, ORDINAL_END } from "#lib/outputs/fact.ts";
import { FactTail } from "#server/sequencer/fact-tail.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";
import { segmentFile } from "#server/sequencer/log-segment.ts";
import { publishMinutes, startMarketRig } from "#tests/support/market-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

async function allFacts(folder: string): Promise<Fact[]> {
  using tail = new FactTail();
  const query = { folder, after: FACTS_BEGIN, untilSeq: Number.MAX_SAFE_INTEGER, max: 1_000_000 };
  return (await tail.read(query)).facts;
}

/** Where the last frame with events ends: what a kill between the two writes of a batch leaves. */
function lastBatchEnd(folder: string): number {
  using cursor = new LogCursor(folder);
  let end = 0;
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    if (frame.events > 0) end = frame.offset + 8 + frame.payload.length;
  }
  return end;
}

test("the facts are the bars of the engine by value, first as they closed, then as they were amended", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startMarketRig(folder);
  publishMinutes(rig, 0, 130);
  await rig.sequencer[Symbol.asyncDispose]();
  const facts = await allFacts(folder);
  const minutes = facts.filter((fact): fact is BarFact => "openMs" in fact && fact.interval === "1m");
  const closed = minutes.filter((fact) => fact.type === "BarClosed");
  const series = rig.market.state.contracts[0].series[1];
  assert.ok(series.length > 120);
  assert.deepEqual(
    closed.map((fact) => fact.openMs),
    [...series.openMs.subarray(0, series.length)],
  );
  const amended = minutes.filter((fact) => fact.type === "BarAmended");
  assert.ok(amended.length >= 3, `${amended.length} amended`);
  const newest = new Map([...closed, ...amended].map((fact) => [fact.openMs, fact]));
  for (let row = 0; row < series.length; row += 1) {
    const fact = newest.get(series.openMs[row]);
    const { highTicks, closeTicks, volume, revision, root, tickSize } = fact ?? assert.fail("no fact of a bar");
    assert.deepEqual(
      [highTicks, closeTicks, volume, revision, root, tickSize],
      [series.highTicks[row], series.closeTicks[row], series.volume[row], series.revision[row], "ES", 0.25],
    );
  }
  // The bar as it closed stays what it was.
  const first = closed.find((fact) => fact.openMs === amended[0].openMs);
  assert.deepEqual([first?.revision, amended[0].revision], [0, 1]);
  assert.equal((first?.volume ?? 0) + 1 <= amended[0].volume, true);
  assert.ok(!facts.some((fact) => "interval" in fact && String(fact.interval) === "1s"));
  assert.ok(facts.some((fact) => fact.type === "FrontChanged" && fact.root === "ES" && fact.year === 2026));
});

test("killed between the write of the events and that of their facts: recovery completes them, none twice", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startMarketRig(folder);
  publishMinutes(rig, 0, 90);
  await rig.sequencer[Symbol.asyncDispose]();
  const whole = await allFacts(folder);
  const end = lastBatchEnd(folder);
  assert.ok(end < fs.statSync(segmentFile(folder, 1)).size);
  fs.truncateSync(segmentFile(folder, 1), end);
  assert.ok((await allFacts(folder)).length < whole.length, "the cut took facts away");
  for (let start = 0; start < 2; start += 1) {
    const { writer } = await startMarketRig(folder);
    await writer[Symbol.asyncDispose]();
    assert.deepEqual(await allFacts(folder), whole);
  }
});

test("the tail reads by cursor: in parts, across segments, as the log grows, never beyond the watermark", async (t) => {
  const folder = temporaryFolder(t);
  const rig = await startMarketRig(folder, 6_000);
  using tail = new FactTail();
  const got: Fact[] = [];
  let after = FACTS_BEGIN;
  for (let part = 0; part < 6; part += 1) {
    publishMinutes(rig, part * 30, 30);
    const isFlushed = (): boolean => rig.sequencer.status.flushedSeq === rig.sequencer.status.seq;
    while (rig.sequencer.status.queued > 0 || !isFlushed()) await sleep(5);
    const untilSeq = rig.sequencer.status.flushedSeq - 7;
    for (let isCaughtUp = false; !isCaughtUp; ) {
      const answer = await tail.read({ folder, after, untilSeq, max: 5 });
      assert.ok(answer.facts.length <= 5);
      assert.ok(answer.facts.every((fact) => fact.seq <= untilSeq));
      got.push(...answer.facts);
      ({ cursor: after, isCaughtUp } = answer);
    }
    assert.deepEqual(after, { seq: untilSeq, ordinal: ORDINAL_END });
    // A restarted handler seeks anew from what it kept.
    if (part === 3) tail[Symbol.dispose]();
  }
  const rest = await tail.read({ folder, after, untilSeq: rig.sequencer.status.flushedSeq, max: 1_000 });
  got.push(...rest.facts);
  await rig.sequencer[Symbol.asyncDispose]();
  assert.ok(fs.readdirSync(folder).length > 3);
  assert.deepEqual(got, await allFacts(folder));
  assert.ok(got.length > 150, `${got.length} facts`);
});
