/** What do snapshots ask of the disk? The few calls they make, so that tests can stop or fail each of them. */
import fs from "node:fs";
import path from "node:path";

/** Errors are Node's own, with `code` (ENOSPC, EIO …). Nothing here blocks the event loop. */
export type CheckpointDisk = {
  /** "wx": a file that must not exist yet; "r+": one that does; "w": whatever is there is cut to nothing. */
  open(file: string, how: "wx" | "r+" | "w"): Promise<fs.promises.FileHandle>;
  rename(from: string, to: string): Promise<void>;
  /** Makes created, renamed and removed names last. */
  syncFolder(folder: string): Promise<void>;
  remove(file: string): Promise<void>;
};

export const REAL_CHECKPOINT_DISK: CheckpointDisk = {
  open: (file, how) => fs.promises.open(file, how),
  rename: (from, to) => fs.promises.rename(from, to),
  async syncFolder(folder) {
    const handle = await fs.promises.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  remove: (file) => fs.promises.rm(file, { force: true }),
};

/** Writes all of the bytes at a place of the file. */
export async function writeAll(handle: fs.promises.FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten <= 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes`);
    done += bytesWritten;
  }
}

/** Writes a file so that it is there whole or not at all: aside, made to last, renamed, its name made to last. */
export async function writeWhole(disk: CheckpointDisk, file: string, parts: readonly Uint8Array[]): Promise<void> {
  const aside = `${file}.new`;
  const handle = await disk.open(aside, "w");
  try {
    let at = 0;
    for (const part of parts) {
      await writeAll(handle, part, at);
      at += part.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await disk.rename(aside, file);
  await disk.syncFolder(path.dirname(file));
}
