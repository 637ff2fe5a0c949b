/** How large are the usual sizes? Counts in buckets that are exact below 32 contracts and 1/16 wide above. */
import { LEB128_BYTES_MAX, readLeb128, writeLeb128 } from "../leb128.ts";

const EXACT = 32;
const FIRST_OCTAVE = 5;
const PARTS_BITS = 4;
const PARTS = 1 << PARTS_BITS;
/** Sizes from 15,872 on share the last bucket. */
const OCTAVES = 9;

export const SIZE_BUCKETS = EXACT + OCTAVES * PARTS;

/** 7 → 7; 32 and 33 → 32, 34 → 33; 64 … 67 → 48; 1,000 → 111. */
export function sizeBucket(size: number): number {
  if (size < EXACT) return size;
  const octave = 31 - Math.clz32(size);
  const part = (size >> (octave - PARTS_BITS)) & (PARTS - 1);
  return Math.min(SIZE_BUCKETS - 1, EXACT + (octave - FIRST_OCTAVE) * PARTS + part);
}

/** The largest size of a bucket. 48 → 67; of the last one Infinity. */
export function bucketTop(bucket: number): number {
  if (bucket < EXACT) return bucket;
  if (bucket === SIZE_BUCKETS - 1) return Number.POSITIVE_INFINITY;
  const octave = FIRST_OCTAVE + ((bucket - EXACT) >> PARTS_BITS);
  const part = (bucket - EXACT) & (PARTS - 1);
  return ((PARTS + part + 1) << (octave - PARTS_BITS)) - 1;
}

/** The counts as LEB128, one behind the other: some 200 bytes of a session. */
export function packCounts(counts: Uint32Array): Uint8Array {
  const cursor = { bytes: new Uint8Array(counts.length * LEB128_BYTES_MAX), at: 0 };
  for (const count of counts) writeLeb128(cursor, count);
  return cursor.bytes.slice(0, cursor.at);
}

/** Adds what was packed; returns its sum. */
export function addPackedCounts(counts: Float64Array, packed: Uint8Array): number {
  const cursor = { bytes: packed, at: 0 };
  let sum = 0;
  for (let bucket = 0; cursor.at < packed.length; bucket++) {
    const count = readLeb128(cursor);
    counts[bucket] += count;
    sum += count;
  }
  return sum;
}

/**
 * The p-quantile of the counted sizes, as the top of its bucket: never below the true one, and less than 1/16 (6.25 %)
 * above it. NaN of nothing. The definition is the smallest size that at least p × n sizes do not exceed.
 */
export function sizeQuantile(counts: ArrayLike<number>, p: number): number {
  let n = 0;
  for (let bucket = 0; bucket < SIZE_BUCKETS; bucket++) n += counts[bucket];
  if (n === 0) return Number.NaN;
  let seen = 0;
  for (let bucket = 0; bucket < SIZE_BUCKETS; bucket++) {
    seen += counts[bucket];
    if (seen >= p * n) return bucketTop(bucket);
  }
  return Number.POSITIVE_INFINITY;
}
