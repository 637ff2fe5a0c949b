/** What do the benches of indicators run, and on which bars? One seeded walk, as columns and as arrays. */
import type { BarColumns } from "#lib/indicators/batch-kernels.ts";
import { createRandom } from "#lib/prng.ts";

export type BenchBars = {
  rows: number;
  columns: BarColumns;
  /** The same numbers, as the peers take them. */
  high: number[];
  low: number[];
  close: number[];
};

/** One pass over all bars: values go into `out`, or into arrays that it gives, which end with the last bar. */
export type Batch = (bars: BenchBars, out: Float64Array[]) => number[][] | undefined;
/**
 * Begins a stream and gives what takes the bars of some rows and returns a sum of their values, each output with a
 * weight of its own, so that a wrong one shows. (Writing them into columns would cost more than many an indicator.)
 */
export type Stream = (bars: BenchBars) => (from: number, to: number) => number;

/** Prices in points on a grid of 0.25, so that they are no whole numbers; with `tickSize` 1 they are. */
export function benchBars(rows: number, tickSize = 0.25): BenchBars {
  const random = createRandom(20_261_120);
  const step = (reach: number) => Math.round((random() + random() - 1) * reach) * tickSize;
  const [open, high, low] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  const [close, volume] = [new Float64Array(rows), new Float64Array(rows)];
  let price = 20_000 * tickSize;
  for (let i = 0; i < rows; i++) {
    open[i] = price;
    price = Math.max(4_000 * tickSize, price + step(20));
    close[i] = price;
    high[i] = Math.max(open[i], price) + Math.abs(step(8));
    low[i] = Math.min(open[i], price) - Math.abs(step(8));
    volume[i] = Math.floor(random() * 2_000);
  }
  const columns = { opens: open, highs: high, lows: low, closes: close, volumes: volume };
  return { rows, columns, high: [...high], low: [...low], close: [...close] };
}
