/** What were the trades? Round trips from the tables, kept until a table changes. */
import { Worker } from "node:worker_threads";
import type { Fill } from "#lib/account/fill.ts";
import { civilDayIso } from "#lib/civil.ts";
import { FILLS_AT_ONCE_MAX, TRADES_ANSWER_USUAL } from "#lib/limits.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { tradeDateAt } from "#lib/session.ts";
import { usd } from "#lib/units.ts";
import type { Trade, TradesAnswer, TradesQuery, TradeTotals } from "#lib/wire/trades.ts";
import { CodedError } from "#server/errors.ts";
import type { Database } from "#server/store/database.ts";
import { DatabaseAwayError } from "#server/store/database-fault.ts";
import { type StoredFill, type ToldTrades, toldTrades, tradesVersion } from "#server/store/queries/told-trades.ts";
import { type TradeViews, tradeViews } from "./trade-views.ts";

const THREAD = new URL("./views-thread.ts", import.meta.url);

type Held = TradeViews & { version: string; fills: StoredFill[] };

export class TradeBook {
  readonly #database: Database;
  #held: Held | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  #now(): Promise<Held> {
    return this.asked(async () => {
      const version = await tradesVersion(this.#database);
      if (this.#held?.version === version) return this.#held;
      const told = await toldTrades(this.#database);
      this.#held = { version, fills: told.fills, ...(await viewsOf(told)) };
      return this.#held;
    });
  }

  /** The answer of a query of trades. Throws CodedError STORE_AWAY while PostgreSQL cannot be asked. */
  async asked<Answer>(query: () => Promise<Answer>): Promise<Answer> {
    try {
      return await query();
    } catch (error) {
      if (error instanceof DatabaseAwayError) throw new CodedError("STORE_AWAY", { message: storeWords(error) });
      throw error;
    }
  }

  /** The newest that match, with totals of all that do. */
  async find(query: TradesQuery): Promise<TradesAnswer> {
    const { trades } = await this.#now();
    const found = trades.filter((trade) => isAsked(trade, query));
    const offset = query.offset ?? 0;
    return {
      trades: found.slice(offset, offset + (query.limit ?? TRADES_ANSWER_USUAL)),
      totals: totalsOf(found.filter(({ status }) => status === "closed")),
      matching: found.length,
      accounts: distinct(trades.map(({ account }) => account)),
      roots: distinct(trades.map(({ root }) => root)),
      tags: distinct(trades.flatMap(({ tags }) => tags)),
      setups: distinct(trades.map(({ setup }) => setup).filter((setup) => setup !== "")),
    };
  }

  /** Throws CodedError UNKNOWN_TRADE. */
  async trade(id: string): Promise<Trade> {
    const { trades } = await this.#now();
    const trade = trades.find((one) => one.id === id);
    if (trade === undefined) throw new CodedError("UNKNOWN_TRADE", { field: "id", received: id });
    return trade;
  }

  /** The fills that a trade by form was told with. */
  async fillsOfForm(id: string): Promise<StoredFill[]> {
    return (await this.#now()).fills.filter(({ form }) => form?.id === id);
  }

  /** Every fill that counts, by time. */
  async fills(): Promise<Fill[]> {
    const { fills } = await this.#now();
    return fills.map(({ fill }) => fill).sort((a, b) => a.atMs - b.atMs);
  }

  /** What the trading day that holds `nowMs` has brought so far (from one 17:00 CT to the next). */
  async dayPnl(nowMs: number, account: string | null) {
    const tradeDate = tradeDateAt("equity", nowMs);
    const days = (await this.#now()).days.filter(
      (day) => day.tradeDate === tradeDate && (account === null || day.account === account),
    );
    return {
      date: civilDayIso(tradeDate),
      pnl: usd(sumOf(days, (day) => day.netUsd)),
      gross: usd(sumOf(days, (day) => day.grossUsd)),
      fees: usd(sumOf(days, (day) => day.feesUsd)),
      contracts: sumOf(days, (day) => day.contracts),
    };
  }
}

/** Few at once; many in a thread of their own, so that the market goes on. */
function viewsOf(told: ToldTrades): TradeViews | Promise<TradeViews> {
  if (told.fills.length <= FILLS_AT_ONCE_MAX) return tradeViews(told);
  const worker = new Worker(THREAD, { workerData: told });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the making of round trips ended with code ${code}`)));
  });
}

function isAsked(trade: Trade, query: TradesQuery): boolean {
  const account = accountAsked(query);
  if (query.status !== undefined && trade.status !== query.status) return false;
  if (account !== null && trade.account !== account) return false;
  if (query.instrument !== undefined && trade.root !== query.instrument.toUpperCase()) return false;
  if (query.tag !== undefined && !trade.tags.includes(query.tag)) return false;
  if (query.setup !== undefined && trade.setup !== query.setup) return false;
  // An open trade has no date yet: it is of no range.
  if (query.from !== undefined && (trade.tradeDate === null || trade.tradeDate < query.from)) return false;
  return query.to === undefined || (trade.tradeDate !== null && trade.tradeDate <= query.to);
}

/** The incumbent names an account by its size. */
export function accountAsked(asked: {
  account?: string | undefined;
  account_size?: number | undefined;
}): string | null {
  return asked.account ?? (asked.account_size === undefined ? null : `incumbent-${asked.account_size}`);
}

function totalsOf(trades: readonly Trade[]): TradeTotals {
  return {
    trades: trades.length,
    contracts: sumOf(trades, (trade) => trade.contracts),
    grossUsd: usd(sumOf(trades, (trade) => trade.grossUsd)),
    feesUsd: usd(sumOf(trades, (trade) => trade.feesUsd)),
    netUsd: usd(sumOf(trades, (trade) => trade.netUsd)),
  };
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function storeWords(error: DatabaseAwayError): string {
  return `The tables of trades cannot be read: ${error.message}.`;
}
