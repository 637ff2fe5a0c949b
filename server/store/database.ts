/** Is PostgreSQL there, and who may use it? One pool that comes back by itself; without it the engine goes on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SQL } from "drizzle-orm";
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

/** ok: connected, of our version, and the last use went well. `sinceMs`: wall time since which it is ok, or not. */
export type DatabaseStatus = { state: "starting" | "ok" | "away" | "refused"; reason: string; sinceMs: number };

export type DatabaseOptions = {
  logger: Pick<Logger, "info" | "warn">;
  wallMs?: () => number;
  /** How long one query may take. */
  queryMsMax?: number;
};

/** What one transaction reads and writes with. */
export type Transaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];

type Connection = {
  pool: pg.Pool;
  /** Clients that somebody works with now. */
  busy: ReadonlySet<pg.ClientBase>;
  db: NodePgDatabase;
  broken: PromiseWithResolvers<DatabaseFault>;
};

export class Database {
  readonly #source: DatabaseSource;
  readonly #options: Required<DatabaseOptions>;
  readonly #stop = new AbortController();
  readonly #onReady = new Set<() => void>();
  #status: DatabaseStatus;
  #embedded: EmbeddedPostgres | null = null;
  #connection: Connection | null = null;
  #failures = 0;
  #loop: Promise<void> | null = null;

  constructor(
    source: DatabaseSource,
    { logger, wallMs = Date.now, queryMsMax = DATABASE_QUERY_MS_MAX }: DatabaseOptions,
  ) {
    this.#source = source;
    this.#options = { logger, wallMs, queryMsMax };
    this.#status = { state: "starting", reason: "connecting", sinceMs: wallMs() };
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
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#use((db) => db.transaction(work));
  }

  /** Runs one statement, a transaction of its own: one way there and back. Throws as `transaction` does. */
  async execute(statement: SQL): Promise<void> {
    await this.#use((db) => db.execute(statement));
  }

  async #use<Result>(work: (db: NodePgDatabase) => Promise<Result>): Promise<Result> {
    const connection = this.#connection;
    if (connection === null) throw new DatabaseAwayError({ kind: "away", reason: this.#status.reason });
    try {
      const result = await work(connection.db);
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
      let connection: Connection | null = null;
      try {
        connection = await this.#connect();
        this.#connection = connection;
        this.#say("ok", `connected to ${this.place}`);
        for (const listener of this.#onReady) listener();
        await this.#watch(connection);
      } catch (error) {
        const { kind, reason } = databaseFault(error);
        this.#failures += 1;
        // A value that is refused before any row is one of DATABASE_URL.
        this.#say(kind === "away" ? "away" : "refused", `${this.place}: ${reason}`);
      }
      this.#connection = null;
      if (connection !== null) await endPool(connection);
      await sleep(this.#waitMs(), undefined, { signal }).catch(() => {});
    }
  }

  #waitMs(): number {
    return Math.min(STORE_RETRY_MS_MAX, STORE_RETRY_MS_MIN * 2 ** Math.min(this.#failures, 10));
  }

  async #connect(): Promise<Connection> {
    const url = await this.#url();
    const { queryMsMax } = this.#options;
    const pool = new pg.Pool({
      connectionString: url,
      application_name: "rightseat",
      max: DATABASE_POOL_MAX,
      // An idle connection stays open: its end is how we learn that the server went.
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: DATABASE_CONNECT_MS_MAX,
      query_timeout: queryMsMax,
      keepAlive: true,
      // The server's own patience: a transaction that we lost on the way must not hold its rows for hours.
      onConnect: async (client) => {
        await client.query(`set idle_in_transaction_session_timeout = ${queryMsMax}`);
      },
    });
    const broken = Promise.withResolvers<DatabaseFault>();
    const onError = (error: Error): void => broken.resolve(databaseFault(error));
    pool.on("error", onError);
    // NOTE: the pool hears only idle clients; one that works and has no listener would end the process.
    pool.on("connect", (client) => client.on("error", onError));
    const busy = new Set<pg.ClientBase>();
    pool.on("acquire", (client) => busy.add(client));
    pool.on("release", (_error, client) => busy.delete(client));
    try {
      const client = await pool.connect();
      try {
        await migrateDatabase(client);
      } finally {
        client.release();
      }
      return { pool, busy, db: drizzle(pool), broken };
    } catch (error) {
      await endPool({ pool, busy });
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
    const question = { text: "select 1", query_timeout: DATABASE_CONNECT_MS_MAX };
    const ping = setInterval(() => {
      connection.pool.query(question).catch((error) => connection.broken.resolve(databaseFault(error)));
    }, STORE_PING_MS);
    try {
      const fault = await Promise.race([connection.broken.promise, stopped.promise]);
      if (fault !== null) throw new DatabaseAwayError(fault);
    } finally {
      clearInterval(ping);
      signal.removeEventListener("abort", onStop);
    }
  }

  #say(state: "ok" | "away" | "refused", reason: string): void {
    const { logger, wallMs } = this.#options;
    const former = this.#status;
    const isSame = (former.state === "ok") === (state === "ok");
    this.#status = { state, reason, sinceMs: isSame ? former.sinceMs : wallMs() };
    if (state === former.state && reason === former.reason) return;
    if (state === "ok") logger.info({ place: this.place }, "PostgreSQL is connected");
    else logger.warn({ reason }, "PostgreSQL cannot be used; everything else goes on");
  }

  /** Ends the pool, then the embedded server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    this.#status = { ...this.#status, state: "away", reason: "stopped" };
    await this.#embedded?.stop();
  }
}

/**
 * Idle clients say goodbye; one that waits for an answer may wait on a dead network, and would hold up its work and
 * pg's own end of the pool: it is cut, and its work fails at once.
 */
async function endPool({ pool, busy }: Pick<Connection, "pool" | "busy">): Promise<void> {
  pool.on("error", () => {});
  const ended = pool.end();
  for (const client of [...busy]) if (client instanceof pg.Client) client.end().catch(() => {});
  await Promise.race([ended, sleep(DATABASE_CONNECT_MS_MAX, undefined, { ref: false })]);
}
