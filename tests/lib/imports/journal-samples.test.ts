/** Do the sample journals import with the figures that their README states, and a second time add nothing? */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fill } from "#lib/account/fill.ts";
import { previewFigures } from "#lib/imports/preview-figures.ts";
import { reconcile } from "#lib/imports/reconcile.ts";
import { needsSharedData, readSharedText } from "../../support/shared-data.ts";
import { importText, NEW_YORK, readText } from "./import-rig.ts";

const ORDERS = "journals/tradovate-orders-history.csv";
const PERFORMANCE = "journals/tradovate-trades-performance.csv";
const GRID = "journals/ninjatrader-grid.csv";
const TOPSTEP = "journals/topstep-trades.csv";

test(
  "Tradovate orders: 6 round trips of equal size, +1,944.50, 16 orders without a fill",
  needsSharedData(ORDERS),
  () => {
    const reading = readText(readSharedText(ORDERS), "tradovate-orders", NEW_YORK);
    assert.deepEqual([reading.rowErrors, reading.conflicts], [[], []]);
    assert.equal(reading.skipped.length, 16);
    assert.equal(reading.skipped[0].reason, "no fill (Canceled)");
    assert.deepEqual(tripsUsd(reading.fills), [-400, 1200, -492.5, 1200, 800, -363]);
    const { grossUsd, contracts, instruments, fillsWithoutFee } = previewFigures(reading.fills);
    assert.deepEqual(
      { grossUsd, contracts, instruments, fillsWithoutFee },
      {
        grossUsd: 1944.5,
        contracts: 54,
        instruments: ["MNQM26", "MNQU26"],
        fillsWithoutFee: 12,
      },
    );
    assert.equal(reading.fills[0].atMs, Date.UTC(2026, 5, 10, 20, 0, 5), "16:00:05 in New York");
  },
);

/** P&L of fills that come in pairs of an entry and an exit of the same size. */
function tripsUsd(fills: readonly Fill[]): number[] {
  const trips: number[] = [];
  for (let index = 0; index < fills.length; index += 2) {
    const pair = fills.slice(index, index + 2);
    trips.push(previewFigures(pair).grossUsd ?? Number.NaN);
  }
  return trips;
}

test(
  "Tradovate performance: −400.00 and +1,200.00 gross, no fees, fills by their ids",
  needsSharedData(PERFORMANCE),
  () => {
    const text = readSharedText(PERFORMANCE);
    assert.deepEqual(importText(text, "tradovate-performance"), { status: "needs", needs: ["zone", "account"] });
    const reading = readText(text, "tradovate-performance", { ...NEW_YORK, account: "ACCT" });
    assert.deepEqual(
      reading.trades.map(({ grossUsd, statedPnlUsd, feesUsd, side }) => [grossUsd, statedPnlUsd, feesUsd, side]),
      [
        [-400, -400, null, "long"],
        [1200, 1200, null, "long"],
      ],
    );
    assert.deepEqual([reading.rowErrors, reading.conflicts], [[], []]);
    assert.deepEqual(
      reading.fills.map((fill) => fill.executionId),
      ["537862110007", "537862110018", "537862110155", "537862110184"],
    );
  },
);

test("NinjaTrader grid: net as stated, 1.12 a trade of other fees; July is proven", needsSharedData(GRID), () => {
  const reading = readText(readSharedText(GRID), "ninjatrader-trades", NEW_YORK);
  assert.deepEqual([reading.rowErrors, reading.conflicts], [[], []]);
  assert.equal(reading.trades.length, 6);
  for (const trade of reading.trades) {
    assert.deepEqual([trade.feesUsd, trade.otherFeesUsd], [0.78, 1.12]);
    assert.equal(round(trade.grossUsd - 0.78 - 1.12), trade.statedPnlUsd);
  }
  assert.deepEqual(
    reading.trades.map((trade) => trade.statedPnlUsd),
    [48.1, 48.1, -75.9, 48.1, -55.4, 48.1],
  );
  assert.equal(reading.dateOrder, "day first, 12 of its times are impossible", "2026-02-07 is a Saturday");
  assert.equal(reading.timeStepMs, 60_000);
  const { grossUsd, feesUsd } = previewFigures(reading.fills);
  assert.deepEqual([grossUsd, feesUsd, round(72.5 - 11.4)], [72.5, 11.4, 61.1]);
  assert.deepEqual(
    reading.skipped.map((row) => row.reason),
    ["empty row", "empty row"],
  );
});

test("TopstepX: +51.00, and row 3 contradicts itself: shown, prices taken", needsSharedData(TOPSTEP), () => {
  const reading = readText(readSharedText(TOPSTEP), "topstepx-trades", { ...NEW_YORK, account: "TSX" });
  assert.deepEqual(
    reading.trades.map((trade) => [trade.grossUsd, trade.statedPnlUsd, trade.feesUsd]),
    [
      [51, 51, 1.34],
      [400, -400, 2.68],
    ],
  );
  assert.deepEqual(
    reading.conflicts.filter((conflict) => conflict.kind === "pnl"),
    [{ row: 3, kind: "pnl", stated: "-400.00", ours: "400.00 by the prices (gross)" }],
  );
  assert.equal(reading.conflicts.filter((conflict) => conflict.kind === "month").length, 2, "MNQ and NQ name no month");
});

test("a second import of each sample adds nothing", needsSharedData(ORDERS, PERFORMANCE, GRID, TOPSTEP), () => {
  const samples: [string, string][] = [
    [ORDERS, "tradovate-orders"],
    [PERFORMANCE, "tradovate-performance"],
    [GRID, "ninjatrader-trades"],
    [TOPSTEP, "topstepx-trades"],
  ];
  for (const [path, id] of samples) {
    const answers = { ...NEW_YORK, account: "ACCT" };
    const first = readText(readSharedText(path), id, answers).fills;
    const again = reconcile(first, readText(readSharedText(path), id, answers).fills);
    assert.deepEqual([again.fresh, again.pairs, again.clashes], [[], [], []], path);
    assert.equal(again.same.length, first.length, path);
  }
});

test(
  "orders and performance of one account are one: 4 fills are pairs, 8 are new",
  needsSharedData(ORDERS, PERFORMANCE),
  () => {
    const account = "ACCT0000000000000";
    const pairs = readText(readSharedText(PERFORMANCE), "tradovate-performance", { ...NEW_YORK, account }).fills;
    const orders = readText(readSharedText(ORDERS), "tradovate-orders", NEW_YORK).fills;
    const found = reconcile(pairs, orders);
    assert.deepEqual([found.fresh.length, found.pairs.length, found.clashes.length], [8, 4, 0]);
    assert.ok(found.pairs.every((pair) => pair.by === "content"));
  },
);

function round(usd: number): number {
  return Math.round(usd * 100) / 100;
}
