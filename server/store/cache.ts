/** What is the cache? Values that may go at any time and a bell for "changed": Redis, or this process itself. */
import type { Logger } from "#server/logger.ts";
import { MemoryCache } from "./memory-cache.ts";
import { RedisCache } from "./redis-cache.ts";

/** ok: the last answer was a good one. starting: not heard yet. away: said in words, tried again by itself. */
export type CacheStatus = {
  state: "starting" | "ok" | "away";
  reason: string;
  progressMs: number | null;
  /** Wall time since which it is ok, or not. */
  sinceMs: number;
};

export type CacheEntry = { key: string; value: string };

/** Every method but `status` rejects with CacheAwayError while the cache cannot be used. */
export type Cache = {
  readonly kind: "redis" | "memory";
  readonly status: CacheStatus;
  /** Begins to connect; returns at once. */
  start(): void;
  /** Writes all entries or rejects; each goes after `ttlMs`. */
  setAll(entries: readonly CacheEntry[], ttlMs: number): Promise<void>;
  /** Null: not there, or gone. */
  get(key: string): Promise<string | null>;
  /** To everybody who listens now; nobody is told later. */
  publish(channel: string, message: string): Promise<void>;
  /** Resolves when it listens; returns how to stop. Listening goes on after an outage; what was said then is lost. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type CacheOptions = {
  /** Null: in this process. */
  redisUrl: string | null;
  /** Before every key and channel; default: none. */
  prefix?: string;
  logger: Pick<Logger, "info" | "warn">;
  wallMs: () => number;
};

/** The cache that the settings ask for. */
export function createCache({ redisUrl, prefix = "", logger, wallMs }: CacheOptions): Cache {
  if (redisUrl === null) return new MemoryCache(wallMs);
  return new RedisCache({ url: redisUrl, prefix, logger, wallMs });
}
