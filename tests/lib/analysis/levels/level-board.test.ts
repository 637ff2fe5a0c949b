/** Does the board show what stands, count by the past alone, restore, and measure levels beside random prices? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addIctBar, createIct, ictZonesOf } from "#lib/analysis/ict/ict.ts";
import { pushIctLevels } from "#lib/analysis/levels/ict-levels.ts";
import {
  addLevelBoardBar,
  createLevelBoard,
  type LevelBoard,
  type LevelBoardState,
  levelBoardOf,
} from "#lib/analysis/levels/level-board.ts";
import { LEVEL_KIND_INDEX, LEVEL_KINDS } from "#lib/analysis/levels/level-kinds.ts";
import { createLevelList } from "#lib/analysis/levels/level-list.ts";
import { countOutcome, createOutcomeCounts, OUTCOME, outcomeOf, TOUCHED } from "#lib/analysis/levels/level-outcomes.ts";
import { type ListedLevel, levelsIn, line, listOf } from "#tests/support/level-lists.ts";
import { barsFrom, ES_MINUTES, type PriceRow, realEsMinutes, walkBars } from "#tests/support/placed-bars.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-20T15:00:00Z");

type Minute = { bar: AnalysisBar; levels: ListedLevel[] };
const ATR = 12;

const BOARD: Driven<LevelBoardState, Minute, LevelBoard> = {
  create: () => createLevelBoard({ root: "ES", seed: 7 }),
  add: (state, { bar, levels }) => {
    const half = levels.length >> 1;
    const lists = [listOf(levels.slice(0, half)), listOf(levels.slice(half))];
    addLevelBoardBar(state, bar, { atrTicks: ATR, levels: lists }, createLevelList());
  },
  read: levelBoardOf,
};

/** Minutes of a walk with a moving average in between, as a VWAP of the session would be. */
function minutesOf(bars: readonly AnalysisBar[]): Minute[] {
  let [sum, count, session] = [0, 0, Number.NaN];
  return bars.map((bar) => {
    if (bar.tradeDate !== session) [sum, count, session] = [0, 0, bar.tradeDate];
    sum += bar.closeTicks;
    count += 1;
    return { bar, levels: [line("vwap.session.mid", sum / count, bar.sessionOpenMs)] };
  });
}

function boardAfter(bars: readonly AnalysisBar[], levels: ListedLevel[] = []): LevelBoard {
  const state = BOARD.create();
  for (const bar of bars) BOARD.add(state, { bar, levels });
  return levelBoardOf(state);
}

const WALK = minutesOf(walkBars(31, { from: "2026-11-16", dates: 4, intervalMs: MINUTE }));

test("every kind has its own place and label", () => {
  assert.equal(Object.keys(LEVEL_KIND_INDEX).length, LEVEL_KINDS.length);
  assert.ok(LEVEL_KINDS.length < 256, `${LEVEL_KINDS.length} kinds in one byte`);
  assert.equal(new Set(LEVEL_KINDS.map(({ label }) => label)).size, LEVEL_KINDS.length);
  assert.equal(LEVEL_KINDS.find(({ kind }) => kind === "priorDayRth.high")?.label, "PDH RTH");
});

test("the nearest level stands first, with its distance in ticks and ATR", () => {
  const bars = barsFrom("ES", START, MINUTE, [
    [100, 102, 99, 101],
    [101, 103, 100, 102],
  ]);
  const levels = [line("pivot.classic.pp", 111.5, START), line("settlement.prior", 96, START)];
  const board = boardAfter(bars, levels);
  assert.deepEqual(
    board.levels.map(({ kind, distanceTicks, distanceAtr, isOnTick }) => [kind, distanceTicks, distanceAtr, isOnTick]),
    [
      ["settlement.prior", -6, -0.5, true],
      ["pivot.classic.pp", 9.5, 9.5 / 12, false],
    ],
  );
  assert.equal(board.atMs, START + 2 * MINUTE);
});

test("a level is touched by the first bar behind its birth that trades there, and counts once an approach", () => {
  const row = (close: number): PriceRow => [close, close + 1, close - 1, close];
  const rows = [row(100), row(110), row(101), row(105), row(107), row(101)];
  const level = line("settlement.prior", 100, START);
  const bars = barsFrom("ES", START, MINUTE, rows);
  const at = (count: number) => boardAfter(bars.slice(0, count), [level]).levels[0];
  // The first bar traded at 100, but the board did not know the level before it.
  assert.deepEqual([at(2).touched, at(2).touches], [false, 0]);
  assert.deepEqual([at(3).touched, at(3).touchedMs, at(3).touches], [true, START + 3 * MINUTE, 1]);
  assert.equal(at(6).touches, 2);
});

test("a level that ends at its touch is followed to the outcome: what price went through must count", () => {
  const row = (close: number, low = close - 1): PriceRow => [close, close + 1, low, close];
  const level = [line("ict.fvg.bullish", 100, START)];
  const outcomes = (...after: PriceRow[]): number[] => {
    const state = BOARD.create();
    const bars = barsFrom("ES", START, MINUTE, [row(110), row(103, 99), ...after]);
    // The gap is there before the touch, gone with it.
    for (const [at, bar] of bars.entries()) BOARD.add(state, { bar, levels: at === 0 ? level : [] });
    assert.deepEqual(levelBoardOf(state).levels, []);
    const first = LEVEL_KIND_INDEX["ict.fvg.bullish"] * 8;
    return [...state.counts.slice(first, first + 3)];
  };
  assert.deepEqual(outcomes(), [0, 0, 0]);
  assert.deepEqual(outcomes(row(95)), [0, 1, 0]);
  assert.deepEqual(outcomes(row(104), row(106)), [1, 0, 0]);
  assert.deepEqual(outcomes(row(106), row(110), row(100)), [1, 0, 0]);
});

test("a moving level is judged by where it stood before the bar", () => {
  const bars = barsFrom("ES", START, MINUTE, [
    [110, 111, 109, 110],
    [110, 111, 104, 105],
  ]);
  const state = BOARD.create();
  const vwap = (priceTicks: number): ListedLevel[] => [line("vwap.session.mid", priceTicks, START)];
  BOARD.add(state, { bar: bars[0], levels: vwap(100) });
  // After the bar it stands at 105, inside the bar; before it, it stood at 100, below it.
  BOARD.add(state, { bar: bars[1], levels: vwap(105) });
  assert.equal(levelBoardOf(state).levels[0].touched, false);
});

test("a moving level that passes price without meeting it is approached from its other side", () => {
  const row = (close: number, high = close + 1, low = close - 1): PriceRow => [close, high, low, close];
  const bars = barsFrom("ES", START, MINUTE, [row(110), row(110), row(112, 121), row(112, 113, 100)]);
  const state = BOARD.create();
  // Armed from above at 100, then it stands at 120: the third bar comes to it from below, the fourth falls away.
  for (const [at, priceTicks] of [100, 120, 120, 120].entries()) {
    BOARD.add(state, { bar: bars[at], levels: [line("vwap.session.mid", priceTicks, START)] });
  }
  const first = LEVEL_KIND_INDEX["vwap.session.mid"] * 8;
  assert.deepEqual([...state.counts.slice(first, first + 3)], [1, 0, 0]);
});

test("behind a break of trading an approach begins at the open", () => {
  const [before, after] = barsFrom("ES", START, MINUTE, [
    [101, 102, 100.5, 101],
    [110, 111, 99, 104],
  ]);
  const board = boardAfter([before, { ...after, isAfterBreak: true }], [line("settlement.prior", 100, START)]);
  const level = board.levels.find(({ kind }) => kind === "settlement.prior");
  assert.equal(level?.touches, 1);
});

test("levels lie on ticks, all but averages, pivots and middles", (t) => {
  for (const seed of testSeeds("levels on ticks")) {
    const ict = createIct({ root: "ES", barsEachSide: 3 });
    const state = BOARD.create();
    const seen = new Set<string>();
    for (const minute of minutesOf(walkBars(seed, { from: "2026-11-16", dates: 2, intervalMs: 5 * MINUTE }))) {
      addIctBar(ict, minute.bar);
      const zones = createLevelList();
      pushIctLevels(ictZonesOf(ict), zones);
      minute.levels.push(...levelsIn(zones));
      BOARD.add(state, minute);
      for (const { kind, family, isOnTick, priceTicks } of levelBoardOf(state).levels) {
        seen.add(family);
        const mayLieBetween = family === "vwap" || kind.endsWith(".middle");
        assert.ok(mayLieBetween || (isOnTick && Number.isInteger(priceTicks)), `${kind} at ${priceTicks}`);
      }
    }
    t.diagnostic(`seed ${seed}: ${[...seen].join(" ")}`);
    for (const family of ["day", "overnight", "session", "opening", "open", "gap", "ict"]) assert.ok(seen.has(family));
  }
});

test("cutting the minutes at any point gives the same board up to there", () => {
  const part = WALK.slice(1_200, 2_000);
  assertNoLookAhead((minutes) => published(BOARD, minutes), part);
});

test("a restored state goes on alike", () => {
  assertRestores(BOARD, WALK.slice(1_000, 2_000), 131);
});

test("its state is bounded, and what finds no room is said", () => {
  const state = BOARD.create();
  for (const minute of WALK) BOARD.add(state, minute);
  const bytes = snapshotBytes(state);
  assert.ok(bytes < 38_000, `${bytes} bytes`);
  const many = Array.from({ length: 250 }, (_, index) => line("profile.hvn", 20_000 + index, START));
  BOARD.add(state, { bar: WALK[WALK.length - 1].bar, levels: many });
  const { levels, reasons } = levelBoardOf(state);
  assert.equal(levels.length, 192);
  assert.match(reasons[1], /found no room/);
  // A list longer than what the board notes of it: each place counts once, known or left out.
  const more = Array.from({ length: 450 }, (_, index) => line("profile.hvn", 30_000 + index, START));
  for (const count of [1, 2]) {
    const bars = WALK.slice(0, count).map(({ bar }) => bar);
    const own = boardAfter(bars).levels.length;
    const [, leftOut] = boardAfter(bars, more).reasons;
    assert.equal(leftOut, `${own + 450 - 192} more found no room`);
  }
});

test("below 30 decided touches on either side nothing is claimed", () => {
  const counts = createOutcomeCounts();
  const kind = LEVEL_KIND_INDEX["priorDay.high"];
  const add = (touched: 0 | 1, holds: number, throughs: number): void => {
    for (let i = 0; i < holds; i += 1) countOutcome(counts, kind, touched, OUTCOME.hold);
    for (let i = 0; i < throughs; i += 1) countOutcome(counts, kind, touched, OUTCOME.through);
  };
  add(TOUCHED.level, 24, 16);
  add(TOUCHED.random, 20, 9);
  assert.deepEqual(outcomeOf(counts, kind), { status: "too few", n: 40, randomN: 29, need: 30 });
  add(TOUCHED.random, 0, 11);
  countOutcome(counts, kind, TOUCHED.random, OUTCOME.undecided);
  const known = outcomeOf(counts, kind);
  assert.ok(known.status === "known");
  assert.deepEqual([known.level.n, known.level.share, known.random.n, known.random.share], [40, 0.6, 40, 0.5]);
  assert.ok(known.level.interval.low < 0.6 && known.level.interval.high > 0.6);
});

/** Decided touches and holds over all kinds, of levels or of random prices. */
function totals(state: LevelBoardState, touched: 0 | 1): { n: number; share: number } {
  let [holds, throughs] = [0, 0];
  for (let kind = 0; kind < LEVEL_KINDS.length; kind += 1) {
    holds += state.counts[(kind * 2 + touched) * 4 + OUTCOME.hold];
    throughs += state.counts[(kind * 2 + touched) * 4 + OUTCOME.through];
  }
  return { n: holds + throughs, share: holds / (holds + throughs) };
}

test("on a walk without memory levels hold as often as random prices", (t) => {
  for (const seed of testSeeds("levels of a walk")) {
    const state = BOARD.create();
    for (const minute of minutesOf(walkBars(seed, { from: "2026-10-05", dates: 12, intervalMs: MINUTE }))) {
      BOARD.add(state, minute);
    }
    const [level, random] = [totals(state, TOUCHED.level), totals(state, TOUCHED.random)];
    t.diagnostic(`levels ${level.share.toFixed(3)} of ${level.n}, random ${random.share.toFixed(3)} of ${random.n}`);
    assert.ok(level.n > 500 && random.n > 500, `${level.n} and ${random.n} decided touches`);
    // Touches of neighbouring levels move together, so the bound is wider than that of as many free trials.
    assert.ok(Math.abs(level.share - random.share) < 0.1);
  }
});

/** A walk that is folded at two walls: it turns there each time, and nowhere else. */
function foldedWalk(top: number, height: number): AnalysisBar[] {
  const fold = (price: number): number =>
    top - Math.abs(((((price - top) % (2 * height)) + 3 * height) % (2 * height)) - height);
  return walkBars(77, { from: "2026-02-02", dates: 90, intervalMs: 5 * MINUTE }).map((bar) => {
    const [open, close] = [fold(bar.openTicks), fold(bar.closeTicks)];
    const isAtTop =
      Math.floor((bar.lowTicks - top + height) / (2 * height)) !==
      Math.floor((bar.highTicks - top + height) / (2 * height));
    const highTicks = isAtTop ? top : Math.max(open, close);
    return { ...bar, openTicks: open, closeTicks: close, highTicks, lowTicks: Math.min(open, close) };
  });
}

test("a price at which the market is made to turn shows beside random prices", (t) => {
  const state = BOARD.create();
  const wall = 20_060;
  for (const bar of foldedWalk(wall, 60)) {
    assert.ok(bar.highTicks <= wall && bar.lowTicks >= wall - 60);
    BOARD.add(state, { bar, levels: [line("settlement.prior", wall, START)] });
  }
  const outcome = outcomeOf(state.counts, LEVEL_KIND_INDEX["settlement.prior"]);
  assert.ok(outcome.status === "known", JSON.stringify(outcome));
  const { level, random } = outcome;
  t.diagnostic(`held ${level.share} of ${level.n}; random ${random.share.toFixed(2)} of ${random.n}`);
  assert.equal(level.share, 1);
  assert.ok(random.interval.high < 0.9);
});

test("real ES minutes: touches of levels beside random prices", needsSharedData(ES_MINUTES), (t) => {
  const state = createLevelBoard({ root: "ES", seed: 1 });
  for (const minute of minutesOf(realEsMinutes("ES201312", "2013-10-06T00:00", "2013-10-11"))) BOARD.add(state, minute);
  const [level, random] = [totals(state, TOUCHED.level), totals(state, TOUCHED.random)];
  t.diagnostic(`levels ${level.share.toFixed(3)} of ${level.n}, random ${random.share.toFixed(3)} of ${random.n}`);
  assert.ok(level.n > 100, `${level.n} decided touches`);
});

test("two objects of one kind, price and birth are one level, from their first minute on", () => {
  const state = createLevelBoard({ root: "ES", seed: 7 });
  const [first, second] = barsFrom("ES", START, MINUTE, [
    [100, 101, 99, 100],
    [100, 101, 99, 100],
  ]);
  const gap = { ...line("ict.inverseFvg.bullish", 90, first.endMs), zone: { topTicks: 90, bottomTicks: 88 } };
  const twin = { ...gap, zone: { topTicks: 90, bottomTicks: 86 } };
  for (const bar of [first, second]) {
    BOARD.add(state, { bar, levels: [gap, twin] });
    const zones = levelBoardOf(state).levels.flatMap(({ kind, zone }) => (kind === gap.kind ? [zone] : []));
    assert.deepEqual(zones, [gap.zone]);
  }
});

test("a level keeps its track wherever it stands in the list", () => {
  const state = createLevelBoard({ root: "ES", seed: 7 });
  const bars = barsFrom(
    "ES",
    START,
    MINUTE,
    Array.from({ length: 4 }, (): PriceRow => [100, 101, 99, 100]),
  );
  const kept = line("pivot.classic.pp", 100, START);
  const others = ["r1", "r2", "r3"].map((id, at) => line(`pivot.classic.${id as "r1"}`, 120 + at, START));
  const lists = [[...others, kept], [kept, ...others], [others[2], kept], [kept]];
  bars.forEach((bar, at) => {
    BOARD.add(state, { bar, levels: lists[at] });
    const level = levelBoardOf(state).levels.find(({ kind }) => kind === kept.kind);
    assert.equal(level?.touchedMs ?? null, at === 0 ? null : bars[1].endMs, `minute ${at}`);
  });
});
