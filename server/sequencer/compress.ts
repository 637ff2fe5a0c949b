/** How does a closed segment get small? zstd, block by block, written aside and renamed; readers read both forms. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { crc32c } from "@node-rs/crc32";
import { assert } from "#lib/assert.ts";
import { SEGMENT_BLOCK_BYTES } from "#lib/limits.ts";
import { REAL_DISK } from "./log-disk.ts";
import { segmentFile } from "./log-segment.ts";
import {
  type BlockLength,
  compressedFile,
  encodeBlockTable,
  openBlocks,
  openSegment,
  type SegmentSource,
} from "./segment-source.ts";

const zip = promisify(zstdCompress);
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Bytes of a segment's new content, in order. */
export type Content = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Compresses segment `segment`, which nobody writes any more; its plain file goes when the compressed one lasts and
 * was read back equal. A reader that has the old file open reads on. Throws Node's errors of the disk.
 */
export async function compressSegment(folder: string, segment: number): Promise<void> {
  const source = openSegment(folder, segment);
  try {
    await replaceSegment(folder, segment, blocksOf(source));
  } finally {
    source.close();
  }
}

/** The same with other content: a segment that keeps less. At no moment is there none of the two. */
export async function replaceSegment(folder: string, segment: number, content: Content): Promise<void> {
  const file = compressedFile(folder, segment);
  const aside = `${file}.new`;
  try {
    await checkEqual(aside, await writeBlocks(aside, content));
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
  REAL_DISK.syncFolder(folder);
  await rm(segmentFile(folder, segment), { force: true });
  REAL_DISK.syncFolder(folder);
}

/** Reads back what was written, a block at a time, before anything is thrown away. */
async function checkEqual(file: string, { bytes, crc }: Written): Promise<void> {
  const source = openBlocks(file);
  try {
    let read = 0;
    for (const block of blocksOf(source)) {
      read = crc32c(block, read);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    assert(source.size() === bytes && read === crc, `${file} does not hold what was written to it`);
  } finally {
    source.close();
  }
}

function* blocksOf(source: SegmentSource): Generator<Uint8Array> {
  const size = source.size();
  for (let at = 0; at < size; at += SEGMENT_BLOCK_BYTES) {
    const block = new Uint8Array(Math.min(SEGMENT_BLOCK_BYTES, size - at));
    assert(source.read(block, at) === block.length, `${source.file} was shorter than it says`);
    yield block;
  }
}

type Written = { bytes: number; crc: number };

async function writeBlocks(file: string, content: Content): Promise<Written> {
  const handle: FileHandle = await open(file, "w");
  try {
    const blocks: BlockLength[] = [];
    let crc = 0;
    let bytes = 0;
    for await (const block of content) {
      crc = crc32c(block, crc);
      bytes += block.length;
      const zipped = await zip(block, ZSTD);
      await handle.write(zipped);
      blocks.push({ zipped: zipped.length, plain: block.length });
    }
    await handle.write(encodeBlockTable(blocks));
    await handle.sync();
    return { bytes, crc };
  } finally {
    await handle.close();
  }
}
