/** Where is a frame put together? One buffer that grows and is used again for every batch. */
import { CodecError } from "./codec-error.ts";

/** Room before the payload for the log's length and checksum, so that a frame is one contiguous write. */
export const FRAME_HEAD_BYTES = 8;
/** Payload head: first seq (f64), number of events (u32), number of records (u32). */
export const PAYLOAD_HEAD_BYTES = 16;
/** Record head: kind u8, version u8, contract u16, 4 bytes of the kind's own, nowMs f64, receivedMs f64. */
export const RECORD_HEAD_BYTES = 24;

/** `at` is the next free byte of `bytes`; everything before it is written. Lengths are multiples of 8. */
export type FrameWriter = {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  at: number;
  firstSeq: number;
  events: number;
  records: number;
};

/** A writer with an empty frame; the buffer doubles where a frame needs more. */
export function createFrameWriter(capacityBytes = 65_536): FrameWriter {
  const bytes = new Uint8Array(capacityBytes);
  const view = new DataView(bytes.buffer);
  return { bytes, view, at: FRAME_HEAD_BYTES + PAYLOAD_HEAD_BYTES, firstSeq: 0, events: 0, records: 0 };
}

/** Forgets the former frame and begins one whose first event will be `firstSeq`. */
export function beginFrame(writer: FrameWriter, firstSeq: number): void {
  writer.at = FRAME_HEAD_BYTES + PAYLOAD_HEAD_BYTES;
  writer.firstSeq = firstSeq;
  writer.events = 0;
  writer.records = 0;
}

/** The frame's payload: a view of the writer's buffer, valid until the next beginFrame. */
export function finishFrame(writer: FrameWriter): Uint8Array<ArrayBuffer> {
  writer.view.setFloat64(FRAME_HEAD_BYTES, writer.firstSeq, true);
  writer.view.setUint32(FRAME_HEAD_BYTES + 8, writer.events, true);
  writer.view.setUint32(FRAME_HEAD_BYTES + 12, writer.records, true);
  return writer.bytes.subarray(FRAME_HEAD_BYTES, writer.at);
}

/** Makes room for `byteLength` more bytes. */
export function reserve(writer: FrameWriter, byteLength: number): void {
  const needed = writer.at + byteLength;
  if (needed <= writer.bytes.length) return;
  let capacity = writer.bytes.length * 2;
  while (capacity < needed) capacity *= 2;
  const grown = new Uint8Array(capacity);
  grown.set(writer.bytes.subarray(0, writer.at));
  writer.bytes = grown;
  writer.view = new DataView(grown.buffer);
}

/** The next multiple of 8. 13 → 16. */
export function padded(byteLength: number): number {
  return Math.ceil(byteLength / 8) * 8;
}

/** Throws where a column of the record cannot hold the value: `limit` is the column's largest, 0 its smallest. */
export function checkUnsigned(value: number, limit: number, field: string): void {
  if (value >= 0 && value <= limit && Math.floor(value) === value) return;
  throw new CodecError(`${field} was ${value}, expected a whole number from 0 to ${limit}`, -1);
}

/** Throws where the value is not a 32-bit integer. */
export function checkTicks(value: number, field: string): void {
  if ((value | 0) === value) return;
  throw new CodecError(`${field} was ${value}, expected a 32-bit integer`, -1);
}

export const U16_MAX = 0xffff;
export const U32_MAX = 0xffff_ffff;
