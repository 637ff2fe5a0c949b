/** How do batches reach the disk? One write a batch, one fdatasync for many, segments of bounded size. */
import { assert } from "#lib/assert.ts";
import { appendBookkeeping, appendEvent } from "#lib/events/codec.ts";
import { beginFrame, createFrameWriter, type FrameWriter } from "#lib/events/codec-frame.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { SEGMENT_BYTES_MAX } from "#lib/limits.ts";
import { type LogDisk, REAL_DISK, reasonOf } from "./log-disk.ts";
import { sealFrame } from "./log-frame.ts";
import { encodeSegmentHead, SEGMENT_HEAD_BYTES, segmentFile } from "./log-segment.ts";

/** Where a log ends: behind which byte of which segment, which seq comes next, which contracts are known. */
export type LogTail = {
  /** 0: no segment yet. */
  segment: number;
  byteLength: number;
  nextSeq: number;
  contracts: readonly InstrumentListed[];
  /** Bytes of the segments before the last. */
  closedBytes: number;
};

export const EMPTY_TAIL: LogTail = { segment: 0, byteLength: 0, nextSeq: 1, contracts: [], closedBytes: 0 };

/** refusing: a write failed and was taken back, try again later. failed: nobody knows what is on disk; end. */
export type LogState =
  | { readonly state: "ok" }
  | { readonly state: "refusing"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string };

export type LogWriterOptions = {
  /** `DATA_DIR/runs/<runId>/log`; exists. */
  folder: string;
  runId: string;
  tail: LogTail;
  disk?: LogDisk;
  segmentBytesMax?: number;
};

/** Written to see whether a full disk has room again; taken back at once. */
const PROBE_BYTES = 65_536;

export class LogWriter {
  readonly #folder: string;
  readonly #runId: string;
  readonly #disk: LogDisk;
  readonly #segmentBytesMax: number;
  readonly #frame: FrameWriter = createFrameWriter(1 << 20);
  readonly #contracts: InstrumentListed[];
  readonly #retiredFds: number[] = [];
  #listedInBatch: InstrumentListed[] = [];
  #fd = -1;
  #segment: number;
  #byteLength: number;
  #closedBytes: number;
  #nextSeq: number;
  /** Up to here the log also holds the facts. */
  #completeSeq: number;
  #flushedSeq: number;
  /** What survives a power cut of which segment, and whether the log says so. */
  #flushed = { segment: 0, byteLength: 0 };
  #isFlushSaid = true;
  #isDirty = false;
  #state: LogState = { state: "ok" };
  #flushing: Promise<number> | null = null;
  #flushNext: Promise<number> | null = null;

  /** Goes on behind `tail`. Throws Node's error where the last segment cannot be opened. */
  constructor(options: LogWriterOptions) {
    this.#folder = options.folder;
    this.#runId = options.runId;
    this.#disk = options.disk ?? REAL_DISK;
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    const { tail } = options;
    this.#contracts = tail.contracts.map((listed) => ({ ...listed }));
    this.#segment = tail.segment;
    this.#byteLength = tail.byteLength;
    this.#closedBytes = tail.closedBytes;
    this.#nextSeq = tail.nextSeq;
    this.#completeSeq = tail.nextSeq - 1;
    this.#flushedSeq = tail.nextSeq - 1;
    if (tail.segment > 0) this.#fd = this.#disk.openToWrite(segmentFile(options.folder, tail.segment));
  }

  get state(): LogState {
    return this.#state;
  }

  /** Last seq that is in the log's files. */
  get writtenSeq(): number {
    return this.#nextSeq - 1;
  }

  /** Last seq that survives a power cut, with its facts. */
  get flushedSeq(): number {
    return this.#flushedSeq;
  }

  /** Bytes of all segments. */
  get logBytes(): number {
    return this.#closedBytes + this.#byteLength;
  }

  /** Where the log ends now: what another writer needs to go on behind this one. */
  get tail(): LogTail {
    return {
      segment: this.#segment,
      byteLength: this.#byteLength,
      nextSeq: this.#nextSeq,
      contracts: this.#contracts,
      closedBytes: this.#closedBytes,
    };
  }

  /** Bytes of the batch in hand. */
  get batchBytes(): number {
    return this.#frame.at;
  }

  get batchEvents(): number {
    return this.#frame.events;
  }

  /** Forgets the batch in hand, if any; the next appended event has seq writtenSeq + 1. */
  beginBatch(): void {
    beginFrame(this.#frame, this.#nextSeq);
    this.#listedInBatch = [];
  }

  /** Adds an event to the batch; throws CodecError, leaving the batch as it was, where it cannot be written. */
  append(event: InputEvent): void {
    appendEvent(this.#frame, event);
    if (event.type === "InstrumentListed") this.#listedInBatch.push(event);
  }

  appendBookkeeping(record: Bookkeeping): void {
    appendBookkeeping(this.#frame, record);
  }

  /**
   * Writes the batch with one write. On trouble the file is as before, no seq is taken, the state says why, and the
   * answer is false. Never called while failed. `factsFollow`: the batch counts as flushed only behind `writeFacts`.
   */
  write({ factsFollow = false } = {}): boolean {
    assert(this.#completeSeq === this.#nextSeq - 1, "a batch came before the facts of the former one");
    const flushed = this.#isFlushSaid ? null : this.#flushed;
    if (flushed !== null) appendBookkeeping(this.#frame, { type: "Flushed", ...flushed });
    if (!this.#writeFrame(this.#frame)) return false;
    if (flushed === this.#flushed) this.#isFlushSaid = true;
    this.#nextSeq += this.#frame.events;
    for (const listed of this.#listedInBatch) this.#contracts.push({ ...listed });
    this.#listedInBatch = [];
    if (!factsFollow) this.#completeSeq = this.#nextSeq - 1;
    return true;
  }

  /** Writes the facts of everything that is written, if any, in a frame without events; as `write` on trouble. */
  writeFacts(facts: FrameWriter): boolean {
    assert(facts.events === 0 && facts.firstSeq === this.#nextSeq, "facts stand behind their events, in no seq");
    if (facts.records > 0 && !this.#writeFrame(facts)) return false;
    this.#completeSeq = this.#nextSeq - 1;
    return true;
  }

  #writeFrame(writer: FrameWriter): boolean {
    assert(!this.#isFailed(), "write after the log failed");
    const frame = sealFrame(writer);
    try {
      if (this.#fd < 0 || this.#isFull(frame.length)) this.#roll();
    } catch (error) {
      if (!this.#isFailed()) this.#refuse(error);
      return false;
    }
    if (!this.#writeAll(frame)) return false;
    this.#isDirty = true;
    this.#state = { state: "ok" };
    return true;
  }

  /** Has the disk room again? Writes some bytes behind the end and takes them back. */
  probe(): boolean {
    if (this.#isFailed()) return false;
    if (this.#fd < 0) return true;
    const byteLength = this.#byteLength;
    if (!this.#writeAll(new Uint8Array(PROBE_BYTES))) return false;
    this.#takeBack(byteLength);
    return !this.#isFailed();
  }

  #isFailed(): boolean {
    return this.#state.state === "failed";
  }

  /**
   * Resolves, with the seq flushed, when everything written before the call survives a power cut. One fdatasync runs
   * at a time; all callers that come meanwhile share the next. Rejects, for good, when one fails: it is never retried,
   * because the kernel may have dropped the very pages (state failed, the process must end).
   */
  flush(): Promise<number> {
    if (this.#state.state === "failed") return Promise.reject(new Error(this.#state.reason));
    if (this.#flushing === null) {
      this.#flushing = this.#flushOnce();
      return this.#flushing;
    }
    this.#flushNext ??= this.#flushing.then(() => {
      this.#flushNext = null;
      this.#flushing = this.#flushOnce();
      return this.#flushing;
    });
    return this.#flushNext;
  }

  async #flushOnce(): Promise<number> {
    const seq = this.#completeSeq;
    const isDirty = this.#isDirty;
    const flushed = { segment: this.#segment, byteLength: this.#byteLength };
    this.#isDirty = false;
    try {
      if (this.#fd >= 0 && isDirty) await this.#disk.sync(this.#fd);
    } catch (error) {
      this.#fail(`fdatasync failed: ${reasonOf(error)}`);
      throw error;
    }
    this.#flushedSeq = Math.max(this.#flushedSeq, seq);
    if (isDirty) {
      this.#flushed = flushed;
      this.#isFlushSaid = false;
    }
    this.#flushing = null;
    for (const fd of this.#retiredFds.splice(0)) this.#disk.close(fd);
    return this.#flushedSeq;
  }

  #isFull(more: number): boolean {
    return this.#byteLength > SEGMENT_HEAD_BYTES && this.#byteLength + more > this.#segmentBytesMax;
  }

  /** Ends the segment and begins the next: header, then the contracts known so far, then their names made to last. */
  #roll(): void {
    this.#syncOldSegment();
    const segment = this.#segment + 1;
    const file = segmentFile(this.#folder, segment);
    const bytes = this.#segmentStart(segment);
    const fd = this.#disk.create(file);
    try {
      if (this.#disk.write(fd, bytes, 0) < bytes.length) throw new Error(`short write of ${file}`);
      this.#disk.syncNow(fd);
      this.#disk.syncFolder(this.#folder);
    } catch (error) {
      this.#disk.close(fd);
      this.#disk.remove(file);
      throw error;
    }
    // A flush may still hold the old descriptor: it is closed behind the next one.
    if (this.#fd >= 0) this.#retiredFds.push(this.#fd);
    this.#closedBytes += this.#byteLength;
    this.#fd = fd;
    this.#segment = segment;
    this.#byteLength = bytes.length;
  }

  #syncOldSegment(): void {
    if (this.#fd < 0) return;
    try {
      this.#disk.syncNow(this.#fd);
    } catch (error) {
      this.#fail(`fdatasync failed: ${reasonOf(error)}`);
      throw error;
    }
  }

  #segmentStart(segment: number): Uint8Array {
    const head = encodeSegmentHead({ segment, firstSeq: this.#nextSeq, runId: this.#runId, isThinned: false });
    if (this.#contracts.length === 0) return head;
    const frame = createFrameWriter();
    beginFrame(frame, this.#nextSeq);
    for (const { contract, root, year, month, tickSize } of this.#contracts) {
      appendBookkeeping(frame, { type: "InstrumentRepeated", contract, root, year, month, tickSize });
    }
    const sealed = sealFrame(frame);
    const bytes = new Uint8Array(head.length + sealed.length);
    bytes.set(head);
    bytes.set(sealed, head.length);
    return bytes;
  }

  /** Writes behind the end; on trouble cuts back to it and refuses. */
  #writeAll(bytes: Uint8Array): boolean {
    const start = this.#byteLength;
    let done = 0;
    try {
      while (done < bytes.length) {
        const written = this.#disk.write(this.#fd, done === 0 ? bytes : bytes.subarray(done), start + done);
        if (written <= 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes`);
        done += written;
      }
    } catch (error) {
      this.#refuse(error);
      this.#takeBack(start);
      return false;
    }
    this.#byteLength = start + bytes.length;
    return true;
  }

  #takeBack(byteLength: number): void {
    try {
      this.#disk.truncate(this.#fd, byteLength);
      this.#byteLength = byteLength;
    } catch (error) {
      this.#fail(`a half-written frame could not be taken back: ${reasonOf(error)}`);
    }
  }

  #fail(reason: string): void {
    this.#state = { state: "failed", reason };
  }

  #refuse(error: unknown): void {
    this.#state = { state: "refusing", reason: reasonOf(error) };
  }

  /** Flushes what is written and closes; an earlier failure is not thrown again. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isFailed()) await this.flush();
    for (const fd of this.#retiredFds.splice(0)) this.#disk.close(fd);
    if (this.#fd >= 0) this.#disk.close(this.#fd);
    this.#fd = -1;
    this.#fail("the log is closed");
  }
}
