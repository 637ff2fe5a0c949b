/** Do fills make the same trips however they are cut and in whatever order they arrive, and is their money right? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";
import { fillOrder } from "#lib/account/fill-order.ts";
import type { RoundTrip } from "#lib/account/round-trip.ts";
import { addFill, bookKey, createTripLedger, ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { instrumentOf, tickValueUsd } from "#lib/instrument.ts";
import { copyTree } from "#lib/math/copy-tree.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { tradeDate } from "#lib/units.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { cutFills, FILLS_FROM_MS, fillOf, randomFills, shuffled } from "#tests/support/random-fills.ts";

const FIFO = { method: "fifo", schedule: [] } as const;
const AVERAGE = { method: "average", schedule: [] } as const;
const NUMBERS = fc.array(fc.nat(), { minLength: 5, maxLength: 20 });
const SOME_FILLS = randomFills({ fillsMax: 30, contractsMax: 6 });

function tripsFrom(fills: readonly Fill[], given: typeof FIFO | typeof AVERAGE = FIFO): RoundTrip[] {
  return tripsOf(ledgerOf(fills, given).ledger);
}

/** All of a trip that does not name single fills. */
function shapeOf({ uses, realised, start, lastFill, ...trip }: RoundTrip): Omit<RoundTrip, "uses" | "realised"> {
  return trip as Omit<RoundTrip, "uses" | "realised">; // the places in the book go with the fills
}

/** 1 for each bought contract: what one tick up adds. */
function signed({ side, contracts }: Fill): number {
  return side === "buy" ? contracts : -contracts;
}

function dollarsATick({ root }: { root: string }): number {
  const instrument = instrumentOf(root);
  assert.ok(instrument !== null);
  return tickValueUsd(instrument, tradeDate(20_000));
}

function near(found: number, expected: number, what: string, within = 1e-6): void {
  assert.ok(Math.abs(found - expected) <= within, `${what}: ${found}, expected ${expected}`);
}

test("in in, out out: averages, size, gross by the multiplier, fees and net by hand", () => {
  const fills = [
    fillOf({ executionId: "1", contracts: 2, priceTicks: 100, feeUsd: 1.24 }),
    fillOf({ executionId: "2", contracts: 1, priceTicks: 103, atMs: FILLS_FROM_MS + 1_000, feeUsd: 0.62 }),
    fillOf({ executionId: "3", side: "sell", priceTicks: 105, atMs: FILLS_FROM_MS + 2_000, feeUsd: 0.62 }),
    fillOf({
      executionId: "4",
      side: "sell",
      contracts: 2,
      priceTicks: 104,
      atMs: FILLS_FROM_MS + 3_000,
      feeUsd: 1.24,
    }),
  ];
  const [trip, ...others] = tripsFrom(fills);
  assert.equal(others.length, 0);
  assert.deepEqual(
    [trip.side, trip.entryPriceTicks, trip.contracts, trip.contractsMax, trip.grossTicks, trip.grossUsd],
    ["long", 101, 3, 3, 10, 12.5],
  );
  near(trip.exitPriceTicks, 313 / 3, "exit");
  assert.deepEqual([trip.feesUsd, trip.netUsd, trip.areFeesKnown], [3.72, 8.78, true]);
  assert.deepEqual([trip.entryMs, trip.exitMs], [FILLS_FROM_MS, FILLS_FROM_MS + 3_000]);
  // First in, first out: 105 closes 100; 104 closes 100 and 103.
  const pairs = trip.realised.map((part) => [
    part.entryExecutionId,
    part.exitExecutionId,
    part.grossTicks,
    part.feesUsd,
  ]);
  assert.deepEqual(pairs, [
    ["1", "3", 5, 1.24],
    ["1", "4", 4, 1.24],
    ["2", "4", 1, 1.24],
  ]);
  // At average cost 101: 105 − 101, then 2 × (104 − 101).
  const [pooled] = tripsFrom(fills, AVERAGE);
  assert.deepEqual(
    pooled.realised.map((part) => [part.entryExecutionId, part.entryPriceTicks, part.grossTicks, part.netUsd]),
    [
      [null, 101, 4, 3.76],
      [null, 101, 6, 5.02],
    ],
  );
});

test("a flip ends one trip and begins the next with what is left, its fee shared", () => {
  const [long, short] = tripsFrom([
    fillOf({ executionId: "1", contracts: 2, priceTicks: 100 }),
    fillOf({ executionId: "2", side: "sell", contracts: 3, priceTicks: 108, atMs: FILLS_FROM_MS + 1, feeUsd: 1 }),
    fillOf({ executionId: "3", contracts: 1, priceTicks: 110, atMs: FILLS_FROM_MS + 2 }),
  ]);
  assert.deepEqual([long.side, long.grossUsd, long.feesUsd, long.netUsd], ["long", 20, 0.6667, 19.3333]);
  assert.deepEqual([short.side, short.grossUsd, short.feesUsd, short.netUsd], ["short", -2.5, 0.3333, -2.8333]);
  assert.deepEqual(
    [long, short].map(({ uses }) => uses.map(({ executionId, role, contracts }) => [executionId, role, contracts])),
    [
      [
        ["1", "entry", 2],
        ["2", "exit", 2],
      ],
      [
        ["2", "entry", 1],
        ["3", "exit", 1],
      ],
    ],
  );
});

test("any cut of the fills gives the same trips", (t) => {
  const property = fc.property(SOME_FILLS, NUMBERS, (fills, cuts) => {
    for (const given of [FIFO, AVERAGE]) {
      assert.deepEqual(tripsFrom(cutFills(fills, cuts), given).map(shapeOf), tripsFrom(fills, given).map(shapeOf));
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("any order of arrival gives the same ledger, to the last part", (t) => {
  const property = fc.property(SOME_FILLS, NUMBERS, (fills, keys) => {
    for (const given of [FIFO, AVERAGE]) {
      const streamed = createTripLedger(given);
      for (const fill of shuffled(fills, keys)) assert.deepEqual(addFill(streamed, fill), { kind: "added" });
      const { books } = ledgerOf(fills, given).ledger;
      assert.deepEqual(streamed.books, books);
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

/** Every contract walked on its own, in the order of the fills: when flat a trip ends. */
function slowTrips(
  fills: readonly Fill[],
): { side: string; contracts: number; max: number; ticks: number; ms: number }[] {
  const found: { side: string; contracts: number; max: number; ticks: number; ms: number }[] = [];
  let [position, side, contracts, max, ticks] = [0, "", 0, 0, 0];
  for (const fill of fills) {
    for (let one = 0; one < fill.contracts; one += 1) {
      const step = fill.side === "buy" ? 1 : -1;
      if (position === 0) [side, contracts, max, ticks] = [step > 0 ? "long" : "short", 0, 0, 0];
      if (position === 0 || Math.sign(position) === step) contracts += 1;
      position += step;
      max = Math.max(max, Math.abs(position));
      ticks -= step * fill.priceTicks;
      if (position === 0) found.push({ side, contracts, max, ticks, ms: fill.atMs });
    }
  }
  return found;
}

test("trips are those of a walk contract by contract", (t) => {
  const property = fc.property(SOME_FILLS, (fills) => {
    const { ledger } = ledgerOf(fills, FIFO);
    for (const [key, book] of Object.entries(ledger.books)) {
      const own = fills.filter((fill) => bookKey(fill) === key).sort(fillOrder);
      const found = book.trips.map((trip) => ({
        side: trip.side,
        contracts: trip.contracts,
        max: trip.contractsMax,
        ticks: trip.grossTicks,
        ms: trip.exitMs,
      }));
      assert.deepEqual(found, slowTrips(own));
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("sold for bought and price for minus price mirror every trip", (t) => {
  const property = fc.property(SOME_FILLS, (fills) => {
    const mirror = fills.map((fill) => ({
      ...fill,
      side: fill.side === "buy" ? ("sell" as const) : ("buy" as const),
      priceTicks: -fill.priceTicks,
    }));
    for (const given of [FIFO, AVERAGE]) {
      const money = ({ grossUsd, feesUsd, netUsd, realised }: RoundTrip): unknown => [
        grossUsd,
        feesUsd,
        netUsd,
        realised.map((part) => [part.grossUsd, part.netUsd]),
      ];
      const [trips, mirrored] = [tripsFrom(fills, given), tripsFrom(mirror, given)];
      assert.deepEqual(mirrored.map(money), trips.map(money));
      assert.deepEqual(
        mirrored.map(({ side }) => side),
        trips.map(({ side }) => (side === "long" ? "short" : "long")),
      );
    }
  });
  checkTwice(property, { runs: 200, print: (line) => t.diagnostic(line) });
});

test("when flat both methods earn what the cash changed by, net of fees; the parts sum to the trips", (t) => {
  const property = fc.property(SOME_FILLS, (fills) => {
    const flat = [...fills];
    for (const [at, [, group]] of Object.entries(Object.groupBy(fills, bookKey)).entries()) {
      const open = sumOf(group ?? [], signed);
      if (open === 0 || group === undefined) continue;
      const side = open > 0 ? ("sell" as const) : ("buy" as const);
      const atMs = FILLS_FROM_MS + 400_000_000;
      flat.push({ ...group[0], executionId: `end ${at}`, side, contracts: Math.abs(open), atMs });
    }
    const cash = sumOf(flat, (fill) => -signed(fill) * fill.priceTicks * dollarsATick(fill) - (fill.feeUsd ?? 0));
    for (const given of [FIFO, AVERAGE]) {
      const trips = tripsFrom(flat, given);
      near(
        sumOf(trips, ({ netUsd }) => netUsd),
        cash,
        "trips",
      );
      for (const trip of trips) {
        near(
          sumOf(trip.realised, (part) => part.netUsd),
          trip.netUsd,
          "parts",
        );
        assert.equal(
          sumOf(trip.realised, (part) => part.contracts),
          trip.contracts,
        );
      }
    }
  });
  checkTwice(property, { runs: 200, print: (line) => t.diagnostic(line) });
});

test("a second telling adds nothing, and another content is refused with both", () => {
  const fill = fillOf({ executionId: "7", priceTicks: 100 });
  const ledger = createTripLedger(FIFO);
  assert.deepEqual(addFill(ledger, fill), { kind: "added" });
  const before = copyTree(ledger);
  assert.deepEqual(addFill(ledger, { ...fill }), { kind: "duplicate" });
  const other = addFill(ledger, { ...fill, priceTicks: 101 });
  assert.ok(other.kind === "refused");
  assert.match(other.reason, /fill 7.*buy 1 MESZ26 at 101.*known as buy 1 MESZ26 at 100/);
  assert.deepEqual(ledger, before);
  // The same id of another account, or of another source, is another execution.
  assert.equal(addFill(ledger, { ...fill, account: "Sim102" }).kind, "added");
  assert.equal(addFill(ledger, { ...fill, source: "file" }).kind, "added");
});

test("what cannot be a fill is refused by name and changes nothing", () => {
  const wrong: [Partial<Fill>, RegExp][] = [
    [{ root: "XX" }, /root was XX/],
    [{ month: 13 }, /2026-13/],
    [{ contracts: 0 }, /contracts was 0/],
    [{ contracts: -2 }, /contracts was -2/],
    [{ contracts: 1.5 }, /contracts was 1.5/],
    [{ priceTicks: Number.NaN }, /priceTicks was NaN/],
    [{ tickSize: 0.01 }, /tickSize was 0.01, expected 0.25 for MES/],
    [{ atMs: Number.POSITIVE_INFINITY }, /atMs was Infinity/],
    [{ feeUsd: Number.NaN }, /feeUsd was NaN/],
    [{ executionId: "" }, /without an execution id/],
    [{ side: "Buy" as "buy" }, /side was Buy/],
  ];
  for (const [part, reason] of wrong) {
    const { ledger, refused } = ledgerOf([fillOf({ executionId: "1", ...part })], FIFO);
    assert.match(refused[0] ?? "", reason);
    assert.deepEqual(ledger, createTripLedger(FIFO));
  }
});

test("ids decide between equal times, by their numbers", () => {
  const ids = ["10", "a-10", "9", "7.2", "8", "a-9", "007", "7", "7.1", "x"];
  const sorted = ids.map((executionId) => fillOf({ executionId })).sort(fillOrder);
  assert.deepEqual(
    sorted.map(({ executionId }) => executionId),
    ["007", "7", "7.1", "7.2", "8", "9", "10", "a-9", "a-10", "x"],
  );
  assert.ok(fillOrder(fillOf({ executionId: "9", atMs: 2 }), fillOf({ executionId: "10", atMs: 1 })) > 0);
});

test("contracts of other expiries and accounts never close each other", () => {
  const { ledger } = ledgerOf(
    [
      fillOf({ executionId: "1" }),
      fillOf({ executionId: "2", side: "sell", year: 2027, month: 3, atMs: FILLS_FROM_MS + 1 }),
      fillOf({ executionId: "3", side: "sell", account: "Sim102", atMs: FILLS_FROM_MS + 1 }),
      fillOf({ executionId: "4", side: "sell", root: "ES", atMs: FILLS_FROM_MS + 1 }),
    ],
    FIFO,
  );
  assert.deepEqual(tripsOf(ledger), []);
  assert.deepEqual(Object.keys(ledger.books).sort(), [
    "Sim101 ESZ26",
    "Sim101 MESH27",
    "Sim101 MESZ26",
    "Sim102 MESZ26",
  ]);
});

test("a tick size that changes while a position is held keeps the money right: 6E in January 2016", () => {
  const euro = { root: "6E", year: 2016, month: 3 };
  const [trip] = tripsFrom([
    fillOf({ executionId: "1", ...euro, tickSize: 0.0001, priceTicks: 10_900, atMs: Date.UTC(2016, 0, 8, 16) }),
    fillOf({
      executionId: "2",
      ...euro,
      tickSize: 0.00005,
      priceTicks: 21_821,
      side: "sell",
      atMs: Date.UTC(2016, 0, 11, 16),
    }),
  ]);
  // 1.09000 → 1.09105: 0.00105 × 125,000.
  assert.deepEqual([trip.exitPriceTicks, trip.grossUsd], [10_910.5, 131.25]);
});
