/** Does what was patched and split for the stream come out as it went in, and small? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { InsightParts, InsightView } from "#lib/wire/insight.ts";
import { hearCards, hearLevels, sayCards, sayLevels } from "#lib/wire/insight-stream.ts";
import { applyPatch, patchOf } from "#lib/wire/tree-patch.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

/** As it arrives. */
function sent<Tree>(tree: Tree): Tree {
  return JSON.parse(JSON.stringify(tree)) as Tree; // safe: the same tree
}

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, fc.constantFrom(null, 0, 1, "a", true), tie("list"), tie("record")),
  list: fc.array(tie("tree"), { maxLength: 3 }),
  record: fc.dictionary(fc.constantFrom("a", "b", "0", "1", "length"), tie("tree"), { noNullPrototype: true }),
}));

test("a patched tree is the other tree, through JSON, and the first one stays as it was", (t) => {
  const property = fc.property(tree, tree, (former, next) => {
    const before = sent(former);
    assert.deepEqual(applyPatch(former, sent(patchOf(former, next))), sent(next));
    assert.deepEqual(sent(former), before);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("only what differs is said, and what does not stays the same object", () => {
  const former = { a: 1, b: { c: [2, 3], d: "x" }, e: { f: 1 }, gone: true };
  const next = { a: 1, b: { c: [2, 4], d: "x" }, e: { f: 1 }, come: [] };
  const patch = patchOf(former, next);
  assert.deepEqual(patch, { b: { c: { 1: [4] } }, gone: [], come: [[]] });
  assert.equal((applyPatch(former, patch) as typeof former).e, former.e);
  assert.deepEqual(patchOf(former, sent(former)), {});
  assert.equal(applyPatch(former, {}), former);
});

type Level = InsightParts["levels"]["levels"][number];
const GOLD = { tickSize: 0.1, last: 2_650.3, atr: 3.7 };

function levelAt(ticks: number, change: Partial<Level> = {}): Level {
  const price = Math.round((GOLD.last + ticks * GOLD.tickSize) * 1e10) / 1e10;
  const distanceAtr = (ticks * GOLD.tickSize) / GOLD.atr;
  // Safe: nothing else of a level is read on the way.
  return { id: `at${ticks}`, price, distanceTicks: ticks, distanceAtr, touches: 0, ...change } as Level;
}

function partsOf(levels: Level[], change: object = {}): InsightParts {
  const board = { atMs: 1, n: 0, reasons: [], last: GOLD.last, atr: GOLD.atr, levels };
  return { levels: board, ict: { status: "warming" }, quality: { score: 50, reasons: ["so"] }, ...change } as never;
}

function viewOf(published: InsightParts | null, provisional: InsightParts | null): InsightView {
  const head = { instrument: "GC", contract: "GCZ6", tickSize: GOLD.tickSize, mode: "SIM", interval: "5m" } as const;
  const rest = { asOfMs: 1, frames: null, anchors: [], regimeRuns: [], bars: { have: 1, need: 1 }, whyNull: null };
  return { ...head, ...rest, parts: published, provisional };
}

test("a board comes out nearest first with its distances, also where ticks are no binary fractions", () => {
  const levels = [levelAt(0), levelAt(-3, { id: "b" }), levelAt(3, { id: "c" }), levelAt(7.25), levelAt(-400)];
  const said = sent(sayLevels(viewOf(partsOf(levels), null)));
  const heard = hearLevels(null, { kind: "snapshot", ...said });
  const found = heard?.parts?.levels.levels ?? [];
  assert.deepEqual(
    found.map(({ id, distanceTicks }) => [id, distanceTicks]),
    levels.map(({ id, distanceTicks }) => [id, distanceTicks]),
  );
  for (const [index, { distanceAtr }] of found.entries()) {
    assert.ok(Math.abs((distanceAtr ?? Number.NaN) - (levels[index].distanceAtr ?? 0)) < 1e-9);
  }
});

test("a moved last price costs no word a level; a touch, a new and a gone level are told", () => {
  const many = Array.from({ length: 100 }, (_, index) => levelAt(index + 1));
  const published = partsOf(many);
  const moved = partsOf([levelAt(1, { touches: 1 }), ...many.slice(2), levelAt(500)]);
  moved.levels.last = GOLD.last + 0.5;
  const said = sent(sayLevels(viewOf(published, moved)));
  assert.ok(JSON.stringify(said.change).length < 400, JSON.stringify(said.change));
  const snapshot = hearLevels(null, { kind: "snapshot", ...sent(sayLevels(viewOf(published, published))) });
  const heard = hearLevels(snapshot, { kind: "delta", change: said.change });
  assert.equal(heard?.parts, snapshot?.parts, "what was published stays the same object");
  const now = new Map(heard?.provisional?.levels.levels.map((level) => [level.id, level]));
  assert.deepEqual([now.size, now.get("at1")?.touches, now.has("at2"), now.has("at500")], [100, 1, false, true]);
  assert.equal(now.get("at1")?.distanceTicks, -4);
});

test("cards say only what the forming bar changes; without one, or without an analysis, there is none", () => {
  const published = partsOf([]);
  const provisional = partsOf([], { quality: { score: 51, reasons: ["so"] } });
  const said = sent(sayCards(viewOf(published, provisional)));
  assert.deepEqual(said.change, { quality: { score: [51] } });
  const heard = hearCards(null, { kind: "snapshot", ...said });
  assert.deepEqual(
    [heard?.parts, heard?.provisional],
    [{ quality: published.quality }, { quality: provisional.quality }],
  );
  assert.equal(hearCards(heard, { kind: "delta", change: null })?.provisional, null);
  assert.equal(hearCards(null, { kind: "delta", change: {} }), null);
  assert.equal(hearLevels(null, { kind: "delta", change: {} }), null);
  const none = hearCards(null, { kind: "snapshot", ...sent(sayCards(viewOf(null, null))) });
  assert.deepEqual([none?.parts, none?.provisional], [null, null]);
});
