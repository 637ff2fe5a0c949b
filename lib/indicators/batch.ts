/** What are an indicator's values over whole columns? The same to the last bit as one bar at a time, but faster. */
import { assert } from "#lib/assert.ts";
import { type BarColumns, KERNELS } from "#lib/indicators/batch-kernels.ts";
import type { IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";

/**
 * Fills one column an output, in the descriptor's order, each at least as long as the bars; NaN in the warm-up. An
 * indicator of values reads the closes. The hot ones have a loop of their own (batch-kernels.ts), all others run here.
 */
export function runBatch(
  indicator: AnyIndicator,
  params: unknown,
  columns: BarColumns,
  out: readonly Float64Array[],
): void {
  const { name, outputs } = indicator;
  assert(out.length === outputs.length, `${name}: ${out.length} columns for ${outputs.length} outputs`);
  const rows = columns.closes.length;
  for (const column of out) assert(column.length >= rows, `${name}: a column of ${column.length} for ${rows} bars`);
  const state = indicator.create(params); // Throws where the params are impossible, for the kernels too.
  const kernel = KERNELS[name];
  if (kernel !== undefined) kernel(params as never, columns, out);
  else if (indicator.input === "value") runValues(indicator, state, columns, out);
  else runBars(indicator, state, columns, out);
}

function runValues(
  indicator: AnyIndicator,
  state: IndicatorState,
  { closes }: BarColumns,
  out: readonly Float64Array[],
): void {
  for (let i = 0; i < closes.length; i++) {
    indicator.add(state, closes[i]);
    readOutputs(indicator, state, out, i);
  }
}

function runBars(
  indicator: AnyIndicator,
  state: IndicatorState,
  { opens, highs, lows, closes, volumes }: BarColumns,
  out: readonly Float64Array[],
): void {
  const nan = Number.NaN; // Not 0: fields that begin as doubles stay doubles in the engine of the language.
  const bar: IndicatorBar = { open: nan, high: nan, low: nan, close: nan, volume: nan };
  for (let i = 0; i < closes.length; i++) {
    bar.open = opens[i];
    bar.high = highs[i];
    bar.low = lows[i];
    bar.close = closes[i];
    bar.volume = volumes[i];
    indicator.add(state, bar);
    readOutputs(indicator, state, out, i);
  }
}

function readOutputs(
  { outputs }: AnyIndicator,
  state: IndicatorState,
  out: readonly Float64Array[],
  row: number,
): void {
  const fields = state as unknown as Record<string, number>; // safe: outputs are fields of the state
  for (let at = 0; at < out.length; at++) out[at][row] = fields[outputs[at]];
}
