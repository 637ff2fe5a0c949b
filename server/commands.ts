/** What may be asked of the engine from outside? Each wish is an event, on disk before it is answered. */
import type { EngineState } from "#lib/engine/state.ts";
import { type BridgeReported, type PositionsCleared, reportedEvent } from "#lib/events/bridge.ts";
import type { AnchorPlaced, AnchorRemoved, ContractPinned, SettingsApplied } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { TradeTelling } from "#lib/events/trade-history.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "#server/http/deps.ts";
import { instrumentRow } from "#server/live-view.ts";

type Command =
  | ContractPinned
  | SettingsApplied
  | AnchorPlaced
  | AnchorRemoved
  | BridgeReported
  | PositionsCleared
  | TradeTelling;
type Commanded = { seq: number; outcome: Outcome };

export type CommandSource = {
  engine: { state: EngineState };
  model: { nowMs(): number };
  /** Null until the engine runs: nothing can be commanded before. */
  readonly sequencer: { publishDurable(event: Command): Promise<Commanded> } | null;
};

export type Commands = Pick<HttpDeps, "pin" | "updateSettings" | "anchor" | "report" | "clearPositions"> & {
  /** What is told of trades that are over. */
  tell(telling: TradeTelling): Promise<Commanded>;
};

/** The commands of a house; each throws CodedError NOT_READY before its engine runs. */
export function createCommands(house: CommandSource): Commands {
  const { state } = house.engine;
  async function command(event: Command): Promise<Commanded> {
    if (house.sequencer === null) throw new CodedError("NOT_READY");
    return house.sequencer.publishDurable(event);
  }
  return {
    async pin(root, symbol) {
      const answer = await command({ ...UNSTAMPED, type: "ContractPinned", root, symbol });
      return { ...answer, row: instrumentRow(state, root, house.model.nowMs()) };
    },
    updateSettings: (settings) => command({ ...UNSTAMPED, type: "SettingsApplied", settings }),
    async anchor(symbol, { type, atMs }) {
      const contract = state.contracts.findIndex((one) => one.symbol === symbol);
      if (contract < 0) return null;
      const answer = await (type === "place"
        ? command({ ...UNSTAMPED, type: "AnchorPlaced", contract, atMs })
        : command({ ...UNSTAMPED, type: "AnchorRemoved", contract, atMs }));
      return { ...answer, anchors: state.contracts[contract].anchors.map((one) => one.atMs) };
    },
    tell: command,
    report: (report) => command(reportedEvent(report)),
    clearPositions: (account) => command({ ...UNSTAMPED, type: "PositionsCleared", account }),
  };
}
