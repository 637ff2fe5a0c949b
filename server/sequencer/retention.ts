/** What may a log forget? Market records, old or too many; never ledger records, facts, or what is needed. */
import { appendBookkeeping, appendEvent, decodeFrame } from "#lib/events/codec.ts";
import { beginFrame, createFrameWriter, type FrameWriter } from "#lib/events/codec-frame.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import { type InputEvent, isMarketRecord } from "#lib/events/event.ts";
import { SEGMENT_BLOCK_BYTES } from "#lib/limits.ts";
import { copyFact } from "#lib/outputs/fact-codec.ts";
import { MS_PER_DAY } from "#lib/units.ts";
import { replaceSegment } from "./compress.ts";
import { LogCursor, type LogFrame, readSegmentHead } from "./log-cursor.ts";
import { sealFrame } from "./log-frame.ts";
import { encodeSegmentHead, LogCorruptError } from "./log-segment.ts";
import type { SegmentSpan } from "./segment-spans.ts";

export type RetainLimits = {
  /** Market records older than this may go … */
  days: number;
  /** … and the oldest while this many bytes on disk are too many. */
  bytesOver: number;
  /** What recovery, a handler or a screen still reads: nothing of this seq or behind it goes. */
  keepFromSeq: number;
  /** When the run ended; null: its last segment is still written. */
  endedMs: number | null;
  /** Wall time. */
  nowMs: number;
};

/**
 * The segments whose market records may go, oldest first: closed, wholly before `keepFromSeq`, not thinned out yet,
 * and old or beyond the room; and how many bytes are then still too many. Thinning one is taken to free all of it.
 */
export function segmentsToThin(
  spans: readonly SegmentSpan[],
  { days, bytesOver, keepFromSeq, endedMs, nowMs }: RetainLimits,
): { segments: number[]; bytesOver: number } {
  const segments: number[] = [];
  let over = bytesOver;
  const closed = endedMs === null ? spans.length - 1 : spans.length;
  for (let index = 0; index < closed; index += 1) {
    const span = spans[index];
    const behindSeq = index + 1 < spans.length ? spans[index + 1].firstSeq : 0;
    if (behindSeq === null || behindSeq > keepFromSeq) break;
    if (span.isThinned) continue;
    const later = spans.slice(index + 1).find(({ firstMs }) => firstMs !== null);
    const endMs = later?.firstMs ?? endedMs ?? nowMs;
    if (endMs >= nowMs - days * MS_PER_DAY && over <= 0) break;
    segments.push(span.segment);
    over -= span.byteLength;
  }
  return { segments, bytesOver: over };
}

/** Takes a closed segment's market records out of it: what is left is compressed. Throws LogCorruptError. */
export async function thinSegment(folder: string, segment: number): Promise<void> {
  await replaceSegment(folder, segment, inBlocks(thinned(folder, segment)));
}

/** The bytes of the thinned segment, frame after frame. Frames have seqs without gaps; between two there may be one. */
function* thinned(folder: string, segment: number): Generator<Uint8Array> {
  const head = readSegmentHead(folder, segment);
  if (head === null)
    throw new LogCorruptError({ file: folder, offset: 0 }, `segment ${segment} without a header`, "one");
  yield encodeSegmentHead({ ...head, isThinned: true });
  using cursor = new LogCursor(folder, { segment });
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    if (cursor.place.segment !== segment) return;
    yield* thinFrame(frame);
  }
}

function* thinFrame({ payload, firstSeq, events }: LogFrame): Generator<Uint8Array> {
  const kept: InputEvent[] = [];
  const rest = createFrameWriter(Math.min(payload.length, SEGMENT_BLOCK_BYTES) + 64);
  beginFrame(rest, firstSeq + events);
  const keep = (event: InputEvent): void => {
    if (!isMarketRecord(event)) kept.push(event);
  };
  decodeFrame(payload, keep, {
    fact: (view, at) => copyFact(rest, view, at),
    bookkeeping: (record) => {
      if (isKept(record)) appendBookkeeping(rest, record);
    },
  });
  yield* sealedRuns(kept);
  if (rest.records > 0) yield sealFrame(rest).slice();
}

/** The digest of a state that cannot be rebuilt any more, and marks of a batch long finished, say nothing. */
function isKept(record: Bookkeeping): boolean {
  return record.type === "InstrumentRepeated" || record.type === "Poisoned";
}

function* sealedRuns(events: readonly InputEvent[]): Generator<Uint8Array> {
  let writer: FrameWriter | null = null;
  for (const event of events) {
    if (writer !== null && event.seq !== writer.firstSeq + writer.events) {
      yield sealFrame(writer).slice();
      writer = null;
    }
    if (writer === null) {
      writer = createFrameWriter(4_096);
      beginFrame(writer, event.seq);
    }
    appendEvent(writer, event);
  }
  if (writer !== null) yield sealFrame(writer).slice();
}

/** Gathers small pieces into blocks worth compressing, with a turn of the event loop now and then. */
async function* inBlocks(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let turnMs = performance.now();
  for (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes >= SEGMENT_BLOCK_BYTES) {
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
    if (performance.now() - turnMs < 5) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    turnMs = performance.now();
  }
  if (bytes > 0) yield Buffer.concat(held);
}
