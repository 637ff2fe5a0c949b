/** How does a cache live in Redis? Every answer is checked; one that vanishes or talks nonsense is away. */
import { Redis } from "ioredis";
import { CACHE_COMMAND_MS_MAX, STORE_PING_MS, STORE_RETRY_MS_MAX, STORE_RETRY_MS_MIN } from "#lib/limits.ts";
import type { Logger } from "#server/logger.ts";
import type { Cache, CacheEntry, CacheStatus } from "./cache.ts";
import { CacheAwayError } from "./cache-away-error.ts";
import { cacheFaultWords, isWrongDatabase } from "./cache-fault.ts";

export type RedisCacheOptions = {
  url: string;
  prefix: string;
  logger: Pick<Logger, "info" | "warn">;
  wallMs: () => number;
};

type Listener = (message: string) => void;

export class RedisCache implements Cache {
  readonly kind = "redis";
  readonly #options: RedisCacheOptions;
  readonly #redis: Redis;
  readonly #listeners = new Map<string, Set<Listener>>();
  #subscriber: Redis | null = null;
  #ping: NodeJS.Timeout | null = null;
  #status: CacheStatus;
  /** Set where the number in the address is none of this Redis: nothing may be written elsewhere. */
  #wrongDatabase: Error | null = null;
  #isClosed = false;

  constructor(options: RedisCacheOptions) {
    this.#options = options;
    this.#status = { state: "starting", reason: "connecting", progressMs: null, sinceMs: options.wallMs() };
    this.#redis = this.#client();
  }

  get status(): CacheStatus {
    return this.#status;
  }

  /** Host and port: for people, without the password. */
  get place(): string {
    const { hostname, port } = new URL(this.#options.url);
    return `${hostname}:${port === "" ? "6379" : port}`;
  }

  start(): void {
    if (this.#ping !== null) return;
    this.#connect(this.#redis);
    this.#ping = setInterval(() => void this.#askQuietly(), STORE_PING_MS);
  }

  setAll(entries: readonly CacheEntry[], ttlMs: number): Promise<void> {
    return this.#asked(async () => {
      const batch = this.#redis.multi();
      for (const { key, value } of entries) batch.set(this.#options.prefix + key, value, "PX", ttlMs);
      const answers = await batch.exec();
      if (answers?.length !== entries.length) throw nonsense(answers);
      for (const [error, answer] of answers) {
        if (error !== null) throw error;
        if (answer !== "OK") throw nonsense(answer);
      }
    });
  }

  get(key: string): Promise<string | null> {
    return this.#asked(async () => {
      const answer: unknown = await this.#redis.get(this.#options.prefix + key);
      if (answer !== null && typeof answer !== "string") throw nonsense(answer);
      return answer;
    });
  }

  publish(channel: string, message: string): Promise<void> {
    return this.#asked(async () => {
      const answer: unknown = await this.#redis.publish(this.#options.prefix + channel, message);
      if (typeof answer !== "number") throw nonsense(answer);
    });
  }

  async subscribe(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const full = this.#options.prefix + channel;
    const listeners = this.#listeners.get(full) ?? new Set();
    this.#listeners.set(full, listeners.add(listener));
    this.#subscriber ??= this.#listeningClient();
    const subscriber = this.#subscriber;
    await this.#asked(async () => {
      if (subscriber.status === "wait") await subscriber.connect();
      await subscriber.subscribe(full);
    });
    return async () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(full);
      if (!this.#isClosed) await subscriber.unsubscribe(full).catch(() => {});
    };
  }

  /** A connection of its own: one that listens may say nothing else. */
  #listeningClient(): Redis {
    const client = this.#client();
    client.on("message", (channel: string, message: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(message);
    });
    return client;
  }

  #client(): Redis {
    const client = new Redis(this.#options.url, {
      lazyConnect: true,
      // A command without a connection fails at once: what is old when Redis comes back is of no use.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CACHE_COMMAND_MS_MAX,
      commandTimeout: CACHE_COMMAND_MS_MAX,
      // A network that swallows everything closes nothing: the connection is given up, and opened anew.
      socketTimeout: 2 * CACHE_COMMAND_MS_MAX,
      retryStrategy: (tries) => Math.min(STORE_RETRY_MS_MAX, STORE_RETRY_MS_MIN * 2 ** Math.min(tries, 10)),
    });
    client.on("error", (error) => {
      if (isWrongDatabase(error)) this.#wrongDatabase = error;
      this.#away(error);
    });
    client.on("close", () => this.#away(new Error("the connection was closed")));
    client.on("ready", () => void this.#askQuietly());
    return client;
  }

  /** Its failures come as "error" events, and it tries again by itself. */
  #connect(client: Redis): void {
    client.connect().catch((error) => this.#away(error));
  }

  /** Only a PONG proves that a Redis answers; a listener that nobody asks would stay deaf on a dead line. */
  async #askQuietly(): Promise<void> {
    if (this.#subscriber?.status === "ready") this.#subscriber.ping().catch((error) => this.#away(error));
    if (this.#redis.status !== "ready") return;
    await this.#asked(async () => {
      const answer: unknown = await this.#redis.ping();
      if (answer !== "PONG") throw nonsense(answer);
    }).catch(() => {});
  }

  async #asked<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      if (this.#wrongDatabase !== null) throw this.#wrongDatabase;
      const answer = await work();
      this.#well();
      return answer;
    } catch (error) {
      this.#away(error);
      throw new CacheAwayError(this.#status.reason, { cause: error });
    }
  }

  #well(): void {
    const nowMs = this.#options.wallMs();
    const isNews = this.#status.state !== "ok";
    if (isNews) this.#options.logger.info({ place: this.place }, "Redis is connected");
    const sinceMs = isNews ? nowMs : this.#status.sinceMs;
    this.#status = { state: "ok", reason: `connected to ${this.place}`, progressMs: nowMs, sinceMs };
  }

  #away(error: unknown): void {
    if (this.#isClosed) return;
    const words = cacheFaultWords(error);
    // The first words name the cause; what follows is only that there is no connection.
    if (this.#status.state === "away" && /isn't writeable|was closed|is closed/.test(words)) return;
    if (this.#status.state !== "away") {
      this.#options.logger.warn({ reason: words }, "Redis cannot be used; everything else goes on");
    }
    const { state, progressMs, sinceMs } = this.#status;
    const startMs = state === "ok" ? this.#options.wallMs() : sinceMs;
    this.#status = { state: "away", reason: `${this.place}: ${words}`, progressMs, sinceMs: startMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    if (this.#ping !== null) clearInterval(this.#ping);
    this.#redis.disconnect();
    this.#subscriber?.disconnect();
  }
}

function nonsense(answer: unknown): Error {
  return new Error(`it answers nonsense: ${JSON.stringify(answer)?.slice(0, 80)}`);
}
