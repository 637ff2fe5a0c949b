/** Was this execution told before, and in the same words? */

import { contractLongSymbol } from "../contract.ts";
import type { ReportedExecution } from "../events/bridge.ts";
import type { KnownExecutions } from "../events/bridge-ledger.ts";
import { BRIDGE_EXECUTIONS_KNOWN_MAX } from "../limits.ts";

export function createKnownExecutions(): KnownExecutions {
  return { told: {}, count: 0, forgottenThroughMs: null, repeated: 0, changed: 0, tooOld: 0 };
}

/**
 * Remembers the execution; the first word about an id stands. Side, size, contract and price make the words; a time
 * or fee that the platform corrects does not change what was traded.
 */
export function knowExecution(
  state: KnownExecutions,
  execution: ReportedExecution,
): { status: "new" | "repeated" | "tooOld" } | { status: "changed"; was: string; now: string } {
  const key = `#${execution.executionId}`;
  const words = wordsOf(execution);
  const known = Object.hasOwn(state.told, key) ? state.told[key] : null;
  if (known !== null) {
    if (known.words === words) {
      state.repeated += 1;
      return { status: "repeated" };
    }
    state.changed += 1;
    return { status: "changed", was: known.words, now: words };
  }
  if (state.forgottenThroughMs !== null && execution.atMs <= state.forgottenThroughMs) {
    state.tooOld += 1;
    return { status: "tooOld" };
  }
  state.told[key] = { atMs: execution.atMs, words };
  state.count += 1;
  if (state.count > BRIDGE_EXECUTIONS_KNOWN_MAX) forgetOldest(state);
  return { status: "new" };
}

/** "buy 2 MESZ26 at 24049 ticks". */
function wordsOf(execution: ReportedExecution): string {
  return `${execution.side} ${execution.contracts} ${contractLongSymbol(execution)} at ${execution.priceTicks} ticks`;
}

function forgetOldest(state: KnownExecutions): void {
  const byTime = Object.entries(state.told).sort(([, a], [, b]) => a.atMs - b.atMs);
  for (const [key, { atMs }] of byTime.slice(0, BRIDGE_EXECUTIONS_KNOWN_MAX / 10)) {
    delete state.told[key];
    state.count -= 1;
    state.forgottenThroughMs = atMs;
  }
}
