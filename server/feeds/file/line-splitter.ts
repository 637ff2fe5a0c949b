/** Where does each line begin and end? Lines of a stream of chunks, found in place, without making strings. */

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Usage: `feed(chunk)`, then `while (next())` read `bytes` from `start` to `end` (the line without its end);
 * after the last chunk `finish()` and `next()` once more give the line that has no end.
 */
export class LineSplitter {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Number of the current line from 1. */
  line = 0;
  #position = 0;
  #isLast = false;

  feed(chunk: Buffer): void {
    const rest = this.bytes.subarray(this.#position);
    this.bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#position = 0;
  }

  finish(): void {
    this.#isLast = true;
  }

  /** Bytes that wait for the end of their line. */
  get pendingBytes(): number {
    return this.bytes.length - this.#position;
  }

  next(): boolean {
    const { bytes } = this;
    let stop = bytes.indexOf(LINE_FEED, this.#position);
    if (stop < 0) {
      if (!this.#isLast || this.#position >= bytes.length) return false;
      stop = bytes.length;
    }
    this.start = this.#position;
    this.#position = Math.min(stop + 1, bytes.length);
    this.end = stop > this.start && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    this.line += 1;
    return true;
  }
}
