/** How does a whole product follow a vendor in a test? A market that beats at an open hour, whatever hour it is. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createRandom } from "#lib/prng.ts";
import { contractRow, sessionRow } from "./massive-hour.ts";
import { MassiveServer } from "./massive-server.ts";
import type { RestData, RestRow } from "./massive-server-rest.ts";
import { type Product, startProduct } from "./product.ts";

const KEY = "test-key-of-a-whole-product";
/** A Tuesday, half past ten in New York: every product of this file is open. */
const START_MS = Date.parse("2026-11-17T15:30:00Z");
const HISTORY_MS = Date.parse("2026-11-16T23:00:00Z");
const BEAT_MS = 200;
const MINUTE_MS = 60_000;
const CLOCK = pathToFileURL(path.join(import.meta.dirname, "moved-clock.mjs")).href;

/** Ticker, first price, tick. */
const MARKETS = [
  ["ESZ6", 6_840, 0.25],
  ["NQZ6", 25_120, 0.25],
] as const;

export class MassiveMarket {
  readonly server: MassiveServer;
  readonly key = KEY;
  /** How late what is sent from now on is, ms. */
  lateMs = 0;
  readonly #past: Past;
  #product: Product | null = null;
  #beat: NodeJS.Timeout | null = null;
  /** The product's wall clock less this one. */
  #offsetMs = START_MS - Date.now();

  private constructor(server: MassiveServer, past: Past) {
    this.server = server;
    this.#past = past;
  }

  /** Starts vendor, product and beat; resolves when the product is ready. */
  static async start(): Promise<MassiveMarket> {
    const past = pastOfMarkets();
    const market = new MassiveMarket(await MassiveServer.start({ key: KEY, data: past }), past);
    await market.#startProduct();
    market.#beat = setInterval(market.#beatOf(), BEAT_MS);
    return market;
  }

  async #startProduct(): Promise<void> {
    const { wsUrl, restUrl } = this.server;
    const vendor = { FEED: "massive", MASSIVE_API_KEY: KEY, MASSIVE_WS_URL: wsUrl, MASSIVE_REST_URL: restUrl };
    const clock = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_OFFSET_MS: String(this.#offsetMs) };
    this.#product = await startProduct({ env: { ...vendor, ...clock, INSTRUMENTS: "ES,NQ" } });
  }

  get url(): string {
    return this.#product?.url ?? "";
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Moves the product's clock on; the market goes with it. */
  move(ms: number): void {
    this.#offsetMs += ms;
    this.#product?.dataService().process.send({ moveMs: ms });
  }

  /** One step of every contract: a quote, a trade, and each second its bar; the past grows with them. */
  #beatOf(): () => void {
    const random = createRandom(12);
    const walks = MARKETS.map(([ticker, , tick]) => ({ ticker, tick, price: lastPrice(this.#past, ticker) }));
    const bars = new Map<string, SecondBar>();
    let number = 0;
    return () => {
      const ms = Date.now() + this.#offsetMs - this.lateMs;
      for (const walk of walks) {
        const { ticker: sym, tick } = walk;
        walk.price += (Math.floor(random() * 3) - 1) * tick;
        const { price } = walk;
        const [bid, ask] = random() < 0.5 ? [price - tick, price] : [price, price + tick];
        const size = 1 + Math.floor(random() * 9);
        number += 1;
        const quote = { ev: "Q", sym, bp: bid, bs: 31, ap: ask, as: 27, t: ms };
        const trade = { ev: "T", sym, p: price, s: size, t: ms, q: number };
        this.server.send([quote, trade]);
        this.#past.trades[sym].push({ ticker: sym, price, size, timestamp: ms * 1e6, sequence_number: number });
        const closed = takeInto(bars, sym, { ms, price, size });
        if (closed !== null) this.server.send([closed]);
      }
    };
  }

  async stop(): Promise<void> {
    if (this.#beat !== null) clearInterval(this.#beat);
    await this.#product?.stop();
    await this.server[Symbol.asyncDispose]();
  }
}

type Past = RestData & { trades: Record<string, RestRow[]> };

/** A walk of minutes up to the start, the session before, and no trade yet. */
function pastOfMarkets(): Past {
  const random = createRandom(11);
  const aggs: Record<string, Record<string, RestRow[]>> = {};
  for (const [ticker, first, tick] of MARKETS) {
    const minutes: RestRow[] = [];
    let close = first;
    for (let openMs = HISTORY_MS; openMs < START_MS; openMs += MINUTE_MS) {
      const prices = Array.from({ length: 4 }, () => {
        close += (Math.floor(random() * 7) - 3) * tick;
        return close;
      });
      const range = { open: prices[0], high: Math.max(...prices), low: Math.min(...prices), close };
      const volume = 200 + Math.floor(random() * 900);
      const rest = { volume, transactions: volume >> 1, dollar_volume: close * volume, window_start: openMs * 1e6 };
      minutes.push({ ticker, ...range, ...rest });
    }
    aggs[ticker] = { "1session": [sessionRow(ticker, "2026-11-16", 1_200_000, first)], "1min": minutes };
  }
  const trades = Object.fromEntries(MARKETS.map(([ticker]) => [ticker, [] as RestRow[]]));
  return { contracts: MARKETS.map(([ticker]) => contractRow(ticker, "2026-12-18")), aggs, trades };
}

function lastPrice({ aggs }: RestData, ticker: string): number {
  return Number(aggs[ticker]?.["1min"]?.at(-1)?.close);
}

type SecondBar = { openMs: number; prices: number[]; volume: number };

/** Adds a trade to its second; the bar of the second before, once the next begins. */
function takeInto(
  bars: Map<string, SecondBar>,
  sym: string,
  { ms, price, size }: { ms: number; price: number; size: number },
) {
  const openMs = Math.floor(ms / 1_000) * 1_000;
  const bar = bars.get(sym);
  if (bar?.openMs === openMs) {
    bar.prices.push(price);
    bar.volume += size;
    return null;
  }
  bars.set(sym, { openMs, prices: [price], volume: size });
  if (bar === undefined) return null;
  const { prices, volume } = bar;
  const [open, high, low, close] = [prices[0], Math.max(...prices), Math.min(...prices), prices[prices.length - 1]];
  const words = { o: `${open}`, h: `${high}`, l: `${low}`, c: `${close}`, dv: `${close * volume}` };
  return { ev: "A", sym, v: volume, ...words, n: prices.length, s: bar.openMs, e: bar.openMs + 1_000 };
}
