/** What must be known of a log before its first event is replayed? Poisoned seqs, the last fact, how it ended. */
import { decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping, Poisoned } from "#lib/events/codec-kinds.ts";
import { SCAN_SLICE_MS } from "#lib/limits.ts";
import { FACTS_BEGIN, type FactCursor } from "#lib/outputs/fact.ts";
import { factCursorAt } from "#lib/outputs/fact-codec.ts";
import { LogCursor, type LogFrame, type TornEnd } from "./log-cursor.ts";

/**
 * The last batch of events. Finished: something behind it says that the engine was through it. `trials` counts the
 * recoveries that began it as a whole; `suspectSeq` is the event at which one that took them one by one ended.
 */
export type LastBatch = {
  firstSeq: number;
  events: number;
  isFinished: boolean;
  trials: number;
  suspectSeq: number | null;
};

export type LogSurvey = {
  poisoned: Poisoned[];
  lastFact: FactCursor;
  lastBatch: LastBatch | null;
  torn: TornEnd | null;
  place: LogCursor["place"];
};

/**
 * Reads the frames that hold no events, from the segment of `fromSeq` on, in slices of at most 5 ms. Throws
 * LogCorruptError for damage anywhere but at the very end.
 */
export async function surveyLog(folder: string, options: { runId?: string; fromSeq?: number }): Promise<LogSurvey> {
  const steps = surveyFrames(folder, options);
  let sliceEndMs = performance.now() + SCAN_SLICE_MS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() < sliceEndMs) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    sliceEndMs = performance.now() + SCAN_SLICE_MS;
  }
}

/** One step a frame, for whoever has its own turns. */
export function* surveyFrames(
  folder: string,
  options: { runId?: string; fromSeq?: number },
): Generator<void, LogSurvey> {
  using cursor = new LogCursor(folder, options);
  const survey: LogSurvey = {
    poisoned: [],
    lastFact: { ...FACTS_BEGIN },
    lastBatch: null,
    torn: null,
    place: cursor.place,
  };
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    surveyFrame(survey, frame);
    yield;
  }
  survey.torn = cursor.torn;
  survey.place = cursor.place;
  return survey;
}

function surveyFrame(survey: LogSurvey, frame: LogFrame): void {
  const { firstSeq, events } = frame;
  if (events > 0) {
    survey.lastBatch = { firstSeq, events, isFinished: false, trials: 0, suspectSeq: null };
    return;
  }
  const { lastBatch } = survey;
  decodeFrame(frame.payload, () => {}, {
    fact(view, at) {
      survey.lastFact = factCursorAt(view, at);
      if (lastBatch !== null) lastBatch.isFinished = true;
    },
    bookkeeping: (record) => noteRecord(survey, record),
  });
}

function noteRecord(survey: LogSurvey, record: Bookkeeping): void {
  const { lastBatch } = survey;
  if (record.type === "Poisoned") survey.poisoned.push(record);
  if (lastBatch === null) return;
  switch (record.type) {
    case "Poisoned":
      // With it set aside, the batch is another one.
      lastBatch.trials = 0;
      lastBatch.suspectSeq = null;
      break;
    case "Trying":
      if (record.isAlone) lastBatch.suspectSeq = record.seq;
      else lastBatch.trials += 1;
      break;
    case "Tried":
    case "DigestRecorded":
      lastBatch.isFinished = true;
      break;
    case "InstrumentRepeated":
    case "Flushed":
      break;
  }
}
