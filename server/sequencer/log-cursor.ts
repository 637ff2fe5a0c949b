/** Which frames stand in a log, one after the other, and where does the good part end? */
import { decodeFrame, payloadHead } from "#lib/events/codec.ts";
import { FRAME_HEAD_BYTES, PAYLOAD_HEAD_BYTES } from "#lib/events/codec-frame.ts";
import { FRAME_BYTES_MAX } from "#lib/limits.ts";
import { frameChecksum } from "./frame-checksum.ts";
import {
  decodeSegmentHead,
  LogCorruptError,
  listSegments,
  SEGMENT_HEAD_BYTES,
  type SegmentHead,
} from "./log-segment.ts";
import { openSegment, type SegmentSource } from "./segment-source.ts";

const CHUNK_BYTES = 1 << 20;
/** As much as the writer makes room at a time. */
const ZEROS = Buffer.alloc(65_536);

/** A frame whose checksum held, valid until the next call: a cursor has one and fills it again. */
export type LogFrame = Readonly<CursorFrame>;

/** The end of the last segment that is no whole frame: a write that did not finish. */
export type TornEnd = { file: string; offset: number; byteLength: number; why: string };

type OpenSegment = { source: SegmentSource; file: string; segment: number; size: number };

class CursorFrame {
  firstSeq = 0;
  events = 0;
  file = "";
  offset = 0;
  /** Of its payload. */
  byteLength = 0;
  buffer = new Uint8Array();
  payloadAt = 0;

  /** A view of the cursor's buffer, made when asked for: it costs as much as a small frame's checksum. */
  get payload(): Uint8Array {
    return this.buffer.subarray(this.payloadAt, this.payloadAt + this.byteLength);
  }
}

/** Reads frames in order with bounded memory. It may stand at the end of a growing log and be asked again. */
export class LogCursor {
  readonly #folder: string;
  #segments: number[];
  #index = 0;
  #open: OpenSegment | null = null;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #view = new DataView(this.#buffer.buffer);
  /** The buffer holds the file's bytes from `#bufferAt`, `#buffered` of them. */
  #bufferAt = 0;
  #buffered = 0;
  #offset = 0;
  /** Was the buffer's rest read anew? The log grows within its room of zeros without getting longer. */
  #isFresh = false;
  readonly #current = new CursorFrame();
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
    this.#isFresh = false;
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
    const length = this.#view.getUint32(this.#offset - this.#bufferAt, true);
    if (length < PAYLOAD_HEAD_BYTES || length % 8 !== 0 || length > FRAME_BYTES_MAX) {
      return this.#end(`its length is ${length}`);
    }
    if (!this.#fill(FRAME_HEAD_BYTES + length)) return this.#end(`it says ${length} bytes, fewer follow`);
    const offset = this.#offset;
    const at = offset - this.#bufferAt;
    const payloadAt = at + FRAME_HEAD_BYTES;
    const sum = frameChecksum(this.#buffer, this.#view, payloadAt, length);
    if (sum !== this.#view.getUint32(at + 4, true)) return this.#end("its checksum is wrong");
    const { firstSeq, events } = payloadHead(this.#view, payloadAt);
    if (!this.#follows(firstSeq)) {
      throw new LogCorruptError({ file: open.file, offset }, `first seq ${firstSeq}`, `first seq ${this.#nextSeq}`);
    }
    this.#nextSeq = firstSeq + events;
    this.#offset += FRAME_HEAD_BYTES + length;
    const frame = this.#current;
    frame.firstSeq = firstSeq;
    frame.events = events;
    frame.file = open.file;
    frame.offset = offset;
    frame.byteLength = length;
    frame.buffer = this.#buffer;
    frame.payloadAt = payloadAt;
    return frame;
  }

  /** No whole frame here: the end, writes that a power cut left unfinished or out of order, or damage. */
  #end(why: string): LogFrame | null {
    if (!this.#isFresh) {
      this.#isFresh = true;
      this.#buffered = Math.min(this.#buffered, this.#offset - this.#bufferAt);
      return this.#frame();
    }
    const open = this.#open as OpenSegment; // `#frame` ran on it.
    const { file } = open;
    const offset = this.#offset;
    const isLast = !this.#hasLaterSegment();
    // Asked again: before a segment is followed by another, the room behind its end is cut off.
    const size = open.source.size();
    open.size = size;
    if (offset === size || (isLast && this.#isRoom(open))) return null;
    if (!isLast || this.#wasFlushed(open, offset)) {
      throw new LogCorruptError(
        { file, offset },
        `a frame that is not whole (${why})`,
        "a frame with a right checksum",
      );
    }
    this.torn = { file, offset, byteLength: size - offset, why };
    return null;
  }

  /** Nothing but zeros from here on: the writer's room, or what a power cut left of a longer file. */
  #isRoom({ source, size }: OpenSegment): boolean {
    const chunk = new Uint8Array(Math.min(ZEROS.length, size - this.#offset));
    let at = this.#offset;
    while (at < size) {
      const byteLength = source.read(chunk, at);
      if (byteLength === 0 || ZEROS.compare(chunk, 0, byteLength, 0, byteLength) !== 0) break;
      at += byteLength;
    }
    return at >= size;
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
      const sum = frameChecksum(rest, view, at + FRAME_HEAD_BYTES, length);
      if (sum !== view.getUint32(at + 4, true)) continue;
      if (saysFlushed(rest.subarray(at + FRAME_HEAD_BYTES, end), open.segment, place)) return true;
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
      this.#view = new DataView(grown.buffer);
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
