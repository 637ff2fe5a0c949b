/** Which channels are asked for, and which does the plan grant? Trades, quotes and bars, or bars alone. */
import type { LiveFeedAnswer, LiveFeedLevel } from "#server/feeds/live-feed.ts";
import type { MassiveConnection } from "./connection.ts";
import type { ContractStream } from "./contract-stream.ts";
import { CHANNELS, type Channel } from "./message.ts";

const BAR_CHANNELS: readonly Channel[] = ["A", "AM"];
const TRADE_CHANNELS: readonly Channel[] = ["T", "Q"];
const WORDS = { trades: "trades, quotes and bars", bars: "bars only" } as const;

export class Subscription {
  /** What a person wants; it holds for the next connection too. */
  wanted: LiveFeedLevel = "trades";
  readonly #streams: ReadonlyMap<string, ContractStream>;
  /** Null: none is logged in. */
  #connection: MassiveConnection | null = null;

  /** `streams`: the followed contracts by ticker, as they are from now on. */
  constructor(streams: ReadonlyMap<string, ContractStream>) {
    this.#streams = streams;
  }

  /** What really comes; null: nothing. */
  get received(): LiveFeedLevel | null {
    const connection = this.#connection;
    if (connection === null || connection.end !== null || connection.granted.size === 0) return null;
    return [...this.#streams.values()].some((stream) => stream.hasTrades) ? "trades" : "bars";
  }

  /** Asks a connection that is logged in for every contract; false where it ended, or (closed, refused) grants none. */
  async begin(connection: MassiveConnection): Promise<boolean> {
    this.#connection = connection;
    await this.add([...this.#streams.keys()]);
    if (connection.end !== null) return false;
    if (connection.granted.size > 0) return true;
    const words = connection.denied.values().next().value ?? "nothing was granted";
    connection.close("refused", `no channel of this plan: ${words}`);
    return false;
  }

  end(): void {
    this.#connection = null;
  }

  /** Asks for contracts that are followed from now on; false while none is logged in. */
  async add(tickers: readonly string[]): Promise<boolean> {
    const connection = this.#connection;
    if (connection === null) return false;
    for (const ticker of tickers) {
      const stream = this.#streams.get(ticker);
      if (stream !== undefined) stream.hasTrades = this.wanted === "trades";
    }
    await connection.subscribe(channelsOf(tickers, this.wanted === "trades" ? CHANNELS : BAR_CHANNELS));
    this.#noteGrants(connection);
    return true;
  }

  #noteGrants({ granted }: MassiveConnection): void {
    for (const [ticker, stream] of this.#streams) stream.hasTrades = granted.has(`T.${ticker}`);
  }

  /** trades: trades and quotes too, if the plan has them. bars: the vendor's bars alone. */
  async change(level: LiveFeedLevel): Promise<LiveFeedAnswer> {
    const words = WORDS[level];
    const connection = this.#connection;
    const before = this.wanted;
    this.wanted = level;
    if (connection === null || connection.end !== null) {
      if (before === level) return { status: "unchanged", message: `Set to ${words} already; nothing flows now.` };
      return { status: "done", message: `Set to ${words} for the next connection; nothing flows now.` };
    }
    if (this.received === level) return { status: "unchanged", message: `Massive sends ${words} already.` };
    const extra = channelsOf([...this.#streams.keys()], TRADE_CHANNELS);
    if (level === "bars") {
      connection.unsubscribe(extra);
      for (const stream of this.#streams.values()) stream.hasTrades = false;
    } else {
      await connection.subscribe(extra);
      this.#noteGrants(connection);
    }
    if (this.received === level) return { status: "done", message: `Massive sends ${words} now.` };
    const why = connection.denied.get(extra[0]) ?? "no answer";
    return { status: "refused", message: `Massive does not grant trades and quotes to this key: ${why}.` };
  }
}

/** ["ESZ6"], bars → ["A.ESZ6", "AM.ESZ6"]. */
function channelsOf(tickers: readonly string[], kinds: readonly Channel[]): string[] {
  return tickers.flatMap((ticker) => kinds.map((kind) => `${kind}.${ticker}`));
}
