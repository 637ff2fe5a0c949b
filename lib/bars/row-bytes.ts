/** How do rows of a bar series stand in bytes? Column behind column, so that writing and reading are plain copies. */
import { BAR_COLUMNS, type BarSeries } from "./bar-series.ts";

/** Bytes of one row: two doubles, eight 32-bit, one 16-bit and two 8-bit columns. */
export const ROW_BYTES = 2 * 8 + 8 * 4 + 2 + 2 * 1;

/** Bytes of so many rows, rounded up to a multiple of 8. 3 rows → 156 → 160. */
export function rowBytes(rows: number): number {
  return Math.ceil((rows * ROW_BYTES) / 8) * 8;
}

/** Rows [from, to) of the series: the columns one behind the other, in this machine's (little-endian) byte order. */
export function encodeRows(series: BarSeries, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rowBytes(to - from));
  let at = 0;
  for (const name of BAR_COLUMNS) {
    const column = series[name].subarray(from, to);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

/** Copies rows [from, to) of an encoded block of `rows` rows over the series' rows from `row` on; room is there. */
export function decodeRows(
  series: BarSeries,
  row: number,
  block: { bytes: Uint8Array; rows: number; from: number; to: number },
): void {
  const { bytes, rows, from, to } = block;
  let at = 0;
  for (const name of BAR_COLUMNS) {
    const column = series[name];
    const width = column.BYTES_PER_ELEMENT;
    const target = new Uint8Array(column.buffer, column.byteOffset + row * width, (to - from) * width);
    target.set(bytes.subarray(at + from * width, at + to * width));
    at += rows * width;
  }
}
