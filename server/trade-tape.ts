/** How do bars of N trades, contracts or ticks of range come to be while somebody looks? From logged trades. */

import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { createTradeBars, pushTrade, restartAt, type TradeBars } from "#lib/bars/trade-bars.ts";
import { type ContractState, createContractState } from "#lib/engine/state.ts";
import { applyTrade } from "#lib/engine/trade.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { QuoteChanged, TradePrinted } from "#lib/events/market.ts";
import { TAPE_BACKLOG_MAX } from "#lib/limits.ts";
import { createOutputs, type Outputs } from "#lib/outputs/output.ts";
import { scanLog } from "#server/sequencer/log-reader.ts";

/** The bars of one contract and interval, growing while they are watched. */
export type WatchedBars = {
  bars: TradeBars;
  /** False while the session's logged trades are still being read. */
  isReady: boolean;
  /** First row that changed since it was last sent. */
  changedFromRow: number;
};

type Watch = WatchedBars & {
  shadow: ContractState;
  abort: AbortController;
  /** Events that came while the log was read. */
  backlog: (TradePrinted | QuoteChanged)[];
};

export type TapeSource = { logFolder: string; lastSeq(): number; firstSeqOf(ms: number): number };

export class TradeTape {
  readonly #source: TapeSource;
  readonly #watches = new Set<Watch>();
  readonly #trade: SignedTrade = { priceTicks: 0, size: 0, side: SIDE.unsigned, deltaSource: 0, exchangeMs: 0 };
  readonly #outputs: Outputs;

  constructor(source: TapeSource, contractsMax: number) {
    this.#source = source;
    this.#outputs = createOutputs(contractsMax);
  }

  /** Begins to build; rejects nothing: an unreadable log leaves the bars empty and calls `onError`. */
  watch(
    contract: ContractState,
    interval: string,
    onReady: () => void,
    onError: (error: unknown) => void,
  ): WatchedBars {
    const { index, root, year, month, symbol, tickSize, calendar } = contract;
    const listing = { index, root, year, month, symbol, tickSize, calendar };
    const watch: Watch = {
      bars: createTradeBars(interval, contract.day.openMs),
      isReady: false,
      changedFromRow: 0,
      shadow: createContractState(listing, contract.day),
      abort: new AbortController(),
      backlog: [],
    };
    this.#watches.add(watch);
    this.#readSession(watch).then(onReady, (error) => {
      if (!watch.abort.signal.aborted) onError(error);
    });
    return watch;
  }

  release(watched: WatchedBars): void {
    const watch = watched as Watch; // safe: only watch() makes them
    watch.abort.abort();
    this.#watches.delete(watch);
  }

  /** Every processed event, in order; costs nothing while nobody watches. */
  take(event: InputEvent): void {
    if (this.#watches.size === 0) return;
    if (event.type !== "TradePrinted" && event.type !== "QuoteChanged") return;
    for (const watch of this.#watches) {
      if (watch.shadow.index !== event.contract) continue;
      if (watch.isReady) this.#apply(watch, event);
      else if (watch.backlog.length < TAPE_BACKLOG_MAX) watch.backlog.push({ ...event });
    }
  }

  async #readSession(watch: Watch): Promise<void> {
    const fromSeq = this.#source.firstSeqOf(watch.bars.sessionOpenMs);
    const toSeq = this.#source.lastSeq();
    const { signal } = watch.abort;
    await scanLog(
      this.#source.logFolder,
      (event) => {
        if (event.type !== "TradePrinted" && event.type !== "QuoteChanged") return;
        if (event.contract === watch.shadow.index) this.#apply(watch, event);
      },
      { fromSeq, toSeq, signal },
    );
    for (const event of watch.backlog) this.#apply(watch, event);
    watch.backlog.length = 0;
    watch.isReady = true;
  }

  #apply(watch: Watch, event: TradePrinted | QuoteChanged): void {
    const { shadow, bars } = watch;
    if (event.type === "QuoteChanged") {
      shadow.bidTicks = event.bidTicks;
      shadow.askTicks = event.askTicks;
      shadow.hasQuotes = true;
      return;
    }
    if (event.exchangeMs < bars.sessionOpenMs) return;
    const isTaken = applyTrade(shadow, event, this.#trade, this.#outputs);
    this.#outputs.list.length = 0;
    if (!isTaken) return;
    if (shadow.day.openMs > bars.sessionOpenMs) restartAt(bars, shadow.day.openMs);
    pushTrade(bars, this.#trade);
    watch.changedFromRow = Math.min(watch.changedFromRow, Math.max(0, bars.series.length - 1));
  }
}
