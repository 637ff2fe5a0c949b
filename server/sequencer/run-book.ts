/** What must be known of a run besides the engine's state? Contracts, source numbers, starts, where hours begin. */
import { assert } from "#lib/assert.ts";
import type { Contract } from "#lib/contract.ts";
import type { Poisoned } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import { SeqIndex } from "#server/seq-index.ts";
import { Quarantine } from "./quarantine.ts";

/** The book as a plain tree, as a snapshot keeps it. */
export type BookEntry = {
  lastSeq: number;
  nowMs: number;
  receivedMs: number;
  epochs: number;
  contracts: InstrumentListed[];
  sourceSeqs: Float64Array;
  hours: { fromMs: number; seq: number }[];
  poisoned: readonly Poisoned[];
};

export class RunBook {
  readonly contracts: InstrumentListed[] = [];
  readonly index = new SeqIndex();
  quarantine = new Quarantine();
  readonly #sourceSeqs = new Float64Array(CONTRACTS_MAX).fill(-1);
  lastSeq = 0;
  nowMs = 0;
  receivedMs = 0;
  /** EngineStarted events so far. */
  epochs = 0;

  /** The log says that the engine broke at these. */
  setAside(poisoned: readonly Poisoned[]): void {
    for (const one of poisoned) this.quarantine.add(one);
  }

  /** An event that the engine does not see, because it breaks at it. */
  skip(event: InputEvent): void {
    this.lastSeq = event.seq;
    this.nowMs = event.nowMs;
    this.receivedMs = event.receivedMs;
  }

  /** Every event, in order; the event may be reused afterwards. */
  note(event: InputEvent): void {
    this.skip(event);
    this.index.note(event.seq, event.nowMs);
    if (event.type === "TradePrinted" || event.type === "QuoteChanged" || event.type === "BarReceived") {
      const { contract, sourceSeq } = event;
      if (sourceSeq > this.#sourceSeqs[contract]) this.#sourceSeqs[contract] = sourceSeq;
    } else if (event.type === "InstrumentListed") {
      assert(event.contract === this.contracts.length, `contract ${event.contract} listed out of order`);
      this.contracts.push({ ...event });
    } else if (event.type === "EngineStarted") {
      this.epochs += 1;
    }
  }

  /** Largest sourceSeq of a contract over trades, quotes and bars; −1 when none. */
  lastSourceSeq({ root, year, month }: Contract): number {
    const known = this.contracts.find((one) => one.root === root && one.year === year && one.month === month);
    return known === undefined ? -1 : this.#sourceSeqs[known.contract];
  }

  entry(): BookEntry {
    const { lastSeq, nowMs, receivedMs, epochs, contracts } = this;
    const sourceSeqs = this.#sourceSeqs.subarray(0, contracts.length);
    const poisoned = this.quarantine.list;
    return { lastSeq, nowMs, receivedMs, epochs, contracts, sourceSeqs, hours: this.index.hours, poisoned };
  }

  /** Makes the book what it was when the entry was taken; an empty book's entry empties it. */
  restore({ lastSeq, nowMs, receivedMs, epochs, contracts, sourceSeqs, hours, poisoned }: BookEntry): void {
    Object.assign(this, { lastSeq, nowMs, receivedMs, epochs });
    this.contracts.splice(0, this.contracts.length, ...contracts);
    this.#sourceSeqs.fill(-1);
    this.#sourceSeqs.set(sourceSeqs);
    this.index.restore(hours);
    this.quarantine = new Quarantine(poisoned);
  }
}
