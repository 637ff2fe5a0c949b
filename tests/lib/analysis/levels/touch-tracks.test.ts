/** Is a touch counted once per approach, and a hold told from a break, as worked by hand and by a slow version? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { OUTCOME } from "#lib/analysis/levels/level-outcomes.ts";
import {
  addTrack,
  armTrack,
  createTouchTracks,
  followTrack,
  STEP,
  stopTrack,
} from "#lib/analysis/levels/touch-tracks.ts";
import { barsFrom, type PriceRow } from "#tests/support/placed-bars.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const MINUTE = 60_000;
/** Friday 2026-11-20 09:00 CT. */
const START = Date.parse("2026-11-20T15:00:00Z");
const LEVEL = 100;
/** Half of it, 4 ticks, arms, holds and breaks. */
const ATR = 8;

const WORDS: Record<number, string> = {
  [STEP.none]: "-",
  [STEP.touched]: "touched",
  [OUTCOME.hold]: "hold",
  [OUTCOME.through]: "through",
  [OUTCOME.undecided]: "undecided",
};

function stepsAt(bars: readonly AnalysisBar[]): string[] {
  const tracks = createTouchTracks(1);
  const slot = addTrack(tracks, 0, LEVEL);
  return bars.map((bar) => {
    let word = "-";
    if (bar.isAfterBreak) {
      word = WORDS[stopTrack(tracks, slot)];
      armTrack(tracks, slot, { priceTicks: bar.openTicks, atrTicks: ATR, minute: 0 });
    }
    const step = WORDS[followTrack(tracks, slot, bar, ATR)];
    armTrack(tracks, slot, { priceTicks: bar.closeTicks, atrTicks: ATR, minute: 0 });
    return word === "-" ? step : `${word} ${step}`;
  });
}

const steps = (...rows: PriceRow[]): string[] => stepsAt(barsFrom("ES", START, MINUTE, rows));
const mirrored = (rows: readonly PriceRow[]): PriceRow[] =>
  rows.map(([o, h, l, c]): PriceRow => [200 - o, 200 - l, 200 - h, 200 - c]);

/** Closes 4 ticks above the level: half an ATR, so the approach is armed. */
const ABOVE: PriceRow = [104, 105, 103, 104];

test("worked by hand: touch at 100, back to 104 before 96 is a hold, counted once", () => {
  const rows: PriceRow[] = [
    ABOVE,
    [104, 104, 100, 101], // comes to the level: one touch
    [101, 102, 99, 100], // still there: no second touch
    [100, 103, 97, 103], // 97 is 3 through, 103 is 3 away: undecided yet
    [103, 104, 101, 102], // 104: held; the close of 102 does not arm again
    [102, 103, 100, 101], // back at the level without having been away: nothing
    [101, 105, 101, 104], // closes 4 away: armed again
    [104, 104, 100, 100], // the second approach
  ];
  const expected = ["-", "touched", "-", "-", "hold", "-", "-", "touched"];
  assert.deepEqual(steps(...rows), expected);
  assert.deepEqual(steps(...mirrored(rows)), expected);
});

test("half an ATR through before half an ATR away is a break", () => {
  const rows: PriceRow[] = [ABOVE, [104, 104, 100, 101], [101, 102, 96, 97]];
  assert.deepEqual(steps(...rows), ["-", "touched", "through"]);
  assert.deepEqual(steps(...mirrored(rows)), ["-", "touched", "through"]);
});

test("on the touching bar only its close counts as away, and its extreme as through", () => {
  // The high of 110 came before the touch or after it: nobody knows.
  assert.deepEqual(steps(ABOVE, [104, 110, 100, 103]), ["-", "touched"]);
  assert.deepEqual(steps(ABOVE, [104, 110, 100, 104]), ["-", "hold"]);
  assert.deepEqual(steps(ABOVE, [104, 110, 96, 104]), ["-", "through"]);
});

test("a bar that shows both went through", () => {
  assert.deepEqual(steps(ABOVE, [104, 104, 100, 101], [101, 104, 96, 101]), ["-", "touched", "through"]);
});

test("near misses: a tick above the level, and an approach from nearer than half an ATR", () => {
  assert.deepEqual(steps(ABOVE, [104, 104, 101, 101]), ["-", "-"]);
  assert.deepEqual(steps([103, 103, 102, 103], [103, 103, 100, 101]), ["-", "-"]);
});

test("a stop of trading leaves it undecided; behind it the open arms", () => {
  // Friday 15:58 and 15:59 CT, Sunday 17:00 and 17:01 CT.
  const friday = barsFrom("ES", Date.parse("2026-11-20T21:58:00Z"), MINUTE, [ABOVE, [104, 104, 100, 101]]);
  const sunday = barsFrom("ES", Date.parse("2026-11-22T23:00:00Z"), MINUTE, [
    [96, 97, 95, 96],
    [96, 100, 96, 97],
  ]);
  sunday[0].isAfterBreak = true;
  assert.deepEqual(stepsAt([...friday, ...sunday]), ["-", "touched", "undecided -", "touched"]);
  // Armed on Friday, but Sunday opens two ticks away: no approach.
  const near = { ...sunday[0], openTicks: 102, highTicks: 103, lowTicks: 100, closeTicks: 101 };
  assert.deepEqual(stepsAt([friday[0], near]), ["-", "-"]);
});

/** The definition said over the whole list: find the approach, then its touch, then what came first. */
function slowOutcomes(bars: readonly AnalysisBar[]): { touch: number; outcome: string }[] {
  const half = ATR / 2;
  const found: { touch: number; outcome: string }[] = [];
  let from = 0;
  for (;;) {
    const armed = bars.findIndex((bar, at) => at >= from && Math.abs(bar.closeTicks - LEVEL) >= half);
    if (armed < 0) return found;
    const side = Math.sign(bars[armed].closeTicks - LEVEL);
    const beyond = (bar: AnalysisBar): number => side * (LEVEL - (side > 0 ? bar.lowTicks : bar.highTicks));
    const away = (bar: AnalysisBar): number => side * ((side > 0 ? bar.highTicks : bar.lowTicks) - LEVEL);
    const touch = bars.findIndex((bar, at) => at > armed && beyond(bar) >= 0);
    if (touch < 0) return found;
    const broken = bars.findIndex((bar, at) => at >= touch && beyond(bar) >= half);
    const closesAway = side * (bars[touch].closeTicks - LEVEL) >= half;
    const later = bars.findIndex((bar, at) => at > touch && away(bar) >= half);
    const held = closesAway ? touch : later;
    if (broken < 0 && held < 0) return [...found, { touch, outcome: "touched" }];
    const isHeld = held >= 0 && (broken < 0 || held < broken);
    from = isHeld ? held : broken;
    found.push({ touch, outcome: isHeld ? "hold" : "through" });
  }
}

const walk = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 120 })
  .map((moves) => {
    let price = LEVEL;
    return moves.map(([move, up, down]): PriceRow => {
      const open = price;
      price = open + move;
      return [open, Math.max(open, price) + up, Math.min(open, price) - down, price];
    });
  });

test("on random walks around the level it counts what the slow version counts", (t) => {
  const property = fc.property(walk, (rows) => {
    const bars = barsFrom("ES", START, MINUTE, rows);
    const words = stepsAt(bars);
    const fast: { touch: number; outcome: string }[] = [];
    for (const [at, word] of words.entries()) {
      const open = fast.at(-1);
      if (open?.outcome === "touched" && (word === "hold" || word === "through")) open.outcome = word;
      else if (word !== "-") fast.push({ touch: at, outcome: word });
    }
    assert.deepEqual(fast, slowOutcomes(bars));
  });
  checkTwice(property, { runs: 500, print: (line) => t.diagnostic(line) });
});

test("tracks that grow as they must are those that had their room at once, and end at the same number", () => {
  const [grown, roomy] = [createTouchTracks(5, 2), createTouchTracks(5)];
  const [touching] = barsFrom("ES", START, MINUTE, [[96, 101, 95, 99]]);
  for (const tracks of [grown, roomy]) {
    for (let kind = 0; kind < 5; kind += 1) {
      const slot = addTrack(tracks, kind, LEVEL + kind);
      armTrack(tracks, slot, { priceTicks: 96, atrTicks: ATR, minute: 7 });
      if (kind === 1) for (const before of [0, 1]) followTrack(tracks, before, touching, ATR);
    }
    assert.equal(addTrack(tracks, 5, LEVEL), -1);
  }
  assert.deepEqual([...roomy.pendingSide], [-1, -1, 0, 0, 0]);
  assert.deepEqual(grown, roomy);
});
