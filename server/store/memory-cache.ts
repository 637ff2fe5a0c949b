/** How does a cache live in this process? A map whose entries go by their time, oldest first when it is full. */
import { CACHE_ENTRIES_MAX, CACHE_SWEEP_MS } from "#lib/limits.ts";
import type { Cache, CacheEntry, CacheStatus } from "./cache.ts";

type Held = { value: string; untilMs: number };

export class MemoryCache implements Cache {
  readonly kind = "memory";
  readonly #wallMs: () => number;
  readonly #sinceMs: number;
  readonly #held = new Map<string, Held>();
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  #sweep: NodeJS.Timeout | null = null;
  #progressMs: number | null = null;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    this.#sinceMs = wallMs();
  }

  get status(): CacheStatus {
    const reason = "in this process (REDIS_URL is unset)";
    return { state: "ok", reason, progressMs: this.#progressMs, sinceMs: this.#sinceMs };
  }

  start(): void {
    this.#sweep ??= setInterval(() => this.sweep(), CACHE_SWEEP_MS).unref();
  }

  async setAll(entries: readonly CacheEntry[], ttlMs: number): Promise<void> {
    const nowMs = this.#wallMs();
    for (const { key, value } of entries) {
      // Deleted first: a Map keeps the place of a key that is written again.
      this.#held.delete(key);
      this.#held.set(key, { value, untilMs: nowMs + ttlMs });
    }
    for (const key of this.#held.keys()) {
      if (this.#held.size <= CACHE_ENTRIES_MAX) break;
      this.#held.delete(key);
    }
    this.#progressMs = nowMs;
  }

  async get(key: string): Promise<string | null> {
    const held = this.#held.get(key);
    return held === undefined || held.untilMs <= this.#wallMs() ? null : held.value;
  }

  async publish(channel: string, message: string): Promise<void> {
    const listeners = [...(this.#listeners.get(channel) ?? [])];
    // As with Redis, nobody hears it before the publisher has gone on.
    setImmediate(() => {
      for (const listener of listeners) listener(message);
    });
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return async () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(channel);
    };
  }

  /** Entries held, those that nobody has swept yet included. */
  get size(): number {
    return this.#held.size;
  }

  /** Forgets what has had its time. */
  sweep(): void {
    const nowMs = this.#wallMs();
    for (const [key, { untilMs }] of this.#held) if (untilMs <= nowMs) this.#held.delete(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#held.clear();
    this.#listeners.clear();
  }
}
