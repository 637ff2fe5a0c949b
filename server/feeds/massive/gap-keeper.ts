/** Which gaps are open, and who asks for them? Opened when a connection ends, asked for at the first message behind. */
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import type { ContractStream } from "./contract-stream.ts";
import { fillGap } from "./gap-filler.ts";
import type { RestClient } from "./rest-client.ts";

export type GapKeeperOptions = {
  rest: RestClient;
  sink: FeedSink;
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
};

/** The vendor's REST side gets so long to know what the stream sent. */
const SETTLE_MS = 1_000;

export class GapKeeper {
  readonly #options: GapKeeperOptions;
  readonly #fills = new Set<Promise<void>>();

  constructor(options: GapKeeperOptions) {
    this.#options = options;
  }

  /** The connection ended: from each contract's newest message on, something may be missing. */
  open(streams: Iterable<ContractStream>, reason: string): void {
    for (const stream of streams) {
      if (stream.gap !== null || !Number.isFinite(stream.newestMs)) continue;
      const fromMs = stream.newestMs + (stream.hasTrades ? 1 : 0);
      stream.gap = { fromMs, reason, isListed: true };
      const { number: contract } = stream;
      this.#options.sink.publish({ ...UNSTAMPED, type: "FeedGapFound", contract, fromMs, toMs: null, reason });
    }
  }

  /** The gap ends at `toMs`: asks for what it left out. One answer at a time for a contract. */
  end(stream: ContractStream, toMs: number): void {
    const { gap } = stream;
    if (gap === null || stream.isFilling) return;
    stream.gap = null;
    stream.isFilling = true;
    const { rest, sink, signal } = this.#options;
    const filling = this.#options
      .sleep(SETTLE_MS)
      .then(() => {
        signal.throwIfAborted();
        return fillGap({ rest, sink, stream }, gap, Math.max(toMs, gap.fromMs));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) sink.reject("not-filled", String(error));
      })
      .then(() => {
        stream.isFilling = false;
        this.#fills.delete(filling);
      });
    this.#fills.add(filling);
  }

  /** Resolves when nothing is asked any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#fills);
  }
}
