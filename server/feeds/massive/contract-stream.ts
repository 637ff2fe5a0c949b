/** What becomes of one contract's messages? Checked, put on our ticks, told once: as events, or as a counted reject. */
import { AGGRESSOR, SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { AHEAD_MS_MAX, LATE_TRADE_MS_MAX, MASSIVE_HELD_BARS_MAX } from "#lib/limits.ts";
import { MS_PER_SECOND, NO_PRICE, ticksFromPoints } from "#lib/units.ts";
import type { FeedEvent, RejectReason } from "#server/feeds/feed.ts";
import { KnownSeqs } from "./known-seqs.ts";
import type { Listing } from "./listing.ts";
import type { BarMessage, Channel, MarketMessage, QuoteMessage, TradeMessage } from "./message.ts";
import type { PastTrade } from "./past.ts";

/** A stretch whose trades are missing; it ends at the first message behind it. */
export type OpenGap = { fromMs: number; reason: string; isListed: boolean };

export type StreamSink = {
  publish(event: FeedEvent): void;
  reject(reason: RejectReason, detail: string): void;
};

/** A vendor bar waits so long for its trades. */
const BAR_HOLD_MS = 2_000;
const SECONDS_KEPT = 256;
/** Below so many ticks a price says nothing about its scale. */
const SCALE_TICKS_MIN = 100;

export class ContractStream {
  readonly number: number;
  readonly listing: Listing;
  /** Does the vendor send trades of it? Then bars only fill what trades left out. */
  hasTrades = false;
  /** Missing trades that nobody asked for yet, and whether somebody is asking. */
  gap: OpenGap | null = null;
  isFilling = false;
  readonly known = new KnownSeqs();
  readonly #sink: StreamSink;
  #newestTradeMs = Number.NEGATIVE_INFINITY;
  #newestQuoteMs = Number.NEGATIVE_INFINITY;
  /** Ends of the newest second and minute bars. */
  readonly #newestBarMs = { A: Number.NEGATIVE_INFINITY, AM: Number.NEGATIVE_INFINITY };
  /** Trades that a gap's answer delivered: when the stream brings them late, they are not told again. */
  readonly #filled = new KnownSeqs();
  /** The newest seconds that had own trades; place = second modulo 256. */
  readonly #tradeSeconds = new Float64Array(SECONDS_KEPT).fill(-1);
  #held: { bar: BarMessage; untilMs: number }[] = [];
  #referenceTicks: number | null = null;
  #loggedSeq = -1;
  #loggedMs = Number.NEGATIVE_INFINITY;

  constructor(options: { number: number; listing: Listing; sink: StreamSink }) {
    this.number = options.number;
    this.listing = options.listing;
    this.#sink = options.sink;
  }

  /** Newest exchange time of a trade or, without trades, of a bar's end; −Infinity before the first. */
  get newestMs(): number {
    return this.hasTrades ? this.#newestTradeMs : Math.max(this.#newestBarMs.A, this.#newestBarMs.AM);
  }

  /** Takes one message that arrived at `nowMs`; a trade or a quote is stamped with that time. */
  take(message: MarketMessage, nowMs: number): void {
    if (message.ev === "T") this.#takeTrade(message, nowMs);
    else if (message.ev === "Q") this.#takeQuote(message, nowMs);
    else this.#takeBar(message, nowMs);
  }

  /** Order is judged within a channel: `newestMs` is the channel's newest time so far. */
  #isOutOfOrder(channel: Channel, { ms, newestMs, nowMs }: { ms: number; newestMs: number; nowMs: number }): boolean {
    const name = `${channel}.${this.listing.ticker}`;
    const behindMs = newestMs - ms;
    const aheadMs = ms - Math.max(newestMs, nowMs);
    if (behindMs > LATE_TRADE_MS_MAX) {
      this.#sink.reject("time-backwards", `${name} ran back ${behindMs} ms, at most 2,000 are taken`);
    } else if (aheadMs > AHEAD_MS_MAX) {
      const words = `is ${aheadMs} ms ahead of its arrival, at most 60,000 are taken (or this machine's clock is slow)`;
      this.#sink.reject("time-ahead", `${name} ${words}`);
    } else return false;
    return true;
  }

  #takeTrade({ price, size, ms, seq }: TradeMessage, nowMs: number): void {
    if (this.#isOutOfOrder("T", { ms, newestMs: this.#newestTradeMs, nowMs })) return;
    const priceTicks = this.#ticks(price, "T");
    if (priceTicks === null) return;
    if (ms > this.#newestTradeMs) this.#newestTradeMs = ms;
    this.#noteTradeSecond(ms);
    this.#referenceTicks = priceTicks;
    if (this.#filled.has(seq)) {
      this.#sink.reject("duplicate", `T.${this.listing.ticker} q ${seq} came again behind its gap's answer`);
      return;
    }
    this.known.add(seq);
    this.#sink.publish({
      type: "TradePrinted",
      seq: 0,
      nowMs: 0,
      receivedMs: nowMs,
      contract: this.number,
      priceTicks,
      size,
      aggressor: AGGRESSOR.unknown,
      exchangeMs: ms,
      source: SOURCE.massive,
      sourceSeq: seq,
    });
  }

  #noteTradeSecond(ms: number): void {
    const second = Math.floor(ms / MS_PER_SECOND);
    this.#tradeSeconds[second % SECONDS_KEPT] = second;
  }

  #takeQuote({ bid, bidSize, ask, askSize, ms }: QuoteMessage, nowMs: number): void {
    if (this.#isOutOfOrder("Q", { ms, newestMs: this.#newestQuoteMs, nowMs })) return;
    const bidTicks = bid === null ? NO_PRICE : this.#ticks(bid, "Q");
    if (bidTicks === null) return;
    const askTicks = ask === null ? NO_PRICE : this.#ticks(ask, "Q");
    if (askTicks === null) return;
    if (ms > this.#newestQuoteMs) this.#newestQuoteMs = ms;
    this.#sink.publish({
      type: "QuoteChanged",
      seq: 0,
      nowMs: 0,
      receivedMs: nowMs,
      contract: this.number,
      bidTicks,
      bidSize,
      askTicks,
      askSize,
      exchangeMs: ms,
      source: SOURCE.massive,
      // The vendor numbers trades alone.
      sourceSeq: 0,
    });
  }

  #takeBar(bar: BarMessage, nowMs: number): void {
    if (this.#isOutOfOrder(bar.ev, { ms: bar.endMs, newestMs: this.#newestBarMs[bar.ev], nowMs })) return;
    this.#newestBarMs[bar.ev] = Math.max(this.#newestBarMs[bar.ev], bar.endMs);
    if (!this.hasTrades && !this.#isMissing(bar)) {
      this.#publishBar(bar);
      return;
    }
    if (this.#hasOwnTrade(bar)) return;
    this.#held.push({ bar, untilMs: nowMs + BAR_HOLD_MS });
    if (this.#held.length > MASSIVE_HELD_BARS_MAX) this.#held.shift();
  }

  /** Tells the bars whose trades did not come, neither live nor as a gap's answer. */
  releaseBars(nowMs: number): void {
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const entry of held) {
      if (this.#hasOwnTrade(entry.bar)) continue;
      if (nowMs < entry.untilMs || this.#isMissing(entry.bar)) this.#held.push(entry);
      else this.#publishBar(entry.bar);
    }
  }

  /** Is an answer under way that may bring this bar's trades? */
  #isMissing(bar: BarMessage): boolean {
    return this.isFilling || (this.gap !== null && bar.endMs > this.gap.fromMs);
  }

  #hasOwnTrade(bar: BarMessage): boolean {
    for (let second = bar.openMs / MS_PER_SECOND; second < bar.endMs / MS_PER_SECOND; second++) {
      if (this.#tradeSeconds[second % SECONDS_KEPT] === second) return true;
    }
    return false;
  }

  #publishBar(bar: BarMessage): void {
    const prices: number[] = [];
    for (const price of [bar.open, bar.high, bar.low, bar.close]) {
      const ticks = this.#ticks(price, bar.ev);
      // One message is counted once, by its first fault.
      if (ticks === null) return;
      prices.push(ticks);
    }
    const [open, high, low, close] = prices;
    this.#referenceTicks = close;
    const vwapTicks = bar.vwap === null ? null : bar.vwap / this.listing.vendorTick;
    this.#sink.publish({
      ...UNSTAMPED,
      type: "BarReceived",
      contract: this.number,
      intervalMs: bar.endMs - bar.openMs,
      openMs: bar.openMs,
      openTicks: open,
      highTicks: high,
      lowTicks: low,
      closeTicks: close,
      volume: bar.volume,
      buyVolume: 0,
      sellVolume: 0,
      trades: bar.trades,
      // A vendor value outside the bar's own range is not its average.
      vwapTicks: vwapTicks !== null && vwapTicks >= low - 1e-6 && vwapTicks <= high + 1e-6 ? vwapTicks : null,
      source: SOURCE.massive,
      sourceSeq: 0,
    });
  }

  /** A history's last close: what a price's scale is judged by. */
  setReference(ticks: number): void {
    this.#referenceTicks = ticks;
  }

  /** What a former process logged: numbers up to this one, of trades up to this time. */
  knowUpTo(seq: number, ms: number): void {
    this.#loggedSeq = seq;
    this.#loggedMs = ms;
  }

  /** The trades of a gap's answer that nobody told yet; from here on they count as told. */
  takeMissed(trades: readonly PastTrade[]): PastTrade[] {
    const missed = trades.filter(
      ({ seq, ms }) =>
        !this.known.has(seq) && !this.#filled.has(seq) && !(seq <= this.#loggedSeq && ms <= this.#loggedMs),
    );
    for (const { seq, ms } of missed) {
      this.#filled.add(seq);
      this.#noteTradeSecond(ms);
    }
    return missed;
  }

  /** Our ticks, or null where the price is off tick or on another scale, which is counted. */
  #ticks(price: number, channel: Channel): number | null {
    const { ticker, vendorTick } = this.listing;
    const ticks = ticksFromPoints(price, vendorTick);
    if (ticks === null) {
      this.#sink.reject("off-tick", `${channel}.${ticker} at ${price} is no multiple of ${vendorTick}`);
      return null;
    }
    if (this.#referenceTicks !== null && isOtherScale(ticks, this.#referenceTicks)) {
      const before = this.#referenceTicks * vendorTick;
      this.#sink.reject("other-scale", `${channel}.${ticker} at ${price} is a power of ten away from ${before}`);
      return null;
    }
    return ticks;
  }
}

/** 48,000 against 4,800 → true; 5,100 against 4,800 → false; small prices are never judged. */
export function isOtherScale(ticks: number, reference: number): boolean {
  if (Math.abs(reference) < SCALE_TICKS_MIN || ticks === 0 || Math.sign(ticks) !== Math.sign(reference)) return false;
  const ratio = ticks / reference;
  if (ratio > 0.2 && ratio < 5) return false;
  const exponent = Math.log10(ratio);
  return Math.abs(exponent) > 0.9 && Math.abs(exponent - Math.round(exponent)) < 0.1;
}
