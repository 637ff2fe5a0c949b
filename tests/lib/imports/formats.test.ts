/** Is each vendor's file read with its own words, ids, fees and clock? Columns are real, numbers invented. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { detectFormat } from "#lib/imports/detect-format.ts";
import { mappedFormat } from "#lib/imports/formats/mapped-csv.ts";
import { NO_ANSWERS, readTable } from "#lib/imports/read-table.ts";
import { readCsv } from "#server/imports/read-csv.ts";
import { BERLIN, importText, NEW_YORK, NOW_MS, readText } from "./import-rig.ts";

const utc = (iso: string) => Date.parse(`${iso}Z`);

test("NinjaTrader Executions: ids, fees, covers; a German machine's file as well", () => {
  const header =
    "Instrument,Action,Quantity,Price,Time,ID,E/X,Position,Order ID,Name,Commission,Rate,Account,Connection,";
  const american = readText(
    `${header}\nMES 12-26,SellShort,2,6001.25,10/13/2026 9:30:01 AM,a1,Entry,2 S,o1,Entry,$1.48,1,Sim101,Sim,\n` +
      "MES 12-26,BuyToCover,2,6000.00,10/13/2026 9:33:00 AM,a2,Exit,-,o2,Exit,$1.48,1,Sim101,Sim,\n",
    "ninjatrader-executions",
    NEW_YORK,
  );
  assert.deepEqual(american.fills[0], {
    row: 2,
    executionId: "a1",
    account: "Sim101",
    root: "MES",
    year: 2026,
    month: 12,
    side: "sell",
    contracts: 2,
    priceTicks: 24005,
    tickSize: 0.25,
    atMs: utc("2026-10-13T13:30:01"),
    orderId: "o1",
    feeUsd: 1.48,
    source: "ninjatrader",
  });
  assert.equal(american.dateOrder, "day first, 2 of its times are impossible");
  const german = readText(
    `\ufeff${header.replaceAll(",", ";")}\r\n` +
      'MES 12-26;SellShort;2;6001,25;13.10.2026 15:30:01;a1;Entry;2 S;o1;Entry;"1,48 $";1;Sim101;Sim;\r\n' +
      'MES 12-26;BuyToCover;2;6000;13.10.2026 15:33:00;a2;Exit;-;o2;Exit;"1,48 $";1;Sim101;Sim;\r\n',
    "ninjatrader-executions",
    BERLIN,
  );
  assert.deepEqual(german.fills, american.fills);
});

test("NinjaTrader Orders: averages, and orders without a fill are skipped", () => {
  const reading = readText(
    "Instrument,Action,Type,Quantity,Limit,Stop,State,Filled,Avg. price,Remaining,Name,OCO,TIF,Account,Connection,ID," +
      "Strategy,Time,\n" +
      "MNQ DEC26,Sell,Market,3,0,0,Filled,3,25188.333333,0,,,GTC,22,Live,91,,10/19/2026 10:55:29 AM,\n" +
      "MNQ DEC26,Buy,Limit,3,0,0,Cancelled,0,0,3,,,GTC,22,Live,92,,10/19/2026 10:55:46 AM,\n" +
      "MNQ DEC26,Buy,Limit,3,0,0,Cancelled,1,25180.25,2,,,GTC,22,Live,93,,10/19/2026 10:56:46 AM,\n",
    "ninjatrader-orders",
    NEW_YORK,
  );
  assert.deepEqual(reading.skipped, [{ row: 3, reason: "no fill (Cancelled)" }]);
  assert.deepEqual(
    reading.fills.map((fill) => [fill.executionId, fill.contracts, fill.priceTicks]),
    [
      ["91", 3, 100753.333332],
      ["93", 1, 100721],
    ],
  );
});

test("Tradovate Fills: UTC beside the local clock proves the time; nothing is asked; float dust is cleared", () => {
  const reading = readText(
    "_id,_orderId,_contractId,_timestamp,_tradeDate,_action,_qty,_price,_active,_accountId,Fill ID,Order ID,Timestamp," +
      "Date,Account,B/S,Quantity,Price,_priceFormat,_priceFormatType,_tickSize,Contract,Product,Product Description," +
      "commission\n" +
      "71,70,1,2026-06-10 12:41:43.083Z,2026-06-10,0,2,28949.750000000004,true,5,71,70,06/10/2026 14:41:43,6/10/26," +
      "ACC1, Buy,2,28949.75,-2,0,0.25,MNQM6,MNQ,Micro E-mini NASDAQ-100,1.0\n" +
      "75,74,1,2026-06-10 12:43:40.802Z,2026-06-10,1,2,28906.5,true,5,75,74,06/10/2026 14:43:40,6/10/26," +
      "ACC1, Sell,2,28906.50,-2,0,0.25,MNQM6,MNQ,Micro E-mini NASDAQ-100,1.0\n",
    "tradovate-fills",
  );
  assert.deepEqual(reading.timeZone, { kind: "proven", by: "the offset beside every time" });
  assert.deepEqual(
    reading.fills.map((fill) => [fill.executionId, fill.orderId, fill.side, fill.priceTicks, fill.feeUsd]),
    [
      ["71", "70", "buy", 115799, 1],
      ["75", "74", "sell", 115626, 1],
    ],
  );
  assert.equal(reading.fills[0].atMs, utc("2026-06-10T12:41:43.083"));
});

const POSITIONS =
  "Position ID,Timestamp,Trade Date,Net Pos,Net Price,Bought,Avg. Buy,Sold,Avg. Sell,Account,Contract,Product," +
  "Product Description,_priceFormat,_priceFormatType,_tickSize,Pair ID,Buy Fill ID,Sell Fill ID,Paired Qty,Buy Price," +
  "Sell Price,P/L,Currency,Bought Timestamp,Sold Timestamp\n";

test("Tradovate Position History: pairs share fills, shorts by time, ties by fill id, repeats are left out", () => {
  const row = (pair: string, times: string) =>
    `9,08/05/2026 11:54:39,2026-08-05,0,,3,,3,,ACC1,MNQU6,MNQ,Micro,-2,0,0.25,${pair},USD,${times}\n`;
  const later = "08/05/2026 11:50:00,08/05/2026 11:49:00";
  const reading = readText(
    POSITIONS +
      row("1,20,10,2,29860.00,29870.00,40.00", later) +
      row("2,21,10,1,29861.00,29870.00,18.00", later) +
      row("2,21,10,1,29861.00,29870.00,18.00", later) +
      row("3,99,100,1,29900.00,29901.00,2.00", "08/05/2026 12:00:00,08/05/2026 12:00:00"),
    "tradovate-positions",
    NEW_YORK,
  );
  assert.deepEqual(
    reading.trades.map((trade) => trade.side),
    ["short", "short", "short", "long"],
  );
  assert.deepEqual(
    reading.fills.map((fill) => [fill.executionId, fill.side, fill.contracts]),
    [
      ["10", "sell", 3],
      ["20", "buy", 2],
      ["21", "buy", 1],
      ["99", "buy", 1],
      ["100", "sell", 1],
    ],
  );
  assert.deepEqual(reading.conflicts, [{ row: 4, kind: "repeated", stated: "10 / 21", ours: "row 3 told this pair" }]);
});

const RITHMIC_HEADER =
  '"Account","Status","Remarks","Buy/Sell","Qty To Fill","Max Show Qty","Symbol","Price Type","Avg Fill Price",' +
  '"Limit Price","Order Number","Original Sequence Number","Current Sequence Number","User Id","Update Time (EDT)",' +
  '"Qty Filled","Create Time (EDT)","Commission","Liquidity Indicator","Executing Venue","Commission Fill Rate"\n';

function rithmic(rows: string, zone = "EDT"): string {
  const working = '"A1","Open","","B","1","","MNQM6","L","","17000.00","1","A","B","U","2026-04-24 09:00:00","0"\n';
  const text = `"Working Orders"\n${RITHMIC_HEADER}${working}\n\n"Completed Orders"\n${RITHMIC_HEADER}${rows}`;
  return text.replaceAll("(EDT)", `(${zone})`);
}

const RITHMIC_FILL =
  '"A1","Filled","","S","2","","MNQM6","M","27771.6250","","12","AAG1","AAG2","U","2026-04-24 09:52:19","2",' +
  '"2026-04-24 09:42:38","","","","0.51"\n';
const RITHMIC_CANCEL =
  '"A1","Cancelled","","B","2","","MNQM6","L","","27000.00","13","AAG1","AAG3","U","2026-04-24 09:53:00","0",' +
  '"2026-04-24 09:42:38","","","","0.51"\n';

test("Rithmic: completed orders alone, zone by the header, fee = rate × filled", () => {
  const reading = readText(rithmic(RITHMIC_FILL + RITHMIC_CANCEL), "rithmic-orders");
  assert.deepEqual(reading.timeZone, { kind: "proven", by: '"EDT" in the header' });
  assert.deepEqual(reading.skipped, [{ row: 9, reason: "no fill (Cancelled)" }]);
  const [fill] = reading.fills;
  assert.deepEqual(
    [reading.fills.length, fill.row, fill.executionId, fill.side, fill.priceTicks, fill.feeUsd, fill.atMs],
    [1, 8, "12", "sell", 111086.5, 1.02, utc("2026-04-24T13:52:19")],
  );
});

test("Rithmic: a zone is asked where its name is two zones', or names the other half of the year", () => {
  const needs = { status: "needs", needs: ["zone"] };
  assert.deepEqual(importText(rithmic(RITHMIC_FILL, "CST"), "rithmic-orders"), needs);
  assert.deepEqual(importText(rithmic(RITHMIC_FILL, "EST"), "rithmic-orders"), needs);
});

const TOPSTEP =
  "Id,ContractName,EnteredAt,ExitedAt,EntryPrice,ExitPrice,Fees,PnL,Size,Type,TradeDay,TradeDuration,Commissions\n";

test("TopstepX with 13 columns: the offset proves the time, fees and commissions are halved between the fills", () => {
  const reading = readText(
    `${TOPSTEP}77,MNQZ5,10/08/2025 18:23:28 +02:00,10/08/2025 18:31:03 +02:00,25261.75,25245.75,2.22,96.00,3,Short,` +
      "10/08/2025 00:00:00 -05:00,00:07:34,1.5\n",
    "topstepx-trades",
    { account: "TSX" },
  );
  assert.deepEqual(reading.timeZone, { kind: "proven", by: "the offset beside every time" });
  assert.deepEqual([reading.rowErrors, reading.conflicts], [[], []]);
  assert.deepEqual(
    reading.fills.map((fill) => [fill.executionId, fill.side, fill.feeUsd, fill.atMs]),
    [
      ["77-entry", "sell", 1.86, utc("2025-10-08T16:23:28")],
      ["77-exit", "buy", 1.86, utc("2025-10-08T16:31:03")],
    ],
  );
});

const QUANTOWER =
  "Account,Date/Time,Symbol,Description,Symbol type,Expiration date,Strike price,Side,Order type,Quantity,Price," +
  'Gross P/L,Fee,Net P/L,Trade value,Trade ID,Order ID,Position ID,Connection name,Comment,Exchange,"Gross P/L,ticks",' +
  '"Gross P/L(Qty),ticks",\n';

test("Quantower: sells carry a minus, and a buy that does is refused", () => {
  const row = (side: string, quantity: number, id: string) =>
    `Account 1 (USD),7/14/2026 1:06:02 PM,MESU26,AMP/CQG,Futures,9/17/2026 7:00:00 PM,0,${side},Market,${quantity},` +
    `7556.5,7.5,1.10,6.40,-37782.5,${id},o4,,Sim,,CME,6,6,\n`;
  const reading = readText(
    QUANTOWER + row("Sell", -2, "t1") + row("Buy", 2, "t2") + row("Buy", -2, "t3"),
    "quantower-trades",
    {
      ...NEW_YORK,
    },
  );
  assert.deepEqual(
    reading.fills.map((fill) => [fill.executionId, fill.side, fill.contracts, fill.feeUsd, fill.account]),
    [
      ["t1", "sell", 2, 1.1, "Account 1 (USD)"],
      ["t2", "buy", 2, 1.1, "Account 1 (USD)"],
    ],
  );
  assert.deepEqual(reading.rowErrors, [
    { row: 4, field: "Quantity", received: "-2", expected: "no minus before the contracts of a buy" },
  ]);
});

test("any other file is read by a person's mapping, day and time apart", () => {
  const { rows } = readCsv(
    Buffer.from(
      "Datum;Uhrzeit;Kontrakt;Richtung;Menge;Kurs;Kosten\n" +
        "14.07.2026;15:31:02;MESU6;B;1;6300,50;0,74\n14.07.2026;15:35:40;MESU6;S;1;6302,25;0,74\n",
    ),
  );
  const found = detectFormat(rows);
  assert.deepEqual(found, { status: "unknown", headerAt: 0, reasons: ["no column is one of a format that we know"] });
  const format = mappedFormat({
    name: "My broker",
    kind: "fills",
    columns: {
      instrument: "Kontrakt",
      side: "Richtung",
      contracts: "Menge",
      price: "Kurs",
      time: "Uhrzeit",
      date: "Datum",
      fees: ["Kosten"],
    },
  });
  const input = { table: rows, format, headerAt: 0, nowMs: NOW_MS };
  assert.deepEqual(readTable({ ...input, answers: NO_ANSWERS }), { status: "needs", needs: ["zone", "account"] });
  const reading = readTable({ ...input, answers: { ...NO_ANSWERS, ...BERLIN, account: "mine" } });
  assert.ok(reading.status === "read");
  assert.deepEqual(
    reading.fills.map((fill) => [fill.atMs, fill.side, fill.priceTicks, fill.feeUsd, fill.source]),
    [
      [utc("2026-07-14T13:31:02"), "buy", 25202, 0.74, "mapped:My broker"],
      [utc("2026-07-14T13:35:40"), "sell", 25209, 0.74, "mapped:My broker"],
    ],
  );
});

test("a file that lacks a column names the nearest format and what is missing", () => {
  const found = detectFormat(readCsv(Buffer.from("Id,ContractName,EnteredAt,EntryPrice,ExitPrice,Size,Type\n")).rows);
  assert.equal(found.status, "unknown");
  assert.deepEqual(found.reasons, ["nearest is TopstepX Trades, but it lacks: ExitedAt"]);
});

test("the confidence is the share of common columns, and strange ones are named", () => {
  const found = detectFormat(readCsv(Buffer.from(`${TOPSTEP.trim()},Mood\n`)).rows);
  assert.ok(found.status === "known");
  assert.equal(found.confidence, 13 / 14);
  assert.deepEqual(found.reasons, [
    "all 8 needed columns of TopstepX Trades are there",
    "13 of its 13 columns",
    "not known: mood",
  ]);
});
