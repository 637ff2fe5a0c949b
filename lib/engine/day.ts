/** When does a contract's next trade date begin? At its first trade there, or by the clock at the open. */
import { tradingDayAt } from "#lib/bars/interval.ts";
import type { ContractState } from "./state.ts";

/** Enters the trade date of `ms`; the vendor's trade numbers begin anew, and the settlement is looked for again. */
export function enterDay(contract: ContractState, ms: number): void {
  contract.day = tradingDayAt(contract.calendar, ms);
  contract.newestSourceSeq = -1;
  contract.recentSourceSeqs.fill(-1);
  contract.settleMs = Number.NEGATIVE_INFINITY;
}
