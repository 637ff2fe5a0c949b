/** What does an uploaded file tell, whatever it is: a vendor's table, the incumbent's JSON, or our own export? */
import type { Fill } from "#lib/account/fill.ts";
import { detectFormat } from "#lib/imports/detect-format.ts";
import { recordsIn } from "#lib/imports/export-table.ts";
import { everythingIn, FILL_TABLE } from "#lib/imports/export-tables.ts";
import { type Mapping, mappedFormat } from "#lib/imports/formats/mapped-csv.ts";
import type { ImportFormat } from "#lib/imports/import-format.ts";
import type { RowConflict, RowError } from "#lib/imports/import-record.ts";
import { incumbentRows, readIncumbent } from "#lib/imports/incumbent.ts";
import { readTable, type Table } from "#lib/imports/read-table.ts";
import { wallZone } from "#lib/imports/wall-zone.ts";
import type { ImportAnswers, ImportQuestion } from "#lib/wire/imports.ts";
import { CodedError } from "#server/errors.ts";
import { readCsv } from "./read-csv.ts";

/** A fill and the row that told it, where there are rows. */
export type MaybeRow = Fill & { row: number | null };

export type FileReading = {
  /** Null: none that we know. */
  format: string | null;
  reasons: readonly string[];
  /** The header, where it must be mapped. */
  columns: readonly string[];
  needs: readonly ImportQuestion[];
  clock: string | null;
  dateOrder: string | null;
  timeStepMs: number;
  fills: readonly MaybeRow[];
  rowErrors: readonly RowError[];
  conflicts: readonly RowConflict[];
  skipped: number;
};

type File = { bytes: Uint8Array; answers: ImportAnswers; nowMs: number };

const NOTHING: FileReading = {
  format: null,
  reasons: [],
  columns: [],
  needs: [],
  clock: null,
  dateOrder: null,
  timeStepMs: 1,
  fills: [],
  rowErrors: [],
  conflicts: [],
  skipped: 0,
};

/** Throws CodedError TOO_LARGE and BAD_SHAPE. */
export function readFile(file: File): FileReading {
  if (isJson(file.bytes)) return readJson(file);
  const { rows } = readCsv(file.bytes);
  const own = recordsIn(FILL_TABLE, rows);
  if (own !== null) return ownFills(own.records, own.rowErrors);
  return readVendor(rows, file);
}

/** Begins with a brace or a bracket, behind blanks and a byte order mark. */
function isJson(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 100)).trimStart();
  return head.startsWith("{") || head.startsWith("[");
}

function readJson({ bytes, answers }: File): FileReading {
  const json = jsonIn(bytes);
  const rows = incumbentRows(json);
  if (rows !== null) {
    const { fills, rowErrors, conflicts, skipped } = readIncumbent(rows, answers.contractMode);
    const days = rows.days.length === 0 ? [] : [`${rows.days.length} days of its journal are not taken over yet`];
    const clock = "America/New_York, as the incumbent writes";
    const found = { fills, rowErrors, conflicts, skipped: skipped.length, clock, timeStepMs: 1_000 };
    return { ...NOTHING, format: "The incumbent's JSON", reasons: days, ...found };
  }
  const own = everythingIn(json);
  if (!("refused" in own)) return ownFills(own.fills, []);
  throw new CodedError("BAD_SHAPE", {
    field: "file",
    expected: "an export of ours or of the incumbent",
    received: own.refused,
  });
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const received = error instanceof Error ? error.message : String(error);
    throw new CodedError("BAD_SHAPE", { field: "file", expected: "well-formed JSON in UTF-8", received });
  }
}

function ownFills(fills: readonly Fill[], rowErrors: readonly RowError[]): FileReading {
  const told = fills.map((fill) => ({ ...fill, row: null }));
  return { ...NOTHING, format: "Rightseat fills", clock: "UTC, as we export", fills: told, rowErrors };
}

function readVendor(table: Table, { answers, nowMs }: File): FileReading {
  const chosen = formatOf(table, answers);
  const { format, headerAt, reasons } = chosen;
  const columns = [...(table[headerAt] ?? [])];
  if (format === null) return { ...NOTHING, reasons, columns, needs: ["mapping"] };
  const { zone, dateOrder, decimalMark, account } = answers;
  const said = { zone: zone === null ? null : zoneNamed(zone), dateOrder, decimalMark, account };
  const read = readTable({ table, format, headerAt, answers: said, nowMs });
  if (read.status === "needs") return { ...NOTHING, format: format.name, reasons, needs: read.needs };
  const { timeZone, fills, rowErrors, conflicts, skipped, timeStepMs } = read;
  const clock = timeZone.kind === "proven" ? `proven by ${timeZone.by}` : `${timeZone.zone}, as you said`;
  const found = { fills, rowErrors, conflicts, skipped: skipped.length, timeStepMs };
  return { ...NOTHING, format: format.name, reasons, clock, dateOrder: read.dateOrder, ...found };
}

type Chosen = { format: ImportFormat | null; headerAt: number; reasons: readonly string[] };

/** A mapping goes before what the header says. */
function formatOf(table: Table, { mapping }: ImportAnswers): Chosen {
  const detection = detectFormat(table);
  const { headerAt, reasons } = detection;
  // Safe: JSON has no undefined, so a column is named or not there.
  if (mapping !== null) return { format: mappedFormat(mapping as Mapping), headerAt, reasons: ["mapped by you"] };
  return { format: detection.status === "known" ? detection.format : null, headerAt, reasons };
}

function zoneNamed(name: string) {
  const zone = wallZone(name);
  if (zone !== null) return zone;
  throw new CodedError("BAD_SHAPE", {
    field: "answers.zone",
    expected: "one of the listed zones, or UTC+05:30",
    received: name,
  });
}
