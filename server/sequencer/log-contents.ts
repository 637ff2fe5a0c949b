/** What stands in a log, record by record, events and facts and the log's own, in the order in which it was written? */
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { readFact } from "#lib/outputs/fact-codec.ts";
import { LogCursor, type TornEnd } from "./log-cursor.ts";

export type ContentVisitor = {
  /** NOTE: trades and quotes are one object each, filled again: copy what you keep. Poisoned ones are shown too. */
  event?: (event: InputEvent) => void;
  fact?: (fact: Fact) => void;
  bookkeeping?: (record: Bookkeeping) => void;
  frame?: (place: { file: string; offset: number; firstSeq: number; events: number }) => void;
};

/** Goes through a log's folder in one go, as it is now. Throws LogCorruptError; says how it ends. */
export function readContents(
  folder: string,
  visitor: ContentVisitor,
  range: { fromSeq?: number; toSeq?: number } = {},
): { torn: TornEnd | null } {
  const { fromSeq = 0, toSeq = Number.POSITIVE_INFINITY } = range;
  using cursor = new LogCursor(folder, { fromSeq });
  const options = {
    scratch: createDecodeScratch(),
    fact(view: DataView, at: number): void {
      const fact = readFact(view, at);
      if (fact.seq >= fromSeq && fact.seq <= toSeq) visitor.fact?.(fact);
    },
    bookkeeping: (record: Bookkeeping): void => visitor.bookkeeping?.(record),
  };
  const event = (one: InputEvent): void => {
    if (one.seq >= fromSeq && one.seq <= toSeq) visitor.event?.(one);
  };
  // Facts stand behind their batch; the next batch begins with the seq behind.
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    if (frame.events > 0 && frame.firstSeq > toSeq) break;
    visitor.frame?.(frame);
    const isBefore = frame.events > 0 && frame.firstSeq + frame.events <= fromSeq;
    if (!isBefore) decodeFrame(frame.payload, event, options);
  }
  return { torn: cursor.torn };
}
