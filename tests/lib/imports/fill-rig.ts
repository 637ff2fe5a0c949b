/** What does a plain fill of a test look like, and how are random ones drawn? */
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";

export const BASE_MS = Date.UTC(2026, 9, 13, 14);

export function fillOf(values: Partial<Fill> = {}): Fill {
  return {
    executionId: "1",
    account: "A",
    root: "MES",
    year: 2026,
    month: 12,
    side: "buy",
    contracts: 1,
    priceTicks: 24000,
    tickSize: 0.25,
    atMs: BASE_MS,
    orderId: null,
    feeUsd: null,
    source: "tradovate",
    ...values,
  };
}

/** Fills that often have equal content and near times: few sides, sizes and prices within half a minute. */
export const CROWDED_FILLS: fc.Arbitrary<Fill[]> = fc
  .array(
    fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      contracts: fc.integer({ min: 1, max: 2 }),
      priceTicks: fc.integer({ min: 24000, max: 24001 }),
      atMs: fc.integer({ min: 0, max: 30 }).map((second) => BASE_MS + second * 1000),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((values, index) => fillOf({ ...values, executionId: String(index) })));
