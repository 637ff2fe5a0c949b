/** Does each rule of the no-trade detector find its case, block where it holds for all, and name its numbers? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type NoTradeInput, noTradeOf } from "#lib/advice/no-trade.ts";
import type { Quality } from "#lib/advice/quality.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";

function qualityAt(long: number, short: number): Quality {
  const calibration = { status: "uncalibrated", reason: "no scoreboard yet" } as const;
  const [one, other] = [long, short].map((score) => ({ score, factors: [] }));
  const fit = { share: 1, reason: "normal" };
  return { atMs: 0, n: 0, reasons: [], calibration, status: "ready", long: one, short: other, volatilityFit: fit };
}

function volatilityAt(percentile: number): Volatility {
  const clock = { level: "normal", usualTicks: 20, n: 19, stopFactor: 1, sizeFactor: 1 } as const;
  const warming = { status: "warming", have: 0, need: 1 } as const;
  return {
    ...{ atMs: 0, n: 19, reasons: [], status: "ready", atrTicks: 20, sessionAtrTicks: 20 },
    ...{ clusters: warming, sameClock: { status: "ready", percentile, ...clock }, day: warming },
  };
}

const row = (root: string, over: Partial<NoTradeInput> = {}): NoTradeInput => ({
  ...{ root, data: "live", phase: "open", volatility: volatilityAt(0.5), quality: qualityAt(70, 10) },
  ...over,
});

const found = (rows: NoTradeInput[]): [boolean, string[]] => {
  const { isBlocked, findings } = noTradeOf(rows, 5);
  return [isBlocked, findings.map(({ rule, severity, roots }) => `${severity} ${rule} ${roots.join(" ")}`.trim())];
};

test("nothing speaks against a live, open market with a setup; what cannot be checked yet is said", () => {
  const verdict = noTradeOf([row("ES"), row("NQ", { quality: qualityAt(20, 20) })], 5);
  assert.deepEqual([verdict.isBlocked, verdict.findings, verdict.n, verdict.atMs], [false, [], 2, 5]);
  assert.deepEqual(
    verdict.unchecked.map(({ rule }) => rule),
    ["daily loss", "loss streak", "trading window", "news"],
  );
  assert.deepEqual(verdict.reasons, [
    "not checked: daily loss, loss streak, trading window, news (no account rules yet)",
  ]);
});

test("no data, stale data, a closed market: of all it blocks, of some it is a caution that names them", () => {
  assert.deepEqual(found([]), [true, ["block no-data"]]);
  for (const [rule, over] of [
    ["no-data", { data: "none" }],
    ["stale", { data: "stale" }],
    ["closed", { phase: "closed" }],
  ] as const) {
    assert.deepEqual(found([row("ES", over), row("NQ", over)]), [true, [`block ${rule} ES NQ`]], rule);
    assert.deepEqual(found([row("ES"), row("NQ", over)]), [false, [`caution ${rule} NQ`]], rule);
  }
});

test("the wind-down is a caution, of one as of all", () => {
  assert.deepEqual(found([row("ES", { phase: "wind-down" })]), [false, ["caution wind-down ES"]]);
});

test("all qualities below 55 block, one at 55 does not", () => {
  const low = [row("ES", { quality: qualityAt(40, 20) }), row("NQ", { quality: qualityAt(50, 10) })];
  assert.deepEqual(found(low), [true, ["block quality ES NQ"]]);
  assert.match(noTradeOf(low, 5).reasons[0], /^block: best quality 50 \(NQ\), 55 is needed$/);
  assert.deepEqual(found([...low, row("GC", { quality: qualityAt(10, 55) })]), [false, []]);
  assert.deepEqual(found([row("ES", { quality: qualityAt(54.9, 0) })])[0], true);
});

test("a quality that is not known yet is no setup", () => {
  assert.deepEqual(found([row("ES", { quality: null })]), [true, ["block quality ES"]]);
  assert.deepEqual(found([row("ES", { quality: null }), row("NQ")]), [false, []]);
});

test("the quality of a closed market cannot lift the others", () => {
  const rows = [row("ES", { quality: qualityAt(30, 0) }), row("GC", { phase: "closed", quality: qualityAt(90, 0) })];
  assert.deepEqual(found(rows), [true, ["caution closed GC", "block quality ES"]]);
});

test("volatility above the 88th percentile of its clock time: all block, some are named with their n", () => {
  const wild = { volatility: volatilityAt(0.95) };
  assert.deepEqual(found([row("ES", wild), row("NQ")]), [false, ["caution volatility ES"]]);
  assert.deepEqual(found([row("ES", wild)]), [true, ["block volatility ES"]]);
  assert.match(noTradeOf([row("ES", wild)], 5).reasons[0], /above 88 % of its clock time: ES 95 % of 19 sessions$/);
  assert.deepEqual(found([row("ES", { volatility: volatilityAt(0.88) })]), [false, []]);
  assert.deepEqual(found([row("ES", { volatility: null })]), [false, []]);
});
