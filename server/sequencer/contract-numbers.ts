/** Which number has a contract in this run? Dense from 0, in the order of first mention, for the life of the run. */
import type { Contract } from "#lib/contract.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import { tradeDateAt } from "#lib/session.ts";

export class ContractNumbers {
  readonly #numbers = new Map<string, number>();

  constructor(known: readonly InstrumentListed[]) {
    for (const { root, year, month, contract } of known) this.#numbers.set(keyOf({ root, year, month }), contract);
  }

  /** Undefined where the contract is not listed yet. */
  of(contract: Contract): number | undefined {
    return this.#numbers.get(keyOf(contract));
  }

  /**
   * Gives a new contract its number; the event that lists it must be published. Tick size: of the trade date at
   * `nowMs`. Throws for a root that is none of ours and beyond CONTRACTS_MAX.
   */
  list(contract: Contract, nowMs: number): InstrumentListed {
    const { root, year, month } = contract;
    const instrument = instrumentOf(root);
    if (instrument === null) throw new Error(`contract ${keyOf(contract)}: the root is none that we list`);
    const number = this.#numbers.size;
    if (number >= CONTRACTS_MAX) {
      throw new Error(`contract ${keyOf(contract)}: this run has ${number} contracts, at most ${CONTRACTS_MAX}`);
    }
    const tickSize = tickSizeAt(instrument, tradeDateAt(instrument.calendar, nowMs));
    this.#numbers.set(keyOf(contract), number);
    return { type: "InstrumentListed", ...UNSTAMPED, contract: number, root, year, month, tickSize };
  }
}

function keyOf({ root, year, month }: Contract): string {
  return `${root} ${year}-${month}`;
}
