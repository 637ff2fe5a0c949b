/** Are the figures of a preview the broker's, and is an open position no profit? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { previewFigures } from "#lib/imports/preview-figures.ts";
import { checkTwice } from "../../support/property-runs.ts";
import { BASE_MS, CROWDED_FILLS, fillOf } from "./fill-rig.ts";

test("5 MNQ from 28,531.75 to 28,491.75 is −400.00", () => {
  const bought = fillOf({ root: "MNQ", contracts: 5, priceTicks: 28531.75 * 4, feeUsd: 1.85 });
  const sold = fillOf({ ...bought, side: "sell", priceTicks: 28491.75 * 4, feeUsd: null, atMs: BASE_MS + 24_000 });
  assert.deepEqual(previewFigures([bought, sold]), {
    fills: 2,
    contracts: 10,
    accounts: ["A"],
    instruments: ["MNQZ26"],
    fromMs: BASE_MS,
    toMs: BASE_MS + 24_000,
    grossUsd: -400,
    feesUsd: 1.85,
    fillsWithoutFee: 1,
    open: [],
  });
});

test("what is left open is named, and no profit is claimed", () => {
  const { grossUsd, open } = previewFigures([fillOf({ contracts: 3 }), fillOf({ side: "sell", account: "B" })]);
  assert.equal(grossUsd, null);
  assert.deepEqual(open, [
    { account: "A", contract: "MESZ26", contracts: 3 },
    { account: "B", contract: "MESZ26", contracts: -1 },
  ]);
});

test("no fills have no times", () => {
  const { fromMs, toMs, grossUsd } = previewFigures([]);
  assert.deepEqual([fromMs, toMs, grossUsd], [null, null, 0]);
});

test("long and short mirror, and the order of fills does not matter", (t) => {
  const property = fc.property(CROWDED_FILLS, (fills) => {
    const closing = fills.map((fill) => ({ ...fill, side: other(fill.side), priceTicks: fill.priceTicks + 3 }));
    const all = [...fills, ...closing];
    const { grossUsd } = previewFigures(all);
    const mirrored = previewFigures(all.map((fill) => ({ ...fill, side: other(fill.side) })).reverse());
    assert.equal(mirrored.grossUsd, grossUsd === 0 ? 0 : -(grossUsd ?? Number.NaN));
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

function other(side: "buy" | "sell"): "buy" | "sell" {
  return side === "buy" ? "sell" : "buy";
}
