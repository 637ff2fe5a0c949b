/** Do footprint and TPO put each number and letter at its price? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText, gridOf, markText, mostOf, rowOf } from "#components/chart/views/footprint-words.ts";
import { type TpoView, ticksPerRow, tpoRows } from "#components/chart/views/tpo-rows.ts";
import { addTpoBar, createTpo, tpoOf } from "#lib/analysis/tpo.ts";
import type { FootprintBarView, FootprintCell } from "#lib/wire/footprint.ts";
import { inPoints } from "#lib/wire/in-points.ts";
import { readEsHour } from "#tests/support/es-oracle.ts";
import { minutesOf } from "#tests/support/flow-tape.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";

function cellAt(price: number, sell: number, buy: number, unsigned = 0): FootprintCell {
  return { price, buy, sell, unsigned, imbalance: null };
}

function barOf(openMs: number, cells: FootprintCell[]): FootprintBarView {
  return { openMs, endMs: openMs + 60_000, isForming: false, volume: 0, delta: 0, cells, marks: [] };
}

test("the grid reaches from the highest cell of all bars to the lowest, highest first", () => {
  const bars = [
    barOf(0, [cellAt(4_808.25, 1, 2), cellAt(4_808.5, 3, 4)]),
    barOf(60_000, [cellAt(4_808.75, 1, 0), cellAt(4_809, 2, 9)]),
  ];
  const grid = gridOf({ bars, tickSize: 0.25, rowTicks: 1 });
  assert.deepEqual(grid.prices, [4_809, 4_808.75, 4_808.5, 4_808.25]);
  assert.deepEqual([rowOf(grid, 4_809), rowOf(grid, 4_808.25)], [0, 3]);
  assert.deepEqual(gridOf({ bars: [], tickSize: 0.25, rowTicks: 1 }).prices, []);
});

test("rows of several ticks, of a tick without exact binary, and below zero stand where they should", () => {
  const bars = [barOf(0, [cellAt(-0.06, 1, 1), cellAt(-0.03, 1, 1), cellAt(0, 1, 1), cellAt(0.03, 1, 1)])];
  const grid = gridOf({ bars, tickSize: 0.01, rowTicks: 3 });
  assert.equal(grid.prices.length, 4);
  assert.deepEqual(
    [0.03, 0, -0.03, -0.06].map((price) => rowOf(grid, price)),
    [0, 1, 2, 3],
  );
});

test("a cell says sold × bought, and apart what has no side", () => {
  assert.equal(cellText(cellAt(1, 1_017, 52)), "1,017 × 52");
  assert.equal(cellText(cellAt(1, 0, 3, 2)), "0 × 3 +2");
  assert.equal(mostOf(barOf(0, [cellAt(1, 5, 5), cellAt(2, 1, 2, 9)])), 12);
  const mark = { kind: "absorption", direction: "up", reason: "220 contracts" } as const;
  assert.equal(markText(mark), "▲ absorption: 220 contracts");
});

/** A 10 … 13, B 12 … 15, as the analysis' own worked example: POC 13. */
const TWO_PERIODS: TpoView = {
  status: "ready",
  span: "rth",
  atMs: 3_600_000,
  n: 8,
  poc: 13,
  val: 11,
  vah: 14,
  low: 10,
  high: 15,
  periods: [
    { letter: "A", openMs: 0, low: 10, high: 13 },
    { letter: "B", openMs: 1_800_000, low: 12, high: 15 },
  ],
  singlePrints: [
    { kind: "tail", from: 10, to: 11, letter: "A" },
    { kind: "tail", from: 14, to: 15, letter: "B" },
  ],
  reasons: [],
};

function lettersOf(rows: ReturnType<typeof tpoRows>): string[] {
  return rows.map(({ price, marks }) => `${price} ${marks.map(({ letter }) => letter).join("")}`);
}

test("letters stand at every price of their half hour, with POC, value area, IB and single prints", () => {
  const rows = tpoRows(TWO_PERIODS, { tickSize: 1, published: null, initialBalance: { low: 10, high: 13 } });
  assert.deepEqual(lettersOf(rows), ["15 B", "14 B", "13 AB", "12 AB", "11 A", "10 A"]);
  assert.deepEqual(
    rows.filter(({ isPoc }) => isPoc).map(({ price }) => price),
    [13],
  );
  assert.deepEqual(
    rows.filter(({ isInValueArea }) => isInValueArea).map(({ price }) => price),
    [14, 13, 12, 11],
  );
  assert.deepEqual(
    rows.filter(({ isInInitialBalance }) => isInInitialBalance).map(({ price }) => price),
    [13, 12, 11, 10],
  );
  assert.deepEqual(
    rows.map(({ marks }) => marks.some(({ isSingle }) => isSingle)),
    [true, true, false, false, true, true],
  );
});

test("what only the forming minute prints is provisional, nothing else", () => {
  const published = {
    ...TWO_PERIODS,
    periods: [TWO_PERIODS.periods[0], { letter: "B", openMs: 1_800_000, low: 12, high: 14 }],
  };
  const rows = tpoRows(TWO_PERIODS, { tickSize: 1, published, initialBalance: null });
  const provisional = rows.flatMap(({ price, marks }) =>
    marks.filter(({ isProvisional }) => isProvisional).map(({ letter }) => `${letter} ${price}`),
  );
  assert.deepEqual(provisional, ["B 15"]);
});

test("a wide range is grouped so that it fits, and keeps its ends", () => {
  const wide: TpoView = { ...TWO_PERIODS, high: 310, periods: [{ letter: "A", openMs: 0, low: 10, high: 310 }] };
  assert.equal(ticksPerRow(wide, 1), 3);
  const rows = tpoRows(wide, { tickSize: 1, published: null, initialBalance: null });
  assert.ok(rows.length <= 110);
  assert.deepEqual([rows[0].price, rows.at(-1)?.price], [309, 9]);
});

test(
  "the real ES hour prints A and B at exactly the prices traded between their extremes",
  needsSharedData(ES_HOUR),
  () => {
    const raw = readEsHour(sharedData(ES_HOUR) ?? "");
    const signed = raw.map(({ ms, price, size }) => ({
      priceTicks: price / 0.25,
      size,
      side: 0 as const,
      deltaSource: 0,
      exchangeMs: ms,
    }));
    const state = createTpo();
    for (const { bar } of minutesOf("ES", signed)) addTpoBar(state, bar);
    const tpo = inPoints(tpoOf(state, "session"), 0.25);
    assert.ok(tpo.status === "ready");
    const rows = tpoRows(tpo, { tickSize: 0.25, published: tpo, initialBalance: null });
    const halves = [...Map.groupBy(raw, ({ ms }) => Math.floor(ms / 1_800_000)).values()].map((own) =>
      own.map(({ price }) => price),
    );
    for (const { price, marks } of rows) {
      const expected = halves.flatMap((own, at) =>
        Math.min(...own) <= price && price <= Math.max(...own) ? ["AB"[at]] : [],
      );
      assert.deepEqual(
        marks.map(({ letter }) => letter),
        expected,
        String(price),
      );
    }
    assert.equal(rows.length, Math.round((Math.max(...halves.flat()) - Math.min(...halves.flat())) / 0.25) + 1);
  },
);
