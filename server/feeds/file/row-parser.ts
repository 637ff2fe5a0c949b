/** What does this line of the file say? Sends it to the parser of its format, past header, blanks and repeats. */
import type { ContractBook } from "./contract-book.ts";
import type { FileHead } from "./detect-format.ts";
import { parseBarRow } from "./parse-bar-row.ts";
import { parseQuoteRow } from "./parse-quote-row.ts";
import { parseTradeRow } from "./parse-trade-row.ts";
import { RepeatedBlocks } from "./repeated-blocks.ts";
import type { RowBatch } from "./row-batch.ts";
import { RowFields } from "./row-fields.ts";
import type { RowGuard } from "./row-guard.ts";

export type RowReading = { readonly head: FileHead; readonly contracts: ContractBook; readonly guard: RowGuard };

/** Takes one line of the file into the batch; rows are numbered from 1 behind the header, blank lines left out. */
export class RowParser {
  readonly batch: RowBatch;
  readonly #fields: RowFields;
  readonly #head: FileHead;
  readonly #repeats: RepeatedBlocks | null;
  #isHeaderDue: boolean;
  /** Blank lines and the header so far: line − this is the row. */
  #linesWithoutRow = 0;

  constructor(reading: RowReading, batch: RowBatch) {
    const { head, contracts, guard } = reading;
    this.batch = batch;
    this.#head = head;
    this.#fields = new RowFields({ format: head.format, contracts, guard, contractText: head.contractText });
    this.#isHeaderDue = head.format.hasHeader;
    this.#repeats = head.format.mayRepeatBlocks
      ? new RepeatedBlocks(
          (bytes, from, to, line) => this.#parse(bytes, from, to, line),
          (_bytes, _from, _to, line) => rejectRepeat(guard, line),
        )
      : null;
  }

  take(bytes: Buffer, from: number, to: number, line: number): void {
    if (this.#isHeaderDue || from === to) {
      this.#isHeaderDue = false;
      this.#linesWithoutRow += 1;
      return;
    }
    const repeats = this.#repeats;
    if (repeats === null) {
      this.#parse(bytes, from, to, line);
      return;
    }
    repeats.push(bytes, { from, to, line, timeMs: this.#fields.peekTimeMs(bytes, from, to) });
  }

  /** After the last line. */
  finish(): void {
    this.#repeats?.flush();
  }

  #parse(bytes: Buffer, from: number, to: number, line: number): void {
    const fields = this.#fields;
    if (!fields.split(bytes, from, to, line)) return;
    const row = line - this.#linesWithoutRow;
    const { kind } = this.#head.format;
    if (kind === "trades") parseTradeRow(fields, this.batch, row);
    else if (kind === "quotes") parseQuoteRow(fields, this.batch, { row, intervalMs: this.#head.intervalMs });
    else parseBarRow(fields, this.batch, { row, intervalMs: this.#head.intervalMs });
  }
}

function rejectRepeat(guard: RowGuard, line: number): void {
  const expected = "each block of rows once (time steps back and the rows equal earlier ones)";
  guard.reject("duplicate", { line, field: "row", was: "part of a repeated block", expected });
}
