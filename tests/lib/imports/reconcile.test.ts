/** Does a second telling of a fill add nothing, by its own source or another, and is nothing dropped silently? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fill } from "#lib/account/fill.ts";
import { linkAccounts, reconcile } from "#lib/imports/reconcile.ts";
import { checkTwice } from "../../support/property-runs.ts";
import { BASE_MS, CROWDED_FILLS, fillOf } from "./fill-rig.ts";

const ids = (fills: readonly Fill[]) => fills.map((fill) => fill.executionId);

test("an overlapping export of one source adds its new fills alone", () => {
  const existing = [fillOf({ executionId: "1" }), fillOf({ executionId: "2" })];
  const incoming = [fillOf({ executionId: "2" }), fillOf({ executionId: "3" })];
  const { fresh, same, pairs, clashes } = reconcile(existing, incoming);
  assert.deepEqual([ids(fresh), ids(same), pairs, clashes], [["3"], ["2"], [], []]);
});

test("one id of two accounts or two sources is two fills", () => {
  const incoming = [fillOf({ account: "B" }), fillOf({ source: "rithmic", priceTicks: 1 })];
  assert.equal(reconcile([fillOf()], incoming).fresh.length, 2);
});

test("an id repeated in one file is known the second time", () => {
  const { fresh, same } = reconcile([], [fillOf(), fillOf()]);
  assert.deepEqual([fresh.length, same.length], [1, 1]);
});

test("one id with another content is shown, neither added nor dropped", () => {
  const other = fillOf({ contracts: 2, priceTicks: 24001, feeUsd: 1 });
  const { fresh, clashes } = reconcile([fillOf({ feeUsd: 0.5 })], [other]);
  assert.equal(fresh.length, 0);
  assert.deepEqual(clashes[0].fields, ["contracts", "priceTicks", "feeUsd"]);
});

test("a second source is matched to 2 s, no further", () => {
  const twin = (atMs: number) => reconcile([fillOf()], [fillOf({ source: "bridge", executionId: "9", atMs })]);
  for (const away of [-2000, 0, 2000]) {
    const { fresh, pairs } = twin(BASE_MS + away);
    assert.deepEqual([fresh.length, pairs.length], [0, 1], String(away));
    assert.deepEqual([ids(pairs[0].incoming), ids(pairs[0].existing)], [["9"], ["1"]]);
  }
  for (const away of [-2001, 2001]) assert.equal(twin(BASE_MS + away).fresh.length, 1, String(away));
});

test("a clock of whole minutes reaches over its minute", () => {
  const shown = fillOf({ source: "grid", executionId: "g", atMs: BASE_MS });
  const exact = fillOf({ atMs: BASE_MS + 59_900 });
  assert.equal(reconcile([exact], [shown]).fresh.length, 1);
  assert.equal(reconcile([exact], [shown], { grid: 60_000 }).pairs.length, 1);
  assert.equal(reconcile([shown], [exact], { grid: 60_000 }).pairs.length, 1);
  assert.equal(reconcile([fillOf({ atMs: BASE_MS - 2001 })], [shown], { grid: 60_000 }).fresh.length, 1);
});

test("of three equal fills two are known: the surplus is one", () => {
  const three = [0, 1, 2].map((n) => fillOf({ source: "bridge", executionId: `b${n}`, atMs: BASE_MS + n }));
  const { fresh, pairs } = reconcile([fillOf(), fillOf({ executionId: "2" })], three);
  assert.deepEqual([fresh.length, pairs.length], [1, 2]);
});

test("a partner is taken once, also behind one that cannot be taken", () => {
  const own = fillOf({ source: "bridge", executionId: "b0", atMs: BASE_MS - 1 });
  const two = [1, 2].map((n) => fillOf({ source: "bridge", executionId: `b${n}` }));
  const { fresh, pairs } = reconcile([own, fillOf()], two);
  assert.deepEqual([fresh.length, pairs.length], [1, 1]);
});

test("an order list is matched with the fills of its orders, both ways", () => {
  const fills = [
    fillOf({ executionId: "1", orderId: "o", contracts: 2, priceTicks: 24000 }),
    fillOf({ executionId: "2", orderId: "o", contracts: 1, priceTicks: 24001 }),
  ];
  const average = 24000.333333;
  const order = fillOf({ source: "orders", executionId: "o", orderId: "o", contracts: 3, priceTicks: average });
  for (const [there, here] of [
    [fills, [order]],
    [[order], fills],
  ]) {
    const { fresh, pairs } = reconcile(there, here);
    assert.deepEqual([fresh.length, pairs.length, pairs[0].by], [0, 1, "order"]);
  }
  assert.equal(reconcile(fills, [{ ...order, contracts: 4 }]).fresh.length, 1, "another size is another story");
  const free = [{ ...order, priceTicks: 0, contracts: 4 }];
  assert.equal(
    reconcile(
      fills.map((fill) => ({ ...fill, priceTicks: 0 })),
      free,
    ).fresh.length,
    1,
    "at a price of 0 too",
  );
  assert.equal(reconcile(fills, [{ ...order, priceTicks: average + 0.1 }]).fresh.length, 1, "and so is another price");
});

test("accounts of two sources are one once they are linked", () => {
  const theirs = [fillOf({ source: "bridge", account: "Sim101", executionId: "9" })];
  assert.equal(reconcile([fillOf()], theirs).fresh.length, 1);
  const linked = linkAccounts(theirs, [{ source: "bridge", account: "Sim101", linkedTo: "A" }]);
  assert.equal(reconcile([fillOf()], linked).pairs.length, 1);
});

test("any split of a file into overlapping imports, in any order, ends with the same fills", (t) => {
  const property = fc.property(CROWDED_FILLS, fc.nat(), fc.nat(), (fills, a, b) => {
    const [from, to] = [a % (fills.length + 1), b % (fills.length + 1)];
    const parts = [fills.slice(Math.min(from, to)), fills.slice(0, Math.max(from, to)).reverse(), fills];
    let ledger: Fill[] = [];
    for (const part of parts) ledger = [...ledger, ...reconcile(ledger, part).fresh];
    assert.deepEqual(new Set(ids(ledger)), new Set(ids(fills)));
    assert.equal(ledger.length, fills.length);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("another source's telling, each time moved by up to 2 s, is matched as often as it can be", (t) => {
  const moves = fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 40, maxLength: 40 });
  const property = fc.property(CROWDED_FILLS, moves, (fills, away) => {
    const told = fills.map((fill, n) => ({
      ...fill,
      source: "bridge",
      executionId: `b${n}`,
      atMs: fill.atMs + away[n],
    }));
    const { fresh, pairs, same, clashes } = reconcile(fills, told.reverse());
    assert.deepEqual([fresh, same, clashes], [[], [], []]);
    assert.equal(new Set(pairs.map((pair) => pair.existing[0])).size, fills.length, "each partner once");
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});
