/** What stands at byte N of a segment? The file itself while it is written; later its blocks, each zstd of its own. */
import fs from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { LogCorruptError, segmentFile } from "./log-segment.ts";

/** Bytes as they were written, whatever the file's form. */
export type SegmentSource = {
  readonly file: string;
  /** Bytes now; a file that is still written grows. */
  size(): number;
  /** Fills `into` from byte `position` on; fewer only at the end. Throws LogCorruptError for a damaged block. */
  read(into: Uint8Array, position: number): number;
  close(): void;
};

/** The zstd seekable format: a skippable frame at the end lists compressed and plain length of each block. */
const SKIPPABLE_MAGIC = 0x184d2a5e;
const SEEKABLE_MAGIC = 0x8f92eab1;
const SKIPPABLE_HEAD_BYTES = 8;
const ENTRY_BYTES = 8;
const FOOTER_BYTES = 9;

export type BlockLength = { zipped: number; plain: number };

export function compressedFile(folder: string, segment: number): string {
  return `${segmentFile(folder, segment)}.zst`;
}

/** Where a segment lies now: as written, else compressed. Where both are, the compressed one was not finished. */
export function segmentPlace(folder: string, segment: number): { file: string; isCompressed: boolean } {
  const plain = segmentFile(folder, segment);
  const zipped = compressedFile(folder, segment);
  const isCompressed = !fs.existsSync(plain) && fs.existsSync(zipped);
  return { file: isCompressed ? zipped : plain, isCompressed };
}

/** Opens a segment in either form. Throws Node's errors of the disk, LogCorruptError for a bad list of blocks. */
export function openSegment(folder: string, segment: number): SegmentSource {
  const { file, isCompressed } = segmentPlace(folder, segment);
  return isCompressed ? openBlocks(file) : plainSource(file, fs.openSync(file, "r"));
}

/** Opens a compressed segment by its file. */
export function openBlocks(file: string): SegmentSource {
  const fd = fs.openSync(file, "r");
  try {
    return blockSource(file, fd);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

function plainSource(file: string, fd: number): SegmentSource {
  return {
    file,
    size: () => fs.fstatSync(fd).size,
    read: (into, position) => fs.readSync(fd, into, 0, into.length, position),
    close: () => fs.closeSync(fd),
  };
}

type Block = BlockLength & { zippedAt: number; plainAt: number };

function blockSource(file: string, fd: number): SegmentSource {
  const blocks = readBlocks(file, fd);
  const last = blocks.at(-1);
  const size = last === undefined ? 0 : last.plainAt + last.plain;
  let held: { block: Block; bytes: Uint8Array } | null = null;
  const bytesOf = (block: Block): Uint8Array => {
    if (held?.block !== block) held = { block, bytes: unzip(file, fd, block) };
    return held.bytes;
  };
  return {
    file,
    size: () => size,
    read(into, position) {
      let done = 0;
      while (done < into.length && position + done < size) {
        const block = blockAt(blocks, position + done);
        const from = position + done - block.plainAt;
        const part = bytesOf(block).subarray(from, from + into.length - done);
        into.set(part, done);
        done += part.length;
      }
      return done;
    },
    close: () => fs.closeSync(fd),
  };
}

function blockAt(blocks: readonly Block[], position: number): Block {
  let low = 0;
  for (let high = blocks.length - 1; low < high; ) {
    const middle = (low + high + 1) >>> 1;
    if (blocks[middle].plainAt <= position) low = middle;
    else high = middle - 1;
  }
  return blocks[low];
}

function unzip(file: string, fd: number, block: Block): Uint8Array {
  const zipped = new Uint8Array(block.zipped);
  const place = { file, offset: block.zippedAt };
  fs.readSync(fd, zipped, 0, zipped.length, block.zippedAt);
  let bytes: Uint8Array;
  try {
    bytes = zstdDecompressSync(zipped);
  } catch (error) {
    throw new LogCorruptError(place, `no zstd block (${String(error)})`, `a block of ${block.plain} bytes`);
  }
  if (bytes.length === block.plain) return bytes;
  throw new LogCorruptError(place, `a block of ${bytes.length} bytes`, `one of ${block.plain}`);
}

function readBlocks(file: string, fd: number): Block[] {
  const { size } = fs.fstatSync(fd);
  const footer = new DataView(new ArrayBuffer(FOOTER_BYTES));
  const footerAt = Math.max(0, size - FOOTER_BYTES);
  fs.readSync(fd, footer, 0, FOOTER_BYTES, footerAt);
  const count = footer.getUint32(0, true);
  const tableAt = footerAt - count * ENTRY_BYTES;
  const isTable = footer.getUint32(5, true) === SEEKABLE_MAGIC && tableAt >= SKIPPABLE_HEAD_BYTES;
  const blocks = isTable ? readTable(fd, tableAt, count) : [];
  const last = blocks.at(-1);
  const endsAt = last === undefined ? 0 : last.zippedAt + last.zipped;
  if (isTable && endsAt === tableAt - SKIPPABLE_HEAD_BYTES) return blocks;
  throw new LogCorruptError({ file, offset: footerAt }, "something else", "the list of its blocks");
}

function readTable(fd: number, tableAt: number, count: number): Block[] {
  const table = new DataView(new ArrayBuffer(count * ENTRY_BYTES));
  fs.readSync(fd, table, 0, table.byteLength, tableAt);
  const blocks: Block[] = [];
  let zippedAt = 0;
  let plainAt = 0;
  for (let at = 0; at < table.byteLength; at += ENTRY_BYTES) {
    const block = { zipped: table.getUint32(at, true), plain: table.getUint32(at + 4, true), zippedAt, plainAt };
    blocks.push(block);
    zippedAt += block.zipped;
    plainAt += block.plain;
  }
  return blocks;
}

/** The list of blocks as it stands at the end of a compressed segment. */
export function encodeBlockTable(blocks: readonly BlockLength[]): Uint8Array {
  const tableBytes = blocks.length * ENTRY_BYTES + FOOTER_BYTES;
  const view = new DataView(new ArrayBuffer(SKIPPABLE_HEAD_BYTES + tableBytes));
  view.setUint32(0, SKIPPABLE_MAGIC, true);
  view.setUint32(4, tableBytes, true);
  let at = SKIPPABLE_HEAD_BYTES;
  for (const { zipped, plain } of blocks) {
    view.setUint32(at, zipped, true);
    view.setUint32(at + 4, plain, true);
    at += ENTRY_BYTES;
  }
  view.setUint32(at, blocks.length, true);
  view.setUint32(at + 5, SEEKABLE_MAGIC, true);
  return new Uint8Array(view.buffer);
}
