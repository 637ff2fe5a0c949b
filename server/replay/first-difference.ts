/** Where do two states differ first, and whose analyses differ at all? Computed values come before the rest. */
import { BAR_COLUMNS, type BarSeries, rowCount } from "#lib/bars/bar-series.ts";
import { isAnalysis } from "#lib/engine/analysis/analysis-parts.ts";
import { digestOf } from "#lib/engine/digest.ts";
import type { EngineState } from "#lib/engine/state.ts";

/** `live`: what the running engine had; `rebuilt`: what its log makes of it. Values in words, undefined as "none". */
export type StateDifference = { path: string; live: string; rebuilt: string };

export type Compared = {
  /** Null: equal in every value. */
  difference: StateDifference | null;
  /** Contracts whose analyses differ. */
  contracts: number[];
  /** Is anything but analyses different? */
  isElsewhere: boolean;
};

/** How much of a path or value is said. */
const WORDS_MAX = 200;

/** Compares by value as the digest does: what was stored or hashed of closed rows is no part of a state. */
export function compareStates(live: EngineState, rebuilt: EngineState): Compared {
  const { analyses: liveAnalyses, ...liveRest } = live;
  const { analyses: rebuiltAnalyses, ...rebuiltRest } = rebuilt;
  const count = Math.max(liveAnalyses.length, rebuiltAnalyses.length);
  const contracts = Array.from({ length: count }, (_, contract) => contract).filter(
    (contract) => digestOf(liveAnalyses[contract]) !== digestOf(rebuiltAnalyses[contract]),
  );
  const isElsewhere = digestOf(liveRest) !== digestOf(rebuiltRest);
  const [first] = contracts;
  if (first !== undefined) {
    const symbol = live.contracts[first]?.symbol ?? String(first);
    const path = `analyses.${symbol}`;
    return { difference: firstIn(path, liveAnalyses[first], rebuiltAnalyses[first]), contracts, isElsewhere };
  }
  return { difference: isElsewhere ? firstIn("", liveRest, rebuiltRest) : null, contracts, isElsewhere };
}

function firstIn(path: string, live: unknown, rebuilt: unknown): StateDifference | null {
  if (typeof live !== "object" || typeof rebuilt !== "object" || live === null || rebuilt === null) {
    const isEqual = digestOf(live) === digestOf(rebuilt);
    return isEqual ? null : { path: path.slice(0, WORDS_MAX), live: worded(live), rebuilt: worded(rebuilt) };
  }
  const [one, other] = [valuesOf(live), valuesOf(rebuilt)];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstIn(path === "" ? key : `${path}.${key}`, one[key], other[key]);
    if (found !== null) return found;
  }
  return null;
}

/** A bar series by its rows, an analysis without the count of its changes; anything else by its own keys. */
function valuesOf(tree: object): Record<string, unknown> {
  if (isAnalysis(tree)) return { ...tree, changes: undefined };
  if (!("droppedRows" in tree && "formingEndMs" in tree)) return tree as Record<string, unknown>; // any record has keys
  const series = tree as BarSeries; // safe: only a bar series has these two
  const { storedRows: _stored, hashedRows: _hashed, ...rest } = series;
  const columns = BAR_COLUMNS.map((name) => [name, series[name].subarray(0, rowCount(series))]);
  return { ...rest, ...Object.fromEntries(columns) };
}

function worded(value: unknown): string {
  const words = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "none");
  return words.slice(0, WORDS_MAX);
}
