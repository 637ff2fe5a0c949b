/** What does a new run take over from those before it? Their ledger, as it stood where the newest of them ended. */
import fs from "node:fs";
import { clearPositions, takeReport } from "#lib/account/bridge-accounts.ts";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { STATE_VERSION } from "#lib/engine/state.ts";
import type { BridgeAccount } from "#lib/events/bridge-ledger.ts";
import { emptyLedger, type Ledger } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { Run } from "./runs.ts";
import { checkpointFolders } from "./sequencer/checkpoint.ts";
import { scanLog } from "./sequencer/log-reader.ts";
import { decodeSnapshot, listSnapshots } from "./sequencer/snapshot-file.ts";

/**
 * The ledger that RunStarted of a new run takes over; `former` are the runs before it, newest first. One whose start
 * was cut off before its first event had taken over nothing yet: the one before it counts.
 */
export async function formerLedger(former: readonly Run[]): Promise<Ledger> {
  for (const run of former) {
    const ledger = await ledgerAtEnd(run);
    if (ledger !== null) return ledger;
  }
  return emptyLedger();
}

/** Null where the run never began. Reads its newest snapshot and the log behind it, else the whole log. */
async function ledgerAtEnd(run: Run): Promise<Ledger | null> {
  const base = newestSnapshot(run);
  const rootOfListed = new Map(base?.contracts.map((contract) => [contractLongSymbol(contract), contract.root]));
  const ledger: GrowingLedger = base?.ledger ?? { ...emptyLedger(), accounts: [] };
  let hasBegun = base !== null;
  const take = (event: InputEvent): void => {
    hasBegun = true;
    evolve(ledger, event, rootOfListed);
  };
  await scanLog(run.logFolder, take, { fromSeq: (base?.seq ?? 0) + 1 });
  return hasBegun ? ledger : null;
}

type GrowingLedger = Ledger & { accounts: BridgeAccount[] };

/** As in the engine, a pin of a contract that the run has not listed was refused and does not count. */
function evolve(ledger: GrowingLedger, event: InputEvent, rootOfListed: Map<string, string>): void {
  switch (event.type) {
    case "RunStarted":
      ledger.pins = { ...event.pins };
      ledger.settings = event.settings;
      ledger.calendar = event.calendar;
      ledger.accounts = [...event.accounts];
      break;
    case "PositionsReported":
    case "OrdersReported":
    case "ExecutionsReported":
    case "AccountReported":
    case "HeartbeatReported":
      takeReport(ledger.accounts, event.report, event.receivedMs);
      break;
    case "PositionsCleared":
      clearPositions(ledger.accounts, event.account);
      break;
    case "InstrumentListed":
      rootOfListed.set(contractLongSymbol(event), event.root);
      break;
    case "ContractPinned":
      if (event.symbol === null) delete ledger.pins[event.root];
      else if (rootOfListed.get(event.symbol) === event.root) ledger.pins[event.root] = event.symbol;
      break;
    case "SettingsApplied":
      ledger.settings = event.settings;
      break;
    case "CalendarApplied":
      ledger.calendar = event.events;
      break;
  }
}

type Base = { seq: number; ledger: GrowingLedger; contracts: readonly Contract[] };

function newestSnapshot({ folder }: Run): Base | null {
  for (const { file } of listSnapshots(checkpointFolders(folder).snapshots)) {
    try {
      const { seq, stateVersion, rest } = decodeSnapshot(fs.readFileSync(file));
      if (stateVersion !== STATE_VERSION) continue;
      const { pins, settings, calendar, accounts, contracts } = rest;
      return { seq, ledger: { pins: { ...pins }, settings, calendar, accounts }, contracts };
    } catch {
      // A damaged one costs only time: an older one or the log says the same.
    }
  }
  return null;
}
