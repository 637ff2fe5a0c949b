/** Do price rows hold what was traded, wherever the price goes, and what do they do when it goes too far? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addBlockRange, addSeriesRange, addVolumeAtPrice, spreadBar, wholeRows } from "#lib/analysis/bar-rows.ts";
import { readLeb128, writeLeb128 } from "#lib/analysis/leb128.ts";
import { addPackedRows, packRows } from "#lib/analysis/packed-rows.ts";
import {
  addRows,
  addRowTrade,
  addVolume,
  clearRows,
  createPriceRows,
  displayRows,
  PRICE_ROWS_MAX,
  type PriceRows,
  sideVolume,
} from "#lib/analysis/price-rows.ts";
import { closeForming, createBarSeries } from "#lib/bars/bar-series.ts";
import { addTrade, openBar, SIDE, type Side, type SignedTrade } from "#lib/bars/time-bars.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { filledRows, flowTrade, rowsAsMap, slowRows } from "#tests/support/flow-tape.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

/** Prices around zero and far below and above it. */
const trades = fc
  .tuple(
    fc.integer({ min: -6_000, max: 120_000 }),
    fc.array(fc.tuple(fc.integer({ min: -900, max: 900 }), fc.nat(90), fc.nat(2)), { minLength: 1, maxLength: 120 }),
  )
  .map(([start, list]) => list.map(([step, size, side], at) => flowTrade(start + step, size, side as Side, at)));

function rowsOf(list: readonly SignedTrade[]): PriceRows {
  return filledRows((rows) => {
    for (const trade of list) addRowTrade(rows, trade);
  });
}

function assertWhole(rows: PriceRows, volume: number): void {
  assert.equal(rows.volume + rows.outsideVolume, volume);
  assert.equal(sideVolume(rows, SIDE.buy) + sideVolume(rows, SIDE.sell) + sideVolume(rows, SIDE.unsigned), rows.volume);
}

test("rows hold each price's bought, sold and unsigned contracts; their sum is the volume", (t) => {
  const property = fc.property(trades, (list) => {
    const rows = rowsOf(list);
    assert.deepEqual(rowsAsMap(rows), new Map([...slowRows(list)].sort(([a], [b]) => a - b)));
    assertWhole(
      rows,
      list.reduce((sum, trade) => sum + trade.size, 0),
    );
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("cleared rows are like new and keep their room", (t) => {
  const property = fc.property(trades, trades, (first, second) => {
    const rows = rowsOf(first);
    const capacity = rows.cells.length;
    clearRows(rows);
    assert.ok(rows.cells.every((cell) => cell === 0));
    for (const trade of second) addRowTrade(rows, trade);
    assert.deepEqual(rowsAsMap(rows), rowsAsMap(rowsOf(second)));
    assert.ok(rows.cells.length >= capacity);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("a trade of size 0 makes no row", () => {
  const rows = rowsOf([flowTrade(7, 0, SIDE.buy, 0)]);
  assert.equal(rows.volume, 0);
  assert.ok(rows.highTicks < rows.lowTicks);
});

test("packed rows come back as they were, moved by whole ticks", (t) => {
  const property = fc.property(trades, fc.integer({ min: -500, max: 500 }), (list, shift) => {
    const rows = rowsOf(list);
    const back = filledRows((into) => addPackedRows(into, packRows(rows), shift));
    assert.deepEqual(
      [...rowsAsMap(back)],
      [...rowsAsMap(rows)].map(([price, row]) => [price + shift, row]),
    );
    const added = filledRows((into) => addRows(into, rows, shift));
    assert.deepEqual(rowsAsMap(added), rowsAsMap(back));
    assert.equal(back.volume, rows.volume);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

/** Prices near each other, so that what is added lies inside, across an edge of, or outside what is there. */
const nearTrades = fc
  .array(fc.tuple(fc.nat(80), fc.nat(90), fc.nat(2)), { minLength: 1, maxLength: 4 })
  .map((list) => list.map(([price, size, side], at) => flowTrade(price - 40, size, side as Side, at)));

test("rows added to rows are those of all their trades", (t) => {
  const property = fc.property(nearTrades, nearTrades, (first, second) => {
    const rows = rowsOf(first);
    addRows(rows, rowsOf(second));
    const whole = rowsOf([...first, ...second]);
    assert.deepEqual(rowsAsMap(rows), rowsAsMap(whole));
    const { lowTicks, highTicks, volume } = rows;
    assert.deepEqual([lowTicks, highTicks, volume], [whole.lowTicks, whole.highTicks, whole.volume]);
  });
  checkTwice(property, { runs: 1_000, print: (line) => t.diagnostic(line) });
});

test("3 unsigned and 200 bought at one price are the bytes 3, 200, 1, 0", () => {
  const rows = filledRows((into) => {
    addVolume(into, 10, SIDE.unsigned, 3);
    addVolume(into, 10, SIDE.buy, 200);
  });
  assert.deepEqual([...packRows(rows).bytes], [3, 200, 1, 0]);
});

test("numbers below 2^32 come back from their bytes", (t) => {
  const property = fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
    const cursor = { bytes: new Uint8Array(5), at: 0 };
    writeLeb128(cursor, value);
    assert.equal(readLeb128({ bytes: cursor.bytes, at: 0 }), value);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("a price too far away finds no row and its contracts count as outside", () => {
  const rows = rowsOf([flowTrade(1_000, 50, SIDE.buy, 0), flowTrade(1_000 + PRICE_ROWS_MAX, 7, SIDE.sell, 1)]);
  assert.deepEqual([...rowsAsMap(rows)], [[1_000, [0, 50, 0]]]);
  assertWhole(rows, 57);
  addVolume(rows, 1_000 + PRICE_ROWS_MAX - 1, SIDE.sell, 7);
  assert.equal(rows.volume, 57);
  assertWhole(rows, 64);
});

test("a wrong first price is given up once more lies outside: the rows begin anew", () => {
  const rows = rowsOf([flowTrade(0, 3, SIDE.buy, 0), flowTrade(19_200, 3, SIDE.sell, 1)]);
  assert.deepEqual([...rowsAsMap(rows).keys()], [0]);
  addVolume(rows, 19_201, SIDE.sell, 2);
  assert.deepEqual([...rowsAsMap(rows)], [[19_201, [0, 0, 2]]]);
  assertWhole(rows, 8);
});

test("I-15 a bar of one price is a row, exact, and a wide bar lies on ticks, to the contract", (t) => {
  const single = filledRows((rows) =>
    spreadBar(rows, { lowTicks: 8, highTicks: 8, volume: 9, buyVolume: 4, sellVolume: 2 }),
  );
  assert.deepEqual([...rowsAsMap(single)], [[8, [3, 4, 2]]]);
  assert.equal(single.estimatedVolume, 0);
  const property = fc.property(
    fc.integer({ min: -400, max: 400 }),
    fc.nat(60),
    fc.nat(500),
    fc.nat(500),
    fc.nat(500),
    (lowTicks, range, buyVolume, sellVolume, unsigned) => {
      const volume = buyVolume + sellVolume + unsigned;
      const bar = { lowTicks, highTicks: lowTicks + range, volume, buyVolume, sellVolume };
      const rows = filledRows((into) => spreadBar(into, bar));
      assertWhole(rows, volume);
      assert.equal(sideVolume(rows, SIDE.buy), buyVolume);
      assert.equal(sideVolume(rows, SIDE.sell), sellVolume);
      assert.equal(rows.estimatedVolume, range > 0 ? volume : 0);
      for (const [price, row] of rowsAsMap(rows)) {
        assert.ok(price >= lowTicks && price <= bar.highTicks && Number.isInteger(price));
        const even = [unsigned, buyVolume, sellVolume].map((side) => side / (range + 1));
        row.forEach((part, side) => {
          assert.ok(Math.abs(part - even[side]) < 1, `${part} of ${even[side]} at ${price}`);
        });
      }
    },
  );
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("5 contracts over three rows are 1, 2, 2; a bar wider than the rows allow lies outside", () => {
  const bar = { lowTicks: 10, highTicks: 12, volume: 5, buyVolume: 5, sellVolume: 0 };
  const rows = filledRows((into) => spreadBar(into, bar));
  assert.deepEqual(
    [...rowsAsMap(rows).values()].map(([, bought]) => bought),
    [1, 2, 2],
  );
  spreadBar(rows, { ...bar, highTicks: 10 + PRICE_ROWS_MAX });
  assert.deepEqual([rows.volume, rows.outsideVolume], [5, 5]);
});

test("a bar is read from its trades where they are all of it, else spread, and holds its volume either way", () => {
  const bar = { lowTicks: 10, highTicks: 12, volume: 6, buyVolume: 6, sellVolume: 0 };
  const traded = rowsOf([flowTrade(11, 6, SIDE.buy, 0)]);
  const spread = rowsOf([flowTrade(99, 1, SIDE.sell, 0)]);
  assert.equal(wholeRows(traded, spread, bar), traded);
  const found = wholeRows(rowsOf([flowTrade(11, 5, SIDE.buy, 0)]), spread, bar);
  assert.equal(found, spread);
  assert.deepEqual([[...rowsAsMap(found).keys()], found.volume, found.estimatedVolume], [[10, 11, 12], 6, 6]);
});

/** Two bars: 10 … 12 with 1, 0, 300, and 5 … 5 with 4. */
function smallBlock(): ReturnType<typeof createBarBlock> {
  const block = createBarBlock(2);
  block.count = 2;
  block.openMs.set([60_000, 120_000]);
  block.lowTicks.set([10, 5]);
  block.highTicks.set([12, 5]);
  block.volume.set([301, 4]);
  block.volumeAtPrice = Uint8Array.from([1, 0, 172, 2, 4]);
  return block;
}

test("a range of bars lies at their prices where the vendor gave them, unsigned, else spread", () => {
  const block = smallBlock();
  const both = filledRows((rows) => addBlockRange(rows, block, { fromMs: 0, toMs: 180_000 }));
  assert.deepEqual(
    [...rowsAsMap(both)],
    [
      [5, [4, 0, 0]],
      [10, [1, 0, 0]],
      [12, [300, 0, 0]],
    ],
  );
  assert.deepEqual([both.estimatedVolume, both.pricedVolume], [0, 305]);
  const second = filledRows((rows) => addBlockRange(rows, block, { fromMs: 120_000, toMs: 180_000 }));
  assert.deepEqual([...rowsAsMap(second)], [[5, [4, 0, 0]]]);
  block.volumeAtPrice = new Uint8Array(0);
  const spread = filledRows((rows) => addBlockRange(rows, block, { fromMs: 0, toMs: 120_000 }));
  assert.deepEqual([spread.volume, spread.estimatedVolume, spread.pricedVolume], [301, 301, 0]);
  const cursor = { bytes: smallBlock().volumeAtPrice, at: 0 };
  addVolumeAtPrice(createPriceRows(), { lowTicks: 10, highTicks: 12 }, cursor);
  assert.equal(cursor.at, 4);
});

test("a range of a series is that of its closed bars that open in it", () => {
  const series = createBarSeries("1m");
  for (const [minute, price] of [10, 20, 30, 40].entries()) {
    const row = openBar(series, minute * 60_000, minute * 60_000 + 60_000);
    addTrade(series, row, flowTrade(price, minute + 1, SIDE.buy, minute * 60_000));
    if (minute < 3) closeForming(series);
  }
  const rows = filledRows((into) => addSeriesRange(into, series, { fromMs: 60_000, toMs: 240_000 }));
  assert.deepEqual(
    [...rowsAsMap(rows)],
    [
      [20, [0, 2, 0]],
      [30, [0, 3, 0]],
    ],
  );
});

test("rows of two ticks begin at even prices, also below zero", () => {
  const rows = filledRows((into) => {
    addVolume(into, -1, SIDE.buy, 3);
    addVolume(into, 0, SIDE.sell, 4);
  });
  const shown = displayRows(rows, 2);
  assert.deepEqual([shown.lowTicks, [...shown.volume], [...shown.delta]], [-2, [3, 4], [3, -4]]);
  assert.equal(displayRows(createPriceRows(), 2).volume.length, 0);
});
