/** Is this stretch of rows one that the file has already had? NinjaTrader exports can hold a block twice. */
import { REPEAT_ROWS_MAX } from "#lib/limits.ts";

/** A single equal row may be a second trade of the same instant; two in a row behind a step back are a copy. */
const REPEAT_ROWS_MIN = 2;
const NO_JUMP = -1;

export type LineListener = (bytes: Buffer, from: number, to: number, line: number) => void;

/**
 * Rows go in by `push`, and come out through `pass`, in order, except blocks that begin with a step back in time and
 * then equal, row by row, rows that came before, up to the row at which the time stepped back or until time goes on.
 * Those are reported to `drop`. Rows of a candidate are held until it is decided. It looks back REPEAT_ROWS_MAX rows:
 * an older copy is not recognised and its rows fall to the time rule.
 */
export class RepeatedBlocks {
  readonly #pass: LineListener;
  readonly #drop: LineListener;
  readonly #hashes = new Float64Array(REPEAT_ROWS_MAX);
  /** Rows ever passed; row n lies at n % REPEAT_ROWS_MAX. */
  #passed = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** Count of passed rows when time stepped back; NO_JUMP when nothing is held. */
  #jumpAt = NO_JUMP;
  /** For each reading of the held rows as a copy: the number of the row that the next one must equal. */
  #expected: number[] = [];
  #held: { bytes: Buffer; line: number; hash: number; timeMs: number }[] = [];

  constructor(pass: LineListener, drop: LineListener) {
    this.#pass = pass;
    this.#drop = drop;
  }

  push(bytes: Buffer, row: { from: number; to: number; line: number; timeMs: number }): void {
    const hash = hashOf(bytes, row.from, row.to);
    if (this.#jumpAt !== NO_JUMP) this.#decide(hash, row.timeMs);
    if (this.#jumpAt === NO_JUMP && row.timeMs < this.#newestMs) this.#beginAt(hash);
    if (this.#jumpAt === NO_JUMP) {
      this.#note(hash, row.timeMs);
      this.#pass(bytes, row.from, row.to, row.line);
      return;
    }
    this.#held.push({ bytes: Buffer.from(bytes.subarray(row.from, row.to)), line: row.line, hash, timeMs: row.timeMs });
  }

  /** At the end of the file: what is held is a copy if it is long enough. */
  flush(): void {
    if (this.#jumpAt !== NO_JUMP) this.#end(this.#held.length >= REPEAT_ROWS_MIN);
  }

  /** Time stepped back: every earlier row that equals this one may be the start of what is repeated. */
  #beginAt(hash: number): void {
    const oldest = Math.max(0, this.#passed - REPEAT_ROWS_MAX);
    this.#expected = [];
    for (let number = oldest; number < this.#passed; number += 1) {
      if (this.#hashes[number % REPEAT_ROWS_MAX] === hash) this.#expected.push(number + 1);
    }
    if (this.#expected.length > 0) this.#jumpAt = this.#passed;
  }

  /** Does the next row still follow the copy? If not, either the copy is complete or it never was one. */
  #decide(hash: number, timeMs: number): void {
    const isComplete = this.#expected.includes(this.#jumpAt) && this.#held.length >= REPEAT_ROWS_MIN;
    if (isComplete) {
      this.#end(true);
      return;
    }
    const follow = this.#expected.filter(
      (number) => number < this.#jumpAt && this.#hashes[number % REPEAT_ROWS_MAX] === hash,
    );
    if (follow.length > 0) {
      this.#expected = follow.map((number) => number + 1);
      return;
    }
    this.#end(timeMs >= this.#newestMs && this.#held.length >= REPEAT_ROWS_MIN);
  }

  #end(isCopy: boolean): void {
    const held = this.#held;
    this.#held = [];
    this.#expected = [];
    this.#jumpAt = NO_JUMP;
    for (const row of held) {
      if (!isCopy) this.#note(row.hash, row.timeMs);
      (isCopy ? this.#drop : this.#pass)(row.bytes, 0, row.bytes.length, row.line);
    }
  }

  #note(hash: number, timeMs: number): void {
    this.#hashes[this.#passed % REPEAT_ROWS_MAX] = hash;
    this.#passed += 1;
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
  }
}

/** 52 bits over the row's bytes, from two FNV-1a chains: among 65,536 rows a chance hit is one in 10^11. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = from; at < to; at += 1) {
    low = Math.imul(low ^ bytes[at], 0x01000193);
    high = Math.imul(high ^ bytes[at], 0x5bd1e995);
  }
  return (high >>> 12) * 4_294_967_296 + (low >>> 0);
}
