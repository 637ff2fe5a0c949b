/** Which rows of cells does an uploaded text file hold? Encoding and delimiter by its own bytes, within the limits. */

import { CsvError, parse } from "csv-parse/sync";
import {
  IMPORT_FILE_BYTES_MAX,
  IMPORT_ROW_CHARS_MAX,
  IMPORT_ROWS_MAX,
  IMPORT_UNPACKED_BYTES_MAX,
} from "#lib/limits.ts";
import { CodedError } from "#server/errors.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
type Delimiter = "," | ";" | "\t" | "|";

export type CsvFile = {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** Every row from the first on, empty ones too, so that an index + 1 is a spreadsheet's row. */
  readonly rows: readonly (readonly string[])[];
};

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];

/**
 * Reads CSV as Windows, Excel and brokers write it: with or without BOM, UTF-8, UTF-16 or Windows-1252, CRLF, LF or
 * CR, quoted cells, rows of any length. `unpacked` says that the bytes came out of an archive.
 * Throws TOO_LARGE past the limits and BAD_SHAPE where a quote stays open or the file is no text.
 */
export function readCsv(bytes: Uint8Array, { unpacked = false }: { readonly unpacked?: boolean } = {}): CsvFile {
  const bytesMax = unpacked ? IMPORT_UNPACKED_BYTES_MAX : IMPORT_FILE_BYTES_MAX;
  if (bytes.length > bytesMax) {
    throw new CodedError("TOO_LARGE", { message: `The file has ${bytes.length} bytes; ${bytesMax} are taken.` });
  }
  const { encoding, text } = decoded(bytes);
  if (text.includes("\0")) throw noText("a zero character");
  const delimiter = delimiterOf(text);
  const rows = parsed(text, delimiter);
  if (rows.length > IMPORT_ROWS_MAX + 1) {
    throw new CodedError("TOO_LARGE", { message: `The file has more than ${IMPORT_ROWS_MAX} rows.` });
  }
  return { encoding, delimiter, rows };
}

function parsed(text: string, delimiter: Delimiter): string[][] {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: IMPORT_ROW_CHARS_MAX,
      to: IMPORT_ROWS_MAX + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw noText(error.message);
  }
}

/** The text behind the byte order mark; without one UTF-8 where the bytes are, else what Windows writes. */
function decoded(bytes: Uint8Array): { encoding: Encoding; text: string } {
  const encoding = encodingOf(bytes);
  return { encoding, text: new TextDecoder(encoding).decode(bytes) };
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf-8";
  } catch {
    // Bytes that are no UTF-8: an answer, not a fault.
    return "windows-1252";
  }
}

/** The delimiter that stands most often in the first line that has one, outside quotes; a comma where none has. */
function delimiterOf(text: string): Delimiter {
  for (const line of text.slice(0, IMPORT_ROW_CHARS_MAX).split(/\r\n|\n|\r/)) {
    const bare = line.replace(/"[^"]*"/g, "");
    const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length - 1);
    const most = Math.max(...counts);
    if (most > 0) return DELIMITERS[counts.indexOf(most)];
  }
  return ",";
}

function noText(what: string): CodedError {
  return new CodedError("BAD_SHAPE", {
    message: `The file cannot be read as a table: ${what}.`,
    field: "file",
    expected: "a CSV or tab-separated text",
    received: what,
  });
}
