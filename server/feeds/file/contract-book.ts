/** Which contract is this row of? Every spelling of the files, read once, with the tick size of its day. */
import { type Contract, contractLongSymbol, parseContract } from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { type Instrument, instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import { sessionCloseMs, tradeDateAt } from "#lib/session.ts";

/** No contract: the text names none. */
export const UNKNOWN_SLOT = -1;

type Entry = { readonly contract: Contract; readonly instrument: Instrument; readonly symbol: string };
/** What a spelling means for rows in [fromMs, toMs]: a one-digit year means the next decade after the expiry. */
type Meaning = { readonly slot: number; readonly fromMs: number; readonly toMs: number; readonly refused: string };

export class ContractBook {
  readonly entries: Entry[] = [];
  readonly #meanings = new Map<string, Meaning>();
  readonly #slots = new Map<string, number>();

  /** The slot of a spelling for a row at this time, or UNKNOWN_SLOT. */
  slotOf(text: string, atMs: number): number {
    return this.#meaning(text, atMs).slot;
  }

  /** Why a spelling is refused; empty where it is known. */
  refusal(text: string, atMs: number): string {
    return this.#meaning(text, atMs).refused;
  }

  /** Tick size in points at an instant. */
  tickSize(slot: number, atMs: number): number {
    const { instrument } = this.entries[slot];
    if (instrument.tickSizes.length === 1) return instrument.tickSizes[0].size;
    return tickSizeAt(instrument, tradeDateAt(instrument.calendar, atMs));
  }

  #meaning(text: string, atMs: number): Meaning {
    const known = this.#meanings.get(text);
    if (known !== undefined && atMs >= known.fromMs && atMs <= known.toMs) return known;
    const meaning = this.#read(text, atMs);
    // Spellings that a broken file invents must not fill the memory.
    if (this.#meanings.size >= 4 * CONTRACTS_MAX) this.#meanings.clear();
    this.#meanings.set(text, meaning);
    return meaning;
  }

  #read(text: string, atMs: number): Meaning {
    const contract = parseContract(text, atMs);
    const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, refused: "" };
    if ("refused" in contract) return { ...always, slot: UNKNOWN_SLOT, refused: contract.refused };
    const slot = this.#slotOfContract(contract);
    if (!/[A-Z]\d$/i.test(text.trim())) return { ...always, slot };
    const { calendar } = this.entries[slot].instrument;
    return { slot, fromMs: atMs, toMs: sessionCloseMs(calendar, lastTradeDate(contract)), refused: "" };
  }

  #slotOfContract(contract: Contract): number {
    const symbol = contractLongSymbol(contract);
    const known = this.#slots.get(symbol);
    if (known !== undefined) return known;
    const instrument = instrumentOf(contract.root);
    if (instrument === null || this.entries.length === CONTRACTS_MAX) {
      throw new Error(`contract ${symbol}: the files hold more than ${CONTRACTS_MAX} contracts (CONTRACTS_MAX)`);
    }
    this.entries.push({ contract, instrument, symbol });
    this.#slots.set(symbol, this.entries.length - 1);
    return this.entries.length - 1;
  }
}

/**
 * The contract that a file's name begins with, or carries in one of its parts, as text for `slotOf`; null for none.
 * "ES 03-24.Last.txt" → "ES 03-24"; "lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz" → "GCZ3"; "es_5m.csv" → null.
 */
export function contractTextInName(fileName: string): string | null {
  const dashed = /(?:^|_)([A-Z0-9]{1,3})[ _](\d{2}-\d{2})(?=[._]|$)/.exec(fileName);
  if (dashed !== null) return `${dashed[1]} ${dashed[2]}`;
  const coded = fileName.split(/[_.\s-]+/).find((part) => /^(?=.*[A-Z])[A-Z0-9]{1,3}[FGHJKMNQUVXZ]\d{1,2}$/.test(part));
  return coded ?? null;
}
