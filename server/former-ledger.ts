/** What does a new run take over from those before it? Their pins, as they stood where the newest of them ended. */
import fs from "node:fs";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { STATE_VERSION } from "#lib/engine/state.ts";
import type { Run } from "./runs.ts";
import { checkpointFolders } from "./sequencer/checkpoint.ts";
import { scanLog } from "./sequencer/log-reader.ts";
import { decodeSnapshot, listSnapshots } from "./sequencer/snapshot-file.ts";

/** Root → long symbol. */
export type Pins = Record<string, string>;

/**
 * The pins that RunStarted of a new run takes over; `former` are the runs before it, newest first. One whose start was
 * cut off before its first event had taken over nothing yet: the one before it counts.
 */
export async function formerPins(former: readonly Run[]): Promise<Pins> {
  for (const run of former) {
    const pins = await pinsAtEnd(run);
    if (pins !== null) return pins;
  }
  return {};
}

/**
 * Null where the run never began. Reads its newest snapshot and the log behind it, else the whole log. As in the
 * engine, a pin of a contract that the run has not listed was refused and does not count.
 */
async function pinsAtEnd(run: Run): Promise<Pins | null> {
  const base = newestSnapshot(run);
  const rootOfListed = new Map(base?.contracts.map((contract) => [contractLongSymbol(contract), contract.root]));
  const pins = new Map(Object.entries(base?.pins ?? {}));
  let hasBegun = base !== null;
  await scanLog(
    run.logFolder,
    (event) => {
      hasBegun = true;
      if (event.type === "RunStarted") {
        for (const [root, symbol] of Object.entries(event.pins)) pins.set(root, symbol);
      } else if (event.type === "InstrumentListed") {
        rootOfListed.set(contractLongSymbol(event), event.root);
      } else if (event.type === "ContractPinned") {
        if (event.symbol === null) pins.delete(event.root);
        else if (rootOfListed.get(event.symbol) === event.root) pins.set(event.root, event.symbol);
      }
    },
    { fromSeq: (base?.seq ?? 0) + 1 },
  );
  return hasBegun ? Object.fromEntries(pins) : null;
}

type Base = { seq: number; pins: Pins; contracts: readonly Contract[] };

function newestSnapshot({ folder }: Run): Base | null {
  for (const { file } of listSnapshots(checkpointFolders(folder).snapshots)) {
    try {
      const { seq, stateVersion, rest } = decodeSnapshot(fs.readFileSync(file));
      if (stateVersion === STATE_VERSION) return { seq, pins: rest.pins, contracts: rest.contracts };
    } catch {
      // A damaged one costs only time: an older one or the log says the same.
    }
  }
  return null;
}
