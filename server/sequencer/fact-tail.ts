/** Which facts came after this place? A handler with lasting effects reads them from the log, by its own cursor. */
import { decodeFrame } from "#lib/events/codec.ts";
import { SCAN_SLICE_MS } from "#lib/limits.ts";
import { compareCursors, type Fact, type FactCursor, ORDINAL_END } from "#lib/outputs/fact.ts";
import { factCursorAt, readFact } from "#lib/outputs/fact-codec.ts";
import { LogCursor } from "./log-cursor.ts";

export type FactQuery = {
  /** `DATA_DIR/runs/<runId>/log`. */
  folder: string;
  /** Facts behind this place; FACTS_BEGIN for a run's first, the last answer's cursor to go on. */
  after: FactCursor;
  /** Last seq whose facts are wanted: the flushed watermark, never more. */
  untilSeq: number;
  /** Facts of one answer at most. */
  max: number;
};

/**
 * `cursor`: behind the last fact of the answer; with `isCaughtUp`, behind everything up to `untilSeq`. It is what the
 * handler keeps, best in the transaction of its rows.
 */
export type FactAnswer = { facts: Fact[]; cursor: FactCursor; isCaughtUp: boolean };

/**
 * Reads facts in the order of (seq, ordinal), in slices of at most 5 ms (and one frame) with a turn of the event loop
 * between two; never runs the engine. It stays where it stopped: going on from its own cursor reads nothing twice.
 * Ask it one question at a time.
 */
export class FactTail {
  #cursor: LogCursor | null = null;
  #folder = "";
  /** What the last answer ended with; another `after` seeks anew. */
  #at: FactCursor = { seq: -1, ordinal: 0 };
  /** Read from the log, not yet asked for. */
  #pending: Fact[] = [];
  /** First seq of the newest batch met: the facts of everything before it are read. */
  #metSeq = 0;

  /** Throws LogCorruptError for a damaged log, CodecError for a fact of a later version. */
  async read(query: FactQuery): Promise<FactAnswer> {
    const cursor = this.#seek(query.folder, query.after);
    try {
      return this.#answer(query, await this.#fill(cursor, query));
    } catch (error) {
      // The frame is half read: the next question seeks anew.
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Reads until there is enough; true at the log's end. */
  async #fill(cursor: LogCursor, { after, untilSeq, max }: FactQuery): Promise<boolean> {
    let sliceEndMs = performance.now() + SCAN_SLICE_MS;
    while (this.#pending.length < max && this.#metSeq <= untilSeq) {
      if (!this.#step(cursor, after)) return true;
      if (performance.now() < sliceEndMs) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      sliceEndMs = performance.now() + SCAN_SLICE_MS;
    }
    return false;
  }

  #answer({ after, untilSeq, max }: FactQuery, isAtEnd: boolean): FactAnswer {
    const beyond = this.#pending.findIndex((fact) => fact.seq > untilSeq);
    const ready = beyond < 0 ? this.#pending.length : beyond;
    const facts = this.#pending.splice(0, Math.min(max, ready));
    const isCaughtUp = facts.length === ready && (isAtEnd || beyond >= 0 || this.#metSeq > untilSeq);
    const last = facts.at(-1);
    if (isCaughtUp && untilSeq >= after.seq) this.#at = { seq: untilSeq, ordinal: ORDINAL_END };
    else if (last !== undefined) this.#at = { seq: last.seq, ordinal: last.ordinal };
    return { facts, cursor: { ...this.#at }, isCaughtUp };
  }

  /** The open cursor where it stands right, else a new one at the segment that may hold the first fact. */
  #seek(folder: string, after: FactCursor): LogCursor {
    const isRight = folder === this.#folder && compareCursors(after, this.#at) === 0;
    if (this.#cursor !== null && isRight) return this.#cursor;
    this[Symbol.dispose]();
    this.#folder = folder;
    this.#at = { ...after };
    this.#cursor = new LogCursor(folder, { fromSeq: after.seq });
    return this.#cursor;
  }

  /** One frame; false at the log's end. */
  #step(cursor: LogCursor, after: FactCursor): boolean {
    const frame = cursor.next();
    if (frame === null) return false;
    // Facts stand in frames without events, behind their batch.
    if (frame.events > 0) {
      this.#metSeq = frame.firstSeq;
      return true;
    }
    decodeFrame(frame.payload, () => {}, {
      fact: (view, at) => {
        if (compareCursors(factCursorAt(view, at), after) > 0) this.#pending.push(readFact(view, at));
      },
    });
    return true;
  }

  /** Closes the file it reads. */
  [Symbol.dispose](): void {
    this.#cursor?.[Symbol.dispose]();
    this.#cursor = null;
    this.#pending = [];
    this.#metSeq = 0;
  }
}
