/** Which fills does a property test take? Random executions of a few accounts and contracts, and ways to cut them. */
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";

/** Wednesday 2026-11-18, 10:00 in Chicago. */
export const FILLS_FROM_MS = Date.UTC(2026, 10, 18, 16);

/** One MES fill of the account Sim101; tests name what matters to them. */
export function fillOf(given: Partial<Fill> & { executionId: string }): Fill {
  return {
    account: "Sim101",
    root: "MES",
    year: 2026,
    month: 12,
    side: "buy",
    contracts: 1,
    priceTicks: 24_000,
    tickSize: 0.25,
    atMs: FILLS_FROM_MS,
    orderId: null,
    feeUsd: 0,
    source: "test",
    ...given,
  };
}

/** Ids count up, times do not: many fills share an instant; fees are whole ten-thousandths a contract. */
export function randomFills(options: { fillsMax: number; contractsMax: number }): fc.Arbitrary<Fill[]> {
  const one = fc.record({
    account: fc.constantFrom("Sim101", "Apex-1"),
    product: fc.constantFrom(
      { root: "MES", tickSize: 0.25 },
      { root: "ZN", tickSize: 1 / 64 },
      { root: "CL", tickSize: 0.01 },
    ),
    isBuy: fc.boolean(),
    contracts: fc.integer({ min: 1, max: options.contractsMax }),
    priceTicks: fc.integer({ min: -50, max: 50 }),
    second: fc.integer({ min: 0, max: 20 }),
    hour: fc.integer({ min: 0, max: 60 }),
    perContractFee: fc.integer({ min: -100, max: 30_000 }),
  });
  return fc.array(one, { minLength: 1, maxLength: options.fillsMax }).map((rows) =>
    rows.map(({ product, account, isBuy, contracts, priceTicks, second, hour, perContractFee }, at) =>
      fillOf({
        executionId: `${at + 1}`,
        account,
        ...product,
        side: isBuy ? "buy" : "sell",
        contracts,
        priceTicks,
        atMs: FILLS_FROM_MS + hour * 3_600_000 + second * 1_000,
        feeUsd: (perContractFee * contracts) / 10_000,
      }),
    ),
  );
}

/** The same executions in more pieces: each fill cut where the numbers say, with its share of the fee. */
export function cutFills(fills: readonly Fill[], cuts: readonly number[]): Fill[] {
  return fills.flatMap((fill, at) => {
    const first = 1 + (cuts[at % cuts.length] % fill.contracts);
    const sizes = first === fill.contracts ? [first] : [first, fill.contracts - first];
    return sizes.map((contracts, piece) => ({
      ...fill,
      executionId: `${fill.executionId}.${piece}`,
      contracts,
      feeUsd: fill.feeUsd === null ? null : (fill.feeUsd * contracts) / fill.contracts,
    }));
  });
}

/** The same rows in another order, decided by the numbers. */
export function shuffled<Row>(rows: readonly Row[], keys: readonly number[]): Row[] {
  return rows
    .map((row, at) => ({ row, key: keys[(at * 7) % keys.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}
