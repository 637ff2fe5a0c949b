/** Which is the first row that differs? deepEqual's own report of long lists takes minutes. */
import assert from "node:assert/strict";

export function assertSameRows(actual: readonly unknown[], expected: readonly unknown[]): void {
  const different = actual.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(expected[index]));
  if (different >= 0) assert.deepEqual(actual[different], expected[different], `row ${different} of ${actual.length}`);
  assert.equal(actual.length, expected.length);
}
