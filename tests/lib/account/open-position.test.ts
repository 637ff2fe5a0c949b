/** Is what is open and what is realised one sum, however a position is closed in parts? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";
import { openPositionOf, unrealisedUsd } from "#lib/account/open-position.ts";
import { addFill, createTripLedger, ledgerOf, type TripBook } from "#lib/account/round-trips.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { FILLS_FROM_MS, fillOf } from "#tests/support/random-fills.ts";

const BOOK = "Sim101 MESZ26";
const METHODS = ["fifo", "average"] as const;
const TICK_USD = 1.25;

const ONE_BOOK = fc
  .array(
    fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      contracts: fc.integer({ min: 1, max: 40 }),
      priceTicks: fc.integer({ min: -200, max: 200 }),
      feeUsd: fc.integer({ min: 0, max: 400 }).map((cents) => cents / 100),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((rows) => rows.map((row, at) => fillOf({ ...row, executionId: `${at}`, atMs: FILLS_FROM_MS + at * 60_000 })));

/** Gross, with the open contracts at the mark. */
function equityUsd({ trips, open }: TripBook, markTicks: number): number {
  const closed = sumOf(trips, ({ grossUsd }) => grossUsd);
  const partly = sumOf(open?.realised ?? [], ({ grossUsd }) => grossUsd);
  return closed + partly + unrealisedUsd(open, markTicks);
}

function near(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) < 1e-6, `${what}: ${found}, expected ${expected}`);
}

test("three long, one closed: what is left under FIFO and at average cost", () => {
  const fills = [
    fillOf({ executionId: "1", contracts: 2, priceTicks: 100, feeUsd: 1.24 }),
    fillOf({ executionId: "2", contracts: 1, priceTicks: 103, feeUsd: 0.62, atMs: FILLS_FROM_MS + 1 }),
    fillOf({ executionId: "3", side: "sell", priceTicks: 105, feeUsd: 0.62, atMs: FILLS_FROM_MS + 2 }),
  ];
  const expected = {
    fifo: { averagePriceTicks: 101.5, realisedGrossUsd: 6.25, unrealised: 1.25 },
    average: { averagePriceTicks: 101, realisedGrossUsd: 5, unrealised: 2.5 },
  };
  for (const method of METHODS) {
    const { open } = ledgerOf(fills, { method, schedule: [] }).ledger.books[BOOK];
    const { unrealised, averagePriceTicks, realisedGrossUsd } = expected[method];
    assert.deepEqual(openPositionOf(open), {
      status: "open",
      side: "long",
      contracts: 2,
      contractsMax: 3,
      sinceMs: FILLS_FROM_MS,
      averagePriceTicks,
      realisedGrossUsd,
      realisedNetUsd: realisedGrossUsd - 1.24,
      openFeesUsd: 1.24,
    });
    assert.equal(unrealisedUsd(open, 102), unrealised);
  }
  assert.deepEqual([openPositionOf(null), unrealisedUsd(null, 5)], [{ status: "flat" }, 0]);
});

test("closing a part at the mark moves money from unrealised to realised, to the last of four decimals", (t) => {
  const property = fc.property(ONE_BOOK, fc.integer({ min: -200, max: 200 }), fc.nat(), (fills, markTicks, part) => {
    for (const method of METHODS) {
      const { ledger } = ledgerOf(fills, { method, schedule: [] });
      const { open } = ledger.books[BOOK];
      if (open === null) continue;
      const before = equityUsd(ledger.books[BOOK], markTicks);
      const contracts = 1 + (part % open.contracts);
      const side = open.side === "long" ? ("sell" as const) : ("buy" as const);
      const close = { executionId: "close", side, contracts, priceTicks: markTicks, atMs: FILLS_FROM_MS + 90_000_000 };
      addFill(ledger, fillOf(close));
      near(equityUsd(ledger.books[BOOK], markTicks), before, method);
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("at any mark realised and unrealised are cash and position; fees too", (t) => {
  const property = fc.property(ONE_BOOK, fc.integer({ min: -200, max: 200 }), (fills, markTicks) => {
    const signed = ({ side, contracts }: Fill): number => (side === "buy" ? contracts : -contracts);
    const cashTicks = sumOf(fills, (fill) => -signed(fill) * fill.priceTicks);
    const expected = (cashTicks + sumOf(fills, signed) * markTicks) * TICK_USD;
    const paid = sumOf(fills, ({ feeUsd }) => feeUsd ?? 0);
    for (const method of METHODS) {
      const ledger = createTripLedger({ method, schedule: [] });
      for (const fill of fills) addFill(ledger, fill);
      const book = ledger.books[BOOK];
      near(equityUsd(book, markTicks), expected, method);
      const position = openPositionOf(book.open);
      const openFees = position.status === "open" ? position.openFeesUsd : 0;
      const closedFees = sumOf(book.trips, ({ feesUsd }) => feesUsd);
      near(closedFees + openFees + sumOf(book.open?.realised ?? [], ({ feesUsd }) => feesUsd), paid, "fees");
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});
