/** Which contracts are followed? Every product's expiries, the streams of the chosen ones, and who was refused why. */
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { ContractStream } from "./contract-stream.ts";
import type { Listing } from "./listing.ts";
import { openStream, type PreparationOptions, type Prepared, prepareRoot } from "./preparation.ts";
import { MassiveRestError } from "./rest-client.ts";

/** Contracts whose minute bars are asked for at a time. */
const HISTORIES_AT_ONCE = 4;

export class Roster {
  /** By the vendor's ticker. */
  readonly streams: Map<string, ContractStream>;
  /** Root → why it cannot be followed. */
  readonly refused = new Map<string, string>();
  /** Every expiry that may be followed, by long symbol. */
  readonly #listings = new Map<string, Listing>();
  /** Roots whose contracts are chosen. */
  readonly #prepared = new Map<string, Prepared>();
  readonly #options: PreparationOptions;

  constructor(options: PreparationOptions, streams: Map<string, ContractStream>) {
    this.#options = options;
    this.streams = streams;
  }

  /** Those of the roots that the vendor is still to be asked about; all, while none can be followed. */
  unprepared(roots: readonly string[]): string[] {
    if (this.streams.size === 0) return [...roots];
    return roots.filter((root) => !this.#prepared.has(root) && !this.refused.has(root));
  }

  /**
   * Lists, loads and chooses; minis before micros; resolves with the new tickers. Roots that cannot be followed are
   * refused by name. Throws MassiveRestError.
   */
  async prepare(roots: readonly string[], wallMs: () => number): Promise<string[]> {
    const fresh = new Map<string, Prepared>();
    const minisFirst = roots.toSorted((a, b) => Number(isMicro(a)) - Number(isMicro(b)));
    for (const root of minisFirst) {
      this.#options.signal.throwIfAborted();
      const miniRoot = instrumentOf(root)?.mini ?? "";
      const mini = fresh.get(miniRoot) ?? this.#prepared.get(miniRoot) ?? null;
      const prepared = await prepareRoot(this.#options, root, { nowMs: wallMs(), mini });
      if ("refused" in prepared) {
        this.refused.set(root, prepared.refused);
        this.#options.sink.reject("unknown-contract", `${root}: ${prepared.refused}`);
        continue;
      }
      this.refused.delete(root);
      fresh.set(root, prepared);
      for (const listing of prepared.listings) this.#listings.set(contractLongSymbol(listing.contract), listing);
    }
    const waiting = [...fresh.values()].flatMap(({ chosen }) => chosen);
    const opened: string[] = [];
    const openInTurn = async (): Promise<void> => {
      for (let listing = waiting.shift(); listing !== undefined; listing = waiting.shift()) {
        if (await this.#open(listing, wallMs())) opened.push(listing.ticker);
      }
    };
    await Promise.all(Array.from({ length: HISTORIES_AT_ONCE }, openInTurn));
    for (const [root, prepared] of fresh) this.#prepared.set(root, prepared);
    if (this.streams.size === 0) throw new MassiveRestError("refused", "no root of INSTRUMENTS can be followed");
    return opened;
  }

  /** Opens a listed contract that is not followed yet; its ticker, or null. */
  async add(contract: Contract, nowMs: number): Promise<string | null> {
    const listing = this.#listings.get(contractLongSymbol(contract));
    if (listing === undefined) return null;
    return (await this.#open(listing, nowMs)) ? listing.ticker : null;
  }

  async #open(listing: Listing, nowMs: number): Promise<boolean> {
    if (this.streams.has(listing.ticker)) return false;
    const stream = await openStream(this.#options, listing, nowMs);
    if (this.streams.has(listing.ticker) || this.#options.signal.aborted) return false;
    this.streams.set(listing.ticker, stream);
    return true;
  }

  streamOf(contract: Contract): ContractStream | null {
    const listing = this.#listings.get(contractLongSymbol(contract));
    return listing === undefined ? null : (this.streams.get(listing.ticker) ?? null);
  }
}

function isMicro(root: string): boolean {
  return (instrumentOf(root)?.mini ?? null) !== null;
}
