/** Where does a profile bulge and where is it thin? Zones of high and low volume: stretches of rows, not bins. */

/** Positions of rows, both ends inside; `extreme` is the row of most (high) or least (low) volume, after smoothing. */
export type RowZone = { kind: "high" | "low"; from: number; to: number; extreme: number; volume: number };

/** Shares of the mean row from which a row counts as high, and up to which as low. */
const HIGH_OF_MEAN = 1.5;
const LOW_OF_MEAN = 0.5;
/** Half width of the smoothing in parts of the range: 1 % of it to each side, at least one row. */
const SMOOTHING_PARTS = 100;

/**
 * High zones: stretches in which the smoothed volume is at least 1.5 × the mean row. Low zones: stretches of at most
 * 0.5 × the mean row that lie between rows of at least the mean, so that the thin tails of a profile are none. The
 * smoothing weighs neighbours down to nothing in a triangle. Fewer than five rows have no zones. From low to high.
 * 1 1 12 12 12 1 1 1 12 12 12 1 1: two high zones, rows 2 … 4 and 8 … 10, and the low zone of row 6 between them.
 */
export function zonesOf(rows: ArrayLike<number>): RowZone[] {
  if (rows.length < 5) return [];
  const smooth = smoothed(rows, Math.max(1, Math.round(rows.length / SMOOTHING_PARTS)));
  let total = 0;
  for (let row = 0; row < rows.length; row++) total += rows[row];
  const mean = total / rows.length;
  const first = smooth.findIndex((volume) => volume >= mean);
  const last = smooth.findLastIndex((volume) => volume >= mean);
  const zones: RowZone[] = [];
  for (let from = 0; from < rows.length; from++) {
    const kind = kindOf(smooth[from], mean);
    if (kind === null) continue;
    let to = from;
    while (to + 1 < rows.length && kindOf(smooth[to + 1], mean) === kind) to++;
    if (kind === "high" || (from > first && to < last)) zones.push(zoneOf({ rows, smooth, kind, from, to }));
    from = to;
  }
  return zones;
}

function kindOf(volume: number, mean: number): RowZone["kind"] | null {
  if (volume >= HIGH_OF_MEAN * mean) return "high";
  return volume <= LOW_OF_MEAN * mean ? "low" : null;
}

type Stretch = Pick<RowZone, "kind" | "from" | "to"> & { rows: ArrayLike<number>; smooth: Float64Array };

function zoneOf({ rows, smooth, kind, from, to }: Stretch): RowZone {
  let extreme = from;
  let volume = 0;
  for (let row = from; row <= to; row++) {
    volume += rows[row];
    const isMore = smooth[row] > smooth[extreme];
    if (kind === "high" ? isMore : smooth[row] < smooth[extreme]) extreme = row;
  }
  return { kind, from, to, extreme, volume };
}

/** Mean of each row and its neighbours, weighed h + 1 − distance; at the edges of those that exist. */
function smoothed(rows: ArrayLike<number>, half: number): Float64Array {
  const smooth = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    let sum = 0;
    let weights = 0;
    const last = Math.min(rows.length - 1, row + half);
    for (let near = Math.max(0, row - half); near <= last; near++) {
      const weight = half + 1 - Math.abs(near - row);
      sum += weight * rows[near];
      weights += weight;
    }
    smooth[row] = sum / weights;
  }
  return smooth;
}
