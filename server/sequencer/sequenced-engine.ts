/** What of the engine do sequencer and recovery run? */
import type { InputEvent } from "#lib/events/event.ts";
import type { Stamp } from "#lib/events/stamp.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import type { Outcome, Outputs } from "#lib/outputs/output.ts";

export type SequencedEngine = {
  process(event: InputEvent, outputs: Outputs): Outcome;
  /** Shows the facts among what `event` has just led to: the outputs from index `from` on. */
  conclude(event: Stamp, outputs: Outputs, from: number, put: (fact: Fact) => void): void;
  /** Hex digest of the state. */
  digest(): string;
  /** Takes up about `rowsMax` closed rows of the next digest, or an analysis; true when little is left for it. */
  digestAhead(rowsMax: number): boolean;
};
