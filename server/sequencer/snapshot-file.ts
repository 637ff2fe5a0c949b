/** How is a snapshot named and written, and which ones are there? */
import fs from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32c } from "@node-rs/crc32";
import { z } from "zod";
import { assert } from "#lib/assert.ts";
import type { StateRest } from "#lib/engine/snapshot.ts";
import type { ColumnsPlace } from "./columns.ts";
import type { BookEntry } from "./run-book.ts";

/** One moment of a run, whole together with the columns' bytes: the state behind event `seq`. */
export type Snapshot = {
  seq: number;
  stateVersion: number;
  codeVersion: string;
  nodeVersion: string;
  digest: string;
  columns: ColumnsPlace;
  book: BookEntry;
  rest: StateRest;
  /** By contract number, as packed-analyses.ts packs them; null: not analysed. */
  closed: readonly (Uint8Array | null)[];
};

/** The file is not what was written, or was never a snapshot. */
export class SnapshotDamaged extends Error {}

/**
 * Magic (8 bytes), length (u32) and CRC32C (u32) of all that follows: the tree as v8.serialize writes it, then the
 * packed analyses, whose lengths the tree says.
 */
const MAGIC = "RSEATSN1";
const HEAD_BYTES = 16;

const headSchema = z.looseObject({
  seq: z.number().int().positive(),
  stateVersion: z.number().int(),
  codeVersion: z.string(),
  nodeVersion: z.string(),
  digest: z.string(),
  columns: z.object({ generation: z.number().int().positive(), byteLength: z.number().int().nonnegative() }),
  /** Version 2 had no analyses. */
  closedBytes: z.array(z.number().int().nonnegative().nullable()).default([]),
});

export type SnapshotName = { file: string; seq: number; generation: number };

/** `<folder>/000000123456-00000002.snap`: behind which seq, with which generation of columns. */
export function snapshotFile(folder: string, seq: number, generation: number): string {
  return path.join(folder, `${String(seq).padStart(12, "0")}-${String(generation).padStart(8, "0")}.snap`);
}

/** The snapshots of a folder, newest first. */
export function listSnapshots(folder: string): SnapshotName[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const found = names.filter((name) => /^\d{12,}-\d{8}\.snap$/.test(name)).map((name) => nameOf(folder, name));
  return found.sort((a, b) => b.seq - a.seq || b.generation - a.generation);
}

function nameOf(folder: string, name: string): SnapshotName {
  const [seq, generation] = name.slice(0, -".snap".length).split("-");
  return { file: path.join(folder, name), seq: Number(seq), generation: Number(generation) };
}

/** The tree and the packed analyses: a copy of the snapshot, which may go on. This alone must happen at one moment. */
export function serializeSnapshot({ closed, ...snapshot }: Snapshot): Uint8Array[] {
  const closedBytes = closed.map((bytes) => bytes?.length ?? null);
  return [serialize({ ...snapshot, closedBytes }), ...closed.filter((bytes) => bytes !== null)];
}

/** The file's bytes: its head, then what serializeSnapshot gave. */
export function snapshotParts(parts: readonly Uint8Array[]): Uint8Array[] {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, bytesOf(parts), true);
  view.setUint32(
    12,
    parts.reduce((sum, part) => crc32c(part, sum), 0),
    true,
  );
  return [head, ...parts];
}

export function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** Throws SnapshotDamaged. Typed arrays of the tree may share `bytes`. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  if (bytes.length < HEAD_BYTES || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new SnapshotDamaged("it does not begin as a snapshot does");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const content = bytes.subarray(HEAD_BYTES);
  const length = view.getUint32(8, true);
  if (content.length !== length) throw new SnapshotDamaged(`it has ${content.length} bytes, expected ${length}`);
  if (crc32c(content) !== view.getUint32(12, true)) throw new SnapshotDamaged("its checksum is wrong");
  const read: unknown = deserialize(content); // reads the tree and stops
  const head = headSchema.safeParse(read);
  if (!head.success) throw new SnapshotDamaged(z.prettifyError(head.error));
  const closed = closedIn(content, head.data.closedBytes);
  return { ...(read as Snapshot), closed }; // Safe: the checksum says we wrote it, stateVersion says with which shape.
}

/** They are the last of the content. */
function closedIn(content: Uint8Array, lengths: readonly (number | null)[]): (Uint8Array | null)[] {
  let at = content.length - lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
  assert(at > 0, `the packed analyses begin at byte ${at} of the snapshot`);
  return lengths.map((length) => {
    if (length === null) return null;
    at += length;
    return content.subarray(at - length, at);
  });
}
