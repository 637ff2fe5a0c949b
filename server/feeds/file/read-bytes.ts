/** What is in this file, as bytes? Chunk by chunk, unpacked where it is gzip. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { FileFeedError } from "./file-feed-error.ts";

const CHUNK_BYTES = 262_144;
const GZIP_MAGIC_1 = 0x1f;
const GZIP_MAGIC_2 = 0x8b;

/**
 * Yields the plain content in chunks of at most 256 KiB. What counts is the first two bytes, not the file's name.
 * Throws zlib's or the disk's error; `readFault` turns it into words.
 */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const isGzip = await startsLikeGzip(path);
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!isGzip) {
    yield* source;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on("error", (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const isGzip = bytesRead === 2 && buffer[0] === GZIP_MAGIC_1 && buffer[1] === GZIP_MAGIC_2;
    if (!isGzip && path.endsWith(".gz") && bytesRead > 0) {
      const was = `first bytes ${buffer.subarray(0, bytesRead).toString("hex")}`;
      throw new FileFeedError({
        file: path,
        line: 0,
        field: "content",
        was,
        expected: "gzip (1f8b), as the name says",
      });
    }
    return isGzip;
  } finally {
    await handle.close();
  }
}

/**
 * The disk's or zlib's error in the words of a file fault (any other error as it is);
 * `line` is the last whole line that could be read.
 */
export function readFault(error: unknown, place: { file: string; line: number }): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!("code" in error)) return error;
  const code = String(error.code);
  const reason = error.message;
  if (code === "Z_BUF_ERROR") {
    const was = "the gzip data end in the middle";
    return new FileFeedError({ ...place, field: "content", was, expected: "a complete gzip file" });
  }
  if (code.startsWith("Z_")) {
    return new FileFeedError({ ...place, field: "content", was: `broken gzip (${reason})`, expected: "intact gzip" });
  }
  const expected = "a file that can be read";
  return new FileFeedError({ ...place, field: "path", was: code === "ENOENT" ? "no such file" : reason, expected });
}
