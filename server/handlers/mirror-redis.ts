/** What may other programs know at once? The newest quote of each contract, in the cache, behind the flushed log. */
import { MIRROR_EVERY_MS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { Quote } from "#lib/wire/stream.ts";
import type { Cache, CacheEntry } from "#server/store/cache.ts";
import { LAST_QUOTE_AGAIN_MS, LAST_QUOTE_TTL_MS } from "#server/store/cache-ttl.ts";

/** Where "changed" is told, as `{seq, keys}`. */
export const CHANGED_CHANNEL = "rs:changed";

/** ESZ6 → "rs:last:ESZ6": JSON of the quote as on the stream, with the seq that it stands behind. */
export function lastQuoteKey(symbol: string): string {
  return `rs:last:${symbol}`;
}

export type MirrorOptions = {
  cache: Cache;
  /** How many contracts the run has. */
  contracts: () => number;
  /** The quote of a contract as of now; null: it has none. */
  quote: (contract: number) => Quote | null;
};

export const MIRROR_NAME = "mirror-redis";

type Pending = { seq: number; entries: CacheEntry[]; contracts: number[] };

export class RedisMirror {
  readonly #options: MirrorOptions;
  readonly #changed = new Set<number>();
  #seq = 0;
  #flushedSeq = 0;
  #writtenSeq = 0;
  #pending: Pending | null = null;
  #isSending = false;
  #timer: NodeJS.Timeout | null = null;
  #again: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Last seq whose quotes the cache has, and how many flushed events it lacks; nothing changed, nothing lacks. */
  get place(): { seq: number; lagEvents: number } {
    const isDone = this.#pending === null && this.#changed.size === 0;
    const seq = isDone ? this.#flushedSeq : Math.min(this.#writtenSeq, this.#flushedSeq);
    return { seq, lagEvents: this.#flushedSeq - seq };
  }

  /** Writes every quote now and then, so that its key stays while we live. */
  start(): void {
    this.#again ??= setInterval(() => {
      for (let contract = 0; contract < this.#options.contracts(); contract++) this.#changed.add(contract);
      this.#arm();
    }, LAST_QUOTE_AGAIN_MS);
  }

  /** A batch is through the engine. */
  note(outputs: Outputs, lastSeq: number): void {
    this.#seq = lastSeq;
    if (!outputs.anyTouched) return;
    const contracts = this.#options.contracts();
    for (let contract = 0; contract < contracts; contract++) {
      if (outputs.touched[contract] === 1) this.#changed.add(contract);
    }
    this.#arm();
  }

  /** Everything up to `seq` survives a power cut: what is pending may leave. */
  flushed(seq: number): void {
    this.#flushedSeq = seq;
    this.#send();
  }

  #arm(): void {
    if (this.#isClosed || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#take();
    }, MIRROR_EVERY_MS);
  }

  /** The quotes as they stand behind the newest batch; they wait for its flush. */
  #take(): void {
    if (this.#pending !== null || this.#options.cache.status.state !== "ok") {
      this.#arm();
      return;
    }
    const contracts = [...this.#changed];
    this.#changed.clear();
    const entries: CacheEntry[] = [];
    for (const contract of contracts) {
      const quote = this.#options.quote(contract);
      if (quote === null) continue;
      entries.push({ key: lastQuoteKey(quote.contract), value: JSON.stringify({ seq: this.#seq, ...quote }) });
    }
    if (entries.length === 0) return;
    this.#pending = { seq: this.#seq, entries, contracts };
    this.#send();
  }

  #send(): void {
    const pending = this.#pending;
    if (pending === null || this.#isSending || pending.seq > this.#flushedSeq) return;
    this.#isSending = true;
    this.#write(pending).then(() => {
      this.#isSending = false;
      this.#pending = null;
    });
  }

  async #write({ seq, entries, contracts }: Pending): Promise<void> {
    const { cache } = this.#options;
    try {
      await cache.setAll(entries, LAST_QUOTE_TTL_MS);
      await cache.publish(CHANGED_CHANNEL, JSON.stringify({ seq, keys: entries.map(({ key }) => key) }));
      this.#writtenSeq = seq;
    } catch {
      // The cache says itself that it is away; these are written again when it is back.
      for (const contract of contracts) this.#changed.add(contract);
      this.#arm();
    }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#again !== null) clearInterval(this.#again);
  }
}
