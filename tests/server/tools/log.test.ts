/** Does `npm run log` show what is in a log, say what is wrong with it, and end with the right code? */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { compressSegment } from "#server/sequencer/compress.ts";
import { listSegments, segmentFile } from "#server/sequencer/log-segment.ts";
import { thinSegment } from "#server/sequencer/retention.ts";
import { publishMinutes, startMarketRig } from "#tests/support/market-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const LAST_SEQ = 391;

/** A data folder with one run of 390 trades and their contract. */
async function dataDirWithRun(t: TestContext): Promise<{ dataDir: string; folder: string }> {
  const dataDir = temporaryFolder(t);
  const run = path.join(dataDir, "runs", "test-run");
  const folder = path.join(run, "log");
  fs.mkdirSync(folder, { recursive: true });
  const identity = { mode: "REPLAY", feed: "test", seed: null, createdMs: 1 };
  fs.writeFileSync(path.join(run, "run.json"), JSON.stringify(identity));
  const rig = await startMarketRig(folder, 8_000);
  for (let part = 0; part < 13; part += 1) {
    publishMinutes(rig, part * 10, 10);
    while (rig.sequencer.status.queued > 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await rig.sequencer[Symbol.asyncDispose]();
  return { dataDir, folder };
}

function tool(dataDir: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env.PATH, NODE_ENV: "test", DATA_DIR: dataDir } as const;
  const ran = spawnSync(process.execPath, ["server/tools/log.ts", ...args], { cwd: root, env, encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

test("list shows runs and segments, with size, form, first seq and time", async (t) => {
  const { dataDir, folder } = await dataDirWithRun(t);
  await compressSegment(folder, 1);
  await thinSegment(folder, 2);
  const { code, out } = tool(dataDir, "list");
  assert.equal(code, 0);
  const lines = out.trim().split("\n");
  assert.match(lines[0], new RegExp(`^run test-run: ${listSegments(folder).length} segments, \\d+\\.\\d kB$`));
  assert.match(lines[1], /00000001\.seg\.zst {2}\S+ \w?B, zstd of \d\.\d kB, from seq 1, 2026-11-18T15:00:00\.000Z/);
  assert.match(lines[2], /00000002\.seg\.zst .*market records gone, from seq \d+/);
  assert.match(lines[3], /00000003\.seg {2}\d\.\d kB, plain, from seq \d+/);
});

test("verify reads every byte; damage is named with file and byte, and ends with 1", async (t) => {
  const { dataDir, folder } = await dataDirWithRun(t);
  await compressSegment(folder, 1);
  const good = tool(dataDir, "verify");
  assert.deepEqual([good.code, good.err], [0, ""]);
  assert.match(good.out, new RegExp(`${LAST_SEQ} events to seq ${LAST_SEQ}.*every checksum is right`));
  const file = segmentFile(folder, 2);
  const bytes = fs.readFileSync(file);
  bytes[200] ^= 4;
  fs.writeFileSync(file, bytes);
  const bad = tool(dataDir, "verify");
  assert.equal(bad.code, 1);
  assert.match(bad.err, /The event log is damaged: .*00000002\.seg, byte \d+/);
  assert.doesNotMatch(bad.err, /at .*\.ts:/, "words, no stack");
});

test("an unfinished end is told from damage", async (t) => {
  const { dataDir, folder } = await dataDirWithRun(t);
  const last = listSegments(folder).at(-1) ?? 0;
  const file = segmentFile(folder, last);
  fs.truncateSync(file, fs.statSync(file).size - 3);
  const { code, out } = tool(dataDir, "verify");
  assert.equal(code, 0);
  assert.match(out, /The last \d+ bytes are no whole frame/);
});

test("export writes events and facts as JSON lines and CSV", async (t) => {
  const { dataDir } = await dataDirWithRun(t);
  const lines = tool(dataDir, "export").out.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  assert.equal(events.length, LAST_SEQ);
  assert.deepEqual([events[0].type, events[0].root, events[LAST_SEQ - 1].seq], ["InstrumentListed", "ES", LAST_SEQ]);
  const part = tool(dataDir, "export", "--from-seq", "10", "--to-seq", "12").out.trim().split("\n");
  assert.deepEqual(
    part.map((line) => JSON.parse(line)),
    events.slice(9, 12),
  );
  const csv = tool(dataDir, "export", "--csv", "--from-seq", "10", "--to-seq", "11").out.trim().split("\n");
  assert.equal(csv[0], "seq,ordinal,type,now,received,contract,payload");
  assert.match(csv[1], /^10,,TradePrinted,2026-11-18T15:\d\d:\d\d\.000Z,[^,]+,0,"\{""contract"":0/);
  assert.equal(csv.length, 3);
  const facts = tool(dataDir, "export", "--facts").out.trim().split("\n");
  const closed = facts.map((line) => JSON.parse(line)).filter((fact) => fact.type === "BarClosed");
  assert.ok(closed.length > 120 && closed.every((fact) => fact.root === "ES" && fact.highTicks > 0));
});

test("explain shows one event, its facts, and what was before", async (t) => {
  const { dataDir } = await dataDirWithRun(t);
  const facts = tool(dataDir, "export", "--facts").out.trim().split("\n");
  const { seq } = facts.map((line) => JSON.parse(line)).findLast((fact) => fact.type === "BarClosed");
  const { code, out } = tool(dataDir, "explain", String(seq));
  assert.equal(code, 0);
  assert.match(out, new RegExp(`^seq ${seq}: TradePrinted`));
  assert.match(out, /\.seg, byte \d+, one of \d+ in the batch/);
  assert.match(out, new RegExp(`${seq}\\.0 BarClosed .*"interval":"1m"`));
  assert.match(out, new RegExp(`Before it:[^]*${seq - 1} 2026-11-18T\\S+ TradePrinted`));
});

test("what cannot be answered is said in words, with code 2", async (t) => {
  const { dataDir } = await dataDirWithRun(t);
  const wrong: [string[], RegExp][] = [
    [["explain", "999"], /run test-run holds no event of seq 999/],
    [["explain", "x"], /SEQ was "x", expected a whole number/],
    [["export", "--from-seq", "-1"], /from-seq/],
    [["verify", "--run", "none"], /there is no run "none"/],
    [["polish"], /"polish" is no command/],
    [["list", "--loud"], /--loud/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = tool(dataDir, ...args);
    assert.deepEqual([code, args], [2, args]);
    assert.match(err, message);
  }
  assert.equal(tool(dataDir).code, 2);
  assert.equal(tool(temporaryFolder(t), "list").code, 2);
});
