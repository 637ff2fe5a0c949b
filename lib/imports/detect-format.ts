/** Whose file is this? Told by its header, with how sure we are and why. */

import { columnKey, type ImportFormat } from "#lib/imports/import-format.ts";
import type { Table } from "#lib/imports/read-table.ts";
import { IMPORT_FORMATS } from "#lib/imports/registry.ts";
import { IMPORT_HEADER_ROWS_MAX } from "#lib/limits.ts";

export type Detection =
  | {
      readonly status: "known";
      readonly format: ImportFormat;
      /** Index of the header's row. */
      readonly headerAt: number;
      /** Share of the columns, of the file and of the published header together, that both have: 0 to 1. */
      readonly confidence: number;
      readonly reasons: readonly string[];
    }
  /** No format has all its columns here: the columns must be mapped by hand. */
  | { readonly status: "unknown"; readonly headerAt: number; readonly reasons: readonly string[] };

type Candidate = Extract<Detection, { status: "known" }>;

/** The likeliest format; of two equally likely ones neither, they are named. */
export function detectFormat(table: Table): Detection {
  const candidates = IMPORT_FORMATS.flatMap((format) => candidateOf(format, table));
  candidates.sort((a, b) => b.confidence - a.confidence);
  const [best, second] = candidates;
  if (best === undefined) {
    return { status: "unknown", headerAt: firstFilledRow(table), reasons: [nearestMiss(table)] };
  }
  if (second !== undefined && second.confidence === best.confidence) {
    const reasons = [`may be ${best.format.name} or ${second.format.name}`];
    return { status: "unknown", headerAt: best.headerAt, reasons };
  }
  return best;
}

function candidateOf(format: ImportFormat, table: Table): Candidate[] {
  const headerAt = headerOf(format, table);
  if (headerAt === null) return [];
  const here = keysOf(table[headerAt]);
  const published = keysOf(format.header);
  const shared = [...here].filter((key) => published.has(key));
  const strange = [...here].filter((key) => !published.has(key));
  const confidence = shared.length / (here.size + published.size - shared.length);
  const reasons = [
    `all ${format.required.length} needed columns of ${format.name} are there`,
    `${shared.length} of its ${published.size} columns`,
    ...(strange.length > 0 ? [`not known: ${strange.join(", ")}`] : []),
  ];
  return [{ status: "known", format, headerAt, confidence, reasons }];
}

/** The first row that has all needed columns, below the mark where the format has one and the file too. */
function headerOf(format: ImportFormat, table: Table): number | null {
  const needed = format.required.map(columnKey);
  const end = Math.min(table.length, IMPORT_HEADER_ROWS_MAX);
  for (let index = markedRow(format, table, end); index < end; index += 1) {
    const here = keysOf(table[index]);
    if (needed.every((key) => here.has(key))) return index;
  }
  return null;
}

function markedRow(format: ImportFormat, table: Table, end: number): number {
  if (format.below === undefined) return 0;
  const mark = columnKey(format.below);
  const at = table.slice(0, end).findIndex((cells) => columnKey(cells[0] ?? "") === mark);
  return at + 1;
}

function keysOf(cells: readonly string[]): Set<string> {
  return new Set(cells.map(columnKey).filter((key) => key !== ""));
}

function firstFilledRow(table: Table): number {
  return Math.max(
    0,
    table.findIndex((cells) => cells.some((cell) => cell.trim() !== "")),
  );
}

/** Which format was nearest, and what it misses. */
function nearestMiss(table: Table): string {
  const here = keysOf(table[firstFilledRow(table)] ?? []);
  const missing = IMPORT_FORMATS.map((format) => ({
    name: format.name,
    columns: format.required.filter((column) => !here.has(columnKey(column))),
    share: format.required.filter((column) => here.has(columnKey(column))).length / format.required.length,
  }));
  const nearest = missing.reduce((best, each) => (each.share > best.share ? each : best));
  if (nearest.share === 0) return "no column is one of a format that we know";
  return `nearest is ${nearest.name}, but it lacks: ${nearest.columns.join(", ")}`;
}
