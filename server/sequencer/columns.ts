/** How do closed bars get to the disk and back? One append-only file of blocks, a block a stretch of one series. */
import fs from "node:fs";
import path from "node:path";
import { crc32c } from "@node-rs/crc32";
import type { BarSeries } from "#lib/bars/bar-series.ts";
import { decodeRows, encodeRows, ROW_BYTES, rowBytes } from "#lib/bars/row-bytes.ts";
import type { StoredRows } from "#lib/engine/snapshot.ts";
import type { EngineState } from "#lib/engine/state.ts";
import { COLUMN_TAIL_ROWS } from "#lib/limits.ts";

/** What a snapshot says of the columns: file `<generation>.col`, of which the first `byteLength` bytes count. */
export type ColumnsPlace = { generation: number; byteLength: number };

/**
 * Block: bytes of the rows (u32), CRC32C of all that follows (u32), contract, interval, rows (u32), unused (u32), the
 * first row counted from the series' very first (f64), then the rows. A block replaces what former blocks of its
 * series said of this row and all behind it: so an amended bar is one more block, and nothing is ever written over.
 */
const BLOCK_HEAD_BYTES = 32;

/** A file of columns, or what it says, is not what it was when the snapshot was taken. */
export class ColumnsDamaged extends Error {}

export function columnsFile(folder: string, generation: number): string {
  return path.join(folder, `${String(generation).padStart(8, "0")}.col`);
}

/** Generations of the column files in a folder, ascending. */
export function listGenerations(folder: string): number[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const files = names.filter((name) => /^\d{8}\.col$/.test(name));
  return files.map((name) => Number(name.slice(0, 8))).sort((a, b) => a - b);
}

/**
 * Blocks of the closed rows that are not stored yet, at most about `rowsMax` rows; the series count them as stored.
 * `isAll`: nothing is left but each series' newest rows, which may still change.
 */
export function takeRows(state: EngineState, rowsMax: number): { blocks: Uint8Array[]; isAll: boolean } {
  const blocks: Uint8Array[] = [];
  let left = rowsMax;
  for (const { index, series: kept } of state.contracts) {
    for (let at = 0; at < kept.length; at += 1) {
      const series = kept[at];
      const from = series.storedRows;
      const rows = Math.min(series.length - COLUMN_TAIL_ROWS - from, left);
      if (rows <= 0) continue;
      blocks.push(encodeBlock(series, { contract: index, kept: at, from, to: from + rows }));
      series.storedRows = from + rows;
      left -= rows;
      if (left === 0) return { blocks, isAll: false };
    }
  }
  return { blocks, isAll: true };
}

/** The column files begin anew: no row counts as stored. */
export function forgetStored(state: EngineState): void {
  for (const { series: kept } of state.contracts) for (const series of kept) series.storedRows = 0;
}

/** Bytes of all closed rows: what a column file would have without rows that were amended or dropped since. */
export function livingBytes(state: EngineState): number {
  let rows = 0;
  for (const { series: kept } of state.contracts) for (const series of kept) rows += series.length;
  return rows * ROW_BYTES;
}

type Stretch = { contract: number; kept: number; from: number; to: number };

function encodeBlock(series: BarSeries, { contract, kept, from, to }: Stretch): Uint8Array {
  const rows = encodeRows(series, from, to);
  const block = new Uint8Array(BLOCK_HEAD_BYTES + rows.length);
  const view = new DataView(block.buffer);
  view.setUint32(0, rows.length, true);
  view.setUint32(8, contract, true);
  view.setUint32(12, kept, true);
  view.setUint32(16, to - from, true);
  view.setFloat64(24, series.droppedRows + from, true);
  block.set(rows, BLOCK_HEAD_BYTES);
  view.setUint32(4, crc32c(block.subarray(8)), true);
  return block;
}

/** Rows [from, to) of a series, counted from its very first: the first of the block's `rows`. */
type Piece = { from: number; to: number; rows: number; bytes: Uint8Array };

/**
 * The rows that the columns hold at that place, to be filled into restored series. Throws ColumnsDamaged where the file
 * is missing, too short or damaged; filling throws it where a row is missing.
 */
export function readColumns(folder: string, { generation, byteLength }: ColumnsPlace): StoredRows {
  const file = columnsFile(folder, generation);
  if (!fs.existsSync(file)) throw new ColumnsDamaged(`${file} is missing`);
  const bytes = fs.readFileSync(file);
  if (bytes.length < byteLength) throw new ColumnsDamaged(`${file} has ${bytes.length} bytes, expected ${byteLength}`);
  const pieces = new Map<string, Piece[]>();
  for (let at = 0; at < byteLength; ) at += readBlock(pieces, bytes.subarray(at, byteLength), `${file}, byte ${at}`);
  return (contract, kept, series) => fillRows(pieces.get(`${contract} ${kept}`) ?? [], series, `${contract} ${kept}`);
}

/** Takes up one block; returns its length. */
function readBlock(pieces: Map<string, Piece[]>, bytes: Uint8Array, place: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length < BLOCK_HEAD_BYTES ? 0 : BLOCK_HEAD_BYTES + view.getUint32(0, true);
  if (end === 0 || end > bytes.length) throw new ColumnsDamaged(`${place}: a block is cut short`);
  const rows = view.getUint32(16, true);
  if (crc32c(bytes.subarray(8, end)) !== view.getUint32(4, true) || end !== BLOCK_HEAD_BYTES + rowBytes(rows)) {
    throw new ColumnsDamaged(`${place}: a block's checksum is wrong`);
  }
  const key = `${view.getUint32(8, true)} ${view.getUint32(12, true)}`;
  const from = view.getFloat64(24, true);
  const known = pieces.get(key) ?? [];
  pieces.set(key, known);
  while (known.length > 0 && known[known.length - 1].from >= from) known.pop();
  const last = known.at(-1);
  if (last !== undefined && last.to > from) last.to = from;
  known.push({ from, to: from + rows, rows, bytes: bytes.subarray(BLOCK_HEAD_BYTES, end) });
  return end;
}

function fillRows(pieces: readonly Piece[], series: BarSeries, name: string): void {
  const first = series.droppedRows;
  const end = first + series.storedRows;
  let filled = first;
  for (const piece of pieces) {
    const from = Math.max(piece.from, first);
    const to = Math.min(piece.to, end);
    if (from >= to) continue;
    if (from !== filled) break;
    const { bytes, rows } = piece;
    decodeRows(series, from - first, { bytes, rows, from: from - piece.from, to: to - piece.from });
    filled = to;
  }
  if (filled !== end) throw new ColumnsDamaged(`series ${name}: rows end at ${filled}, expected ${end}`);
}
