/** How do rows of a bar series stand in bytes? Column behind column, so that writing and reading are plain copies. */
import { BAR_COLUMNS, type BarSeries } from "./bar-series.ts";

/** Bytes of one row: two doubles, eight 32-bit, one 16-bit and two 8-bit columns. */
export const ROW_BYTES = 2 * 8 + 8 * 4 + 2 + 2 * 1;

/** Bytes of so many rows, rounded up to a multiple of 8. 3 rows → 156 → 160. */
export function rowBytes(rows: number): number {
  return Math.ceil((rows * ROW_BYTES) / 8) * 8;
}

/** Of fewer rows the numbers are written one by one: the two views that a copy needs cost as much as some twenty. */
const FEW_ROWS = 16;

/** Rows [from, to) of the series: the columns one behind the other, in this machine's (little-endian) byte order. */
export function encodeRows(series: BarSeries, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rowBytes(to - from));
  if (to - from < FEW_ROWS) encodeFewRows(new DataView(bytes.buffer), series, { from, to });
  else encodeColumns(bytes, series, { from, to });
  return bytes;
}

type Stretch = { from: number; to: number };

function encodeFewRows(view: DataView, series: BarSeries, { from, to }: Stretch): void {
  let at = 0;
  for (const name of BAR_COLUMNS) {
    const column = series[name];
    const width = column.BYTES_PER_ELEMENT;
    for (let row = from; row < to; row += 1, at += width) {
      if (width === 8) view.setFloat64(at, column[row], true);
      // The low 32 bits of a whole number are the same with and without its sign.
      else if (width === 4) view.setInt32(at, column[row], true);
      else if (width === 2) view.setUint16(at, column[row], true);
      else view.setUint8(at, column[row]);
    }
  }
}

function encodeColumns(bytes: Uint8Array, series: BarSeries, { from, to }: Stretch): void {
  let at = 0;
  for (const name of BAR_COLUMNS) {
    const column = series[name].subarray(from, to);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
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
