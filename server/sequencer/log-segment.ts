/** How is a segment file of the log named and headed, and when is it damaged? */
import fs from "node:fs";
import path from "node:path";
import { crc32c } from "@node-rs/crc32";
import { assert } from "#lib/assert.ts";

/** Magic (8 bytes), version (u32), segment number (u32), first seq (f64), run id (36), CRC32C of all these (u32). */
export const SEGMENT_HEAD_BYTES = 64;
const MAGIC = "RSEATLOG";
const VERSION = 1;
/** A segment that retention has thinned out: seqs are missing in it. */
const VERSION_THINNED = 2;
const RUN_ID_AT = 24;
const CRC_AT = 60;
const RUN_ID_BYTES = CRC_AT - RUN_ID_AT;

export type SegmentHead = { segment: number; firstSeq: number; runId: string; isThinned: boolean };

/** Damage that no start repairs by itself: it names file and byte, what stood there, what should have, what to do. */
export class LogCorruptError extends Error {
  readonly file: string;
  readonly offset: number;
  readonly was: string;
  readonly expected: string;

  constructor(place: { file: string; offset: number }, was: string, expected: string) {
    super(
      `The event log is damaged: ${place.file}, byte ${place.offset}: was ${was}, expected ${expected}. ` +
        "Nothing was changed. Restore this file from a backup, or move the run's folder out of DATA_DIR/runs: " +
        "the next start then begins a new run.",
    );
    this.name = "LogCorruptError";
    this.file = place.file;
    this.offset = place.offset;
    this.was = was;
    this.expected = expected;
  }
}

/** The file of a segment, counted from 1: `<folder>/00000001.seg`. */
export function segmentFile(folder: string, segment: number): string {
  return path.join(folder, `${String(segment).padStart(8, "0")}.seg`);
}

/** Numbers of a log's segments, compressed or not, ascending; none without the folder. Throws where one is missing. */
export function listSegments(folder: string): number[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const own = names.filter((name) => /^\d{8}\.seg(\.zst)?$/.test(name)).map((name) => Number(name.slice(0, 8)));
  const numbers = [...new Set(own)].sort((a, b) => a - b);
  for (let index = 1; index < numbers.length; index += 1) {
    const expected = numbers[index - 1] + 1;
    if (numbers[index] === expected) continue;
    const place = { file: segmentFile(folder, expected), offset: 0 };
    throw new LogCorruptError(place, "no file", `segment ${expected}, because ${numbers[index]} exists`);
  }
  return numbers;
}

export function encodeSegmentHead(head: SegmentHead): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  const runId = new TextEncoder().encode(head.runId);
  assert(runId.length <= RUN_ID_BYTES, `run id "${head.runId}" is longer than ${RUN_ID_BYTES} bytes`);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, head.isThinned ? VERSION_THINNED : VERSION, true);
  view.setUint32(12, head.segment, true);
  view.setFloat64(16, head.firstSeq, true);
  bytes.set(runId, RUN_ID_AT);
  view.setUint32(CRC_AT, crc32c(bytes.subarray(0, CRC_AT)), true);
  return bytes;
}

/** Null where the bytes are not the header of a segment. */
export function decodeSegmentHead(bytes: Uint8Array): SegmentHead | null {
  if (bytes.length < SEGMENT_HEAD_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEAD_BYTES);
  if (new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) return null;
  const version = view.getUint32(8, true);
  if (version !== VERSION && version !== VERSION_THINNED) return null;
  if (view.getUint32(CRC_AT, true) !== crc32c(bytes.subarray(0, CRC_AT))) return null;
  const runId = new TextDecoder().decode(bytes.subarray(RUN_ID_AT, CRC_AT)).replace(/\0+$/, "");
  const isThinned = version === VERSION_THINNED;
  return { segment: view.getUint32(12, true), firstSeq: view.getFloat64(16, true), runId, isThinned };
}
