/**
 * How does an engine that breaks at an event look from outside? A process that recovers the log in folder argv[2],
 * then publishes the pins argv[3…] as one batch and says each answer on stdout. Its engine throws at the symbol THROW,
 * and kills its own process at KILL.
 */
import fs from "node:fs";
import { pin, startRig } from "./sequencer-rig.ts";
import { createTallyEngine } from "./tally-engine.ts";

const [, , folder, ...symbols] = process.argv;
const engine = createTallyEngine();
const processEvent = engine.process;
engine.process = (event, outputs) => {
  if (event.type === "ContractPinned" && event.symbol === "THROW") throw new Error("planted poison");
  if (event.type === "ContractPinned" && event.symbol === "KILL") process.kill(process.pid, "SIGKILL");
  return processEvent(event, outputs);
};
const say = (line: string): void => void fs.writeSync(1, `${line}\n`);
const { sequencer, recovered } = await startRig({
  folder,
  engine,
  crash(error) {
    say(`crash ${error.message}`);
    process.exit(1);
  },
});
say(`recovered ${engine.pins.join()} poisoned ${recovered.poisoned.map((one) => one.seq).join()}`);
await Promise.all(
  symbols.map((symbol) =>
    sequencer.publishDurable(pin(symbol)).then(
      ({ seq }) => say(`${symbol} ${seq}`),
      (error: Error & { code?: string }) => say(`${symbol} ${error.code}`),
    ),
  ),
);
await sequencer[Symbol.asyncDispose]();
