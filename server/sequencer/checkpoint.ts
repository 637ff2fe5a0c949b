/** When and how does the state get to the disk? A snapshot each minute or 200,000 events, beside the running engine. */
import fs from "node:fs";
import path from "node:path";
import { assert } from "#lib/assert.ts";
import type { Engine } from "#lib/engine/engine.ts";
import { restOf } from "#lib/engine/snapshot.ts";
import { type EngineState, STATE_VERSION } from "#lib/engine/state.ts";
import {
  COLUMN_SLICE_ROWS,
  COLUMN_SPARE_BYTES,
  SNAPSHOT_BUILDING_MS,
  SNAPSHOT_BYTES_MAX,
  SNAPSHOT_EVENTS,
  SNAPSHOT_EVERY_MS,
  SNAPSHOT_FIRST_MS,
  SNAPSHOT_MS_MAX,
  SNAPSHOTS_KEPT,
} from "#lib/limits.ts";
import type { Logger } from "#server/logger.ts";
import { type CheckpointDisk, REAL_CHECKPOINT_DISK, writeWhole } from "./checkpoint-disk.ts";
import { ColumnFile } from "./column-file.ts";
import { type ColumnsPlace, columnsFile, forgetStored, listGenerations, livingBytes, takeRows } from "./columns.ts";
import { reasonOf } from "./log-disk.ts";
import { PackedAnalyses } from "./packed-analyses.ts";
import type { RunBook } from "./run-book.ts";
import { bytesOf, listSnapshots, serializeSnapshot, snapshotFile, snapshotParts } from "./snapshot-file.ts";

/** Where a run keeps its snapshots and columns; `folder` is the run's. */
export type CheckpointFolders = { snapshots: string; columns: string };

export function checkpointFolders(folder: string): CheckpointFolders {
  return { snapshots: path.join(folder, "snapshots"), columns: path.join(folder, "columns") };
}

export type CheckpointOptions = {
  /** The run's folder; exists. */
  folder: string;
  engine: Pick<Engine, "state" | "digest" | "digestAhead">;
  book: RunBook;
  version: { codeVersion: string; nodeVersion: string };
  /** Where recovery found the columns, and the seq of its snapshot; null: none was used. */
  recovered: { columns: ColumnsPlace; seq: number } | null;
  wallMs: () => number;
  logger: Pick<Logger, "info" | "warn" | "error">;
  disk?: CheckpointDisk;
  /** Dead bytes that a column file may have beside as many dead as living rows; default COLUMN_SPARE_BYTES. */
  spareBytes?: number;
};

export type CheckpointStatus = {
  /** Of the newest snapshot that lasts; 0: none yet. */
  seq: number;
  atMs: number | null;
  bytes: number;
  /** What it held the event loop up at one go, ms; null: it was taken before this start. */
  tookMs: number | null;
  /** Snapshots of this process that took longer than SNAPSHOT_MS_MAX. */
  overtime: number;
  /** Why the last try failed; null: it did not. */
  error: string | null;
};

type Captured = { seq: number; parts: Uint8Array[]; columns: ColumnsPlace; tookMs: number };

/** What is built is dear: a start soon after should not have to repeat it. */
function isBuilding({ analyses }: EngineState): boolean {
  return analyses.some((one) => one?.status === "building");
}

export class Checkpointer {
  readonly #options: CheckpointOptions;
  readonly #folders: CheckpointFolders;
  readonly #disk: CheckpointDisk;
  readonly #columns: ColumnFile;
  readonly #analyses = new PackedAnalyses();
  /** Last event of the newest whole batch. */
  #seq: number;
  #flushedSeq = 0;
  #flushed: PromiseWithResolvers<void> | null = null;
  #running: Promise<void> | null = null;
  #dueMs: number;
  #dueSeq: number;
  #status: CheckpointStatus;
  #overtime = 0;
  #isClosed = false;
  #holders = 0;

  /** Makes the folders. Throws Node's errors of the disk. */
  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#folders = checkpointFolders(options.folder);
    this.#disk = options.disk ?? REAL_CHECKPOINT_DISK;
    for (const folder of Object.values(this.#folders)) fs.mkdirSync(folder, { recursive: true });
    this.#columns = new ColumnFile(this.#folders.columns, options.recovered?.columns ?? null, this.#disk);
    if (options.recovered === null) forgetStored(options.engine.state);
    this.#seq = options.engine.state.seq;
    this.#dueMs = options.wallMs() + SNAPSHOT_FIRST_MS;
    this.#dueSeq = this.#seq + SNAPSHOT_EVENTS;
    this.#status = { ...this.#newest(), tookMs: null, overtime: 0, error: null };
  }

  /** The snapshot that this start began with. */
  #newest(): Pick<CheckpointStatus, "seq" | "atMs" | "bytes"> {
    const { recovered } = this.#options;
    if (recovered === null) return { seq: 0, atMs: null, bytes: 0 };
    const { seq, columns } = recovered;
    const { mtimeMs, size } = fs.statSync(snapshotFile(this.#folders.snapshots, seq, columns.generation));
    return { seq, atMs: mtimeMs, bytes: size };
  }

  get status(): CheckpointStatus {
    return this.#status;
  }

  /** Behind every batch: the engine has processed all up to `lastSeq`. Starts a snapshot when one is due. */
  note(lastSeq: number): void {
    this.#seq = lastSeq;
    if (this.#running !== null || this.#isClosed) return;
    const nowMs = this.#options.wallMs();
    if (nowMs < this.#dueMs && lastSeq < this.#dueSeq) return;
    this.#dueMs = nowMs + (isBuilding(this.#options.engine.state) ? SNAPSHOT_BUILDING_MS : SNAPSHOT_EVERY_MS);
    this.#dueSeq = lastSeq + SNAPSHOT_EVENTS;
    void this.take();
  }

  /** Everything up to `seq` of the log survives a power cut. */
  flushed(seq: number): void {
    this.#flushedSeq = seq;
    this.#flushed?.resolve();
  }

  /** Until disposed, no snapshot and no columns are removed: somebody reads them. */
  hold(): Disposable {
    this.#holders += 1;
    return {
      [Symbol.dispose]: () => {
        this.#holders -= 1;
      },
    };
  }

  /** Takes a snapshot now, or waits for the one under way. Never rejects: see `status.error`. */
  take(): Promise<void> {
    this.#running ??= this.#take()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #take(): Promise<void> {
    const { engine, spareBytes = COLUMN_SPARE_BYTES } = this.#options;
    if (this.#columns.place.byteLength > 2 * livingBytes(engine.state) + spareBytes) await this.#beginAnew();
    await this.#goAhead();
    const { rows, captured } = this.#capture() ?? {};
    if (rows === undefined || captured === undefined) return;
    await this.#columns.append(rows);
    await this.#columns.sync();
    if (!(await this.#isFlushed(captured.seq))) return;
    const { seq, parts, columns, tookMs } = captured;
    const file = snapshotFile(this.#folders.snapshots, seq, columns.generation);
    await writeWhole(this.#disk, file, snapshotParts(parts));
    const atMs = this.#options.wallMs();
    this.#status = { seq, atMs, bytes: bytesOf(parts), tookMs, overtime: this.#overtime, error: null };
    if (this.#holders === 0) await this.#cleanUp();
  }

  /**
   * Takes up what has closed since the last snapshot, in slices, so that the snapshot itself is short. Analyses may
   * change again meanwhile: each is taken up twice at most.
   */
  async #goAhead(): Promise<void> {
    const { engine } = this.#options;
    let analysesLeft = 2 * engine.state.analyses.length;
    for (;;) {
      const { blocks, isAll } = takeRows(engine.state, COLUMN_SLICE_ROWS);
      const isHashed = engine.digestAhead(COLUMN_SLICE_ROWS);
      const isPacked = this.#analyses.ahead(engine.state);
      await this.#columns.append(blocks);
      if ((isAll && isHashed && isPacked) || this.#isClosed) return;
      if (isAll && analysesLeft-- === 0) return;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** In one go: nothing moves meanwhile. Null where the engine broke off inside an event. */
  #capture(): { rows: Uint8Array[]; captured: Captured } | null {
    const { engine, book, version, logger } = this.#options;
    const { state } = engine;
    if (state.seq !== this.#seq || book.lastSeq !== this.#seq) return null;
    const startMs = performance.now();
    const { blocks } = takeRows(state, Number.POSITIVE_INFINITY);
    const { generation, byteLength } = this.#columns.place;
    const columns = { generation, byteLength: blocks.reduce((sum, block) => sum + block.length, byteLength) };
    const parts = serializeSnapshot({
      seq: this.#seq,
      stateVersion: STATE_VERSION,
      ...version,
      digest: engine.digest(),
      columns,
      book: book.entry(),
      rest: restOf(state),
      closed: this.#analyses.all(state),
    });
    const bytes = bytesOf(parts);
    const tookMs = performance.now() - startMs;
    if (tookMs > SNAPSHOT_MS_MAX) {
      this.#overtime += 1;
      logger.warn({ tookMs, bytes }, "A snapshot held the event loop up");
    }
    assert(bytes <= SNAPSHOT_BYTES_MAX, `the snapshot has ${bytes} bytes, at most ${SNAPSHOT_BYTES_MAX}`);
    return { rows: blocks, captured: { seq: this.#seq, parts, columns, tookMs } };
  }

  /** False: it never will be, the process ends. */
  async #isFlushed(seq: number): Promise<boolean> {
    while (this.#flushedSeq < seq && !this.#isClosed) {
      this.#flushed = Promise.withResolvers<void>();
      await this.#flushed.promise;
    }
    return this.#flushedSeq >= seq;
  }

  /** Nobody knows what of the columns is on disk: the next snapshot writes them anew. The engine goes on. */
  async #failed(error: unknown): Promise<void> {
    this.#options.logger.error({ err: error }, "A snapshot could not be written; the log holds everything");
    this.#status = { ...this.#status, error: reasonOf(error) };
    await this.#beginAnew().catch(() => {});
  }

  async #beginAnew(): Promise<void> {
    forgetStored(this.#options.engine.state);
    await this.#columns.beginAnew();
  }

  /** Keeps the newest snapshots and the columns that they name. */
  async #cleanUp(): Promise<void> {
    const { snapshots, columns } = this.#folders;
    const known = listSnapshots(snapshots);
    const kept = known.slice(0, SNAPSHOTS_KEPT);
    const named = new Set([...kept.map(({ generation }) => generation), this.#columns.place.generation]);
    for (const { file } of known.slice(SNAPSHOTS_KEPT)) await this.#disk.remove(file);
    for (const generation of listGenerations(columns)) {
      if (!named.has(generation)) await this.#disk.remove(columnsFile(columns, generation));
    }
    const left = fs.readdirSync(snapshots).sort();
    const bad = left.filter((name) => name.endsWith(".bad")).slice(0, -SNAPSHOTS_KEPT);
    const aside = left.filter((name) => name.endsWith(".new"));
    for (const name of [...bad, ...aside]) await this.#disk.remove(path.join(snapshots, name));
  }

  /** Takes a last snapshot where all is flushed and the state is whole; call it behind the sequencer's end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#flushed?.resolve();
    await this.#running;
    if (this.#flushedSeq >= this.#seq && this.#seq > this.#status.seq) await this.take();
    await this.#columns.close();
  }
}
