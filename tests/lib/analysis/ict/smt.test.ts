/** Is a divergence of two markets found at a turn, whichever is confirmed first, and is agreement none? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addSmtSwing, createSmt, type Smt, smtOf } from "#lib/analysis/ict/smt.ts";
import type { Swing } from "#lib/analysis/swings.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const swing = (priceTicks: number, atMinutes: number): Swing => ({
  priceTicks,
  atMs: atMinutes * MINUTE,
  confirmedMs: (atMinutes + 20) * MINUTE,
});

type Turn = ["first" | "second", "high" | "low", Swing];

function reading(turns: readonly Turn[], atMs = 2 * HOUR): Extract<Smt, { status: "ready" }> {
  const state = createSmt();
  for (const [market, kind, made] of turns) addSmtSwing(state, market, kind, made);
  return smtOf(state, { atMs, first: "ES", second: "NQ" });
}

/** ES and NQ both turn down at minute 0; then ES at 60 and NQ at 65. */
const turns = (es: number, nq: number): Turn[] => [
  ["first", "high", swing(100, 0)],
  ["second", "high", swing(300, 5)],
  ["first", "high", swing(es, 60)],
  ["second", "high", swing(nq, 65)],
];

test("a higher high against a lower high is a bearish divergence, known when both are confirmed", () => {
  const { divergences, n, reasons } = reading(turns(104, 298));
  assert.equal(n, 1);
  const [found] = divergences;
  assert.deepEqual([found.side, found.leader, found.state, found.touched], ["bearish", "first", "live", false]);
  assert.equal(found.bornMs, 85 * MINUTE);
  assert.match(reasons[0], /^bearish SMT: ES made a higher high, NQ did not$/);
  assert.equal(reading(turns(98, 304)).divergences[0].leader, "second");
});

test("a lower low against a higher low is a bullish one", () => {
  const lows = turns(96, 304).map(([market, , made]): Turn => [market, "low", made]);
  assert.deepEqual(
    reading(lows).divergences.map(({ side, leader }) => [side, leader]),
    [["bullish", "first"]],
  );
});

test("near misses: both higher, one equal, turns too far apart in time", () => {
  assert.deepEqual(reading(turns(104, 301)).divergences, []);
  assert.deepEqual(reading(turns(104, 300)).divergences, []);
  const apart = turns(104, 298);
  apart[3] = ["second", "high", swing(298, 76)];
  assert.deepEqual(reading(apart).divergences, []);
  assert.equal(reading(apart).n, 0);
});

test("it does not matter which market is confirmed first", () => {
  const [a, b, c, d] = turns(104, 298);
  assert.deepEqual(reading([b, a, d, c]), reading([a, b, c, d]));
});

test("a divergence is over when the laggard passes its former turn, and after four hours", () => {
  const later: Turn[] = [...turns(104, 298), ["first", "high", swing(106, 120)], ["second", "high", swing(301, 120)]];
  const [resolved] = reading(later, 3 * HOUR).divergences;
  assert.deepEqual([resolved.state, resolved.touched], ["over", true]);
  assert.equal(reading(turns(104, 298), 5 * HOUR).divergences[0].state, "live");
  assert.equal(reading(turns(104, 298), 85 * MINUTE + 4 * HOUR + 1).divergences[0].state, "over");
});
