/** Which rows does this file hold? Reads it chunk by chunk into one reused batch of columns. */
import type { FileFormat } from "./detect-format.ts";
import { FileFeedError } from "./file-feed-error.ts";
import { LineSplitter } from "./line-splitter.ts";
import { readBytes, readFault } from "./read-bytes.ts";
import { createRowBatch, type RowBatch } from "./row-batch.ts";
import { RowParser, type RowReading } from "./row-parser.ts";

export const BATCH_ROWS = 8_192;
/** No row of a known format is longer; a longer one means that the file is something else. */
const LINE_BYTES_MAX = 65_536;

/**
 * Yields all good rows of a file in its own order; a yielded batch is valid until the next one is asked for. Bad rows
 * go to the guard. Throws FileFeedError where the file breaks off: gzip cut or damaged, or a last row without its
 * line end and with fields missing.
 */
export async function* readRows(reading: RowReading): AsyncGenerator<RowBatch> {
  const { file } = reading.guard;
  const lines = new LineSplitter();
  const batch = createRowBatch(BATCH_ROWS);
  const parser = new RowParser(reading, batch);
  try {
    for await (const chunk of readBytes(file)) {
      lines.feed(chunk);
      while (lines.next()) {
        parser.take(lines.bytes, lines.start, lines.end, lines.line);
        if (batch.count >= BATCH_ROWS) {
          yield batch;
          batch.count = 0;
        }
      }
      if (lines.pendingBytes > LINE_BYTES_MAX) throw tooLong(file, lines.line + 1);
    }
  } catch (error) {
    throw readFault(error, { file, line: lines.line });
  }
  lines.finish();
  if (lines.next()) {
    const lastLine = lines.bytes.toString("latin1", lines.start, lines.end);
    if (lastLine.length > 0) assertWhole({ file, line: lines.line }, reading.head.format, lastLine);
    parser.take(lines.bytes, lines.start, lines.end, lines.line);
  }
  parser.finish();
  if (batch.count > 0) yield batch;
}

/** The last line, when nothing ends it, must at least have all its fields: else the file was cut off. */
export function assertWhole(place: { file: string; line: number }, format: FileFormat, lastLine: string): void {
  const fields = lastLine.split(format.delimiter).length;
  if (fields >= format.names.length) return;
  const was = `cut off after ${fields} of ${format.names.length} fields`;
  const expected = `a whole row: ${format.names.join(format.delimiter)}`;
  throw new FileFeedError({ ...place, field: "last row", was, expected });
}

function tooLong(file: string, line: number): FileFeedError {
  const was = `longer than ${LINE_BYTES_MAX} bytes`;
  return new FileFeedError({ file, line, field: "line", was, expected: "a text file with one row a line" });
}
