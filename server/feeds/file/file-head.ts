/** Can this file be replayed, as what, and from when? Read from its first rows, before anything is published. */
import { basename } from "node:path";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "#lib/units.ts";
import { ContractBook, contractTextInName } from "./contract-book.ts";
import { detectFormat, type FileFormat, type FileHead } from "./detect-format.ts";
import { FileFeedError } from "./file-feed-error.ts";
import { LineSplitter } from "./line-splitter.ts";
import { createTimeParser } from "./parse-time.ts";
import { readBytes, readFault } from "./read-bytes.ts";
import { assertWhole } from "./read-rows.ts";
import { createRowBatch } from "./row-batch.ts";
import { RowGuard } from "./row-guard.ts";
import { RowParser } from "./row-parser.ts";

/** Rows of the head that are tried before a file is accepted. */
const HEAD_ROWS = 1_000;
/**
 * Reads up to 1,000 rows. Throws FileFeedError for a file that is missing, empty, binary, cut off, of an unknown
 * format, without a contract, or of whose first rows none is good (with the first row's fault).
 * `contractOverride` (--contract) names the contract where no column does, and overrules the file's name.
 */
export async function readFileHead(file: string, contractOverride: string | null): Promise<FileHead> {
  const { lines, isOpenEnded } = await headLines(file);
  if (lines.length === 0) {
    throw new FileFeedError({ file, line: 0, field: "content", was: "an empty file", expected: "a header and rows" });
  }
  const format = detectFormat(file, lines[0]);
  const rows = (format.hasHeader ? lines.slice(1) : lines).filter((line) => line.length > 0);
  if (rows.length === 0) {
    throw new FileFeedError({
      file,
      line: 1,
      field: "rows",
      was: "none behind the header",
      expected: "at least one row",
    });
  }
  if (isOpenEnded) assertWhole({ file, line: lines.length }, format, lines[lines.length - 1]);
  const contractText = format.columns.contract >= 0 ? null : (contractOverride ?? contractTextInName(basename(file)));
  if (format.columns.contract < 0 && contractText === null) throw noContract(file, "no contract column and no name");
  const intervalMs = format.stamp === "instant" ? 0 : smallestStepMs(file, format, rows);
  const head: FileHead = { file, format, contractText, intervalMs };
  tryRows(head, lines);
  return head;
}

function noContract(file: string, was: string): FileFeedError {
  const expected = "a column contract, a file name like ESH4_… or ES 03-24.Last.txt, or --contract ESH24";
  return new FileFeedError({ file, line: 0, field: "contract", was, expected });
}

/** `isOpenEnded`: the head is the whole file, and its last line has no line end. */
async function headLines(file: string): Promise<{ lines: string[]; isOpenEnded: boolean }> {
  const lines: string[] = [];
  const splitter = new LineSplitter();
  const takeLines = (): void => {
    while (lines.length <= HEAD_ROWS && splitter.next()) {
      lines.push(splitter.bytes.toString("utf8", splitter.start, splitter.end));
    }
  };
  try {
    for await (const chunk of readBytes(file)) {
      splitter.feed(chunk);
      takeLines();
      // Enough rows, or a first chunk without a line end: no need to read on.
      if (lines.length > HEAD_ROWS || lines.length === 0) break;
    }
  } catch (error) {
    throw readFault(error, { file, line: splitter.line });
  }
  const ended = lines.length;
  splitter.finish();
  takeLines();
  return { lines, isOpenEnded: lines.length > ended && lines.length > 1 };
}

/** The smallest step forward between neighbouring rows of one contract: what one bar is long. */
function smallestStepMs(file: string, format: FileFormat, rows: readonly string[]): number {
  const parse = createTimeParser(format.timeFormat, format.zone);
  let smallestMs = Number.POSITIVE_INFINITY;
  let beforeMs = Number.NaN;
  let beforeContract = "";
  for (const row of rows) {
    const fields = row.split(format.delimiter);
    const text = Buffer.from(fields[format.columns.time] ?? "", "latin1");
    const timeMs = parse(text, 0, text.length);
    const contract = fields[format.columns.contract] ?? "";
    const stepMs = timeMs - beforeMs;
    if (contract === beforeContract && stepMs > 0 && stepMs < smallestMs) smallestMs = stepMs;
    beforeMs = timeMs;
    beforeContract = contract;
  }
  if (Number.isFinite(smallestMs)) return smallestMs;
  const expected = "at least two rows of one contract, a bar apart (they give the bars' interval)";
  throw new FileFeedError({ file, line: 0, field: "interval", was: "unknown", expected });
}

/** Parses the head without counting anything; throws where no row is good. */
function tryRows(head: FileHead, lines: readonly string[]): void {
  const guard = new RowGuard(head.file, null);
  const batch = createRowBatch(HEAD_ROWS + 1);
  const parser = new RowParser({ head, contracts: new ContractBook(), guard }, batch);
  lines.forEach((line, index) => {
    const bytes = Buffer.from(line, "utf8");
    parser.take(bytes, 0, bytes.length, index + 1);
  });
  parser.finish();
  if (batch.count > 0) return;
  const first = guard.firstFault;
  if (first === null) return;
  if (first.reason === "unknown-contract") throw noContract(head.file, `${first.fault.was} (${first.fault.expected})`);
  throw new FileFeedError(first.fault);
}

/** "1 min", "5 min", "1 h", "1 day", "15 s", "250 ms". */
export function intervalText(intervalMs: number): string {
  if (intervalMs % MS_PER_DAY === 0) return `${intervalMs / MS_PER_DAY} day`;
  if (intervalMs % MS_PER_HOUR === 0) return `${intervalMs / MS_PER_HOUR} h`;
  if (intervalMs % MS_PER_MINUTE === 0) return `${intervalMs / MS_PER_MINUTE} min`;
  return intervalMs % MS_PER_SECOND === 0 ? `${intervalMs / MS_PER_SECOND} s` : `${intervalMs} ms`;
}
