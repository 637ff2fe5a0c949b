/** What does PostgreSQL know? Bars, gaps and runs from the log's facts, in batches, by a cursor beside them. */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT_EVERY_MS, PROJECT_RETRY_MS, PROJECT_ROWS_MAX } from "#lib/limits.ts";
import type { Fact, FactCursor } from "#lib/outputs/fact.ts";
import type { Projection } from "#lib/wire/ops.ts";
import type { Logger } from "#server/logger.ts";
import { FactTail } from "#server/sequencer/fact-tail.ts";
import type { Database } from "#server/store/database.ts";
import { DatabaseAwayError, RowRefusedError } from "#server/store/database-fault.ts";
import { rowCountOf } from "#server/store/fact-rows.ts";
import { type DurableCursor, type ProjectedRun, ProjectionStore } from "#server/store/projection-store.ts";

/** A run and where its log lies. */
export type LoggedRun = ProjectedRun & { logFolder: string };

export type ProjectionOptions = {
  database: Database;
  run: LoggedRun;
  /** Runs before this one: what they still owe is projected when nothing newer waits. */
  formerRuns: readonly LoggedRun[];
  /** Everything up to this seq survives a power cut; nothing behind it is projected. */
  flushedSeq: () => number;
  wallMs: () => number;
  logger: Pick<Logger, "info" | "warn" | "error">;
};

export type ProjectionStatus = Projection & {
  /** Time since nothing was left to project; 0: nothing is. */
  lagMs: number;
  /** Wall time of the last batch that was written. */
  progressMs: number | null;
};

export const PROJECTION_NAME = "project-postgres";

/** One run on its way into the tables. */
type Line = {
  run: LoggedRun;
  tail: FactTail;
  at: DurableCursor | null;
  /** The batch behind the one that PostgreSQL works on. */
  ahead: Promise<Batch | null> | null;
  broken: string | null;
};
/** `isCaughtUp`: there is nothing more up to `untilSeq`. */
type Batch = { facts: Fact[]; to: FactCursor; untilSeq: number; isCaughtUp: boolean };

export class PostgresProjection {
  readonly #options: ProjectionOptions;
  readonly #store: ProjectionStore;
  readonly #stop = new AbortController();
  readonly #current: Line;
  readonly #former: Line[];
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #work: Promise<void> | null = null;
  #ignoreReady: (() => void) | null = null;
  /** Set when a connection is new: it may be another database, or an older state of the same. */
  #isCursorOld = false;
  #seq = 0;
  #caughtUpMs: number;
  #progressMs: number | null = null;
  #refused: { count: number; newest: string | null } = { count: 0, newest: null };

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#store = new ProjectionStore(options.database, PROJECTION_NAME);
    this.#current = lineOf(options.run);
    this.#former = options.formerRuns.map(lineOf);
    this.#caughtUpMs = options.wallMs();
  }

  /** Begins to project, and goes on until disposed; returns at once. */
  start(): void {
    this.#ignoreReady ??= this.#options.database.onReady(() => {
      this.#isCursorOld = true;
      this.wake();
    });
    this.#work ??= this.#run();
    this.wake();
  }

  /** There may be more to project: call it when the log was flushed. */
  wake(): void {
    this.#wake.resolve();
  }

  get status(): ProjectionStatus {
    const lagEvents = Math.max(0, this.#options.flushedSeq() - this.#seq);
    // What arrived since the last look is no lag yet.
    const behindMs = this.#options.wallMs() - this.#caughtUpMs;
    const lagMs = lagEvents === 0 || behindMs <= 2 * PROJECT_EVERY_MS ? 0 : behindMs;
    const { count: refusedFacts, newest: newestRefused } = this.#refused;
    const broken = [this.#current, ...this.#former].find((line) => line.broken !== null)?.broken ?? null;
    return { seq: this.#seq, lagEvents, lagMs, progressMs: this.#progressMs, refusedFacts, newestRefused, broken };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      if (signal.aborted) return;
      try {
        if (this.#options.database.status.state === "ok") await this.#catchUp();
      } catch (error) {
        this.#isCursorOld = true;
        // Away: it rings when it is back. Anything else is a defect, said and tried again later.
        if (!(error instanceof DatabaseAwayError)) {
          this.#options.logger.error({ err: error }, "Facts could not be projected");
          await this.#rest(PROJECT_RETRY_MS);
          this.wake();
        }
      }
      // One look at the log for all flushes of a moment.
      await this.#rest(PROJECT_EVERY_MS);
    }
  }

  /** The current run first, always; the rest of former runs a batch at a time in between. */
  async #catchUp(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#isCursorOld) this.#forgetCursors();
      const untilSeq = this.#options.flushedSeq();
      const isCurrent = await this.#step(this.#current, untilSeq);
      if (!isCurrent) continue;
      this.#seq = Math.max(this.#seq, untilSeq);
      this.#caughtUpMs = this.#options.wallMs();
      const former = this.#former.find((line) => line.broken === null && line.at?.isFinished !== true);
      if (former === undefined) return;
      await this.#step(former, Number.MAX_SAFE_INTEGER);
    }
  }

  /** One batch of a run; true when everything up to `untilSeq` is in the tables. */
  async #step(line: Line, untilSeq: number): Promise<boolean> {
    if (line.broken !== null) return true;
    if (line.at === null) {
      const { logFolder: _, ...run } = line.run;
      line.at = await this.#store.begin(run);
      this.#refused = await this.#store.refused();
      if (line === this.#current) this.#seq = line.at.cursor.seq;
      else if (line.at.isFinished) return true;
    }
    const batch = await (line.ahead ?? this.#gather(line, line.at.cursor, untilSeq));
    line.ahead = null;
    if (batch === null) return true;
    const isFinished = batch.isCaughtUp && line !== this.#current;
    if (batch.facts.length > 0 || isFinished) {
      await this.#writeWhileReading(line, batch, isFinished);
      this.#progressMs = this.#options.wallMs();
      if (line === this.#current) this.#seq = Math.max(this.#seq, batch.to.seq - 1);
    }
    line.at = { cursor: batch.to, isFinished };
    if (isFinished) line.tail[Symbol.dispose]();
    return batch.isCaughtUp && batch.untilSeq >= untilSeq;
  }

  /** Reads the next batch while PostgreSQL works on this one. */
  async #writeWhileReading(line: Line, batch: Batch, isFinished: boolean): Promise<void> {
    const startMs = performance.now();
    const written = this.#write(line.run.runId, batch.facts, { cursor: batch.to, isFinished });
    const sentMs = performance.now();
    if (!batch.isCaughtUp) {
      line.ahead = new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
        this.#gather(line, batch.to, batch.untilSeq),
      );
    }
    try {
      await written;
    } catch (error) {
      await line.ahead;
      line.ahead = null;
      throw error;
    }
    // The market goes first: a long way to catch up leaves the event loop alone for as long as it held it.
    const restMs = sentMs - startMs - (performance.now() - sentMs);
    if (restMs > 0 && !batch.isCaughtUp) await this.#rest(Math.min(PROJECT_EVERY_MS, restMs));
  }

  #rest(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  /** Facts up to the one that fills a thousand rows; null: the log cannot be read there. */
  async #gather(line: Line, after: FactCursor, untilSeq: number): Promise<Batch | null> {
    const batch: Batch = { facts: [], to: after, untilSeq, isCaughtUp: false };
    let rows = 0;
    try {
      while (rows < PROJECT_ROWS_MAX && batch.facts.length < PROJECT_ROWS_MAX && !batch.isCaughtUp) {
        const query = { folder: line.run.logFolder, after: batch.to, untilSeq, max: 1 };
        const { facts, cursor, isCaughtUp } = await line.tail.read(query);
        for (const fact of facts) rows += rowCountOf(fact);
        batch.facts.push(...facts);
        batch.to = cursor;
        batch.isCaughtUp = isCaughtUp;
      }
      return batch;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      line.broken = `run ${line.run.runId}: ${reason}`;
      this.#options.logger.error({ runId: line.run.runId, reason }, "A log cannot be projected");
      return null;
    }
  }

  /** Halves a batch that holds a fact which PostgreSQL refuses, until that one stands alone and is set aside. */
  async #write(runId: string, facts: readonly Fact[], to: DurableCursor): Promise<void> {
    try {
      await this.#store.write(runId, facts, to);
    } catch (error) {
      const first = facts[0];
      if (!(error instanceof RowRefusedError) || first === undefined) throw error;
      if (facts.length === 1) {
        await this.#store.setAside(runId, first, error.message);
        await this.#store.write(runId, [], to);
        this.#refused = await this.#store.refused();
        const { seq, ordinal, type } = first;
        const { logger } = this.#options;
        logger.warn({ runId, seq, ordinal, type, reason: error.message }, "PostgreSQL refused a fact; it is set aside");
        return;
      }
      const half = facts.slice(0, facts.length >> 1);
      const { seq, ordinal } = half[half.length - 1];
      await this.#write(runId, half, { cursor: { seq, ordinal }, isFinished: false });
      await this.#write(runId, facts.slice(half.length), to);
    }
  }

  /** After trouble nobody knows whether the last commit came through: the database is asked again. */
  #forgetCursors(): void {
    this.#isCursorOld = false;
    this.#store.forget();
    for (const line of [this.#current, ...this.#former]) line.at = null;
  }

  /** Ends behind the batch in hand; what is left is for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ignoreReady?.();
    this.#stop.abort();
    this.wake();
    await this.#work;
    for (const { tail, ahead } of [this.#current, ...this.#former]) {
      await ahead;
      tail[Symbol.dispose]();
    }
  }
}

function lineOf(run: LoggedRun): Line {
  return { run, tail: new FactTail(), at: null, ahead: null, broken: null };
}
