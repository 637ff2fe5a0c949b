/** Does one bad row stay one bad row, and is what a file does not prove asked for? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { importText, NEW_YORK, readText } from "./import-rig.ts";

const HEADER =
  "Instrument,Action,Quantity,Price,Time,ID,E/X,Position,Order ID,Name,Commission,Rate,Account,Connection\n";

type Cells = { instrument?: string; action?: string; quantity?: string; price?: string; time?: string; fee?: string };

function row(cells: Cells = {}, id = "x"): string {
  const { instrument = "MES 12-26", action = "Buy", quantity = "1", price = "6000.25" } = cells;
  const { time = "10/13/2026 9:30:01 AM", fee = "$0.74" } = cells;
  return `${instrument},${action},${quantity},${price},${time},${id},Entry,1 L,o1,Entry,${fee},1,Sim101,Sim\n`;
}

const BAD: readonly [what: string, cells: Cells, field: string, expected: RegExp][] = [
  ["an unknown product", { instrument: "XYZ 12-26" }, "Instrument", /root is none that we list/],
  ["a side of no meaning", { action: "Hold" }, "Action", /buy or sell/],
  ["no contracts", { quantity: "0" }, "Quantity", /whole contracts from 1/],
  ["half a contract", { quantity: "1.5" }, "Quantity", /whole contracts from 1/],
  ["a million contracts", { quantity: "1000000" }, "Quantity", /whole contracts from 1 to 100000/],
  ["a price that is NaN", { price: "NaN" }, "Price", /a number/],
  ["a price off the tick", { price: "6000.30" }, "Price", /on the tick of 0.25/],
  ["a comma decimal among dots", { price: '"6000,25"' }, "Price", /"." as decimal mark/],
  ["a day that does not exist", { time: "2/30/2026 9:30:01 AM" }, "Time", /a date/],
  ["a time to come", { time: "12/24/2027 9:30:01 AM" }, "Time", /gone by/],
  ["a fee in words", { fee: "free" }, "Commission", /an amount of money/],
];

for (const [what, cells, field, expected] of BAD) {
  test(`${what} is one row error; the others are read`, () => {
    const reading = readText(
      HEADER + row({}, "a") + row(cells, "b") + row({}, "c"),
      "ninjatrader-executions",
      NEW_YORK,
    );
    assert.deepEqual(
      reading.fills.map((fill) => fill.executionId),
      ["a", "c"],
    );
    assert.equal(reading.rowErrors.length, 1);
    const [error] = reading.rowErrors;
    assert.deepEqual([error.row, error.field], [3, field]);
    assert.match(error.expected, expected);
  });
}

test("all faults of a row are told at once", () => {
  const text = HEADER + row() + row({ action: "Hold", quantity: "0", fee: "free" });
  const { rowErrors } = readText(text, "ninjatrader-executions", NEW_YORK);
  assert.deepEqual(
    rowErrors.map((error) => [error.row, error.field]),
    [
      [3, "Action"],
      [3, "Quantity"],
      [3, "Commission"],
    ],
  );
});

test("a fee in euros is not taken for dollars", () => {
  const reading = readText(HEADER + row({ fee: "0.74 €" }), "ninjatrader-executions", NEW_YORK);
  assert.equal(reading.fills[0].feeUsd, null);
  assert.deepEqual(
    reading.conflicts.map((conflict) => [conflict.kind, conflict.stated]),
    [["currency", "0.74 €"]],
  );
});

test("an empty fee is unknown, not nothing", () => {
  assert.equal(readText(HEADER + row({ fee: "" }), "ninjatrader-executions", NEW_YORK).fills[0].feeUsd, null);
});

test("a date that may be read both ways is asked, and the answer decides", () => {
  // 6 July and 7 June of 2026 are a Monday and a Sunday evening after the open: both are possible.
  const text = HEADER + row({ time: "7/6/2026 7:30:01 PM" });
  assert.deepEqual(importText(text, "ninjatrader-executions", NEW_YORK), { status: "needs", needs: ["dateOrder"] });
  const dmy = readText(text, "ninjatrader-executions", { ...NEW_YORK, dateOrder: "dmy" });
  assert.equal(dmy.fills[0].atMs, Date.UTC(2026, 5, 7, 23, 30, 1));
  assert.equal(dmy.dateOrder, "asked");
});

test("a date is proven by the future too", () => {
  // 12 January 2026 has gone by, 1 December 2026 has not.
  const reading = readText(HEADER + row({ time: "12/1/2026 9:30:01 AM" }), "ninjatrader-executions", NEW_YORK);
  assert.equal(reading.dateOrder, "month first, 1 of its times are impossible");
  assert.equal(reading.fills[0].atMs, Date.UTC(2026, 0, 12, 14, 30, 1));
});

test("commas that may group or divide are asked", () => {
  const text = HEADER.replaceAll(",", ";") + row({ price: "6", fee: "" }).replaceAll(",", ";");
  const unclear = text.replace(";6;", ";6,000;");
  assert.deepEqual(importText(unclear, "ninjatrader-executions", NEW_YORK), {
    status: "needs",
    needs: ["decimalMark"],
  });
  const answered = readText(unclear, "ninjatrader-executions", { ...NEW_YORK, decimalMark: "." });
  assert.equal(answered.fills[0].priceTicks, 24000);
});

test("a fill at a time when the market is shut asks whether the zone is right", () => {
  const text = HEADER + row({ time: "10/13/2026 5:30:01 PM" });
  const { conflicts, fills } = readText(text, "ninjatrader-executions", NEW_YORK);
  assert.equal(fills.length, 1);
  assert.deepEqual(conflicts, [
    { row: 2, kind: "session", stated: "a fill", ours: "the market was shut (break): is the time zone right?" },
  ]);
});

const GRID = "Instrument,Account,Market pos.,Qty,Entry price,Exit price,Entry time,Exit time,Profit,Commission\n";

test("a short that is entered and left within a minute stays a short, and twins stay two", () => {
  const trade = "MNQ DEC26,A,Short,1,25000,24975,10/13/2026 9:27,10/13/2026 9:27,$48.10,$0.78\n";
  const { fills } = readText(GRID + trade + trade, "ninjatrader-trades", NEW_YORK);
  const inTime = [...fills].sort((a, b) => a.atMs - b.atMs);
  assert.deepEqual(
    inTime.map((fill) => fill.side),
    ["sell", "buy", "sell", "buy"],
  );
  assert.equal(new Set(fills.map((fill) => fill.executionId)).size, 4);
  assert.ok(inTime.every((fill, index) => fill.atMs === Date.UTC(2026, 9, 13, 13, 27) + index));
});

test("a net profit that listed fees and prices cannot explain is a conflict", () => {
  const trade = (profit: string) => `MNQ DEC26,A,Long,1,25000,25025,10/13/2026 9:27,10/13/2026 9:28,${profit},$0.78\n`;
  const { conflicts, trades } = readText(GRID + trade("$60.00") + trade("$5.00"), "ninjatrader-trades", NEW_YORK);
  assert.deepEqual(
    conflicts.map((conflict) => [conflict.row, conflict.stated, conflict.ours]),
    [
      [2, "60.00", "49.22 by the prices (net)"],
      [3, "5.00", "49.22 by the prices (net)"],
    ],
  );
  assert.deepEqual(
    trades.map((trade) => trade.otherFeesUsd),
    [0, 0],
  );
});

test("a gross profit leaves no room for other fees", () => {
  const header = "Id,ContractName,EnteredAt,ExitedAt,EntryPrice,ExitPrice,Fees,PnL,Size,Type\n";
  const trade = "1,MNQZ6,10/13/2026 09:27:00,10/13/2026 09:28:00,25000,25025,0.74,48.88,1,Long\n";
  const { conflicts, trades } = readText(header + trade, "topstepx-trades", { ...NEW_YORK, account: "A" });
  assert.deepEqual(conflicts, [{ row: 2, kind: "pnl", stated: "48.88", ours: "50.00 by the prices (gross)" }]);
  assert.equal(trades[0].otherFeesUsd, 0);
});

test("an exit before its entry is a row error", () => {
  const trade = "MNQ DEC26,A,Long,1,25000,25025,10/13/2026 9:27,10/13/2026 9:26,$49.22,$0.78\n";
  const { rowErrors, fills } = readText(GRID + trade, "ninjatrader-trades", NEW_YORK);
  assert.deepEqual(
    [fills.length, rowErrors[0].field, rowErrors[0].expected],
    [0, "Exit time", "an exit behind its entry"],
  );
});
