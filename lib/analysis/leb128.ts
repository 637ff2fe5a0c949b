/** How does a whole number below 2^32 become one to five bytes? Seven bits a byte, lowest first (LEB128). */

/** A place in bytes; reading and writing move it on. */
export type ByteCursor = { bytes: Uint8Array; at: number };

export const LEB128_BYTES_MAX = 5;

/** 300 → bytes 172, 2. The caller has made room. */
export function writeLeb128(cursor: ByteCursor, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    cursor.bytes[cursor.at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  cursor.bytes[cursor.at++] = rest;
}

/** Bytes 172, 2 → 300. */
export function readLeb128(cursor: ByteCursor): number {
  let value = 0;
  let shift = 0;
  while (cursor.bytes[cursor.at] >= 0x80) {
    value |= (cursor.bytes[cursor.at++] & 0x7f) << shift;
    shift += 7;
  }
  return (value | (cursor.bytes[cursor.at++] << shift)) >>> 0;
}
