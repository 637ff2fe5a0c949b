/** Where was most traded, and where 70 %? Point of control and value area over rows of volume or of TPOs. */

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
  const { poc, total } = pointOfControl(rows);
  if (poc < 0) return null;
  const step = rule === "two-row" ? 2 : 1;
  let low = poc;
  let high = poc;
  let inside = rows[poc];
  while (inside * 100 < total * SHARE_PERCENT) {
    const above = sumOf(rows, high + 1, high + step);
    const below = sumOf(rows, low - step, low - 1);
    if (isUp(above, below, high - poc, poc - low)) {
      inside += above;
      high = Math.min(high + step, rows.length - 1);
    } else {
      inside += below;
      low = Math.max(low - step, 0);
    }
  }
  return { poc, low, high, inside, total };
}

function isUp(above: number, below: number, rowsAbove: number, rowsBelow: number): boolean {
  if (below < 0 || above < 0) return below < 0;
  return above === below ? rowsAbove <= rowsBelow : above > below;
}

/** Sum of rows from … to, as far as they exist; −1 where none does. */
function sumOf(rows: ArrayLike<number>, from: number, to: number): number {
  if (from >= rows.length || to < 0) return -1;
  let sum = 0;
  for (let row = Math.max(0, from); row <= Math.min(to, rows.length - 1); row++) sum += rows[row];
  return sum;
}

/** The largest row, −1 where none is, and the sum of all: one pass, for profiles are read with each minute. */
function pointOfControl(rows: ArrayLike<number>): { poc: number; total: number } {
  const { length } = rows;
  const middle = (length - 1) / 2;
  let poc = -1;
  let most = 0;
  let total = 0;
  for (let row = 0; row < length; row++) {
    const volume = rows[row];
    total += volume;
    if (volume < most || volume === 0) continue;
    if (volume === most && Math.abs(row - middle) > Math.abs(poc - middle)) continue;
    most = volume;
    poc = row;
  }
  return { poc, total };
}
