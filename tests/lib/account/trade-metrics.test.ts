/** Are R, MAE and MFE, efficiency, the run behind the exit and slippage what the definitions say? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RoundTrip } from "#lib/account/round-trip.ts";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import {
  entrySlippageOf,
  excursionsOf,
  exitEfficiencyOf,
  holdingMsOf,
  initialStopOf,
  type PricePath,
  postExitRunOf,
  riskUsdOf,
  rMultipleOf,
  type WorkingStop,
} from "#lib/account/trade-metrics.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { FILLS_FROM_MS, fillOf } from "#tests/support/random-fills.ts";

const SECOND = 1_000;
const MINUTE = 60_000;

type Side = "long" | "short";

/** Entry at FILLS_FROM_MS + 30 s unless said; short mirrors the prices around 0. */
function tripOf(given: {
  side?: Side;
  entries: readonly (readonly [contracts: number, ticks: number])[];
  exitTicks: number;
  entryMs?: number;
  exitMs?: number;
  feeUsd?: number;
}): RoundTrip {
  const { side = "long", entries, exitTicks, feeUsd = 0 } = given;
  const { entryMs = FILLS_FROM_MS + 30 * SECOND, exitMs = FILLS_FROM_MS + 10 * MINUTE } = given;
  const [buy, sell] = side === "long" ? (["buy", "sell"] as const) : (["sell", "buy"] as const);
  const sign = side === "long" ? 1 : -1;
  const ins = entries.map(([contracts, ticks], at) =>
    fillOf({ executionId: `${at}`, side: buy, contracts, priceTicks: sign * ticks, atMs: entryMs + at, feeUsd: 0 }),
  );
  const contracts = ins.reduce((sum, fill) => sum + fill.contracts, 0);
  const out = fillOf({ executionId: "out", side: sell, contracts, priceTicks: sign * exitTicks, atMs: exitMs, feeUsd });
  const [trip] = tripsOf(ledgerOf([...ins, out], { method: "fifo", schedule: [] }).ledger);
  return trip;
}

/** Rows of [ms behind FILLS_FROM_MS, low, high]. */
function pathOf(barMs: number, rows: readonly (readonly [number, number, number])[]): PricePath {
  return {
    barMs,
    atMs: rows.map(([ms]) => FILLS_FROM_MS + ms),
    lowTicks: rows.map(([, low]) => low),
    highTicks: rows.map(([, , high]) => high),
  };
}

function ticksPath(rows: readonly (readonly [number, number])[]): PricePath {
  return pathOf(
    0,
    rows.map(([ms, ticks]) => [ms, ticks, ticks]),
  );
}

function stopOf(given: Partial<WorkingStop>): WorkingStop {
  return { orderId: "s", side: "sell", priceTicks: 92, fromMs: FILLS_FROM_MS + 31 * SECOND, toMs: null, ...given };
}

test("a full stop-out costs −1 R and the fees, never +1 (incumbent 51)", () => {
  for (const side of ["long", "short"] as const) {
    const trip = tripOf({ side, entries: [[2, 100]], exitTicks: 92, feeUsd: 1.24 });
    const stop = side === "long" ? 92 : -92;
    assert.equal(riskUsdOf(trip, stop), 20);
    assert.equal(rMultipleOf(trip, stop)?.toFixed(9), "-1.062000000");
  }
});

test("R counts every entry by its own distance, wherever the stop went later", () => {
  const trip = tripOf({
    entries: [
      [2, 100],
      [1, 104],
    ],
    exitTicks: 110,
  });
  // 2 × 8 + 1 × 12 = 28 ticks at risk, 26 won.
  assert.equal(rMultipleOf(trip, 92), 26 / 28);
  const stops = [
    stopOf({ toMs: FILLS_FROM_MS + 45 * SECOND }),
    stopOf({ priceTicks: 101, fromMs: FILLS_FROM_MS + 45 * SECOND }),
  ];
  assert.equal(initialStopOf(trip, { planStopTicks: null, stops }), 92);
  assert.equal(initialStopOf(trip, { planStopTicks: 95, stops }), 95);
});

test("without an initial stop R is unknown, not 0", () => {
  const trip = tripOf({ entries: [[1, 100]], exitTicks: 110 });
  assert.equal(rMultipleOf(trip, null), null);
  assert.equal(rMultipleOf(trip, 100), null);
});

test("only a stop that closes the trip and worked within 60 s of the entry, and before the exit, is the initial one", () => {
  const entryMs = FILLS_FROM_MS + 30 * SECOND;
  const trip = tripOf({ entries: [[1, 100]], exitTicks: 110, entryMs });
  const found = (...stops: WorkingStop[]): number | null => initialStopOf(trip, { planStopTicks: null, stops });
  assert.equal(found(stopOf({ fromMs: entryMs + MINUTE })), 92, "60 s is within");
  assert.equal(found(stopOf({ fromMs: entryMs + MINUTE + 1 })), null, "later is not");
  assert.equal(found(stopOf({ side: "buy" })), null, "a stop that would add");
  assert.equal(found(stopOf({ fromMs: entryMs - 5, toMs: entryMs })), null, "gone at the entry");
  assert.equal(found(stopOf({ fromMs: entryMs - 5, toMs: entryMs + 1 })), 92, "working at the entry");
  const late = stopOf({ fromMs: entryMs + 9, priceTicks: 95 });
  assert.equal(found(late, stopOf({ fromMs: entryMs + 8, priceTicks: 91 })), 91, "the first");
  const quick = tripOf({ entries: [[1, 100]], exitTicks: 101, entryMs, exitMs: entryMs + 5 * SECOND });
  assert.equal(initialStopOf(quick, { planStopTicks: null, stops: [stopOf({ fromMs: entryMs + 6 * SECOND })] }), null);
});

test("ticks count strictly between entry and exit", () => {
  const trip = tripOf({ entries: [[1, 100]], exitTicks: 106, entryMs: FILLS_FROM_MS + 10, exitMs: FILLS_FROM_MS + 50 });
  const path = ticksPath([
    [9, 50],
    [10, 60],
    [11, 97],
    [30, 108],
    [49, 104],
    [50, 140],
    [51, 150],
  ]);
  const found = excursionsOf(trip, path);
  assert.deepEqual(found, { maeTicks: 3, mfeTicks: 8, isApprox: false });
  assert.equal(exitEfficiencyOf(trip, 8), 0.75);
  assert.equal(
    excursionsOf(
      trip,
      ticksPath([
        [10, 90],
        [50, 120],
      ]),
    ),
    null,
  );
});

test("bars of the entry and of the exit are left out; minutes say approx, seconds do not", () => {
  const trip = tripOf({
    entries: [[1, 100]],
    exitTicks: 106,
    entryMs: FILLS_FROM_MS + 30 * SECOND,
    exitMs: FILLS_FROM_MS + 4 * MINUTE,
  });
  const minutes = pathOf(MINUTE, [
    [0, 10, 500],
    [MINUTE, 96, 103],
    [2 * MINUTE, 98, 109],
    [3 * MINUTE, 99, 107],
    [4 * MINUTE, 1, 900],
  ]);
  assert.deepEqual(excursionsOf(trip, minutes), { maeTicks: 4, mfeTicks: 9, isApprox: true });
  // One millisecond earlier the exit lies in the bar of the third minute.
  const earlier = tripOf({ entries: [[1, 100]], exitTicks: 106, exitMs: FILLS_FROM_MS + 4 * MINUTE - 1 });
  const cut = pathOf(MINUTE, [
    [MINUTE, 96, 103],
    [2 * MINUTE, 98, 105],
    [3 * MINUTE, 99, 170],
  ]);
  assert.equal(excursionsOf(earlier, cut)?.mfeTicks, 5);
  const seconds = pathOf(SECOND, [
    [30 * SECOND, 1, 900],
    [31 * SECOND, 95, 104],
  ]);
  assert.deepEqual(excursionsOf(trip, seconds), { maeTicks: 5, mfeTicks: 4, isApprox: false });
});

test("a price that never went our way has no efficiency", () => {
  const trip = tripOf({ entries: [[1, 100]], exitTicks: 90 });
  const found = excursionsOf(
    trip,
    ticksPath([
      [MINUTE, 98],
      [2 * MINUTE, 92],
    ]),
  );
  assert.deepEqual(found, { maeTicks: 8, mfeTicks: -2, isApprox: false });
  assert.equal(exitEfficiencyOf(trip, -2), null);
  assert.equal(exitEfficiencyOf(trip, 0), null);
});

test("short mirrors long in every measure", (t) => {
  const prices = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 50, max: 150 })), {
    maxLength: 40,
  });
  const entries = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 80, max: 120 })), {
    minLength: 1,
    maxLength: 4,
  });
  const property = fc.property(prices, entries, fc.integer({ min: 50, max: 150 }), (rows, ins, exitTicks) => {
    const sorted = rows.map(([second, ticks]) => [second * SECOND, ticks] as const).sort(([a], [b]) => a - b);
    const measures = (side: Side): unknown => {
      const sign = side === "long" ? 1 : -1;
      const trip = tripOf({ side, entries: ins, exitTicks });
      const path = ticksPath(sorted.map(([ms, ticks]) => [ms, sign * ticks]));
      const found = excursionsOf(trip, path);
      return [
        found,
        found === null ? null : exitEfficiencyOf(trip, found.mfeTicks),
        postExitRunOf(trip, path, { untilMs: FILLS_FROM_MS + 15 * MINUTE, knownMs: FILLS_FROM_MS + 15 * MINUTE }),
        entrySlippageOf(trip, sign * 100),
        rMultipleOf(trip, sign * 70),
      ];
    };
    assert.deepEqual(measures("short"), measures("long"));
  });
  checkTwice(property, { runs: 200, print: (line) => t.diagnostic(line) });
});

test("the run behind the exit waits for its whole window", () => {
  const trip = tripOf({ entries: [[1, 100]], exitTicks: 106 });
  const path = ticksPath([
    [9 * MINUTE, 200],
    [11 * MINUTE, 104],
    [12 * MINUTE, 111],
    [20 * MINUTE, 300],
  ]);
  const untilMs = FILLS_FROM_MS + 15 * MINUTE;
  assert.deepEqual(postExitRunOf(trip, path, { untilMs, knownMs: untilMs }), {
    runTicks: 5,
    againstTicks: 2,
    isApprox: false,
  });
  assert.equal(postExitRunOf(trip, path, { untilMs, knownMs: untilMs - 1 }), null);
  assert.equal(postExitRunOf(trip, ticksPath([]), { untilMs, knownMs: untilMs }), null);
});

test("slippage against the signal is positive where the entry was worse; time held is wall time", () => {
  const trip = tripOf({ entries: [[2, 101]], exitTicks: 106 });
  assert.deepEqual(entrySlippageOf(trip, 100), { ticks: 1, usd: 2.5 });
  assert.deepEqual(entrySlippageOf(trip, 103), { ticks: -2, usd: -5 });
  assert.equal(holdingMsOf(trip), 9.5 * MINUTE);
});
