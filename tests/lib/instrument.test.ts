/** Are tick, point value and tick value of every product those of the exchange? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayFrom } from "#lib/civil.ts";
import { INSTRUMENTS, type Instrument, instrumentOf, tickSizeAt, tickValueUsd } from "#lib/instrument.ts";
import { pointsFromTicks, ticksFromPoints } from "#lib/units.ts";
import { needsSharedData, readSharedCsv } from "#tests/support/shared-data.ts";

const SPECS = "specs/contracts_reference.csv";
const ROOTS = "ES NQ YM RTY GC SI HG CL NG ZN ZB 6E 6B 6J BTC MES MNQ MYM M2K MGC SIL MHG MCL M6E MBT";
const TODAY = civilDayFrom(2026, 11, 20);

function listed(root: string): Instrument {
  const instrument = instrumentOf(root);
  assert.ok(instrument !== null, root);
  return instrument;
}

test("lists the fifteen products and their ten micros, and nothing twice", () => {
  assert.deepEqual(
    INSTRUMENTS.map((entry) => entry.root),
    ROOTS.split(" "),
  );
  assert.equal(instrumentOf("ESX"), null);
  assert.equal(instrumentOf("es"), null);
});

test("agrees with the published specification of every product", needsSharedData(SPECS), () => {
  const rows = new Map(readSharedCsv(SPECS).map((row) => [row.symbol, row]));
  // MHG is missing in the file; the data's README states it: 2,500 lb, 0.0005, 1.25 USD.
  rows.set("MHG", { symbol: "MHG", exchange: "COMEX", multiplier: "2500", tick: "0.0005", tick_value_usd: "1.25" });
  for (const instrument of INSTRUMENTS) {
    const row = rows.get(instrument.root);
    assert.ok(row !== undefined, instrument.root);
    assert.equal(instrument.exchange, row.exchange, instrument.root);
    assert.equal(instrument.pointValueUsd, Number(row.multiplier), instrument.root);
    assert.equal(tickValueUsd(instrument, TODAY), Number(row.tick_value_usd), instrument.root);

    assert.equal(tickSizeAt(instrument, TODAY), Number(row.tick), instrument.root);
  }
});

test("the tick of 6E halves on 2016-01-11", () => {
  const euro = listed("6E");
  assert.equal(tickSizeAt(euro, civilDayFrom(2016, 1, 8)), 0.0001);
  assert.equal(tickValueUsd(euro, civilDayFrom(2016, 1, 8)), 12.5);
  assert.equal(tickSizeAt(euro, civilDayFrom(2016, 1, 11)), 0.00005);
  assert.equal(tickValueUsd(euro, civilDayFrom(2016, 1, 11)), 6.25);
});

test("tick values are exact dollars", () => {
  const values = { ZN: 15.625, ZB: 31.25, "6J": 6.25, "6E": 6.25, MES: 1.25, MYM: 0.5, MBT: 0.5, SIL: 5, MHG: 1.25 };
  for (const [root, usd] of Object.entries(values)) assert.equal(tickValueUsd(listed(root), TODAY), usd, root);
});

test("each tick grid holds prices exactly there and back", () => {
  for (const instrument of INSTRUMENTS) {
    const size = tickSizeAt(instrument, TODAY);
    for (const ticks of [0, 1, -1, 7, 19_201, -3_763, 123_457]) {
      assert.equal(ticksFromPoints(pointsFromTicks(ticks, size), size), ticks, `${instrument.root} ${ticks}`);
    }
  }
});

test("a micro has its mini's calendar, tick grid and roll months, and a part of its point value", () => {
  const micros = INSTRUMENTS.filter((entry) => entry.mini !== null);
  assert.equal(micros.length, 10);
  for (const micro of micros) {
    const mini = listed(micro.mini ?? "");
    assert.equal(mini.mini, null);
    assert.equal(micro.calendar, mini.calendar, micro.root);
    assert.deepEqual(micro.rollMonths, mini.rollMonths, micro.root);
    const ratio = mini.pointValueUsd / micro.pointValueUsd;
    assert.ok(Math.abs(ratio - (micro.root === "MBT" ? 50 : micro.root === "SIL" ? 5 : 10)) < 1e-9, micro.root);
    assert.ok(micro.feesUsdPerSide < mini.feesUsdPerSide, micro.root);
  }
});

test("what rolls is listed, and fees are some dollars", () => {
  for (const { root, rollMonths, listedMonths, feesUsdPerSide } of INSTRUMENTS) {
    for (const month of rollMonths) assert.ok(listedMonths.includes(month), `${root} ${month}`);
    assert.ok(feesUsdPerSide > 0 && feesUsdPerSide < 10, root);
  }
  assert.deepEqual(listed("GC").rollMonths, [2, 4, 6, 8, 12]);
  assert.deepEqual(listed("HG").rollMonths, [3, 5, 7, 9, 12]);
});
