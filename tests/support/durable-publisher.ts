/**
 * A process that publishes to the log in folder argv[2] under load until it is killed. Each acknowledged pin is one
 * line on stdout: symbol, seq, the engine's digest behind that seq. argv[3] makes its symbols its own; argv[4] of them
 * wait at a time. argv[5]: it kills itself inside so-manieth flush, while fdatasync runs.
 */
import fs from "node:fs";
import { type LogDisk, REAL_DISK } from "#server/sequencer/log-disk.ts";
import { pin, startRig, trade } from "./sequencer-rig.ts";
import { createTallyEngine } from "./tally-engine.ts";

const LIFE_MS = 20_000;

const [, , folder, name, inFlight, killAtFlush] = process.argv;
let flushes = 0;
function beginFlush(): void {
  flushes += 1;
  if (flushes === Number(killAtFlush)) process.kill(process.pid, "SIGKILL");
}
const disk: LogDisk = {
  ...REAL_DISK,
  sync(fd) {
    const done = REAL_DISK.sync(fd);
    beginFlush();
    return done;
  },
  syncNow(fd) {
    beginFlush();
    REAL_DISK.syncNow(fd);
  },
};
const engine = createTallyEngine();
const digests = new Map<number, string>();
const processEvent = engine.process;
engine.process = (event, outputs) => {
  const outcome = processEvent(event, outputs);
  if (event.type === "ContractPinned") digests.set(event.seq, engine.digest());
  return outcome;
};
const { sequencer } = await startRig({ folder, engine, disk, segmentBytesMax: 200_000 });
sequencer.contractNumber({ root: "ES", year: 2026, month: 12 });
setTimeout(() => process.exit(3), LIFE_MS);

async function publishForEver(lane: number): Promise<never> {
  for (let index = 0; ; index += 1) {
    for (let noise = 0; noise < 20; noise += 1) sequencer.publish(trade(index * 20 + noise));
    const symbol = `${name}-${lane}-${index}`;
    const { seq } = await sequencer.publishDurable(pin(symbol));
    fs.writeSync(1, `${symbol} ${seq} ${digests.get(seq)}\n`);
    digests.delete(seq);
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, (_, lane) => publishForEver(lane)));
