/** Where are the fields of this row, and whose contract is it? What every row parser needs of a line. */
import type { Ticks } from "#lib/units.ts";
import { ticksFromPoints } from "#lib/units.ts";
import { type ContractBook, UNKNOWN_SLOT } from "./contract-book.ts";
import type { FileFormat } from "./detect-format.ts";
import { parseDecimal } from "./parse-decimal.ts";
import { createTimeParser, type TimeParser } from "./parse-time.ts";
import { CHANNEL, type Channel, type RowGuard } from "./row-guard.ts";

const SIZE_MAX = 4_294_967_295;
const FIELDS_MAX = 64;

/** The line that is being parsed, with what its file knows. Reused for every row. */
export class RowFields {
  bytes: Buffer = Buffer.alloc(0);
  line = 0;
  readonly format: FileFormat;
  readonly contracts: ContractBook;
  readonly guard: RowGuard;
  readonly #parseTime: TimeParser;
  readonly #delimiter: number;
  readonly #stops = new Int32Array(FIELDS_MAX + 1);
  /** Contract of every row, from the option or the file's name; null: the row's own column. */
  readonly #contractText: string | null;
  readonly #textBytes = Buffer.alloc(32);
  #textLength = -1;
  #text = "";
  /** The last answer, good up to the next change of text or hour. */
  #slot = UNKNOWN_SLOT;
  #slotHour = Number.NaN;
  #tickSize = 0;

  constructor(given: {
    format: FileFormat;
    contracts: ContractBook;
    guard: RowGuard;
    contractText: string | null;
  }) {
    this.format = given.format;
    this.contracts = given.contracts;
    this.guard = given.guard;
    this.#contractText = given.contractText;
    this.#parseTime = createTimeParser(given.format.timeFormat, given.format.zone);
    this.#delimiter = given.format.delimiter.charCodeAt(0);
    this.#text = given.contractText ?? "";
  }

  /** Splits the line; false (and counted) where the number of fields is wrong. */
  split(bytes: Buffer, from: number, to: number, line: number): boolean {
    this.bytes = bytes;
    this.line = line;
    const stops = this.#stops;
    let count = 0;
    stops[0] = from;
    for (let at = from; at < to; at += 1) {
      if (bytes[at] === this.#delimiter) {
        count += 1;
        if (count === FIELDS_MAX) break;
        stops[count] = at + 1;
      }
    }
    stops[count + 1] = to + 1;
    const wanted = this.format.names.length;
    if (count + 1 === wanted) return true;
    const expected = `${wanted}: ${this.format.names.join(this.format.delimiter)}`;
    this.guard.reject("malformed", { line, field: "number of fields", was: String(count + 1), expected });
    return false;
  }

  text(column: number): string {
    return this.bytes.toString("latin1", this.#stops[column], this.#stops[column + 1] - 1);
  }

  isEmpty(column: number): boolean {
    return this.#stops[column + 1] - 1 === this.#stops[column];
  }

  firstByte(column: number): number {
    return this.bytes[this.#stops[column]];
  }

  /** The row's time in epoch ms, or NaN (and counted). */
  timeMs(): number {
    const { time } = this.format.columns;
    const timeMs = this.#parseTime(this.bytes, this.#stops[time], this.#stops[time + 1] - 1);
    if (Number.isNaN(timeMs)) this.reject("malformed", time, `a time (${this.format.timeFormat})`);
    return timeMs;
  }

  /** The time without counting, for the search for repeated blocks: NaN where there is none. */
  peekTimeMs(bytes: Buffer, from: number, to: number): number {
    const stop = bytes.indexOf(this.#delimiter, from);
    return this.#parseTime(bytes, from, stop < 0 || stop > to ? to : stop);
  }

  /** The slot of the row's contract at its time, or UNKNOWN_SLOT (and counted). */
  slot(timeMs: number): number {
    const hour = Math.floor(timeMs / 3_600_000);
    if (this.#isSameText() && hour === this.#slotHour) {
      if (this.#slot === UNKNOWN_SLOT) this.#rejectContract(timeMs);
      return this.#slot;
    }
    this.#slot = this.contracts.slotOf(this.#text, timeMs);
    this.#slotHour = hour;
    if (this.#slot === UNKNOWN_SLOT) this.#rejectContract(timeMs);
    else this.#tickSize = this.contracts.tickSize(this.#slot, timeMs);
    return this.#slot;
  }

  /** Ticks of a price; null (and counted) where it is no number or off tick. Call `slot` first. */
  ticks(column: number): Ticks | null {
    const price = parseDecimal(this.bytes, this.#stops[column], this.#stops[column + 1] - 1);
    if (Number.isNaN(price)) {
      this.reject("not-a-number", column, "a price");
      return null;
    }
    const whole = ticksFromPoints(price, this.#tickSize);
    if (whole === null) this.reject("off-tick", column, `a multiple of ${this.#tickSize}`);
    return whole;
  }

  /** A count of contracts or trades; −1 (and counted) where it is none. */
  amount(column: number): number {
    const amount = parseDecimal(this.bytes, this.#stops[column], this.#stops[column + 1] - 1);
    if (amount >= 0 && amount <= SIZE_MAX && amount % 1 === 0) return amount;
    if (Number.isNaN(amount)) this.reject("not-a-number", column, "a whole number");
    else if (amount < 0) this.reject("negative-size", column, "0 or more");
    else this.reject("malformed", column, `a whole number up to ${SIZE_MAX}`);
    return -1;
  }

  /** False (and counted) where the row lies too far behind its channel. */
  isInOrder(slot: number, channel: Channel, timeMs: number): boolean {
    if (this.guard.isInOrder(slot, channel, timeMs)) return true;
    const behindMs = Math.round(this.guard.newestMs(slot, channel) - timeMs);
    const name = channel === CHANNEL.trades ? "trade" : channel === CHANNEL.quotes ? "quote" : "bar";
    const { symbol } = this.contracts.entries[slot];
    const expected = `no more than 2 s behind the newest ${name} of ${symbol} (it is ${behindMs} ms behind)`;
    this.reject("time-backwards", this.format.columns.time, expected);
    return false;
  }

  reject(reason: Parameters<RowGuard["reject"]>[0], column: number, expected: string): void {
    const was = this.isEmpty(column) ? "nothing" : this.text(column);
    this.guard.reject(reason, { line: this.line, field: this.format.names[column], was, expected });
  }

  #rejectContract(timeMs: number): void {
    const refused = this.contracts.refusal(this.#text, timeMs);
    const field = this.#contractText === null ? "contract" : "contract (--contract or the file's name)";
    const was = this.#text === "" ? "nothing" : this.#text;
    this.guard.reject("unknown-contract", { line: this.line, field, was, expected: `a known contract: ${refused}` });
  }

  /** Compares the contract column with the row before; takes the new text over. */
  #isSameText(): boolean {
    if (this.#contractText !== null) return true;
    const column = this.format.columns.contract;
    const from = this.#stops[column];
    const length = this.#stops[column + 1] - 1 - from;
    const known = this.#textBytes;
    if (length === this.#textLength) {
      let at = 0;
      while (at < length && known[at] === this.bytes[from + at]) at += 1;
      if (at === length) return true;
    }
    this.#text = this.bytes.toString("latin1", from, from + length);
    this.#textLength = length <= known.length ? this.bytes.copy(known, 0, from, from + length) : -1;
    return false;
  }
}
