/** Does the board show the right levels in the right words: nearest first, prices by tick, and no claim from few? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { historyWords, levelWords } from "#components/levels/level-words.ts";
import { hueOf, type LevelView, shownLevels } from "#components/live/levels.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { InsightParts } from "#lib/wire/insight.ts";
import type { LevelsView } from "#lib/wire/insight-stream.ts";

const ES = instrumentOf("ES");
assert.ok(ES);

function levelAt(distanceTicks: number, change: Partial<LevelView> = {}): LevelView {
  return {
    id: `at${distanceTicks}`,
    kind: "priorDay.high",
    family: "day",
    label: "PDH full",
    price: 6_000 + distanceTicks / 4,
    isOnTick: true,
    distanceTicks,
    distanceAtr: distanceTicks / 20,
    zone: null,
    bornMs: Date.UTC(2026, 10, 19, 22),
    isDeveloping: false,
    touched: false,
    touchedMs: null,
    touches: 0,
    outcome: { status: "too few", n: 7, randomN: 9, need: 30 },
    reasons: ["7 past touches: too few to say (30)"],
    ...change,
  };
}

function boardOfLevels(levels: LevelView[]): InsightParts {
  const board = { atMs: 1, n: 0, reasons: [], last: 6_000, atr: 5, levels };
  return { levels: board } as unknown as InsightParts; // safe: nothing but the board is read here
}

function insightOf(published: LevelView[], provisional: LevelView[] | null): LevelsView {
  return {
    instrument: "ES",
    contract: "ESZ6",
    tickSize: 0.25,
    mode: "SIM",
    asOfMs: 1,
    interval: "5m",
    whyNull: null,
    anchors: [],
    parts: boardOfLevels(published),
    provisional: provisional === null ? null : boardOfLevels(provisional),
  };
}

/** Twelve levels, nearest first as the board publishes them. */
const TWELVE = Array.from({ length: 12 }, (_, index) => levelAt((index % 2 === 0 ? 1 : -1) * 4 * (index + 1)));

test("the nearest eight are shown, highest price first; all when asked; the chosen one in any case", () => {
  const insight = insightOf(TWELVE, null);
  const nearest = shownLevels(insight, { isAll: false, chosen: null }).map(({ level }) => level.distanceTicks);
  assert.deepEqual(nearest, [28, 20, 12, 4, -8, -16, -24, -32]);
  assert.equal(shownLevels(insight, { isAll: true, chosen: null }).length, 12);
  const withFar = shownLevels(insight, { isAll: false, chosen: "ES at-48" });
  assert.deepEqual(withFar.at(-1)?.level.distanceTicks, -48);
  assert.equal(withFar.length, 9);
  assert.equal(shownLevels(insight, { isAll: false, chosen: "NQ at-48" }).length, 8, "another root's choice");
});

test("prices are those of the forming bars, and only what moved since the close looks provisional", () => {
  const published = [levelAt(4), levelAt(8, { id: "vwap.session.mid", family: "vwap", price: 6_002 })];
  const provisional = [levelAt(4), levelAt(9, { id: "vwap.session.mid", family: "vwap", price: 6_002.31 })];
  const shown = shownLevels(insightOf(published, provisional), { isAll: false, chosen: null });
  assert.deepEqual(
    shown.map(({ price, isProvisional }) => [price, isProvisional]),
    [
      [6_002.31, true],
      [6_001, false],
    ],
  );
});

test("a level is said by tick size, with sign, side and ATR", () => {
  const level = levelAt(14, { touched: true, touchedMs: Date.UTC(2026, 10, 20, 14, 35), touches: 3 });
  const words = levelWords({ level, price: 6_003.5, isProvisional: false }, ES);
  assert.deepEqual(
    [words.price, words.distance, words.side, words.touched, words.history],
    ["6003.50", "+14", "above", "touched ×3", "too few: n 7"],
  );
  assert.ok(words.reasons.includes("14 ticks above the last price, 0.70 ATR of 5 minutes"), words.reasons.join("\n"));
  assert.ok(words.reasons.some((reason) => reason.includes("first touched 11-20 08:35 CT, 3 approaches")));
  const growing = levelWords({ level: levelAt(4, { isDeveloping: true }), price: 6_001, isProvisional: false }, ES);
  assert.equal(growing.touched, "grows");
  assert.ok(growing.reasons.some((reason) => reason.startsWith("its range grows until 11-19 16:00 CT")));
});

test("at the last price a level is neither above nor below", () => {
  for (const distanceTicks of [0, 0.4, -0.4]) {
    const words = levelWords({ level: levelAt(distanceTicks), price: 6_000, isProvisional: false }, ES);
    assert.deepEqual([words.side, words.distance], ["at", "0"]);
  }
});

test("a share is claimed with its n and the random prices' beside it, or not at all", () => {
  const interval = { low: 0.4, high: 0.7 };
  const outcome = {
    status: "known" as const,
    level: { n: 91, share: 0.58, interval },
    random: { n: 1_400, share: 0.512, interval },
  };
  assert.equal(historyWords({ outcome }), "hold 58 % n 91 · random 51 % n 1,400");
  assert.equal(historyWords({ outcome: { status: "too few", n: 0, randomN: 0, need: 30 } }), "too few: n 0");
  const fewRandom = { status: "too few" as const, n: 160, randomN: 12, need: 30 };
  assert.equal(historyWords({ outcome: fewRandom }), "too few random: n 12");
});

test("an ICT level has the colour of its side, every other that of its family", () => {
  const hues = (["ict.fvg.bullish", "ict.fvg.bearish", "ict.equalHighs", "ict.equalLows"] as const).map((kind) =>
    hueOf({ family: "ict", kind }),
  );
  assert.deepEqual(hues, ["up", "down", "down", "up"]);
  assert.equal(hueOf({ family: "vwap", kind: "vwap.session.mid" }), "vwap");
});
