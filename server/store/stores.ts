/** Which stores stand behind the log, and who fills them? Database and cache with their handlers, as one part. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineState } from "#lib/engine/state.ts";
import { AFTER_SEQ_WAIT_MS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { ScannerView } from "#lib/wire/insight.ts";
import type { Handler, Part, Projection } from "#lib/wire/ops.ts";
import type { Config } from "#server/config.ts";
import { MIRROR_NAME, RedisMirror } from "#server/handlers/mirror-redis.ts";
import { PostgresProjection, PROJECTION_NAME } from "#server/handlers/project-postgres.ts";
import { closedInsightView } from "#server/insight-view.ts";
import { quoteOf } from "#server/live-view.ts";
import type { Logger } from "#server/logger.ts";
import type { Run } from "#server/runs.ts";
import { type Cache, createCache } from "./cache.ts";
import { Database } from "./database.ts";
import { dbPart, redisPart } from "./store-parts.ts";

export type StoresOptions = {
  config: Pick<Config, "dataDir" | "databaseUrl" | "redisUrl">;
  logger: Logger;
  state: EngineState;
  scanner: () => ScannerView;
  wallMs: () => number;
};

/** What /health, /metrics and the ops strip say of the stores. */
export type StoresReport = { parts: Part[]; handlers: Handler[]; projection: Projection | null };

export class Stores {
  readonly #options: StoresOptions;
  readonly #database: Database;
  readonly #cache: Cache;
  readonly #mirror: RedisMirror;
  #projection: PostgresProjection | null = null;
  #flushedSeq = 0;

  constructor(options: StoresOptions) {
    const { config, logger, state, scanner, wallMs } = options;
    const { databaseUrl: url } = config;
    this.#options = options;
    const embedded = { kind: "embedded", folder: path.join(config.dataDir, "postgres") } as const;
    this.#database = new Database(url === null ? embedded : { kind: "url", url }, { logger, wallMs });
    this.#cache = createCache({ redisUrl: config.redisUrl, logger, wallMs });
    this.#mirror = new RedisMirror({
      cache: this.#cache,
      contracts: () => state.contracts.length,
      roots: () => state.roots,
      quote: (contract) => quoteOf(state, state.contracts[contract]),
      insight: (root) => closedInsightView(state, root),
      scanner,
    });
  }

  /** Begins to connect; the caller holds the DATA_DIR lock. Nothing waits for it. */
  start(): void {
    this.#database.start();
    this.#cache.start();
    this.#mirror.start();
  }

  /** Projects this run from now on, and what the former ones still owe. */
  follow(run: Run, formerRuns: readonly Run[], flushedSeq: number): void {
    this.#flushedSeq = Math.max(this.#flushedSeq, flushedSeq);
    const { logger, wallMs } = this.#options;
    const database = this.#database;
    const projection = new PostgresProjection({
      database,
      run: loggedRun(run),
      formerRuns: formerRuns.map(loggedRun),
      flushedSeq: () => this.#flushedSeq,
      wallMs,
      logger,
    });
    this.#projection = projection;
    projection.start();
  }

  /** A batch is through the engine. */
  note(outputs: Outputs, lastSeq: number): void {
    this.#mirror.note(outputs, lastSeq);
  }

  /** Everything up to `seq` survives a power cut. */
  flushed(seq: number): void {
    this.#flushedSeq = seq;
    this.#mirror.flushed(seq);
    this.#projection?.wake();
  }

  /** For queries; the stores alone start and end it. */
  get database(): Database {
    return this.#database;
  }

  /** Waits up to 2 s until the tables hold everything up to `seq`; false: they do not yet. */
  async projected(seq: number): Promise<boolean> {
    const untilMs = performance.now() + AFTER_SEQ_WAIT_MS;
    const isThere = (): boolean => (this.#projection?.status.seq ?? 0) >= seq;
    while (!isThere() && performance.now() < untilMs) await sleep(20);
    return isThere();
  }

  report(): StoresReport {
    const status = this.#projection?.status ?? null;
    const { status: database, place } = this.#database;
    return {
      parts: [dbPart({ status: database, place, projection: status }), redisPart(this.#cache.status)],
      handlers: this.#handlers(),
      projection: wireOf(status),
    };
  }

  #handlers(): Handler[] {
    const status = this.#projection?.status;
    const projection = { seq: status?.seq ?? 0, lagEvents: status?.lagEvents ?? this.#flushedSeq };
    return [
      { name: PROJECTION_NAME, ...projection },
      { name: MIRROR_NAME, ...this.#mirror.place },
    ];
  }

  /** Handlers first, then what they write to. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#mirror[Symbol.dispose]();
    await this.#projection?.[Symbol.asyncDispose]();
    await Promise.all([this.#database[Symbol.asyncDispose](), this.#cache[Symbol.asyncDispose]()]);
  }
}

function loggedRun({ runId, mode, feed, seed, createdMs, logFolder }: Run) {
  return { runId, mode, feed, seed, createdMs, logFolder };
}

function wireOf(status: Projection | null): Projection | null {
  if (status === null) return null;
  const { seq, lagEvents, refusedFacts, newestRefused, broken } = status;
  return { seq, lagEvents, refusedFacts, newestRefused, broken };
}
