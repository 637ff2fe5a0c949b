/** What becomes of what is told of trades that are over? It is passed on once; no position, no lock, no bar moves. */
import type { TradeTelling } from "#lib/events/trade-history.ts";
import { TELLINGS_KNOWN_MAX } from "#lib/limits.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import type { EngineState } from "./state.ts";

/** Says a telling on as a fact; one whose id was among the newest changes nothing. */
export function passOn(state: EngineState, telling: TradeTelling, outputs: Outputs): Outcome {
  const id = idOf(telling);
  if (id !== null) {
    if (state.tellings.includes(id)) return UNCHANGED;
    state.tellings.push(id);
    if (state.tellings.length > TELLINGS_KNOWN_MAX) state.tellings.shift();
  }
  outputs.list.push({ type: "TradeHistoryTold", telling });
  return ACCEPTED;
}

/** By what a repeat is known; null: words may be said again and again. */
function idOf(telling: TradeTelling): string | null {
  switch (telling.type) {
    case "FillsImported":
      return `import ${telling.importId} ${telling.piece}`;
    case "ImportUndone":
      return `undo ${telling.importId}`;
    case "TradeEntered":
      return `trade ${telling.tradeId} ${telling.revision}`;
    case "TradeRemoved":
      return `remove ${telling.tradeId}`;
    case "TradeNoted":
      return null;
  }
}
