/** Which seqs and which time does each segment of a log hold? From its first bytes, without reading it. */
import fs from "node:fs";
import { FRAME_HEAD_BYTES, PAYLOAD_HEAD_BYTES } from "#lib/events/codec-frame.ts";
import { decodeSegmentHead, listSegments, SEGMENT_HEAD_BYTES } from "./log-segment.ts";
import { openSegment, type SegmentSource, segmentPlace } from "./segment-source.ts";

export type SegmentSpan = {
  segment: number;
  file: string;
  /** On disk. */
  byteLength: number;
  /** As written. */
  plainBytes: number;
  isCompressed: boolean;
  isThinned: boolean;
  /** Null where the header is damaged. */
  firstSeq: number | null;
  /** Wall time of its first event; null where it holds none. */
  firstMs: number | null;
};

/** Frames without events at a segment's beginning that are passed over in the search for its first event. */
const FRAMES_MAX = 64;

/** The segments of a log, oldest first. Throws LogCorruptError for a missing one. */
export function segmentSpans(folder: string): SegmentSpan[] {
  return listSegments(folder).map((segment) => segmentSpan(folder, segment));
}

/** One that is there. */
export function segmentSpan(folder: string, segment: number): SegmentSpan {
  const { file, isCompressed } = segmentPlace(folder, segment);
  const source = openSegment(folder, segment);
  try {
    const bytes = new Uint8Array(SEGMENT_HEAD_BYTES);
    source.read(bytes, 0);
    const head = decodeSegmentHead(bytes);
    return {
      segment,
      file,
      byteLength: fs.statSync(file).size,
      plainBytes: source.size(),
      isCompressed,
      isThinned: head?.isThinned ?? false,
      firstSeq: head?.firstSeq ?? null,
      firstMs: firstEventMs(source),
    };
  } finally {
    source.close();
  }
}

function firstEventMs(source: SegmentSource): number | null {
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + PAYLOAD_HEAD_BYTES + 24);
  const view = new DataView(bytes.buffer);
  let at = SEGMENT_HEAD_BYTES;
  for (let frame = 0; frame < FRAMES_MAX && source.read(bytes, at) === bytes.length; frame += 1) {
    const events = view.getUint32(FRAME_HEAD_BYTES + 8, true);
    // The first record of a frame with events is one, and every record has its clocks at the same place.
    if (events > 0) return view.getFloat64(FRAME_HEAD_BYTES + PAYLOAD_HEAD_BYTES + 16, true);
    at += FRAME_HEAD_BYTES + view.getUint32(0, true);
  }
  return null;
}
