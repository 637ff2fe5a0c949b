/** Does `npm run replay` call equal what is equal, and name the first thing that is not? */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine } from "#lib/engine/engine.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { codeVersion } from "#server/code-version.ts";
import { replayLog } from "#server/replay/replay-log.ts";
import { openRun } from "#server/runs.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { recover } from "#server/sequencer/recover.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { RANDOM_CONTRACTS, RANDOM_START_MS, randomEvents } from "#tests/support/random-market.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const VERSION = { codeVersion: codeVersion(), nodeVersion: process.version };
const ALL = { fromSeq: 0, toSeq: Number.POSITIVE_INFINITY, version: VERSION };
/** What the recording engine does to an event or a fact before it is seen. */
type Spoilt = { event?: (event: InputEvent) => InputEvent; fact?: (fact: Fact) => Fact | null; digest?: string };

const tool = fileURLToPath(new URL("../../../server/tools/replay.ts", import.meta.url));

/** A data folder with one run of two starts, as a right or a spoilt engine records it. */
async function recordedRun(t: TestContext, spoilt: Spoilt = {}) {
  const { event: seen = (event) => event, fact: said = (fact) => fact } = spoilt;
  const dataDir = temporaryFolder(t);
  const { run } = openRun(
    dataDir,
    { mode: "SIM", feed: "test", seed: 1 },
    { alwaysNew: false, nowMs: RANDOM_START_MS },
  );
  for (const part of [0, 1]) {
    const engine = createEngine();
    const { runId, logFolder: folder } = run;
    const logger = memoryLogger([]);
    const recovered = part === 0 ? null : await recover({ folder, runId, engine, logger });
    const sequencer = new Sequencer({
      engine: {
        ...engine,
        digest: () => spoilt.digest ?? engine.digest(),
        process: (event, outputs) => engine.process(seen(event), outputs),
        conclude: (event, outputs, from, put) =>
          engine.conclude(event, outputs, from, (fact) => {
            const kept = said(fact);
            if (kept !== null) put(kept);
          }),
      },
      writer: new LogWriter({ folder, runId, tail: recovered?.tail ?? EMPTY_TAIL }),
      ...{ wallMs: () => RANDOM_START_MS, feedNowMs: () => engine.state.nowMs, logger },
      ...{ onBatch() {}, onFlushed() {}, onGap() {}, crash() {} },
      recovered: recovered ?? { nowMs: 0, receivedMs: 0, contracts: [] },
    });
    const versions = { ...VERSION, snapshotVersion: 2, settingsVersion: 1 };
    sequencer.publish({ ...UNSTAMPED, type: "EngineStarted", epoch: part + 1, ...versions });
    for (const contract of RANDOM_CONTRACTS) sequencer.contractNumber(contract);
    for (const event of randomEvents(21, 1_500).slice(part * 750, part * 750 + 750)) sequencer.publish(event);
    await sequencer[Symbol.asyncDispose]();
  }
  return { dataDir, runId: run.runId, folder: run.logFolder };
}

test("a log that this version wrote gives the same digests and facts, over two starts", async (t) => {
  const { folder } = await recordedRun(t);
  const replayed = replayLog({ folder, ...ALL });
  assert.equal(replayed.difference, null);
  assert.equal(replayed.events, 1_504);
  assert.ok(replayed.digests === 2 && replayed.facts > 500, `${replayed.digests} digests, ${replayed.facts} facts`);
});

test("what an engine concluded otherwise is named by its first seq; a range without it is equal", async (t) => {
  const spoil = (event: InputEvent): InputEvent =>
    event.seq === 1_100 ? { ...UNSTAMPED, ...event, type: "HeartbeatReceived", account: "", sentMs: 0 } : event;
  const { folder } = await recordedRun(t, { event: spoil });
  const { difference } = replayLog({ folder, ...ALL });
  assert.ok(difference !== null && difference.seq >= 1_100, JSON.stringify(difference));
  assert.equal(replayLog({ folder, ...ALL, toSeq: 1_099 }).difference, null);
  assert.equal(replayLog({ folder, ...ALL, toSeq: 1_099 }).lastSeq, 1_099);
  assert.notEqual(replayLog({ folder, ...ALL, fromSeq: 1_100 }).difference, null);
});

test("a fact that the log lacks, or has otherwise, is named though every digest is equal", async (t) => {
  let lostSeq = 0;
  const isVictim = (fact: Fact): boolean => fact.type === "BarClosed" && fact.seq > 800;
  const lost = await recordedRun(t, {
    fact(fact) {
      if (lostSeq > 0 || !isVictim(fact)) return fact;
      lostSeq = fact.seq;
      return null;
    },
  });
  const lack = replayLog({ folder: lost.folder, ...ALL }).difference;
  assert.deepEqual([lack?.seq, lack?.what.startsWith("fact")], [lostSeq, true]);
  const changed = await recordedRun(t, {
    fact: (fact) => (fact.seq === lostSeq && fact.type === "BarClosed" ? { ...fact, volume: fact.volume + 1 } : fact),
  });
  const other = replayLog({ folder: changed.folder, ...ALL }).difference;
  assert.deepEqual([other?.seq, other?.what.startsWith("fact")], [lostSeq, true]);
});

test("a digest that was recorded otherwise is named though every fact is equal", async (t) => {
  const { folder } = await recordedRun(t, { digest: "0123456789abcdef" });
  const { difference } = replayLog({ folder, ...ALL });
  assert.deepEqual([difference?.what, difference?.expected], ["digest of the state", "0123456789abcdef"]);
});

test("what another version recorded is not compared", async (t) => {
  const { folder } = await recordedRun(t);
  const version = { ...VERSION, codeVersion: "another" };
  const { digests, facts, difference } = replayLog({ folder, ...ALL, version });
  assert.deepEqual([digests, facts, difference], [0, 0, null]);
});

test("the command: 0 where all is equal, 1 at a difference, 2 where it cannot read", async (t) => {
  const good = await recordedRun(t);
  const run = (dataDir: string, ...flags: string[]) =>
    spawnSync(process.execPath, [tool, ...flags], { encoding: "utf8", env: { ...process.env, DATA_DIR: dataDir } });
  const equal = run(good.dataDir);
  assert.match(equal.stdout, /1504 events to seq 1504 .*\n2 digests and \d+ facts compared: all equal/);
  assert.equal(equal.status, 0);
  const bad = await recordedRun(t, {
    event: (event) => (event.seq === 900 ? { ...event, nowMs: event.nowMs + 999_999 } : event),
  });
  const differs = run(bad.dataDir, "--run", bad.runId);
  assert.match(differs.stdout, /seq \d+: (fact|digest).* differs\n {2}was .*\n {2}expected /);
  assert.equal(differs.status, 1);
  const unknown = run(good.dataDir, "--run", "none");
  assert.deepEqual([unknown.status, /there is no run "none"/.test(unknown.stderr)], [2, true]);
  assert.equal(run(good.dataDir, "--from-seq", "x").status, 2);
  fs.writeFileSync(path.join(good.folder, "00000001.seg"), "nothing");
  fs.writeFileSync(path.join(good.folder, "00000002.seg"), "nothing");
  const damaged = run(good.dataDir);
  assert.deepEqual([damaged.status, /The event log is damaged/.test(damaged.stderr)], [2, true]);
});
