/** What may other programs know at once? Quotes, analyses and scanner, in the cache, behind the flushed log. */
import { MIRROR_EVERY_MS, MIRROR_ROOTS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { Quote } from "#lib/wire/stream.ts";
import type { Cache, CacheEntry } from "#server/store/cache.ts";
import { ANALYSIS_AGAIN_MS, ANALYSIS_TTL_MS, LAST_QUOTE_AGAIN_MS, LAST_QUOTE_TTL_MS } from "#server/store/cache-ttl.ts";

/** Where "changed" is told, as `{seq, keys}`. */
export const CHANGED_CHANNEL = "rs:changed";

/** Every value is JSON as on the stream or from REST, with the seq that it stands behind. ESZ6 → "rs:last:ESZ6". */
export function lastQuoteKey(symbol: string): string {
  return `rs:last:${symbol}`;
}

/** What closed bars of the root's front say, less level board and ICT, which have a key of their own. */
export function insightKey(root: string): string {
  return `rs:insight:${root}`;
}

export function levelsKey(root: string): string {
  return `rs:levels:${root}`;
}

export const SCANNER_KEY = "rs:scanner";

export type MirrorOptions = {
  cache: Cache;
  /** How many contracts the run has. */
  contracts: () => number;
  /** Its roots, each with the number of its front. */
  roots: () => readonly { root: string; front: number }[];
  /** The quote of a contract as of now; null: it has none. */
  quote: (contract: number) => Quote | null;
  /** What was published of the root's front, nothing that forms. */
  insight: (root: string) => InsightView | null;
  scanner: () => ScannerView;
};

export const MIRROR_NAME = "mirror-redis";

/** What changed: numbers of contracts, roots, and whether the scanner did. */
type Changes = { quotes: Set<number>; roots: Set<string>; hasScanner: boolean };
type Pending = { seq: number; quotes: CacheEntry[]; analyses: CacheEntry[]; changes: Changes };

export class RedisMirror {
  readonly #options: MirrorOptions;
  readonly #changes: Changes = { quotes: new Set(), roots: new Set(), hasScanner: false };
  #seq = 0;
  #flushedSeq = 0;
  #writtenSeq = 0;
  #pending: Pending | null = null;
  #isSending = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #again: NodeJS.Timeout[] = [];
  #isClosed = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Last seq whose values the cache has, and how many flushed events it lacks; nothing changed, nothing lacks. */
  get place(): { seq: number; lagEvents: number } {
    const { quotes, roots, hasScanner } = this.#changes;
    const isDone = this.#pending === null && quotes.size === 0 && roots.size === 0 && !hasScanner;
    const seq = isDone ? this.#flushedSeq : Math.min(this.#writtenSeq, this.#flushedSeq);
    return { seq, lagEvents: this.#flushedSeq - seq };
  }

  /** Writes every value now and then, so that its key stays while we live. */
  start(): void {
    if (this.#again.length > 0) return;
    const quotesAgain = (): void => {
      for (let contract = 0; contract < this.#options.contracts(); contract++) this.#changes.quotes.add(contract);
      this.#arm();
    };
    this.#again.push(setInterval(quotesAgain, LAST_QUOTE_AGAIN_MS));
    this.#again.push(setInterval(() => this.#analysesAgain(), ANALYSIS_AGAIN_MS));
  }

  #analysesAgain(): void {
    for (const { root } of this.#options.roots()) this.#changes.roots.add(root);
    this.#changes.hasScanner = true;
    this.#arm();
  }

  /** A batch is through the engine. */
  note(outputs: Outputs, lastSeq: number): void {
    this.#seq = lastSeq;
    for (const output of outputs.list) {
      if (output.type === "AnalysisChanged") this.#noteAnalysis(output.contract);
      else if (output.type === "SettingsChanged" || output.type === "FrontChanged") this.#analysesAgain();
    }
    if (!outputs.anyTouched) return;
    const contracts = this.#options.contracts();
    for (let contract = 0; contract < contracts; contract++) {
      if (outputs.touched[contract] === 1) this.#changes.quotes.add(contract);
    }
    this.#arm();
  }

  #noteAnalysis(contract: number): void {
    const known = this.#options.roots().find(({ front }) => front === contract);
    if (known === undefined) return;
    this.#changes.roots.add(known.root);
    this.#changes.hasScanner = true;
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

  /** The values as they stand behind the newest batch; they wait for its flush. */
  #take(): void {
    if (this.#pending !== null || this.#options.cache.status.state !== "ok") {
      this.#arm();
      return;
    }
    const changes = this.#takeChanges();
    if (this.#changes.roots.size > 0) this.#arm();
    const quotes = [...changes.quotes].flatMap((contract) => this.#quoteEntry(contract));
    const analyses = [...changes.roots].flatMap((root) => this.#analysisEntries(root));
    if (changes.hasScanner) analyses.push(this.#entry(SCANNER_KEY, this.#options.scanner()));
    if (quotes.length + analyses.length === 0) return;
    this.#pending = { seq: this.#seq, quotes, analyses, changes };
    this.#send();
  }

  #takeChanges(): Changes {
    const { quotes, roots, hasScanner } = this.#changes;
    const taken = { quotes: new Set(quotes), roots: new Set([...roots].slice(0, MIRROR_ROOTS_MAX)), hasScanner };
    quotes.clear();
    for (const root of taken.roots) roots.delete(root);
    this.#changes.hasScanner = false;
    return taken;
  }

  #entry(key: string, value: object): CacheEntry {
    return { key, value: JSON.stringify({ seq: this.#seq, ...value }) };
  }

  #quoteEntry(contract: number): CacheEntry[] {
    const quote = this.#options.quote(contract);
    return quote === null ? [] : [this.#entry(lastQuoteKey(quote.contract), quote)];
  }

  /** None before the first analysis. */
  #analysisEntries(root: string): CacheEntry[] {
    const view = this.#options.insight(root);
    if (view === null || view.parts === null) return [];
    const { parts, provisional: _forming, ...head } = view;
    const { levels, ict, ...cards } = parts;
    return [
      this.#entry(insightKey(root), { ...head, parts: cards }),
      this.#entry(levelsKey(root), { ...head, parts: { levels, ict } }),
    ];
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

  async #write({ seq, quotes, analyses, changes }: Pending): Promise<void> {
    const { cache } = this.#options;
    try {
      if (quotes.length > 0) await cache.setAll(quotes, LAST_QUOTE_TTL_MS);
      if (analyses.length > 0) await cache.setAll(analyses, ANALYSIS_TTL_MS);
      const keys = [...quotes, ...analyses].map(({ key }) => key);
      await cache.publish(CHANGED_CHANNEL, JSON.stringify({ seq, keys }));
      this.#writtenSeq = seq;
    } catch {
      // The cache says itself that it is away; these are written again when it is back.
      for (const contract of changes.quotes) this.#changes.quotes.add(contract);
      for (const root of changes.roots) this.#changes.roots.add(root);
      this.#changes.hasScanner ||= changes.hasScanner;
      this.#arm();
    }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const again of this.#again) clearInterval(again);
  }
}
