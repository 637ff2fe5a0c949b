/** Are stacked imbalance, absorption and exhaustion found where they were planted, and nowhere near? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type AbsorptionInput,
  absorptions,
  exhaustions,
  type FlowMark,
  stackedImbalances,
} from "#lib/analysis/order-flow/flow-marks.ts";
import { type FlowRows, flowRowsOf } from "#lib/analysis/order-flow/flow-rows.ts";
import { FLOW_SCALES, flowScaleOf } from "#lib/analysis/order-flow/flow-scale.ts";
import { addVolume } from "#lib/analysis/price-rows.ts";
import { SIDE } from "#lib/bars/time-bars.ts";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { filledRows } from "#tests/support/flow-tape.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const rowsOf = (buy: readonly number[], sell: readonly number[], first = 100): FlowRows => ({
  rowTicks: 1,
  first,
  buy: Float64Array.from(buy),
  sell: Float64Array.from(sell),
});
const short = (marks: readonly FlowMark[]) =>
  marks.map(({ kind, direction, fromTicks, toTicks, volume }) => [kind, direction, fromTicks, toTicks, volume]);

test("three rows of 60 bought over 20 sold one row lower are a stack of buying, rows 1 to 3", () => {
  const rows = rowsOf([0, 60, 60, 60, 5], [20, 20, 20, 4, 4]);
  assert.deepEqual(short(stackedImbalances(rows, 50)), [["stacked imbalance", "up", 101, 103, 180]]);
  const mirrored = rowsOf([4, 4, 20, 20, 20], [5, 60, 60, 60, 0]);
  assert.deepEqual(short(stackedImbalances(mirrored, 50)), [["stacked imbalance", "down", 101, 103, 180]]);
});

test("near misses: two rows, a ratio of 2.95, one row below the minimum, the horizontal neighbour", () => {
  const none: [string, FlowRows][] = [
    ["two rows", rowsOf([0, 60, 60, 10, 5], [20, 20, 20, 4, 4])],
    ["59 over 20", rowsOf([0, 60, 59, 60, 5], [20, 20, 20, 4, 4])],
    ["49 of 50", rowsOf([0, 60, 49, 60, 5], [20, 16, 16, 4, 4])],
    ["3:1 in the same row, not the diagonal one", rowsOf([0, 60, 60, 60, 5], [30, 20, 20, 20, 4])],
  ];
  for (const [name, rows] of none) assert.deepEqual(stackedImbalances(rows, 50), [], name);
});

test("the lowest row has no diagonal for buyers, the highest none for sellers; a diagonal of 0 counts", () => {
  assert.deepEqual(stackedImbalances(rowsOf([60, 60, 60], [0, 0, 0]), 50), []);
  assert.deepEqual(stackedImbalances(rowsOf([0, 0, 0], [60, 60, 60]), 50), []);
  assert.equal(stackedImbalances(rowsOf([1, 60, 60, 60], [0, 0, 0, 0]), 50).length, 1);
});

/** Every row by its definition, then the runs of at least three. */
function slowStacks(rows: FlowRows, minVolume: number): unknown[] {
  const found: unknown[] = [];
  for (const side of ["buy", "sell"] as const) {
    const [own, other, step] = side === "buy" ? [rows.buy, rows.sell, -1] : [rows.sell, rows.buy, 1];
    const marks = [...own].map((volume, row) => {
      const diagonal = other[row + step];
      return diagonal !== undefined && volume >= minVolume && volume >= 3 * diagonal ? "x" : ".";
    });
    for (const { index, 0: run } of marks.join("").matchAll(/x{3,}/g)) {
      const volume = own.slice(index, index + run.length).reduce((sum, one) => sum + one, 0);
      const direction = side === "buy" ? "up" : "down";
      found.push(["stacked imbalance", direction, rows.first + index, rows.first + index + run.length - 1, volume]);
    }
  }
  return found;
}

test("stacks as by words over rows marked one by one", (t) => {
  const column = fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { minLength: 1, maxLength: 25 });
  const property = fc.property(column, column, (buy, sell) => {
    const rows = rowsOf(
      buy,
      Array.from(buy, (_, row) => sell[row % sell.length]),
    );
    assert.deepEqual(short(stackedImbalances(rows, 5)), slowStacks(rows, 5));
  });
  checkTwice(property, { runs: 400, print: (line) => t.diagnostic(line) });
});

/** 200 of 400 sold in the lowest two rows by six orders; the bar closes in row 4. */
function absorbed(over: Partial<AbsorptionInput> = {}, sell = [120, 80, 60, 70, 70]): FlowMark[] {
  const rows = rowsOf([10, 10, 10, 10, 10], sell);
  const orders = rowsOf([1, 1, 1, 1, 1], [4, 2, 1, 1, 1]);
  return absorptions({ rows, orders, closeTicks: 104, minVolume: 50, ...over });
}

test("selling that six orders could not push through is absorbed, and points up; buying mirrored", () => {
  assert.deepEqual(short(absorbed()), [["absorption", "up", 100, 101, 200]]);
  const high = absorptions({
    rows: rowsOf([70, 70, 60, 80, 120], [10, 10, 10, 10, 10]),
    orders: rowsOf([1, 1, 1, 2, 4], [1, 1, 1, 1, 1]),
    closeTicks: 100,
    minVolume: 50,
  });
  assert.deepEqual(short(high), [["absorption", "down", 103, 104, 200]]);
});

test("near misses: two orders, 39 % of the selling, below four times the minimum, a close one row above", () => {
  const twoOrders = rowsOf([1, 1, 1, 1, 1], [1, 1, 9, 9, 9]);
  assert.deepEqual(absorbed({ orders: twoOrders }), [], "one sweep of many prints is one order");
  assert.deepEqual(absorbed({}, [120, 80, 100, 110, 110]), []);
  assert.deepEqual(absorbed({ minVolume: 51 }), []);
  assert.deepEqual(absorbed({ closeTicks: 102 }), []);
  assert.equal(absorbed({ closeTicks: 103 }).length, 1);
});

const driedUp = { rows: rowsOf([50, 80, 40, 10, 2], [9, 9, 9, 9, 9]), closeTicks: 102, minVolume: 50 };

test("buys of 80, 40, 10, 2 up to a new high are exhausted and point down; selling mirrored", () => {
  const up = exhaustions({ ...driedUp, isNewHigh: true, isNewLow: true });
  assert.deepEqual(short(up), [["exhaustion", "down", 101, 104, 132]]);
  assert.match(up[0].reason, /^80, 40, 10, 2 contracts/);
  const rows = rowsOf([9, 9, 9, 9, 9], [2, 10, 40, 80, 50]);
  const down = exhaustions({ rows, closeTicks: 102, minVolume: 50, isNewHigh: true, isNewLow: true });
  assert.deepEqual(short(down), [["exhaustion", "up", 100, 103, 132]]);
  assert.deepEqual(exhaustions({ rows, closeTicks: 102, minVolume: 50, isNewHigh: true, isNewLow: false }), []);
});

test("near misses: no new high, one row above half of the next, thin to begin with, a close near the high", () => {
  const at = (over: object) => exhaustions({ ...driedUp, isNewHigh: true, isNewLow: false, ...over });
  assert.equal(at({}).length, 1);
  assert.deepEqual(at({ isNewHigh: false }), []);
  assert.deepEqual(at({ rows: rowsOf([50, 80, 40, 21, 2], [9, 9, 9, 9, 9]) }), []);
  assert.deepEqual(at({ minVolume: 81 }), []);
  assert.deepEqual(at({ closeTicks: 103 }), []);
  assert.deepEqual(at({ rows: rowsOf([40, 10, 2], [9, 9, 9]), closeTicks: 100 }), []);
});

test("rows of four ticks begin at multiples of four, also below zero", () => {
  const rows = filledRows((into) => {
    addVolume(into, -5, SIDE.buy, 3);
    addVolume(into, -4, SIDE.buy, 4);
    addVolume(into, 3, SIDE.sell, 5);
    addVolume(into, 0, SIDE.unsigned, 9);
  });
  const flow = flowRowsOf(rows, 4, rows);
  assert.deepEqual([flow.first, [...flow.buy], [...flow.sell]], [-2, [3, 4, 0], [0, 0, 5]]);
});

test("every product has a row height and a minimum of its own", () => {
  assert.deepEqual(Object.keys(FLOW_SCALES).sort(), INSTRUMENTS.map(({ root }) => root).sort());
  for (const { root } of INSTRUMENTS) {
    const { rowTicks, minVolume } = flowScaleOf(root);
    assert.ok(Number.isInteger(rowTicks) && rowTicks >= 1 && minVolume >= 1, root);
  }
  assert.deepEqual(flowScaleOf("XX"), { rowTicks: 1, minVolume: 10 });
});
