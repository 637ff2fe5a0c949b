/** What do rows sum to, by one of their values? */

/** Added in the order of the rows. Of [{n: 1}, {n: 2}] by n → 3. */
export function sumOf<Row>(rows: readonly Row[], pick: (row: Row) => number): number {
  let sum = 0;
  for (const row of rows) sum += pick(row);
  return sum;
}
