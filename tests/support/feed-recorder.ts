/** What did a feed say? A sink that numbers contracts, keeps every event and counts what was dropped. */
import type { Contract } from "#lib/contract.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import type {
  BarReceived,
  FeedClockJumped,
  FeedStatusChanged,
  QuoteChanged,
  TradePrinted,
} from "#lib/events/market.ts";
import type { FeedEvent, FeedSink, RejectReason } from "#server/feeds/feed.ts";

export class FeedRecorder implements FeedSink {
  readonly events: FeedEvent[] = [];
  readonly symbols: string[] = [];
  readonly rejects: { reason: RejectReason; detail: string }[] = [];

  contractNumber(contract: Contract): number {
    const symbol = contractLongSymbol(contract);
    if (this.symbols.includes(symbol)) throw new Error(`contract ${symbol} was asked for twice`);
    return this.symbols.push(symbol) - 1;
  }

  publish(event: FeedEvent): void {
    this.events.push(event);
  }

  drained(): null {
    return null;
  }

  reject(reason: RejectReason, detail: string): void {
    this.rejects.push({ reason, detail });
  }

  trades(): TradePrinted[] {
    return this.events.filter((event) => event.type === "TradePrinted");
  }

  quotes(): QuoteChanged[] {
    return this.events.filter((event) => event.type === "QuoteChanged");
  }

  bars(): BarReceived[] {
    return this.events.filter((event) => event.type === "BarReceived");
  }

  jumps(): FeedClockJumped[] {
    return this.events.filter((event) => event.type === "FeedClockJumped");
  }

  statuses(): FeedStatusChanged[] {
    return this.events.filter((event) => event.type === "FeedStatusChanged");
  }
}
