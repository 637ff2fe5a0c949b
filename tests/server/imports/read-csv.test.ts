/** Is a file read in whatever encoding and dialect Windows wrote it, and refused past the limits? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPORT_FILE_BYTES_MAX, IMPORT_ROWS_MAX, IMPORT_UNPACKED_BYTES_MAX } from "#lib/limits.ts";
import { CodedError } from "#server/errors.ts";
import { readCsv } from "#server/imports/read-csv.ts";

const TEXT = 'Konto;Kurs;Notiz\r\nMüller;"1;5";"er sagte ""€"""\r\n\r\n;2\r\n';
const ROWS = [["Konto", "Kurs", "Notiz"], ["Müller", "1;5", 'er sagte "€"'], [""], ["", "2"]];

const utf16be = Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16();
const windows = Buffer.from(TEXT.replaceAll("€", "\u0080"), "latin1");

const ENCODED: readonly [name: string, bytes: Buffer, encoding: string][] = [
  ["UTF-8", Buffer.from(TEXT), "utf-8"],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), "utf-8"],
  ["UTF-16 little-endian", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "utf-16le"],
  ["UTF-16 big-endian", utf16be, "utf-16be"],
  ["Windows-1252", windows, "windows-1252"],
  ["line feeds alone", Buffer.from(TEXT.replaceAll("\r\n", "\n")), "utf-8"],
  ["carriage returns alone", Buffer.from(TEXT.replaceAll("\r\n", "\r")), "utf-8"],
];

for (const [name, bytes, encoding] of ENCODED) {
  test(`reads ${name}: quotes, an empty row, and a short one`, () => {
    assert.deepEqual(readCsv(bytes), { encoding, delimiter: ";", rows: ROWS });
  });
}

test("the delimiter is the header's, not that of decimal commas below or of a title above", () => {
  assert.equal(readCsv(Buffer.from("Title\na;b;c\n1,5;2,5;3,5\n")).delimiter, ";");
  assert.equal(readCsv(Buffer.from("a\tb\n1,5\t2,5,5\n")).delimiter, "\t");
  assert.equal(readCsv(Buffer.from('"a;b;c;d",e,f\n')).delimiter, ",");
  assert.deepEqual(readCsv(Buffer.from("a\nb\n")).rows, [["a"], ["b"]]);
  assert.deepEqual(readCsv(Buffer.from("")).rows, []);
});

test("a quote within a cell is text", () => {
  assert.deepEqual(readCsv(Buffer.from('a,b\n6" screen,2\n')).rows[1], ['6" screen', "2"]);
});

function refusal(bytes: Uint8Array, options?: { unpacked: boolean }): string {
  try {
    readCsv(bytes, options);
  } catch (error) {
    assert.ok(error instanceof CodedError);
    return `${error.code}: ${error.message}`;
  }
  return "read";
}

test("an open quote, a program, too many bytes and too many rows are refused by name", () => {
  assert.match(refusal(Buffer.from('a,b\n"open,2\n')), /^BAD_SHAPE: .*[Qq]uote/);
  assert.match(refusal(Buffer.from("MZ\0\0,a")), /^BAD_SHAPE: .*zero character/);
  const large = new Uint8Array(IMPORT_FILE_BYTES_MAX + 1).fill(97);
  assert.match(refusal(large), /^TOO_LARGE: .*52428801 bytes; 52428800/);
  assert.match(refusal(large, { unpacked: true }), /^BAD_SHAPE/, "one cell that never ends");
  assert.match(refusal(new Uint8Array(IMPORT_UNPACKED_BYTES_MAX + 1), { unpacked: true }), /^TOO_LARGE/);
  assert.match(refusal(Buffer.from("a\n".repeat(IMPORT_ROWS_MAX + 2))), /^TOO_LARGE: .*1000000 rows/);
  assert.equal(refusal(Buffer.from("a\n".repeat(IMPORT_ROWS_MAX + 1))), "read", "a header and a million rows");
});
