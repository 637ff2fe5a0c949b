/** Do the fills of a real export make the trips and the money that its platform states? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fill } from "#lib/account/fill.ts";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { parseContract } from "#lib/contract.ts";
import { ticksFromPoints } from "#lib/units.ts";
import { fillOf } from "#tests/support/random-fills.ts";
import { needsSharedData, readSharedCsv } from "#tests/support/shared-data.ts";

const ORDERS = "journals/tradovate-orders-history.csv";
const PERFORMANCE = "journals/tradovate-trades-performance.csv";

/** "06/10/2026 16:00:05": without a zone in the file; taken as UTC here, as nothing below asks for the hour. */
function clockMs(text: string): number {
  const [month, day, year, time] = text.split(/[/ ]/);
  return Date.parse(`${year}-${month}-${day}T${time}Z`);
}

function filledOrders(): Fill[] {
  const rows = readSharedCsv(ORDERS).filter((row) => row.Status.trim() === "Filled");
  return rows.map((row) => {
    const atMs = clockMs(row["Fill Time"]);
    const contract = parseContract(row.Contract, atMs);
    assert.ok(!("refused" in contract));
    const priceTicks = ticksFromPoints(Number(row.avgPrice), Number(row._tickSize));
    assert.ok(priceTicks !== null);
    return fillOf({
      ...contract,
      executionId: row.orderId,
      account: row.Account,
      side: row["B/S"].trim() === "Buy" ? "buy" : "sell",
      contracts: Number(row.filledQty),
      priceTicks,
      tickSize: Number(row._tickSize),
      atMs,
    });
  });
}

test(
  "Tradovate's orders make six trips; the first two earn what its Performance says",
  needsSharedData(ORDERS, PERFORMANCE),
  () => {
    const { ledger, refused } = ledgerOf(filledOrders(), { method: "fifo", schedule: [] });
    const trips = tripsOf(ledger);
    assert.deepEqual(refused, []);
    assert.equal(trips.length, 6);
    const stated = readSharedCsv(PERFORMANCE).length;
    assert.equal(stated, 2);
    assert.deepEqual(
      trips.map(({ root, month, side, contracts, grossUsd }) => [root, month, side, contracts, grossUsd]),
      [
        ["MNQ", 6, "long", 5, -400],
        ["MNQ", 6, "long", 5, 1_200],
        ["MNQ", 9, "long", 5, -492.5],
        ["MNQ", 9, "long", 5, 1_200],
        ["MNQ", 9, "long", 4, 800],
        ["MNQ", 9, "long", 3, -363],
      ],
    );
    assert.ok(Object.values(ledger.books).every(({ open }) => open === null));
  },
);
