/** How is a snapshot named and written, and which ones are there? */
import fs from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32c } from "@node-rs/crc32";
import { z } from "zod";
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
};

/** The file is not what was written, or was never a snapshot. */
export class SnapshotDamaged extends Error {}

/** Magic (8 bytes), length of the tree (u32), CRC32C of the tree (u32), then the tree as v8.serialize writes it. */
const MAGIC = "RSEATSN1";
const HEAD_BYTES = 16;

const headSchema = z.looseObject({
  seq: z.number().int().positive(),
  stateVersion: z.number().int(),
  codeVersion: z.string(),
  nodeVersion: z.string(),
  digest: z.string(),
  columns: z.object({ generation: z.number().int().positive(), byteLength: z.number().int().nonnegative() }),
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

/** The tree's bytes: a copy of the snapshot, which may go on. This alone must happen at one moment. */
export function serializeSnapshot(snapshot: Snapshot): Uint8Array {
  return serialize(snapshot);
}

/** The file's bytes in two parts: the head, then the tree. */
export function snapshotParts(tree: Uint8Array): [Uint8Array, Uint8Array] {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, tree.length, true);
  view.setUint32(12, crc32c(tree), true);
  return [head, tree];
}

/** Throws SnapshotDamaged. Typed arrays of the tree may share `bytes`. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  if (bytes.length < HEAD_BYTES || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new SnapshotDamaged("it does not begin as a snapshot does");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const tree = bytes.subarray(HEAD_BYTES);
  const length = view.getUint32(8, true);
  if (tree.length !== length) throw new SnapshotDamaged(`it has ${tree.length} bytes, expected ${length}`);
  if (crc32c(tree) !== view.getUint32(12, true)) throw new SnapshotDamaged("its checksum is wrong");
  const read: unknown = deserialize(tree);
  const head = headSchema.safeParse(read);
  if (!head.success) throw new SnapshotDamaged(z.prettifyError(head.error));
  return read as Snapshot; // Safe: the checksum says we wrote it, stateVersion says with which shape.
}
