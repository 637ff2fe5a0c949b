/** Is anything lost when the process is killed inside a snapshot, at each step of writing and renaming it? */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { digestOf } from "#lib/engine/digest.ts";
import { createEngine } from "#lib/engine/engine.ts";
import { createOutputs } from "#lib/outputs/output.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { recoverRig } from "#tests/support/checkpoint-rig.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const publisher = fileURLToPath(new URL("../../support/snapshot-publisher.ts", import.meta.url));
/** While the kernel renames it has happened or not: often. */
const RENAMES = Array.from({ length: 5 }, () => "in rename");
const STEPS = ["before rename", "behind rename", "in folder sync", "aside", ...RENAMES];

/** Runs a publisher until it kills itself at the step; returns the seqs it acknowledged. */
async function runUntilKilled(folder: string, step: string, seed: number): Promise<number[]> {
  const child = spawn(process.execPath, [publisher, folder, step, String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [, signal] = await once(child, "close");
  assert.equal(signal, "SIGKILL", step);
  return said.split("\n").slice(0, -1).map(Number);
}

test(`${STEPS.length} kills inside a snapshot, ${RENAMES.length} of them inside its rename: no acknowledged event is lost, the state is the unbroken run's`, async (t) => {
  const folder = temporaryFolder(t);
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const acknowledged: number[] = [];
  let fromSnapshot = 0;
  for (const [round, step] of STEPS.entries()) {
    acknowledged.push(...(await runUntilKilled(folder, step, seed + round)));
    const { recovered } = await recoverRig(folder);
    assert.ok(recovered.snapshot !== null, `${step}: the former snapshot is there`);
    fromSnapshot += recovered.events;
  }
  const found = await recoverRig(folder);
  const unbroken = createEngine({ analyses: false });
  const outputs = createOutputs(4);
  const pins = new Set<number>();
  const { lastSeq } = readLog(path.join(folder, "log"), (event) => {
    unbroken.process(event, outputs);
    if (event.type === "ContractPinned") pins.add(event.seq);
  });
  t.diagnostic(`${acknowledged.length} acknowledged, ${fromSnapshot} events read behind snapshots of ${lastSeq}`);
  assert.ok(acknowledged.length >= STEPS.length * 2);
  for (const seq of acknowledged) assert.ok(pins.has(seq), `pin ${seq}`);
  assert.equal(digestOf(found.engine.state), digestOf(unbroken.state));
  assert.equal(found.recovered.lastSeq, lastSeq);
  assert.ok(
    fs.readdirSync(path.join(folder, "snapshots")).every((name) => !name.endsWith(".bad")),
    "none was damaged",
  );
});
