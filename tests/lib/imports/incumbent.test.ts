/** Are the incumbent's rows read with the contract that was meant, and are its known errors shown? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ContractMode, incumbentRows, readIncumbent } from "#lib/imports/incumbent.ts";

const TRADE = {
  id: 7,
  created_at: "2026-07-02 09:30:00",
  account_size: 150_000,
  asset: "Nasdaq",
  direction: "LONG",
  entry: 25_000,
  sl: 24_990,
  tp: null,
  contracts: 2,
  status: "CLOSED",
  close_price: 25_010,
  close_time: "2026-07-02 09:45:00",
  pnl: 40,
  rr: 1,
  notes: "=late",
  strategy: "orb",
};

function read(trades: unknown[], mode: ContractMode = null) {
  return readIncumbent({ trades, days: [] }, mode);
}

test("a stored P&L proves micro or full", () => {
  const { trades, rowErrors, fills } = read([TRADE, { ...TRADE, id: 8, pnl: 400 }]);
  assert.deepEqual(rowErrors, []);
  assert.deepEqual(
    trades.map((trade) => [trade.root, trade.month, trade.grossUsd, trade.account, trade.setup, trade.stopPoints]),
    [
      ["MNQ", 9, 40, "incumbent-150000", "orb", 24_990],
      ["NQ", 9, 400, "incumbent-150000", "orb", 24_990],
    ],
  );
  assert.deepEqual(
    fills.map((fill) => [fill.executionId, fill.side, fill.atMs]),
    [
      ["7-entry", "buy", Date.UTC(2026, 6, 2, 13, 30)],
      ["7-exit", "sell", Date.UTC(2026, 6, 2, 13, 45)],
      ["8-entry", "buy", Date.UTC(2026, 6, 2, 13, 30)],
      ["8-exit", "sell", Date.UTC(2026, 6, 2, 13, 45)],
    ],
  );
});

test("where nothing proves it, the mode is asked, not guessed", () => {
  const unproven = [
    { ...TRADE, close_price: 25_000, pnl: 0 },
    { ...TRADE, id: 8, pnl: 17 },
  ];
  const { trades, rowErrors } = read(unproven);
  assert.equal(trades.length, 0);
  assert.deepEqual(
    rowErrors.map((error) => [error.row, error.field]),
    [
      [1, "pnl"],
      [2, "pnl"],
    ],
  );
  const asked = read(unproven, "micro");
  assert.deepEqual(
    asked.trades.map((trade) => trade.root),
    ["MNQ", "MNQ"],
  );
  assert.deepEqual(
    asked.conflicts.filter((conflict) => conflict.kind === "pnl"),
    [{ row: 2, kind: "pnl", stated: "17.00", ours: "40.00 by the prices (MNQ)" }],
  );
});

test("a direction that is not LONG was booked with the wrong sign: a conflict", () => {
  const { trades, conflicts } = read([{ ...TRADE, direction: "Buy", pnl: -40 }]);
  assert.deepEqual([trades[0].side, trades[0].grossUsd], ["long", 40]);
  assert.deepEqual(
    conflicts.filter((conflict) => conflict.kind === "pnl"),
    [{ row: 1, kind: "pnl", stated: "-40.00", ours: "40.00 by the prices (MNQ)" }],
  );
});

test("open trades give their entry, cancelled ones nothing", () => {
  const begun = { ...TRADE, status: "OPEN", close_price: null, close_time: null, pnl: null };
  const { fills, trades, skipped } = read(
    [
      { ...begun, direction: "SHORT" },
      { ...TRADE, status: "CANCELLED" },
    ],
    "full",
  );
  assert.equal(trades.length, 0);
  assert.deepEqual(
    fills.map((fill) => [fill.executionId, fill.root, fill.side, fill.contracts]),
    [["7-entry", "NQ", "sell", 2]],
  );
  assert.deepEqual(skipped, [{ row: 2, reason: "no fill (CANCELLED)" }]);
});

const WRONG: readonly [what: string, change: Record<string, unknown>, field: string][] = [
  ["an unknown asset", { asset: "Cocoa" }, "asset"],
  ["a direction of no meaning", { direction: "UP" }, "direction"],
  ["no time", { created_at: "yesterday" }, "created_at"],
  ["a close without a time", { close_time: null }, "close_time"],
  ["a close without a price", { close_price: null, pnl: null, asset: "NQU6" }, "close_price"],
  ["an entry that is text", { entry: "25000" }, "entry"],
  ["no contracts", { contracts: 0 }, "contracts"],
];

for (const [what, change, field] of WRONG) {
  test(`${what} is one row error`, () => {
    const { rowErrors, trades } = read([
      { ...TRADE, ...change },
      { ...TRADE, id: 8 },
    ]);
    assert.deepEqual(
      rowErrors.map((error) => [error.row, error.field]),
      [[1, field]],
    );
    assert.equal(trades.length, 1);
  });
}

test("days are kept by account and day, fees are gross less net", () => {
  const day = {
    id: 1,
    trade_date: "2026-07-02",
    account_size: 50_000,
    gross_pnl: 120.5,
    net_pnl: 100.25,
    commissions: 0,
    num_contracts: 4,
    instruments: "MNQ",
    notes: null,
    created_at: "2026-07-02 16:10:00",
  };
  const { days, rowErrors } = readIncumbent({ trades: [], days: [day, { ...day, trade_date: "2026-02-30" }] }, null);
  assert.deepEqual(days, [
    {
      row: 1,
      account: "incumbent-50000",
      tradeDate: "2026-07-02",
      grossUsd: 120.5,
      netUsd: 100.25,
      feesUsd: 20.25,
      contracts: 4,
      instruments: "MNQ",
      notes: "",
    },
  ]);
  assert.deepEqual(rowErrors, [
    { row: 2, field: "trade_date", received: '"2026-02-30"', expected: "a day as 2026-07-02" },
  ]);
});

test("the JSON of its answers and tables is understood, anything else is not", () => {
  const day = { trade_date: "2026-07-02" };
  assert.deepEqual(incumbentRows([TRADE]), { trades: [TRADE], days: [] });
  assert.deepEqual(incumbentRows([day]), { trades: [], days: [day] });
  assert.deepEqual(incumbentRows({ entries: [day], count: 1 }), { trades: [], days: [day] });
  assert.deepEqual(incumbentRows({ trades_v2: [TRADE], daily_journal: [day] }), { trades: [TRADE], days: [day] });
  for (const other of [null, 5, "x", {}, { trades: "x" }]) assert.equal(incumbentRows(other), null);
});
