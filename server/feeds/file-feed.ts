/** What did the market do in these files? Replays recorded trades, quotes and bars at any speed, as mode REPLAY. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { FeedState } from "#lib/events/market.ts";
import { BAR_CLOSE_GRACE_MS, REPLAY_SLICE_MS, REPLAY_WAIT_MS_MAX } from "#lib/limits.ts";
import type { CalendarId } from "#lib/session.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { BackfillRequest, Feed, FeedResume, FeedSink } from "#server/feeds/feed.ts";
import { jumpOver } from "#server/feeds/file/closed-stretch.ts";
import { ContractBook } from "#server/feeds/file/contract-book.ts";
import { RowPublisher } from "#server/feeds/file/publish-row.ts";
import { ReplayClock } from "#server/feeds/file/replay-clock.ts";
import { absolutePaths, describeFiles, openReplayFiles, type ReplayFile } from "#server/feeds/file/replay-files.ts";
import { ROW_KIND } from "#server/feeds/file/row-batch.ts";
import { RowCursor } from "#server/feeds/file/row-cursor.ts";
import { RowMerge } from "#server/feeds/file/row-merge.ts";

/** Rows between two looks at the wall clock. */
const ROWS_PER_LOOK = 64;
/** Slices end here too, so that a wall clock that stands (a test's) cannot hold the turn for ever. */
const ROWS_PER_SLICE = 8_192;

/** A stretch without a row must be longer than this to be jumped. */
const JUMP_MS_MIN = 2 * MS_PER_MINUTE;

export type FileFeedOptions = {
  /** A file, a folder, or several of both with commas. */
  readonly paths: string;
  /** Virtual milliseconds per wall millisecond; Infinity: as fast as the sequencer takes it. */
  readonly speed: number;
  /** Rows due before it are read and left out, and the clock starts here; null: at the first row. */
  readonly fromMs: number | null;
  /** Contract of the files without a contract column ("ESH24"); null: from their names. */
  readonly contractOverride: string | null;
  readonly wallMs: () => number;
  /** Waits so many wall milliseconds; tests hand in one that moves their clock. */
  readonly waitMs?: (ms: number) => Promise<void>;
};

/** How the replay came to its end. On "failed" the process says the error's message and exits with code 2. */
export type FileFeedEnd =
  | { readonly status: "ended"; readonly summary: string }
  | { readonly status: "failed"; readonly error: Error }
  | { readonly status: "disposed" };

export type FileFeed = Feed & {
  /** Never rejects. A file that breaks off in the middle ends here, behind the status "failed" with the same words. */
  readonly finished: Promise<FileFeedEnd>;
};

/**
 * A replay. `connect` throws FileFeedError (file/file-feed-error.ts) before anything is published where a file's head
 * is wrong, and where a file with a contract column breaks off anywhere (those are read through first); each bad row
 * later is counted (sink.reject) and dropped. Every event's `nowMs` is its row's due time, a bar's its END.
 * `sourceSeq` is the row's number in its file plus 2^32 × the file's index. At the end the clock stands behind the
 * end of the last row's minute, so that its bars can close.
 */
export function createFileFeed(options: FileFeedOptions): FileFeed {
  return new ReplayFeed(options);
}

class ReplayFeed implements FileFeed {
  readonly name = "file";
  readonly mode = "REPLAY";
  readonly seed = null;
  readonly identity: string;
  readonly clock: ReplayClock;
  readonly finished: Promise<FileFeedEnd>;
  readonly #options: FileFeedOptions;
  readonly #paths: readonly string[];
  readonly #contracts = new ContractBook();
  readonly #waitMs: (ms: number) => Promise<void>;
  #resolveFinished: (end: FileFeedEnd) => void = () => {};
  #isDisposed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: FileFeedOptions) {
    this.#options = options;
    this.#paths = absolutePaths(options.paths);
    this.identity = `file:${this.#paths.join(",")}`;
    this.clock = new ReplayClock(options.speed, options.wallMs);
    this.#waitMs = options.waitMs ?? ((ms) => sleep(ms));
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
  }

  async connect(sink: FeedSink, resume: FeedResume | null): Promise<void> {
    const { contractOverride, fromMs } = this.#options;
    const files = await openReplayFiles(this.#paths, this.#contracts, contractOverride);
    const publisher = new RowPublisher({
      sink,
      contracts: this.#contracts,
      fromMs,
      resume,
      intervalsMs: files.map((file) => file.head.intervalMs),
    });
    const cursors = files.map((file, index) => this.#cursor(file, index, sink));
    const merge = new RowMerge(cursors);
    try {
      await merge.start();
      await skipLeadingRows(merge, publisher);
    } catch (error) {
      for (const cursor of cursors) await cursor.close();
      throw error;
    }
    const beginMs = resume?.nowMs ?? fromMs ?? merge.head?.dueMs ?? 0;
    this.clock.start(beginMs);
    this.#status(sink, { state: "connected", nowMs: beginMs, message: describeFiles(files) });
    this.#running = this.#run(sink, merge, publisher).then(
      (end) => this.#finish(end, cursors),
      (error: unknown) => this.#fail(sink, error, cursors),
    );
  }

  /** Every contract of the files is always delivered; behind `connect` the answer names the roots they do not hold. */
  async subscribe(roots: readonly string[]): Promise<readonly string[]> {
    const held = new Set(this.#contracts.entries.map((entry) => entry.contract.root));
    return roots.filter((root) => !held.has(root));
  }

  async backfill(_request: BackfillRequest): Promise<boolean> {
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#running;
    this.#resolveFinished({ status: "disposed" });
  }

  #cursor(file: ReplayFile, index: number, sink: FeedSink): RowCursor {
    return new RowCursor(index, {
      head: file.head,
      contracts: this.#contracts,
      isSorted: file.isSorted,
      listener: (reason, detail) => sink.reject(reason, detail),
    });
  }

  async #run(sink: FeedSink, merge: RowMerge, publisher: RowPublisher): Promise<FileFeedEnd> {
    let closingMs = this.clock.nowMs();
    while (merge.head !== null) {
      if (!(await this.#waitFor(sink, merge.head.dueMs))) return { status: "disposed" };
      closingMs = Math.max(closingMs, this.#publishSlice(merge, publisher));
      await merge.refill();
      if (merge.head !== null) this.clock.limit(merge.head.dueMs);
      await (sink.drained() ?? nextTurn());
    }
    if (!(await this.#waitFor(sink, closingMs))) return { status: "disposed" };
    const { trades, quotes, bars, skipped } = publisher.counts;
    const summary = `${trades} trades, ${quotes} quotes, ${bars} bars; ${skipped} rows left out before the start`;
    this.clock.stop(closingMs);
    this.#status(sink, { state: "ended", nowMs: closingMs, message: summary });
    return { status: "ended", summary };
  }

  /** Publishes what is due, for at most REPLAY_SLICE_MS; answers when the last row's bars can close. */
  #publishSlice(merge: RowMerge, publisher: RowPublisher): number {
    const { wallMs, speed } = this.#options;
    const stopMs = wallMs() + REPLAY_SLICE_MS;
    const dueMs = Number.isFinite(speed) ? this.clock.runningMs() : Number.POSITIVE_INFINITY;
    let closingMs = Number.NEGATIVE_INFINITY;
    for (let count = 1; merge.head !== null && merge.head.dueMs <= dueMs; count += 1) {
      const cursor = merge.head;
      if (!publisher.isSkipped(cursor)) publisher.publish(cursor);
      const lastMs = cursor.dueMs;
      this.clock.limit(lastMs);
      closingMs = closingTimeMs(lastMs, cursor.batch.kind[cursor.index]);
      if (!merge.advance() || count === ROWS_PER_SLICE) break;
      if (count % ROWS_PER_LOOK === 0 && wallMs() >= stopMs) break;
    }
    return closingMs;
  }

  /** Lets virtual time come to `atMs`, jumping over stretches without trading; false when disposed meanwhile. */
  async #waitFor(sink: FeedSink, atMs: number): Promise<boolean> {
    this.clock.limit(atMs);
    for (;;) {
      if (this.#isDisposed) return false;
      const remainingMs = this.clock.wallMsUntil(atMs);
      if (remainingMs <= 0) return true;
      const nowMs = this.clock.runningMs();
      const jump = atMs - nowMs > JUMP_MS_MIN ? jumpOver(this.#calendars(), nowMs, atMs) : null;
      if (jump !== null) this.#jump(sink, { fromMs: nowMs, ...jump });
      else await this.#waitMs(Math.max(1, Math.min(remainingMs, REPLAY_WAIT_MS_MAX)));
    }
  }

  #jump(sink: FeedSink, jump: { fromMs: number; toMs: number; reason: string }): void {
    this.clock.start(jump.toMs);
    sink.publish({ type: "FeedClockJumped", seq: 0, nowMs: jump.toMs, receivedMs: 0, ...jump });
  }

  #calendars(): ReadonlySet<CalendarId> {
    return new Set(this.#contracts.entries.map((entry) => entry.instrument.calendar));
  }

  #status(sink: FeedSink, status: { state: FeedState; nowMs: number; message: string }): void {
    sink.publish({ type: "FeedStatusChanged", seq: 0, receivedMs: 0, feed: this.name, ...status });
  }

  async #finish(end: FileFeedEnd, cursors: readonly RowCursor[]): Promise<void> {
    for (const cursor of cursors) await cursor.close();
    this.#resolveFinished(end);
  }

  async #fail(sink: FeedSink, error: unknown, cursors: readonly RowCursor[]): Promise<void> {
    const reason = error instanceof Error ? error : new Error(String(error));
    this.clock.stop(this.clock.nowMs());
    this.#status(sink, { state: "failed", nowMs: this.clock.nowMs(), message: reason.message });
    await this.#finish({ status: "failed", error: reason }, cursors);
  }
}

/** Rows before the start are read and left out here, so that the clock can begin where the replay does. */
async function skipLeadingRows(merge: RowMerge, publisher: RowPublisher): Promise<void> {
  for (let count = 1; merge.head !== null && publisher.isSkipped(merge.head); count += 1) {
    if (!merge.advance()) await merge.refill();
    if (count % ROWS_PER_SLICE === 0) await nextTurn();
  }
}

/** When the clock has to stand so that the bars of this row can close: behind its minute's end; a bar has ended. */
function closingTimeMs(dueMs: number, kind: number): number {
  const minutes = dueMs / MS_PER_MINUTE;
  const ended = kind === ROW_KIND.bar ? Math.ceil(minutes) : Math.floor(minutes) + 1;
  return ended * MS_PER_MINUTE + BAR_CLOSE_GRACE_MS;
}
