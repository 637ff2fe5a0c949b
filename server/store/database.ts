/** Is PostgreSQL there, and who may use it? One pool that comes back by itself; without it the engine goes on. */
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import {
  DATABASE_CONNECT_MS_MAX,
  DATABASE_POOL_MAX,
  DATABASE_QUERY_MS_MAX,
  STORE_PING_MS,
  STORE_RETRY_MS_MAX,
  STORE_RETRY_MS_MIN,
} from "#lib/limits.ts";
import type { Logger } from "#server/logger.ts";
import { DatabaseAwayError, type DatabaseFault, databaseFault, RowRefusedError } from "./database-fault.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrateDatabase } from "./migrate-database.ts";

/** `url`: somebody's server. `embedded`: ours, over this absolute folder. */
export type DatabaseSource = { kind: "url"; url: string } | { kind: "embedded"; folder: string };

/** ok: connected, of our version, and the last use went well. */
export type DatabaseStatus = { state: "starting" | "ok" | "away" | "refused"; reason: string };

/** What one transaction reads and writes with. */
export type Transaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];

type Connection = { pool: pg.Pool; db: NodePgDatabase; broken: PromiseWithResolvers<DatabaseFault> };

export class Database {
  readonly #source: DatabaseSource;
  readonly #logger: Pick<Logger, "info" | "warn">;
  readonly #stop = new AbortController();
  readonly #onReady = new Set<() => void>();
  #status: DatabaseStatus = { state: "starting", reason: "connecting" };
  #embedded: EmbeddedPostgres | null = null;
  #connection: Connection | null = null;
  #failures = 0;
  #loop: Promise<void> | null = null;

  constructor(source: DatabaseSource, logger: Pick<Logger, "info" | "warn">) {
    this.#source = source;
    this.#logger = logger;
  }

  /** Begins to connect, and goes on for ever; returns at once. */
  start(): void {
    this.#loop ??= this.#keepConnected();
  }

  get status(): DatabaseStatus {
    return this.#status;
  }

  /** "embedded" or host, port and name: for people, without user and password. */
  get place(): string {
    if (this.#source.kind === "embedded") return "embedded";
    const { hostname, port, pathname } = new URL(this.#source.url);
    return `${hostname}:${port === "" ? "5432" : port}${pathname}`;
  }

  /** Process id of the embedded server; null: it does not run, or it is not ours. */
  get embeddedPid(): number | null {
    return this.#embedded?.pid ?? null;
  }

  /** Called each time that it can be used (again); returns how to stop that. */
  onReady(listener: () => void): () => void {
    this.#onReady.add(listener);
    return () => this.#onReady.delete(listener);
  }

  /**
   * Runs `work`, which only talks to the database, in one transaction. Throws RowRefusedError where PostgreSQL does not
   * take the values (nothing is written) and DatabaseAwayError where it cannot be used.
   */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const connection = this.#connection;
    if (connection === null) throw new DatabaseAwayError({ kind: "away", reason: this.#status.reason });
    try {
      const result = await connection.db.transaction(work);
      this.#failures = 0;
      return result;
    } catch (error) {
      const fault = databaseFault(error);
      if (fault.kind === "row") throw new RowRefusedError(fault.reason, { cause: error });
      connection.broken.resolve(fault);
      throw new DatabaseAwayError(fault, error);
    }
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const connection = await this.#connect();
        this.#connection = connection;
        this.#say({ state: "ok", reason: `connected to ${this.place}` });
        for (const listener of this.#onReady) listener();
        await this.#watch(connection);
      } catch (error) {
        const { kind, reason } = databaseFault(error);
        this.#failures += 1;
        this.#say({ state: kind === "refused" ? "refused" : "away", reason: `${this.place}: ${reason}` });
      }
      await sleep(this.#waitMs(), undefined, { signal }).catch(() => {});
    }
  }

  #waitMs(): number {
    return Math.min(STORE_RETRY_MS_MAX, STORE_RETRY_MS_MIN * 2 ** Math.min(this.#failures, 10));
  }

  async #connect(): Promise<Connection> {
    const url = await this.#url();
    const pool = new pg.Pool({
      connectionString: url,
      application_name: "rightseat",
      max: DATABASE_POOL_MAX,
      // An idle connection stays open: its end is how we learn that the server went.
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: DATABASE_CONNECT_MS_MAX,
      query_timeout: DATABASE_QUERY_MS_MAX,
      keepAlive: true,
    });
    const broken = Promise.withResolvers<DatabaseFault>();
    const onError = (error: Error): void => broken.resolve(databaseFault(error));
    pool.on("error", onError);
    // NOTE: the pool hears only idle clients; one that works and has no listener would end the process.
    pool.on("connect", (client) => client.on("error", onError));
    try {
      const client = await pool.connect();
      try {
        await migrateDatabase(client);
      } finally {
        client.release();
      }
      return { pool, db: drizzle(pool), broken };
    } catch (error) {
      await endPool(pool);
      throw error;
    }
  }

  async #url(): Promise<string> {
    if (this.#source.kind === "url") return this.#source.url;
    if (this.#embedded === null) {
      const embedded = await startEmbeddedPostgres(this.#source.folder);
      this.#embedded = embedded;
      embedded.ended.then((reason) => {
        this.#embedded = null;
        this.#connection?.broken.resolve({ kind: "away", reason });
      });
    }
    return this.#embedded.url;
  }

  /** Until the connection breaks or we stop; throws what broke it. A silent server is asked now and then. */
  async #watch(connection: Connection): Promise<void> {
    const { signal } = this.#stop;
    const stopped = Promise.withResolvers<null>();
    const onStop = (): void => stopped.resolve(null);
    signal.addEventListener("abort", onStop);
    // A stop while the server was starting has been told already.
    if (signal.aborted) onStop();
    const ping = setInterval(() => {
      connection.pool.query("select 1").catch((error) => connection.broken.resolve(databaseFault(error)));
    }, STORE_PING_MS);
    try {
      const fault = await Promise.race([connection.broken.promise, stopped.promise]);
      if (fault !== null) throw new DatabaseAwayError(fault);
    } finally {
      clearInterval(ping);
      signal.removeEventListener("abort", onStop);
      this.#connection = null;
      await endPool(connection.pool);
    }
  }

  #say(status: DatabaseStatus): void {
    const isNews = status.state !== this.#status.state || status.reason !== this.#status.reason;
    this.#status = status;
    if (!isNews) return;
    if (status.state === "ok") this.#logger.info({ place: this.place }, "PostgreSQL is connected");
    else this.#logger.warn({ reason: status.reason }, "PostgreSQL cannot be used; everything else goes on");
  }

  /** Ends the pool, then the embedded server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    this.#status = { state: "away", reason: "stopped" };
    await this.#embedded?.stop();
  }
}

/** NOTE: pg waits for every client that is out; one on a dead network never comes back, so the wait has an end. */
async function endPool(pool: pg.Pool): Promise<void> {
  pool.on("error", () => {});
  await Promise.race([pool.end(), sleep(DATABASE_CONNECT_MS_MAX, undefined, { ref: false })]);
}
