/** What does the event log ask of the disk? The few calls it makes, so that tests can let each of them fail. */
import fs from "node:fs";

/** Errors are Node's own, with `code` (ENOSPC, EIO …). */
export type LogDisk = {
  /** Creates a file that must not exist yet; returns its descriptor. */
  create(file: string): number;
  openToWrite(file: string): number;
  /** Writes `bytes` at `position`; may write fewer: returns how many. */
  write(fd: number, bytes: Uint8Array, position: number): number;
  truncate(fd: number, byteLength: number): void;
  /** fdatasync in the thread pool. */
  sync(fd: number): Promise<void>;
  /** fdatasync that blocks: at the end of a segment, and for one alone that waits for a fast disk. */
  syncNow(fd: number): void;
  /** Makes a created or removed file's name last. */
  syncFolder(folder: string): void;
  remove(file: string): void;
  close(fd: number): void;
};

export const REAL_DISK: LogDisk = {
  create: (file) => fs.openSync(file, "wx+"),
  openToWrite: (file) => fs.openSync(file, "r+"),
  write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
  truncate: (fd, byteLength) => fs.ftruncateSync(fd, byteLength),
  sync: (fd) =>
    new Promise((resolve, reject) => {
      fs.fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
    }),
  syncNow: (fd) => fs.fdatasyncSync(fd),
  syncFolder(folder) {
    const fd = fs.openSync(folder, "r");
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  remove: (file) => fs.rmSync(file, { force: true }),
  close: (fd) => fs.closeSync(fd),
};

/** What a thrown value says, for a state or a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
