/** What did each contract settle at? Asked for at each roll until the vendor has it, then again for corrections. */
import { civilDayIso } from "#lib/civil.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { MASSIVE_SETTLEMENT_AGAIN_MS, MASSIVE_SETTLEMENT_TRIES_MAX, SETTLEMENTS_MAX } from "#lib/limits.ts";
import { previousTradeDate, tradeDateAt } from "#lib/session.ts";
import { civilDay, MS_PER_DAY, MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import type { ContractStream } from "./contract-stream.ts";
import { type Settled, sessionsOf } from "./past.ts";
import { MassiveRestError, type RestClient } from "./rest-client.ts";

export type SettlementsOptions = { rest: RestClient; sink: FeedSink; signal: AbortSignal };

/** A trade date begins so many days before its name at most: over a long weekend with a holiday. */
const SESSION_DAYS_MAX = 4;

/** The newest settlement of a contract: `tries` that found none, and when the next is due. */
type Ask = { date: TradeDate; tries: number; nextMs: number };

export class Settlements {
  readonly #options: SettlementsOptions;
  /** Contract number → trade date → ticks, as told: the newest few. */
  readonly #told = new Map<number, Map<number, number>>();
  readonly #asks = new Map<number, Ask>();
  #asking: Promise<void> | null = null;

  constructor(options: SettlementsOptions) {
    this.#options = options;
  }

  /** Tells the newest few: those that were not told yet, and those that the vendor has corrected since. */
  tell(contract: number, settlements: readonly Settled[]): void {
    const told = this.#told.get(contract) ?? new Map<number, number>();
    this.#told.set(contract, told);
    for (const { tradeDate, ticks: settlementTicks } of settlements.slice(-SETTLEMENTS_MAX)) {
      if (told.get(tradeDate) === settlementTicks) continue;
      const exchangeMs = tradeDate * MS_PER_DAY;
      const settlement = { contract, tradeDate, settlementTicks, exchangeMs, source: SOURCE.massive } as const;
      this.#options.sink.publish({ ...UNSTAMPED, type: "SettlementPublished", ...settlement });
      told.set(tradeDate, settlementTicks);
      if (told.size > SETTLEMENTS_MAX) told.delete(Math.min(...told.keys()));
    }
  }

  #isTold(contract: number, date: TradeDate): boolean {
    return this.#told.get(contract)?.has(date) === true;
  }

  /** Once a second: asks for the last completed trade date of each contract where due; one question at a time. */
  look(streams: Iterable<ContractStream>, nowMs: number): void {
    if (this.#asking !== null) return;
    const due = [...streams].filter((stream) => this.#isDue(stream, nowMs));
    if (due.length === 0) return;
    const { sink } = this.#options;
    this.#asking = this.#askFor(due, nowMs)
      .catch((error: unknown) => sink.reject("not-filled", `settlements: ${String(error)}`))
      .finally(() => {
        this.#asking = null;
      });
  }

  #isDue(stream: ContractStream, nowMs: number): boolean {
    const date = completedDate(stream, nowMs);
    const isTold = this.#isTold(stream.number, date);
    const ask = this.#asks.get(stream.number);
    if (ask === undefined || ask.date !== date) {
      this.#asks.set(stream.number, { date, tries: 0, nextMs: isTold ? nowMs + MASSIVE_SETTLEMENT_AGAIN_MS : nowMs });
      return !isTold;
    }
    return (isTold || ask.tries < MASSIVE_SETTLEMENT_TRIES_MAX) && nowMs >= ask.nextMs;
  }

  async #askFor(streams: readonly ContractStream[], nowMs: number): Promise<void> {
    for (const stream of streams) {
      if (this.#options.signal.aborted) return;
      const lack = await this.#tryOnce(stream, nowMs);
      const ask = this.#asks.get(stream.number);
      if (ask === undefined) continue;
      if (this.#isTold(stream.number, ask.date)) {
        ask.nextMs = nowMs + MASSIVE_SETTLEMENT_AGAIN_MS;
        continue;
      }
      ask.tries += 1;
      // 1, 2, 4 … minutes.
      ask.nextMs = nowMs + MS_PER_MINUTE * 2 ** (ask.tries - 1);
      if (ask.tries < MASSIVE_SETTLEMENT_TRIES_MAX) continue;
      const what = `the settlement of ${stream.listing.ticker} for ${civilDayIso(civilDay(ask.date))}`;
      this.#options.sink.reject("not-filled", `${what}: ${lack}, asked ${ask.tries} times; it stays estimated`);
    }
  }

  /** Tells what the vendor has; why it may have nothing new. */
  async #tryOnce(stream: ContractStream, nowMs: number): Promise<string> {
    const { rest, sink, signal } = this.#options;
    const date = completedDate(stream, nowMs);
    const ask = {
      fromIso: civilDayIso(civilDay(date - SESSION_DAYS_MAX)),
      beforeDate: date + 1,
      reject: sink.reject.bind(sink),
    };
    try {
      this.tell(stream.number, (await sessionsOf(rest, stream.listing, ask)).settlements);
    } catch (error) {
      if (signal.aborted) return "the process ends";
      if (!(error instanceof MassiveRestError)) throw error;
      return error.message;
    }
    return "the vendor has none";
  }

  /** Resolves when nothing is asked any more. */
  async settled(): Promise<void> {
    await this.#asking;
  }
}

/** The last trade date that is over: Tuesday from 17:00 CT on, Monday before. */
function completedDate({ listing: { contract } }: ContractStream, nowMs: number): TradeDate {
  const calendar = instrumentOf(contract.root)?.calendar ?? "equity";
  return previousTradeDate(calendar, tradeDateAt(calendar, nowMs));
}
