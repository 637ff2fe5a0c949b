/** Which contract do a file's name and spellings mean? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractBook, contractTextInName, UNKNOWN_SLOT } from "#server/feeds/file/contract-book.ts";

test("finds the contract in a file's name", () => {
  const names: [string, string | null][] = [
    ["ESH4_2023-12-25_trades_aggressor_bbo.csv.gz", "ESH4"],
    ["ES 03-24.Last.txt", "ES 03-24"],
    ["derived_ES_03-24.Last.txt", "ES 03-24"],
    ["lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz", "GCZ3"],
    ["6EZ26.csv", "6EZ26"],
    ["es_5m_sierra_2014-2024.csv.gz", null],
    ["lean_es_1m_trade.csv.gz", null],
    ["ticks.csv", null],
  ];
  for (const [name, expected] of names) assert.equal(contractTextInName(name), expected, name);
});

test("gives one slot to all spellings, and the tick size of the row's day", () => {
  const book = new ContractBook();
  const before = Date.UTC(2016, 0, 8, 15);
  const after = Date.UTC(2016, 0, 11, 15);
  const slots = ["6EH6", "6EH16", "6E201603", "6E 03-16"].map((text) => book.slotOf(text, before));
  assert.deepEqual(slots, [0, 0, 0, 0]);
  assert.deepEqual([book.tickSize(0, before), book.tickSize(0, after)], [0.0001, 0.00005]);
  assert.equal(book.slotOf("QQH6", before), UNKNOWN_SLOT);
  assert.match(book.refusal("QQH6", before), /QQH6/);
  assert.equal(book.refusal("6EH6", before), "");
});

test("a one-digit year read backwards in time is read anew", () => {
  const book = new ContractBook();
  const late = book.slotOf("ESH4", Date.UTC(2024, 1, 1));
  const early = book.slotOf("ESH4", Date.UTC(2014, 1, 1));
  assert.deepEqual([book.entries[late].symbol, book.entries[early].symbol], ["ESH24", "ESH14"]);
});
