/** Is the value area what the exchange's rule says, and are zones stretches of rows? Against a slow version. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { zonesOf } from "#lib/analysis/profile-zones.ts";
import { type ValueAreaRule, valueAreaOf } from "#lib/analysis/value-area.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const volumes = fc
  .array(fc.oneof(fc.nat(3), fc.nat(2_000)), { minLength: 1, maxLength: 60 })
  .filter((rows) => rows.some((row) => row > 0));

/** The slow version: sets of rows, every pair tried anew, shares as fractions of whole numbers. */
function slowArea(rows: readonly number[], step: 1 | 2) {
  const most = Math.max(...rows);
  const middle = (rows.length - 1) / 2;
  const poc = rows
    .map((volume, row) => ({ volume, row, away: Math.abs(row - middle) }))
    .filter(({ volume }) => volume === most)
    .sort((a, b) => a.away - b.away || b.row - a.row)[0].row;
  const total = rows.reduce((sum, row) => sum + row, 0);
  let area = [poc];
  const held = (list: readonly number[]) => list.reduce((sum, row) => sum + rows[row], 0);
  const path = [area];
  while (held(area) / total < 0.7 && Math.abs(held(area) * 10 - total * 7) > 1e-9) {
    const [first, last] = [area[0], area[area.length - 1]];
    const up = Array.from({ length: step }, (_, at) => last + 1 + at).filter((row) => row < rows.length);
    const down = Array.from({ length: step }, (_, at) => first - 1 - at).filter((row) => row >= 0);
    const isTie = held(up) === held(down) && last - poc <= poc - first;
    const goesUp = down.length === 0 || (up.length > 0 && (held(up) > held(down) || isTie));
    area = [...area, ...(goesUp ? up : down)].sort((a, b) => a - b);
    path.push(area);
  }
  return { poc, low: area[0], high: area[area.length - 1], inside: held(area), total, before: held(path.at(-2) ?? []) };
}

test("70 % by pairs of rows: reached with the last pair, not without it", (t) => {
  const rules: [ValueAreaRule, 1 | 2][] = [
    ["two-row", 2],
    ["one-row", 1],
  ];
  const property = fc.property(volumes, (rows) => {
    for (const [rule, step] of rules) {
      const { before, ...slow } = slowArea(rows, step);
      assert.deepEqual(valueAreaOf(rows, rule), slow, rule);
      assert.ok(slow.inside * 10 >= slow.total * 7);
      assert.ok(before * 10 < slow.total * 7);
    }
  });
  checkTwice(property, { runs: 400, print: (line) => t.diagnostic(line) });
});

test("1 2 4 8 4 2 1: a tie goes up first, then the larger pair, 20 of 22", () => {
  assert.deepEqual(valueAreaOf([1, 2, 4, 8, 4, 2, 1]), { poc: 3, low: 1, high: 5, inside: 20, total: 22 });
  assert.deepEqual(valueAreaOf([1, 2, 4, 8, 4, 2, 1], "one-row"), { poc: 3, low: 2, high: 4, inside: 16, total: 22 });
});

test("of equal rows the one nearest the middle is the point of control, of two as near the upper", () => {
  assert.equal(valueAreaOf([5, 1, 5, 1, 1])?.poc, 2);
  assert.equal(valueAreaOf([1, 5, 1, 5, 1])?.poc, 3);
  assert.equal(valueAreaOf([0, 0]), null);
});

test("exactly 70 % is enough", () => {
  assert.deepEqual(valueAreaOf([3, 7]), { poc: 1, low: 1, high: 1, inside: 7, total: 10 });
});

test("1 1 12 12 12 1 1 1 12 12 12 1 1: two high zones and the low one between them, no tail", () => {
  assert.deepEqual(
    zonesOf([1, 1, 12, 12, 12, 1, 1, 1, 12, 12, 12, 1, 1]).map(({ kind, from, to, extreme }) => [
      kind,
      from,
      to,
      extreme,
    ]),
    [
      ["high", 2, 4, 3],
      ["low", 6, 6, 6],
      ["high", 8, 10, 9],
    ],
  );
});

test("the extreme of a low zone is its thinnest row", () => {
  const rows = [9, 9, 9, 9, 2, 2, 1, 0, 1, 2, 9, 9, 9, 9];
  assert.deepEqual(
    zonesOf(rows).filter(({ kind }) => kind === "low"),
    [{ kind: "low", from: 5, to: 8, extreme: 7, volume: 4 }],
  );
});

test("zones do not touch another of their kind, lie in order, and hold what their rows hold", (t) => {
  const property = fc.property(volumes, (rows) => {
    let former = { kind: "none", to: -2 };
    for (const zone of zonesOf(rows)) {
      assert.ok(zone.from <= zone.extreme && zone.extreme <= zone.to && zone.to < rows.length);
      assert.ok(zone.from > former.to);
      if (zone.kind === former.kind) assert.ok(zone.from > former.to + 1, "one stretch is one zone");
      const held = rows.slice(zone.from, zone.to + 1).reduce((sum, row) => sum + row, 0);
      assert.equal(zone.volume, held);
      former = zone;
    }
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("an even profile and one of few rows have no zones", () => {
  assert.deepEqual(zonesOf(new Array(40).fill(7)), []);
  assert.deepEqual(zonesOf([1, 9, 1, 9]), []);
});
