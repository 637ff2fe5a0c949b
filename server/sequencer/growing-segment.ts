/** How does the newest segment grow? By whole writes or none, into room made ahead, until another follows it. */
import { type LogDisk, reasonOf } from "./log-disk.ts";
import { segmentFile } from "./log-segment.ts";

/** Nobody knows what the file holds: the process must end, recovery decides. */
export class SegmentBroken extends Error {}

/** Written to see whether a full disk has room again; taken back at once. */
const PROBE = new Uint8Array(65_536);
/** Zeros written behind the end at a time. */
const ROOM = new Uint8Array(65_536);
/** With less room than this more is made; a flush of more bytes makes none: many events share its price. */
const LITTLE_BYTES = 8_192;

type Place = { folder: string; segment: number };

export class GrowingSegment {
  readonly segment: number;
  readonly #disk: LogDisk;
  readonly #fd: number;
  #byteLength: number;
  /**
   * The file holds zeros from the log's end up to here: a flush of what was written into them changes no file's length,
   * which costs the disk about half. A reader takes them for the end, recovery cuts them off.
   */
  #roomEnd: number;
  #syncedBytes: number;

  private constructor(disk: LogDisk, segment: number, { fd, byteLength }: { fd: number; byteLength: number }) {
    this.segment = segment;
    this.#disk = disk;
    this.#fd = fd;
    this.#byteLength = byteLength;
    this.#roomEnd = byteLength;
    this.#syncedBytes = byteLength;
  }

  /** Goes on behind the file's first `byteLength` bytes, which are all it has. Throws Node's errors of the disk. */
  static open(disk: LogDisk, { folder, segment, byteLength }: Place & { byteLength: number }): GrowingSegment {
    const fd = disk.openToWrite(segmentFile(folder, segment));
    return new GrowingSegment(disk, segment, { fd, byteLength });
  }

  /** Begins a file with these bytes, which last, as does its name; where that fails it throws and there is none. */
  static begin(disk: LogDisk, { folder, segment, bytes }: Place & { bytes: Uint8Array }): GrowingSegment {
    const file = segmentFile(folder, segment);
    const fd = disk.create(file);
    try {
      if (disk.write(fd, bytes, 0) < bytes.length) throw new Error(`short write of ${file}`);
      disk.syncNow(fd);
      disk.syncFolder(folder);
    } catch (error) {
      disk.close(fd);
      disk.remove(file);
      throw error;
    }
    return new GrowingSegment(disk, segment, { fd, byteLength: bytes.length });
  }

  /** Without the room behind the end. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Writes behind the end; on trouble cuts back to it and throws, SegmentBroken where that failed too. */
  write(bytes: Uint8Array): void {
    const start = this.#byteLength;
    let done = 0;
    try {
      while (done < bytes.length) {
        const written = this.#disk.write(this.#fd, done === 0 ? bytes : bytes.subarray(done), start + done);
        if (written <= 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes`);
        done += written;
      }
    } catch (error) {
      this.#cutTo(start);
      throw error;
    }
    this.#byteLength = start + bytes.length;
  }

  /** Writes some bytes behind the end and takes them back; throws as `write` does. */
  probe(): void {
    const byteLength = this.#byteLength;
    this.write(PROBE);
    this.#cutTo(byteLength);
  }

  #cutTo(byteLength: number): void {
    try {
      this.#disk.truncate(this.#fd, byteLength);
    } catch (error) {
      throw new SegmentBroken(`a half-written frame could not be taken back: ${reasonOf(error)}`);
    }
    this.#byteLength = byteLength;
    this.#roomEnd = byteLength;
  }

  /** fdatasync in the thread pool, for everything written before; room up to `bytesMax` is made for those to come. */
  async sync(bytesMax: number): Promise<void> {
    this.#makeRoom(bytesMax);
    await this.#disk.sync(this.#fd);
  }

  /** The same, blocking the event loop. */
  syncNow(bytesMax: number): void {
    this.#makeRoom(bytesMax);
    this.#disk.syncNow(this.#fd);
  }

  #makeRoom(bytesMax: number): void {
    const isLittle = this.#byteLength - this.#syncedBytes <= LITTLE_BYTES;
    this.#syncedBytes = this.#byteLength;
    if (!isLittle || this.#roomEnd - this.#byteLength >= LITTLE_BYTES) return;
    const from = Math.max(this.#roomEnd, this.#byteLength);
    const room = ROOM.subarray(0, Math.max(0, bytesMax - from));
    try {
      if (room.length > 0) this.#roomEnd = from + this.#disk.write(this.#fd, room, from);
    } catch {
      // A disk that takes none says so at the next write.
      this.#roomEnd = from;
    }
  }

  /** Nothing follows: cuts the room off. Throws SegmentBroken. */
  end(): void {
    if (this.#roomEnd > this.#byteLength) this.#cutTo(this.#byteLength);
  }

  /** Another segment follows: what this one holds lasts. Throws SegmentBroken. */
  endForNext(): void {
    this.end();
    try {
      this.#disk.syncNow(this.#fd);
    } catch (error) {
      throw new SegmentBroken(`fdatasync failed: ${reasonOf(error)}`);
    }
  }

  close(): void {
    this.#disk.close(this.#fd);
  }
}
