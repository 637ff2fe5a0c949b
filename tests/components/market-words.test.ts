/** Do the scanner's cells and the strip say what the scanner's view says? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { COLUMN_WORDS, VISIBLE_AT_FIRST } from "#components/scanner/columns.ts";
import { noTradeWords, premarketWords } from "#components/scanner/market-words.ts";
import { SCAN_COLUMNS, type ScanRow, scanKey } from "#components/scanner/scan-columns.ts";
import type { InsightParts, ScannerView } from "#lib/wire/insight.ts";

const ROW = {
  root: "ES",
  label: "ES Z6",
  atMs: 1,
  last: 6012.5,
  change: 21.75,
  changeTicks: 87,
  changePercent: 0.36,
  vwap: 6007.3125,
  vwapAwayTicks: 20.75,
  vwapAwayPercent: 0.0863,
  pivot: 6000.0833,
  s1: 5990,
  r1: 6010,
  s2: 5980,
  r2: 6020,
  pivotAwayTicks: 49.67,
  atr: 7.96,
  atrUsedPercent: 81.2,
  volume: 1_284_311,
  relativeVolume: 1.184,
  minuteTrend: "down",
  minuteMomentumTicks: -2.25,
  isVolumeSurge: true,
  volatilityRankPercent: 52.4,
  regime: { direction: "up", volatility: "normal" },
  wave: { bias: "bullish", ratio: 1.42 },
  quality: { side: "long", score: 64.9 },
  cvd: { contracts: -4_180, source: "aggressor" },
  confluence: { direction: "bullish", score: 2, isConflict: true },
  nearest: { label: "PDH", awayTicks: 30 },
  idea: { side: "none", text: "fewer than two votes for a side" },
  missing: [],
} as unknown as ScanRow; // safe: a whole row, its points without their brand

test("every column of the analyses has its words and tone", () => {
  const said = Object.fromEntries(
    (Object.keys(SCAN_COLUMNS) as (keyof typeof SCAN_COLUMNS)[]).map((id) => [id, scanKey(ROW, id)]),
  );
  assert.deepEqual(said, {
    atrUsed: "caution 81",
    relativeVolume: "plain 1.18",
    regime: "up up",
    quality: "up L 64",
    nearest: "plain PDH +30 t",
    minuteTrend: "down down",
    minuteMomentum: "down -2.3 t",
    surge: "caution surge",
    vwapAway: "up +0.09%",
    pivot: "plain 6000.08",
    s1: "plain 5990.00",
    r1: "plain 6010.00",
    s2: "plain 5980.00",
    r2: "plain 6020.00",
    pivotAway: "up +50 t",
    atr: "plain 7.96",
    volatilityRank: "plain 52",
    wave: "up ×1.42",
    cvd: "down -4,180",
    confluence: "caution 2 conflict",
    idea: "plain fewer than two votes for a side",
  });
});

test("what is not known is a dash in every column", () => {
  const unknown = Object.fromEntries(
    Object.entries(ROW).map(([key, value]) => [
      key,
      typeof value === "object" || typeof value === "number" ? null : value,
    ]),
  );
  // Safe: each of them may be null.
  const row = { ...unknown, root: "ES", isVolumeSurge: false, minuteTrend: null } as unknown as ScanRow;
  for (const id of Object.keys(SCAN_COLUMNS) as (keyof typeof SCAN_COLUMNS)[]) {
    assert.equal(scanKey(row, id), id === "surge" ? "plain " : "plain –", id);
    assert.equal(scanKey(undefined, id), "plain –", id);
  }
});

test("the incumbent's 16 columns can all be chosen, and the first choice is that of the cockpit", () => {
  const incumbent =
    "contract minuteTrend changePercent last vwap vwapAway pivot s1 r1 s2 r2 pivotAway atr volume minuteMomentum surge";
  const ids: string[] = COLUMN_WORDS.map(({ id }) => id);
  assert.deepEqual(
    incumbent.split(" ").filter((id) => !ids.includes(id)),
    [],
  );
  assert.equal(new Set(ids).size, ids.length);
  const shown = ids.filter((id) => VISIBLE_AT_FIRST[id]);
  assert.deepEqual(
    shown.toSorted(),
    "atrUsed changePercent contract last nearest quality regime relativeVolume".split(" "),
  );
});

const UNCHECKED = [{ rule: "daily loss" as const, reason: "no account rules yet" }];

test("a block comes before a caution, and what is not checked is said", () => {
  const volatility = { rule: "volatility" as const, severity: "caution" as const, roots: ["CL"], detail: "volatility" };
  const quality = { rule: "quality" as const, severity: "block" as const, roots: ["ES"], detail: "best quality 51" };
  const view: ScannerView["noTrade"] = {
    atMs: 1,
    n: 16,
    isBlocked: true,
    findings: [volatility, quality],
    unchecked: UNCHECKED,
    reasons: ["block: best quality 51"],
  };
  const blocked = noTradeWords(view);
  assert.deepEqual(
    [blocked.verdict, blocked.tone, blocked.detail],
    ["No trade", "bad", "best quality 51 · volatility"],
  );
  const cautious = noTradeWords({ ...view, isBlocked: false, findings: [volatility] });
  assert.deepEqual([cautious.verdict, cautious.tone], ["Caution", "caution"]);
  const free = noTradeWords({ ...view, isBlocked: false, findings: [] });
  assert.deepEqual([free.verdict, free.detail], ["No block found", "not checked: daily loss"]);
});

test("the pre-market score shows the points of each part; an unknown one says why", () => {
  const known = (points: number, words: string) => ({ status: "known", value: 1, points, words }) as const;
  const premarket = {
    atMs: 1,
    n: 20,
    reasons: ["left out: no event calendar"],
    parts: {
      natr: known(39.7, "NATR 0.101 %"),
      rvol: known(34.6, "RVOL 0.78"),
      gap: known(32.3, "gap -0.19 %"),
      catalyst: { status: "unknown", reason: "no event calendar" },
      momentum: known(10, "0.20 ATR"),
    },
    gap: { status: "unknown" },
    direction: "up",
    events: [],
    status: "ready",
    score: 33.004,
    grade: "weak",
  } as InsightParts["premarket"]; // safe: a whole one, its literals widened
  const words = premarketWords(premarket);
  assert.deepEqual([words.score, words.grade], ["33", "weak"]);
  assert.deepEqual(
    words.parts.map(({ label, value }) => `${label} ${value}`),
    ["NATR 40", "RVOL 35", "Gap 32", "Catalyst –", "Momentum 10"],
  );
  assert.equal(words.parts[3].title, "no event calendar");
  assert.equal(premarketWords({ ...premarket, status: "warming" } as InsightParts["premarket"]).score, "–");
});
