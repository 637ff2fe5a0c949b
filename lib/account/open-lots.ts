/** Which entries does an exit close? First in, first out, or all at their average cost. */
import { assert } from "#lib/assert.ts";
import { usd } from "#lib/units.ts";

export type LotMethod = "fifo" | "average";

/** Contracts that are still open, of one entry fill; of all of them (no id) at average cost. */
export type OpenLot = {
  executionId: string | null;
  contracts: number;
  /** Σ price in ticks × contracts. */
  costTicks: number;
  /** Fees of the entry that no exit has taken over yet. */
  feesUsd: number;
};

export function addLot(lots: OpenLot[], lot: OpenLot, method: LotMethod): void {
  const [pool] = lots;
  if (method === "fifo" || pool === undefined) {
    lots.push(method === "fifo" ? lot : { ...lot, executionId: null });
    return;
  }
  pool.contracts += lot.contracts;
  pool.costTicks += lot.costTicks;
  pool.feesUsd = usd(pool.feesUsd + lot.feesUsd);
}

/**
 * Takes at most so many contracts from the front lot, with their share of its cost and fees; the last contract takes
 * what is left of both. 1 of 2 for 201 ticks → 100.5 at average cost.
 */
export function takeFromLots(lots: OpenLot[], contractsMax: number): OpenLot {
  const [lot] = lots;
  assert(lot !== undefined && contractsMax > 0, `takeFromLots: ${lots.length} lots, ${contractsMax} contracts`);
  if (contractsMax >= lot.contracts) {
    lots.shift();
    return lot;
  }
  const costTicks = (lot.costTicks * contractsMax) / lot.contracts;
  const feesUsd = usd((lot.feesUsd * contractsMax) / lot.contracts);
  lot.contracts -= contractsMax;
  lot.costTicks -= costTicks;
  lot.feesUsd = usd(lot.feesUsd - feesUsd);
  return { executionId: lot.executionId, contracts: contractsMax, costTicks, feesUsd };
}
