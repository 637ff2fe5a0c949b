/**
 * Dies inside a snapshot: publishes to the run in folder argv[2] and takes snapshots until it kills itself (-9).
 * argv[3] names the step of the snapshot, argv[4] is its seed. Each acknowledged pin is one line on stdout: its seq.
 */
import fs from "node:fs";
import path from "node:path";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { type CheckpointDisk, REAL_CHECKPOINT_DISK } from "#server/sequencer/checkpoint-disk.ts";
import { startCheckpointRig } from "./checkpoint-rig.ts";
import { randomEvents } from "./random-market.ts";

const [, , folder, step, seed] = process.argv;
const SNAPSHOTS_BEFORE = 2;
let snapshots = 0;

function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

function isLast(): boolean {
  return snapshots >= SNAPSHOTS_BEFORE;
}

const disk: CheckpointDisk = {
  ...REAL_CHECKPOINT_DISK,
  async open(file, how) {
    if (!isLast() || step !== "aside" || !file.endsWith(".new")) return REAL_CHECKPOINT_DISK.open(file, how);
    fs.writeFileSync(file, "RSEATSN1 half of a snapsh");
    return die();
  },
  async rename(from, to) {
    if (isLast() && step === "before rename") return die();
    const renamed = REAL_CHECKPOINT_DISK.rename(from, to);
    if (isLast() && step === "in rename") return die();
    await renamed;
    if (isLast() && step === "behind rename") return die();
  },
  async syncFolder(at) {
    if (isLast() && step === "in folder sync" && path.basename(at) === "snapshots") {
      void REAL_CHECKPOINT_DISK.syncFolder(at);
      return die();
    }
    await REAL_CHECKPOINT_DISK.syncFolder(at);
  },
};

const rig = await startCheckpointRig(folder, { disk, segmentBytesMax: 60_000 });
setTimeout(() => process.exit(3), 20_000);
for (let round = 0; ; round += 1) {
  const events = randomEvents(Number(seed) * 1_000 + round, 150);
  for (const event of events) rig.sequencer.publish(event);
  const taken = rig.checkpointer.take();
  const pin = { ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol: round % 2 === 0 ? "ESZ26" : null } as const;
  const { seq } = await rig.sequencer.publishDurable({ ...pin });
  fs.writeSync(1, `${seq}\n`);
  await taken;
  snapshots += 1;
}
