/** Which frames stand in a log, one after the other, and where does the good part end? */
import { crc32c } from "@node-rs/crc32";
import { decodeFrame, payloadHead } from "#lib/events/codec.ts";
import { FRAME_HEAD_BYTES, PAYLOAD_HEAD_BYTES } from "#lib/events/codec-frame.ts";
import { FRAME_BYTES_MAX } from "#lib/limits.ts";
import {
  decodeSegmentHead,
  LogCorruptError,
  listSegments,
  SEGMENT_HEAD_BYTES,
  type SegmentHead,
} from "./log-segment.ts";
import { openSegment, type SegmentSource } from "./segment-source.ts";

const CHUNK_BYTES = 1 << 20;

/** A frame whose checksum held. `payload` is a view of the cursor's buffer, valid until the next call. */
export type LogFrame = { payload: Uint8Array; firstSeq: number; events: number; file: string; offset: number };

/** The end of the last segment that is no whole frame: a write that did not finish. */
export type TornEnd = { file: string; offset: number; byteLength: number; why: string };

type OpenSegment = { source: SegmentSource; file: string; segment: number; size: number };

/** Reads frames in order with bounded memory. It may stand at the end of a growing log and be asked again. */
export class LogCursor {
  readonly #folder: string;
  #segments: number[];
  #index = 0;
  #open: OpenSegment | null = null;
  #buffer = new Uint8Array(CHUNK_BYTES);
  /** The buffer holds the file's bytes from `#bufferAt`, `#buffered` of them. */
  #bufferAt = 0;
  #buffered = 0;
  #offset = 0;
  #nextSeq: number | null = null;
  #runId: string | null;
  /** The segment it stands in, or has just left, is thinned out: seqs are missing. */
  #isThinned = false;
  /** Set where the last call of `next` found an unfinished frame at the very end. */
  torn: TornEnd | null = null;

  /** Begins with `segment`, or the one of `fromSeq` (default: the first). Throws LogCorruptError for a missing one. */
  constructor(folder: string, options: { fromSeq?: number; segment?: number; runId?: string } = {}) {
    this.#folder = folder;
    this.#runId = options.runId ?? null;
    this.#segments = listSegments(folder);
    if (options.segment !== undefined) this.#index = this.#segments.indexOf(options.segment);
    else if (options.fromSeq !== undefined) this.#index = this.#segmentOf(options.fromSeq);
  }

  /** Number of the segment it stands in, 0 before the first; and the byte behind the last good frame. */
  get place(): { segment: number; byteLength: number; nextSeq: number } {
    return { segment: this.#open?.segment ?? 0, byteLength: this.#offset, nextSeq: this.#nextSeq ?? 1 };
  }

  /** Null at the end (see `torn`). Throws LogCorruptError for damage anywhere else. */
  next(): LogFrame | null {
    this.torn = null;
    for (;;) {
      if (this.#open === null && !this.#openNext()) return null;
      const frame = this.#frame();
      if (frame !== null) return frame;
      if (this.torn !== null || !this.#hasLaterSegment()) return null;
      this.#close();
      this.#index += 1;
    }
  }

  #segmentOf(seq: number): number {
    for (let index = this.#segments.length - 1; index > 0; index -= 1) {
      const head = readSegmentHead(this.#folder, this.#segments[index]);
      if (head !== null && head.firstSeq <= seq) return index;
    }
    return 0;
  }

  #hasLaterSegment(): boolean {
    if (this.#index + 1 >= this.#segments.length) this.#segments = listSegments(this.#folder);
    return this.#index + 1 < this.#segments.length;
  }

  #openNext(): boolean {
    if (this.#index >= this.#segments.length) this.#segments = listSegments(this.#folder);
    if (this.#index >= this.#segments.length) return false;
    const segment = this.#segments[this.#index];
    const source = openSegment(this.#folder, segment);
    this.#open = { source, file: source.file, segment, size: source.size() };
    this.#bufferAt = 0;
    this.#buffered = 0;
    this.#offset = 0;
    const isWhole = this.#fill(SEGMENT_HEAD_BYTES);
    const head = isWhole ? decodeSegmentHead(this.#buffer) : null;
    if (head === null) return this.#badHead(this.#open);
    this.#checkHead(head, this.#open);
    this.#nextSeq = head.firstSeq;
    this.#isThinned = head.isThinned;
    this.#runId ??= head.runId;
    this.#offset = SEGMENT_HEAD_BYTES;
    return true;
  }

  /** A last segment that is nothing but an unfinished header is torn; any other is damaged. */
  #badHead(open: OpenSegment): false {
    if (open.size > SEGMENT_HEAD_BYTES || this.#hasLaterSegment()) {
      throw new LogCorruptError({ file: open.file, offset: 0 }, "something else", "the header of a log segment");
    }
    this.torn = { file: open.file, offset: 0, byteLength: open.size, why: "the segment's header is not whole" };
    this.#close();
    return false;
  }

  #checkHead(head: SegmentHead, open: OpenSegment): void {
    const place = { file: open.file, offset: 0 };
    if (head.segment !== open.segment) {
      throw new LogCorruptError(place, `segment ${head.segment}`, `segment ${open.segment}`);
    }
    if (this.#runId !== null && head.runId !== this.#runId) {
      throw new LogCorruptError(place, `run ${head.runId}`, `run ${this.#runId}`);
    }
    if (!this.#follows(head.firstSeq)) {
      throw new LogCorruptError(place, `first seq ${head.firstSeq}`, `first seq ${this.#nextSeq}`);
    }
  }

  /** Is this the seq that comes next? Behind and in a thinned-out segment: any later one. */
  #follows(firstSeq: number): boolean {
    if (this.#nextSeq === null || firstSeq === this.#nextSeq) return true;
    return this.#isThinned && firstSeq > this.#nextSeq;
  }

  #frame(): LogFrame | null {
    const open = this.#open as OpenSegment; // `next` opened it.
    if (!this.#fill(FRAME_HEAD_BYTES)) return this.#end("its head is cut short");
    let at = this.#offset - this.#bufferAt;
    let view = new DataView(this.#buffer.buffer, at, FRAME_HEAD_BYTES);
    const length = view.getUint32(0, true);
    if (length < PAYLOAD_HEAD_BYTES || length % 8 !== 0 || length > FRAME_BYTES_MAX) {
      return this.#end(`its length is ${length}`);
    }
    if (!this.#fill(FRAME_HEAD_BYTES + length)) return this.#end(`it says ${length} bytes, fewer follow`);
    at = this.#offset - this.#bufferAt;
    view = new DataView(this.#buffer.buffer, at, FRAME_HEAD_BYTES);
    const payload = this.#buffer.subarray(at + FRAME_HEAD_BYTES, at + FRAME_HEAD_BYTES + length);
    if (crc32c(payload) !== view.getUint32(4, true)) return this.#end("its checksum is wrong");
    const { firstSeq, events } = payloadHead(payload);
    const offset = this.#offset;
    if (!this.#follows(firstSeq)) {
      throw new LogCorruptError({ file: open.file, offset }, `first seq ${firstSeq}`, `first seq ${this.#nextSeq}`);
    }
    this.#nextSeq = firstSeq + events;
    this.#offset += FRAME_HEAD_BYTES + length;
    return { payload, firstSeq, events, file: open.file, offset };
  }

  /** No whole frame here: the end, writes that a power cut left unfinished or out of order, or damage. */
  #end(why: string): null {
    const open = this.#open as OpenSegment; // `#frame` ran on it.
    const { file, size } = open;
    const offset = this.#offset;
    if (offset === size) return null;
    if (this.#hasLaterSegment() || this.#wasFlushed(open, offset)) {
      throw new LogCorruptError(
        { file, offset },
        `a frame that is not whole (${why})`,
        "a frame with a right checksum",
      );
    }
    this.torn = { file, offset, byteLength: size - offset, why };
    return null;
  }

  /**
   * Does a whole frame behind this place say that the place once survived a power cut? Then what stands here is damage.
   * Else nothing from here on was ever acknowledged: the disk kept a later write and lost an earlier one.
   */
  #wasFlushed(open: OpenSegment, place: number): boolean {
    const rest = new Uint8Array(Math.max(0, open.size - place));
    const byteLength = open.source.read(rest, place);
    const view = new DataView(rest.buffer);
    // Frames begin at multiples of 8.
    for (let at = 8; at + FRAME_HEAD_BYTES + PAYLOAD_HEAD_BYTES <= byteLength; at += 8) {
      const length = view.getUint32(at, true);
      const end = at + FRAME_HEAD_BYTES + length;
      if (length < PAYLOAD_HEAD_BYTES || length % 8 !== 0 || end > byteLength) continue;
      const firstSeq = view.getFloat64(at + FRAME_HEAD_BYTES, true);
      if (!(firstSeq >= (this.#nextSeq ?? 0))) continue;
      const payload = rest.subarray(at + FRAME_HEAD_BYTES, end);
      if (crc32c(payload) !== view.getUint32(at + 4, true)) continue;
      if (saysFlushed(payload, open.segment, place)) return true;
      at = end - 8;
    }
    return false;
  }

  /** Are `byteLength` bytes from `#offset` on in the buffer? Reads more, also of a file that has grown meanwhile. */
  #fill(byteLength: number): boolean {
    const open = this.#open as OpenSegment; // Callers hold an open segment.
    if (this.#offset + byteLength <= this.#bufferAt + this.#buffered) return true;
    if (this.#offset + byteLength > open.size) open.size = open.source.size();
    if (this.#offset + byteLength > open.size) return false;
    const kept = this.#buffer.subarray(this.#offset - this.#bufferAt, this.#buffered);
    if (byteLength > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(byteLength, this.#buffer.length * 2));
      grown.set(kept);
      this.#buffer = grown;
    } else {
      this.#buffer.copyWithin(0, this.#offset - this.#bufferAt, this.#buffered);
    }
    this.#buffered = kept.length;
    this.#bufferAt = this.#offset;
    while (this.#buffered < byteLength) {
      const got = open.source.read(this.#buffer.subarray(this.#buffered), this.#bufferAt + this.#buffered);
      if (got === 0) return false;
      this.#buffered += got;
    }
    return true;
  }

  #close(): void {
    this.#open?.source.close();
    this.#open = null;
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

function saysFlushed(payload: Uint8Array, segment: number, place: number): boolean {
  let isFlushed = false;
  decodeFrame(payload, () => {}, {
    bookkeeping(record) {
      if (record.type === "Flushed" && record.segment === segment && record.byteLength > place) isFlushed = true;
    },
  });
  return isFlushed;
}

/** The header of a segment; null where its first bytes are none. */
export function readSegmentHead(folder: string, segment: number): SegmentHead | null {
  const source = openSegment(folder, segment);
  try {
    const bytes = new Uint8Array(SEGMENT_HEAD_BYTES);
    source.read(bytes, 0);
    return decodeSegmentHead(bytes);
  } finally {
    source.close();
  }
}

/** True where the log no longer holds every event from the run's first on. */
export function isThinnedOut(folder: string): boolean {
  const first = listSegments(folder).at(0);
  return first !== undefined && (first > 1 || readSegmentHead(folder, first)?.isThinned === true);
}
