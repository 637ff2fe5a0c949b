/** How does a test import a text as a person would: detected, answered, read? */

import assert from "node:assert/strict";
import { detectFormat } from "#lib/imports/detect-format.ts";
import type { ImportReading } from "#lib/imports/import-record.ts";
import { type ImportAnswers, NO_ANSWERS, readTable } from "#lib/imports/read-table.ts";
import { wallZone } from "#lib/imports/wall-zone.ts";
import { readCsv } from "#server/imports/read-csv.ts";

export const NOW_MS = Date.UTC(2026, 10, 20, 15);
export const NEW_YORK: Partial<ImportAnswers> = { zone: wallZone("America/New_York") };
export const BERLIN: Partial<ImportAnswers> = { zone: wallZone("Europe/Berlin") };

/** Reads a text whose format must be detected as `id`. */
export function importText(text: string, id: string, answers: Partial<ImportAnswers> = {}): ImportReading {
  const { rows } = readCsv(Buffer.from(text));
  const found = detectFormat(rows);
  assert.ok(found.status === "known", found.reasons.join("; "));
  assert.equal(found.format.id, id);
  return readTable({ table: rows, ...found, answers: { ...NO_ANSWERS, ...answers }, nowMs: NOW_MS });
}

/** The same, where nothing more must be asked. */
export function readText(text: string, id: string, answers: Partial<ImportAnswers> = {}) {
  const reading = importText(text, id, answers);
  assert.ok(reading.status === "read", `needs ${reading.status === "needs" && reading.needs}`);
  return reading;
}
