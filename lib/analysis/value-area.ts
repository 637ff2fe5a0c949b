/** Where was most traded, and where 70 %? Point of control and value area over rows of volume or of TPOs. */
import { type PriceRows, ROW_CELLS } from "./price-rows.ts";

/** Two rows at a time (CME's rule for Market Profile) or one. */
export type ValueAreaRule = "two-row" | "one-row";

/** Positions of rows; `inside` is what they hold, of `total`. */
export type ValueArea = { poc: number; low: number; high: number; inside: number; total: number };

const SHARE_PERCENT = 70;

/**
 * Point of control: the largest row; of equal ones the row nearest the middle of the range, of two as near the upper.
 * Value area: from it, the two rows above are compared with the two below and the larger pair is added, until 70 % is
 * reached: ≥ 70 % then, < 70 % without the last pair. At an edge the row that is left counts as the pair; equal pairs
 * go to the side that has fewer rows, then up. Null where nothing traded. Rows lie from low to high price, none outside
 * the traded range. Source: CME's rule as `domain.md` has it.
 * 1 2 4 8 4 2 1 → POC row 3 (8); above 4 + 2 = below: up → 14 of 22; then below 6 against 1 → 20 ≥ 15.4: rows 1 … 5.
 */
export function valueAreaOf(rows: ArrayLike<number>, rule: ValueAreaRule = "two-row"): ValueArea | null {
  const cells = new Uint32Array(rows.length * ROW_CELLS);
  for (let row = 0; row < rows.length; row++) cells[row * ROW_CELLS] = rows[row];
  return areaOf({ cells, first: 0, count: rows.length }, rule);
}

/** The same of traded prices, row 0 at `lowTicks`: read where they stand, for profiles are read with each minute. */
export function tradedAreaOf(rows: PriceRows, rule: ValueAreaRule = "two-row"): ValueArea | null {
  const { cells, baseTicks, lowTicks, highTicks } = rows;
  return areaOf({ cells, first: (lowTicks - baseTicks) * ROW_CELLS, count: highTicks - lowTicks + 1 }, rule);
}

/** So many rows: every third cell from `first` on. */
type Rows = { cells: Uint32Array; first: number; count: number };

function areaOf(rows: Rows, rule: ValueAreaRule): ValueArea | null {
  const { poc, most, total } = pointOfControl(rows);
  if (poc < 0) return null;
  const step = rule === "two-row" ? 2 : 1;
  let low = poc;
  let high = poc;
  let inside = most;
  let above = sumOf(rows, high + 1, high + step);
  let below = sumOf(rows, low - step, low - 1);
  while (inside * 100 < total * SHARE_PERCENT) {
    if (isUp(above, below, high - poc, poc - low)) {
      inside += above;
      high = Math.min(high + step, rows.count - 1);
      above = sumOf(rows, high + 1, high + step);
    } else {
      inside += below;
      low = Math.max(low - step, 0);
      below = sumOf(rows, low - step, low - 1);
    }
  }
  return { poc, low, high, inside, total };
}

function isUp(above: number, below: number, rowsAbove: number, rowsBelow: number): boolean {
  if (below < 0 || above < 0) return below < 0;
  return above === below ? rowsAbove <= rowsBelow : above > below;
}

/** Sum of rows from … to, as far as they exist; −1 where none does. */
function sumOf({ cells, first, count }: Rows, from: number, to: number): number {
  if (from >= count || to < 0) return -1;
  let sum = 0;
  const last = first + Math.min(to, count - 1) * ROW_CELLS;
  for (let cell = first + Math.max(0, from) * ROW_CELLS; cell <= last; cell += ROW_CELLS) sum += cells[cell];
  return sum;
}

/** The largest row, −1 where none is, what it holds, and the sum of all. */
function pointOfControl({ cells, first, count }: Rows): { poc: number; most: number; total: number } {
  const middle = (count - 1) / 2;
  let poc = -1;
  let most = 0;
  let total = 0;
  for (let row = 0; row < count; row++) {
    const volume = cells[first + row * ROW_CELLS];
    total += volume;
    if (volume < most || volume === 0) continue;
    if (volume === most && Math.abs(row - middle) > Math.abs(poc - middle)) continue;
    most = volume;
    poc = row;
  }
  return { poc, most, total };
}
