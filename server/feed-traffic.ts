/** What has the feed brought since this start? Trades and bars counted, how long it is connected, its last troubles. */
import { FEED_ERRORS_SHOWN_MAX } from "#lib/limits.ts";
import type { FeedEvent, RejectReason } from "#server/feeds/feed.ts";

export type FeedTrafficReport = {
  trades: number;
  bars: number;
  /** Since it was last connected; 0 while it is not. */
  uptimeSeconds: number;
  /** Dropped messages and lost connections: how many, and the newest few in words, oldest first. */
  errorCount: number;
  errors: readonly string[];
};

export class FeedTraffic {
  readonly #wallMs: () => number;
  #trades = 0;
  #bars = 0;
  #connectedMs: number | null = null;
  #errorCount = 0;
  readonly #errors: string[] = [];

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  /** What came live; history and filled gaps are not counted. */
  note(event: FeedEvent): void {
    if (event.type === "TradePrinted") this.#trades += 1;
    else if (event.type === "BarReceived") this.#bars += 1;
    else if (event.type === "FeedStatusChanged") {
      if (event.state === "connected") this.#connectedMs ??= this.#wallMs();
      else this.#connectedMs = null;
      if (event.state === "failed" || event.state === "backing-off") this.#noteError(event.message);
    }
  }

  noteReject(reason: RejectReason, detail: string): void {
    this.#noteError(`${reason}: ${detail}`);
  }

  #noteError(words: string): void {
    this.#errorCount += 1;
    this.#errors.push(words);
    if (this.#errors.length > FEED_ERRORS_SHOWN_MAX) this.#errors.shift();
  }

  report(): FeedTrafficReport {
    const connectedForMs = this.#connectedMs === null ? 0 : Math.max(0, this.#wallMs() - this.#connectedMs);
    return {
      trades: this.#trades,
      bars: this.#bars,
      uptimeSeconds: Math.floor(connectedForMs / 1_000),
      errorCount: this.#errorCount,
      errors: [...this.#errors],
    };
  }
}
