/** What of the state must be written at once, and how is the state made again from that and the stored rows? */
import { type BarSeries, createBarSeries, reserveRows, rowCount } from "#lib/bars/bar-series.ts";
import type { KeptInterval } from "#lib/bars/interval.ts";
import { decodeRows, encodeRows } from "#lib/bars/row-bytes.ts";
import { DUPLICATE_RING } from "#lib/limits.ts";
import { type AnalysisParts, joinParts, partsOf, type TradePart } from "./analysis/analysis-parts.ts";
import type { ContractState, EngineState } from "./state.ts";

/** A series without its stored rows; `tail` holds rows [storedRows, rowCount) as encodeRows writes them. */
export type SeriesRest = Pick<BarSeries, "length" | "isForming" | "formingEndMs" | "droppedRows" | "storedRows"> & {
  interval: KeptInterval;
  edgeMs: Float64Array;
  tail: Uint8Array;
};

type ContractRest = Omit<ContractState, "series"> & { series: SeriesRest[] };

/** The mutable rest of a state: a plain tree that shares its typed arrays; write it before the state goes on. */
export type StateRest = Omit<EngineState, "contracts" | "analyses"> & {
  contracts: ContractRest[];
  /** What trades move of them. */
  analyses: (TradePart | null)[];
};

/** Writes rows [0, storedRows) of a series of a contract into the series; room is there. */
export type StoredRows = (contract: number, kept: number, series: BarSeries) => void;

/** What is written apart from the rest. */
export type Stored = { rows: StoredRows; analysis: (contract: number) => Omit<AnalysisParts, "trades"> };

export function restOf(state: EngineState): StateRest {
  const analyses = state.analyses.map((analysis) => (analysis === null ? null : partsOf(analysis).trades));
  return { ...state, contracts: state.contracts.map(contractRest), analyses };
}

function contractRest(contract: ContractState): ContractRest {
  const rest = { ...contract, series: contract.series.map(seriesRest) };
  // A contract that never traded has 32 kB of "none yet".
  if (contract.newestSourceSeq < 0) rest.recentSourceSeqs = contract.recentSourceSeqs.subarray(0, 0);
  return rest;
}

function seriesRest(series: BarSeries<KeptInterval>): SeriesRest {
  const { interval, length, isForming, formingEndMs, droppedRows, storedRows, edgeMs } = series;
  const tail = encodeRows(series, storedRows, rowCount(series));
  return { interval, length, isForming, formingEndMs, droppedRows, storedRows, edgeMs, tail };
}

/** Makes `state` what it was when `rest` was taken: digests are equal and so is everything that follows. */
export function restoreState(state: EngineState, rest: StateRest, stored: Stored): void {
  const contracts = rest.contracts.map((contract, index) => {
    const series = contract.series.map((one, kept) => restoredSeries(one, (made) => stored.rows(index, kept, made)));
    return { ...contract, recentSourceSeqs: ringOf(contract), series };
  });
  // Version 2 had none.
  const analyses = (rest.analyses ?? []).map((trades, contract) =>
    trades === null ? null : joinParts({ trades, ...stored.analysis(contract) }),
  );
  Object.assign(state, { ...rest, contracts, analyses });
}

function ringOf({ newestSourceSeq, recentSourceSeqs }: ContractRest): Float64Array {
  return newestSourceSeq < 0 ? new Float64Array(DUPLICATE_RING).fill(-1) : recentSourceSeqs;
}

function restoredSeries(rest: SeriesRest, fill: (series: BarSeries) => void): BarSeries<KeptInterval> {
  const { tail, ...scalars } = rest;
  const series = Object.assign(createBarSeries(rest.interval), scalars, { hashedRows: 0 });
  const rows = rowCount(series);
  reserveRows(series, rows + 1);
  fill(series);
  const tailRows = rows - rest.storedRows;
  decodeRows(series, rest.storedRows, { bytes: tail, rows: tailRows, from: 0, to: tailRows });
  return series;
}
