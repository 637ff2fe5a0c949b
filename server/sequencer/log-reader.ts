/** How is a log read: at one go, or in slices beside everything else? */
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { SCAN_SLICE_MS } from "#lib/limits.ts";
import { LogCursor, type TornEnd } from "./log-cursor.ts";
import { surveyFrames } from "./log-survey.ts";
import { Quarantine } from "./quarantine.ts";

/** NOTE: trades and quotes are one object each, filled again (see decodeFrame): copy what you keep. */
export type EventVisitor = (event: InputEvent) => void;

export type ReadOptions = {
  /** First seq shown; default: the log's first. */
  fromSeq?: number;
  /** Last seq shown; default: the log's last whole frame. */
  toSeq?: number;
  /** True: also the events that every replay skips because the engine broke at them. */
  withPoisoned?: boolean;
  bookkeeping?: (record: Bookkeeping) => void;
};

/** What was read: the last seq shown (0: none), how many events, and whether the log ends in an unfinished frame. */
export type ReadResult = { lastSeq: number; events: number; torn: TornEnd | null };

/** Shows every event of a log's folder in order, in one go. Throws LogCorruptError. */
export function readLog(folder: string, visit: EventVisitor, options: ReadOptions = {}): ReadResult {
  const steps = readFrames(folder, visit, options);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * The same in slices of at most 5 ms (and one frame), with a turn of the event loop between two. Reads only whole
 * frames: the log may grow meanwhile. Throws LogCorruptError; stops between slices when `signal` says so.
 */
export async function scanLog(
  folder: string,
  visit: EventVisitor,
  options: ReadOptions & { signal?: AbortSignal } = {},
): Promise<ReadResult> {
  const steps = readFrames(folder, visit, options);
  try {
    let sliceEndMs = performance.now() + SCAN_SLICE_MS;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      if (performance.now() < sliceEndMs) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
      sliceEndMs = performance.now() + SCAN_SLICE_MS;
    }
  } finally {
    steps.return({ lastSeq: 0, events: 0, torn: null });
  }
}

/** One step a frame. */
function* readFrames(folder: string, visit: EventVisitor, options: ReadOptions): Generator<void, ReadResult> {
  const { fromSeq = 0, toSeq = Number.POSITIVE_INFINITY, bookkeeping } = options;
  // A record that names a poison event stands anywhere behind it.
  const quarantine = new Quarantine(options.withPoisoned ? [] : (yield* surveyFrames(folder, { fromSeq })).poisoned);
  using cursor = new LogCursor(folder, { fromSeq });
  const result: ReadResult = { lastSeq: 0, events: 0, torn: null };
  const decodeOptions = { scratch: createDecodeScratch(), ...(bookkeeping === undefined ? {} : { bookkeeping }) };
  const visitInRange: EventVisitor = (event) => {
    if (event.seq < fromSeq || event.seq > toSeq || quarantine.has(event.seq)) return;
    result.lastSeq = event.seq;
    result.events += 1;
    visit(event);
  };
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    if (frame.firstSeq > toSeq) break;
    const isBefore = frame.events > 0 && frame.firstSeq + frame.events <= fromSeq;
    if (!isBefore) decodeFrame(frame.payload, visitInRange, decodeOptions);
    yield;
  }
  result.torn = cursor.torn;
  return result;
}
