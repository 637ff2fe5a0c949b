/** How is a trade entered, changed, closed, taken back, noted? Durable in the log; the tables follow it. */
import { randomUUID } from "node:crypto";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { TradeTelling } from "#lib/events/trade-history.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import type { EnterTrade, NoteTrade, Trade } from "#lib/wire/trades.ts";
import { CodedError } from "#server/errors.ts";
import type { TripWords } from "#server/store/queries/told-trades.ts";
import type { TradeBook } from "./trade-book.ts";
import { exitOf, type FormTelling, formTelling, timeOf } from "./trade-form.ts";
import { tradeViews } from "./trade-views.ts";

export type Tell = (telling: TradeTelling) => Promise<{ seq: number; outcome: Outcome }>;
export type Written = { seq: number; trade: Trade };

export type TradeDeskOptions = {
  book: TradeBook;
  tell: Tell;
  /** Resolves when the tables hold all that was told up to a seq; rejects with STORE_AWAY where that lasts. */
  caughtUp: (seq: number) => Promise<void>;
  wallMs: () => number;
};

export class TradeDesk {
  readonly #options: TradeDeskOptions;
  /** Of the newest telling: whoever reads a trade to change it sees what was told before. */
  #toldSeq = 0;

  constructor(options: TradeDeskOptions) {
    this.#options = options;
  }

  enter(form: EnterTrade): Promise<Written> {
    return this.#tellForm(this.#telling(form, randomUUID(), 0), wordsIn(form, null));
  }

  /** Says a trade by form again, whole. */
  async amend(id: string, form: EnterTrade): Promise<Written> {
    const trade = await this.#form(id);
    return this.#tellForm(this.#telling(form, id, trade.revision + 1), wordsIn(form, trade));
  }

  /** Closes what is open of a trade by form, at a price in points. */
  async close(id: string, exit: { close_price: number; exitMs?: number | undefined }): Promise<Written> {
    const trade = await this.#openForm(id, "closed");
    const [{ fill, form }] = await this.#options.book.fillsOfForm(id);
    const nowMs = this.#options.wallMs();
    const exitMs = timeOf("exitMs", exit.exitMs ?? nowMs, nowMs);
    const priceTicks = Math.round((exit.close_price / fill.tickSize) * 1e6) / 1e6;
    const fills = [fill, exitOf(fill, { tradeId: id, priceTicks, exitMs, feeUsd: fill.feeUsd === null ? null : 0 })];
    const plan = { stopTicks: form?.stopTicks ?? null, targetTicks: form?.targetTicks ?? null };
    return this.#tellForm({ tradeId: id, revision: trade.revision + 1, fills, ...plan }, trade);
  }

  /** Takes back a trade by form that is still open. */
  async cancel(id: string): Promise<Written> {
    return this.#remove(await this.#openForm(id, "cancelled"));
  }

  /** Takes back a trade by form, open or closed. */
  async remove(id: string): Promise<Written> {
    return this.#remove(await this.#form(id));
  }

  /** Tags, setup and notes of any trade; what is left out stays. */
  async note(id: string, note: NoteTrade): Promise<Written> {
    const trade = await this.#trade(id);
    const words = wordsIn(note, trade);
    return { seq: await this.#tellWords(id, words), trade: { ...trade, ...words } };
  }

  #telling(form: EnterTrade, tradeId: string, revision: number): FormTelling {
    return formTelling(form, { tradeId, revision, nowMs: this.#options.wallMs() });
  }

  async #tellForm(telling: FormTelling, words: TripWords): Promise<Written> {
    const { tags, setup, notes } = words;
    let seq = await this.#tell({ ...UNSTAMPED, type: "TradeEntered", ...telling });
    if (tags.length > 0 || setup !== "" || notes !== "") seq = await this.#tellWords(telling.tradeId, words);
    const { tradeId: id, revision, stopTicks, targetTicks } = telling;
    const form = { id, revision, stopTicks, targetTicks };
    const fills = telling.fills.map((fill) => ({ fill, form }));
    const { trades } = tradeViews({ fills, words: new Map([[id, { tags, setup, notes }]]) });
    return { seq, trade: trades[0] };
  }

  #tellWords(tripKey: string, { tags, setup, notes }: TripWords): Promise<number> {
    return this.#tell({ ...UNSTAMPED, type: "TradeNoted", tripKey, tags, setup, notes });
  }

  async #remove(trade: Trade): Promise<Written> {
    return { seq: await this.#tell({ ...UNSTAMPED, type: "TradeRemoved", tradeId: trade.id }), trade };
  }

  /** Throws CodedError TRADE_CONFLICT where somebody else was first. */
  async #tell(telling: TradeTelling): Promise<number> {
    const { seq, outcome } = await this.#options.tell(telling);
    this.#toldSeq = Math.max(this.#toldSeq, seq);
    if (outcome.status === "accepted") return seq;
    throw new CodedError("TRADE_CONFLICT", { message: "This trade was changed meanwhile; nothing was changed now." });
  }

  async #trade(id: string): Promise<Trade> {
    await this.#options.caughtUp(this.#toldSeq);
    return this.#options.book.trade(id);
  }

  async #form(id: string): Promise<Trade> {
    const trade = await this.#trade(id);
    if (trade.kind === "form") return trade;
    throw new CodedError("TRADE_CONFLICT", { message: "This trade is made of executions; they are not changed." });
  }

  async #openForm(id: string, done: string): Promise<Trade> {
    const trade = await this.#form(id);
    if (trade.status === "open") return trade;
    throw new CodedError("TRADE_CONFLICT", { message: `This trade is closed already; it cannot be ${done}.` });
  }
}

/** The words of a form over those that stand; the incumbent calls a setup strategy. */
function wordsIn(given: NoteTrade, former: TripWords | null): TripWords {
  return {
    tags: [...new Set(given.tags ?? former?.tags ?? [])],
    setup: given.setup ?? given.strategy ?? former?.setup ?? "",
    notes: given.notes ?? former?.notes ?? "",
  };
}
