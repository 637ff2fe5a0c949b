/** What is the smallest engine that the sequencer can run? It folds every field of every event into one number. */
import type { InputEvent } from "#lib/events/event.ts";
import { ACCEPTED, type Outcome, type Outputs } from "#lib/outputs/output.ts";
import type { SequencedEngine } from "#server/sequencer/sequenced-engine.ts";

/** `seen`: "type seq" of every event processed where `isTracing`; `pins`: the symbols of all ContractPinned. */
export type TallyEngine = SequencedEngine & { events: number; seen: string[]; pins: string[]; contracts: number[] };

export function createTallyEngine(options: { isTracing?: boolean; failAtSeq?: number } = {}): TallyEngine {
  let hash = 7;
  const fold = (value: number): void => {
    hash = (Math.imul(hash, 31) + (value | 0)) | 0;
  };
  const engine: TallyEngine = {
    events: 0,
    seen: [],
    pins: [],
    contracts: [],
    process(event: InputEvent, outputs: Outputs): Outcome {
      if (event.seq === options.failAtSeq) throw new Error("planted failure");
      engine.events += 1;
      fold(event.seq);
      fold(event.nowMs);
      fold(event.receivedMs);
      if (options.isTracing) engine.seen.push(`${event.type} ${event.seq}`);
      if (event.type === "TradePrinted") {
        fold(event.priceTicks);
        fold(event.size);
        outputs.touched[event.contract] = 1;
        outputs.anyTouched = true;
      } else if (event.type === "ContractPinned") {
        engine.pins.push(event.symbol ?? "null");
        for (const letter of event.symbol ?? "") fold(letter.charCodeAt(0));
        outputs.list.push({ type: "PinChanged", root: event.root });
      } else if (event.type === "InstrumentListed") {
        engine.contracts.push(event.contract);
        outputs.list.push({ type: "ContractListed", contract: event.contract, symbol: event.root });
      }
      return ACCEPTED;
    },
    conclude({ seq, nowMs, receivedMs }, outputs, from, put) {
      for (const said of outputs.list.slice(from)) {
        if (said.type !== "PinChanged") continue;
        const symbol = engine.pins.at(-1) ?? null;
        put({ type: "PinChanged", seq, ordinal: 0, nowMs, receivedMs, root: said.root, symbol });
      }
    },
    digestAhead: () => true,
    digest: () => (hash >>> 0).toString(16).padStart(8, "0"),
  };
  return engine;
}
