/** How do batches reach the disk? One write a batch, one fdatasync for many, segments of bounded size. */
import { assert } from "#lib/assert.ts";
import { appendBookkeeping, appendEvent } from "#lib/events/codec.ts";
import { beginFrame, createFrameWriter, type FrameWriter } from "#lib/events/codec-frame.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { SEGMENT_BYTES_MAX } from "#lib/limits.ts";
import { GrowingSegment, SegmentBroken } from "./growing-segment.ts";
import { type LogDisk, REAL_DISK, reasonOf } from "./log-disk.ts";
import { sealFrame } from "./log-frame.ts";
import { encodeSegmentHead, SEGMENT_HEAD_BYTES } from "./log-segment.ts";

/** Where a log ends: behind which byte of which segment, which seq comes next, which contracts are known. */
export type LogTail = {
  /** 0: no segment yet. */
  segment: number;
  byteLength: number;
  nextSeq: number;
  contracts: readonly InstrumentListed[];
  /** Bytes of the segments before the last. */
  closedBytes: number;
  /** Wall time of the last segment's first event; null: it has none yet. */
  segmentSinceMs: number | null;
};

export const EMPTY_TAIL: LogTail = {
  segment: 0,
  byteLength: 0,
  nextSeq: 1,
  contracts: [],
  closedBytes: 0,
  segmentSinceMs: null,
};

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

/** What a flush covers: all up to `seq`, the bytes before that place. `dirty`: null where none of them is new. */
type BegunFlush = { seq: number; dirty: GrowingSegment | null; place: { segment: number; byteLength: number } };

export class LogWriter {
  readonly #folder: string;
  readonly #runId: string;
  readonly #disk: LogDisk;
  readonly #segmentBytesMax: number;
  readonly #frame: FrameWriter = createFrameWriter(1 << 20);
  readonly #contracts: InstrumentListed[];
  /** Ended; a flush may still hold one: they are closed behind the next. */
  readonly #retired: GrowingSegment[] = [];
  #listedInBatch: InstrumentListed[] = [];
  #newest: GrowingSegment | null = null;
  #closedBytes: number;
  #segmentSinceMs: number | null;
  /** Of the first event of the batch in hand. */
  #batchMs = 0;
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
    this.#closedBytes = tail.closedBytes;
    this.#segmentSinceMs = tail.segmentSinceMs;
    this.#nextSeq = tail.nextSeq;
    this.#completeSeq = tail.nextSeq - 1;
    this.#flushedSeq = tail.nextSeq - 1;
    if (tail.segment > 0) this.#newest = GrowingSegment.open(this.#disk, { folder: options.folder, ...tail });
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
    return this.#closedBytes + this.#place.byteLength;
  }

  /** Where the log ends now: what another writer needs to go on behind this one. */
  get tail(): LogTail {
    return {
      ...this.#place,
      nextSeq: this.#nextSeq,
      contracts: this.#contracts,
      closedBytes: this.#closedBytes,
      segmentSinceMs: this.#segmentSinceMs,
    };
  }

  get #place(): { segment: number; byteLength: number } {
    const newest = this.#newest;
    return newest === null ? { segment: 0, byteLength: 0 } : { segment: newest.segment, byteLength: newest.byteLength };
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
    if (this.#frame.events === 1) this.#batchMs = event.receivedMs;
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
    if (this.#frame.events > 0) this.#segmentSinceMs ??= this.#batchMs;
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
      const newest = this.#newest;
      const segment = newest === null || this.#isFull(newest, frame.length) ? this.#roll() : newest;
      segment.write(frame);
    } catch (error) {
      this.#refuse(error);
      return false;
    }
    this.#isDirty = true;
    this.#state = { state: "ok" };
    return true;
  }

  /** Has the disk room again? */
  probe(): boolean {
    if (this.#isFailed()) return false;
    try {
      this.#newest?.probe();
      return true;
    } catch (error) {
      this.#refuse(error);
      return false;
    }
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

  /**
   * The same at once, while none is under way: blocks the event loop for as long as the disk takes. Throws where
   * `flush` rejects.
   */
  flushNow(): number {
    assert(this.#flushing === null, "one fdatasync at a time");
    if (this.#state.state === "failed") throw new Error(this.#state.reason);
    const begun = this.#beginFlush();
    try {
      begun.dirty?.syncNow(this.#segmentBytesMax);
    } catch (error) {
      this.#fail(`fdatasync failed: ${reasonOf(error)}`);
      throw error;
    }
    return this.#endFlush(begun);
  }

  async #flushOnce(): Promise<number> {
    const begun = this.#beginFlush();
    try {
      await begun.dirty?.sync(this.#segmentBytesMax);
    } catch (error) {
      this.#fail(`fdatasync failed: ${reasonOf(error)}`);
      throw error;
    }
    this.#flushing = null;
    return this.#endFlush(begun);
  }

  #beginFlush(): BegunFlush {
    const dirty = this.#isDirty ? this.#newest : null;
    this.#isDirty = false;
    return { seq: this.#completeSeq, dirty, place: this.#place };
  }

  #endFlush({ seq, dirty, place }: BegunFlush): number {
    this.#flushedSeq = Math.max(this.#flushedSeq, seq);
    if (dirty !== null) {
      this.#flushed = place;
      this.#isFlushSaid = false;
    }
    for (const retired of this.#retired.splice(0)) retired.close();
    return this.#flushedSeq;
  }

  #isFull({ byteLength }: GrowingSegment, more: number): boolean {
    return byteLength > SEGMENT_HEAD_BYTES && byteLength + more > this.#segmentBytesMax;
  }

  /** Ends the segment and begins the next: header, then the contracts known so far. */
  #roll(): GrowingSegment {
    const former = this.#newest;
    former?.endForNext();
    const segment = this.#place.segment + 1;
    const bytes = this.#segmentStart(segment);
    const begun = GrowingSegment.begin(this.#disk, { folder: this.#folder, segment, bytes });
    if (former !== null) this.#retired.push(former);
    this.#closedBytes += this.#place.byteLength;
    this.#newest = begun;
    this.#segmentSinceMs = null;
    return begun;
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

  #fail(reason: string): void {
    this.#state = { state: "failed", reason };
  }

  /** The file is as it was, or nobody knows. */
  #refuse(error: unknown): void {
    if (error instanceof SegmentBroken) this.#fail(error.message);
    else this.#state = { state: "refusing", reason: reasonOf(error) };
  }

  /** Flushes what is written and closes; an earlier failure is not thrown again. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isFailed()) {
      await this.flush();
      this.#newest?.end();
    }
    for (const retired of this.#retired.splice(0)) retired.close();
    this.#closedBytes += this.#place.byteLength;
    this.#newest?.close();
    this.#newest = null;
    this.#fail("the log is closed");
  }
}
