/** Do overlays stand where they should: bins of a profile, names that do not cover each other, zones, swings, CVD? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cvdAxisText, cvdTitle } from "#components/chart/overlays/cvd-pane.ts";
import { placeLabels } from "#components/chart/overlays/label-places.ts";
import { levelMarks } from "#components/chart/overlays/level-lines.ts";
import { binRows, captionOf, ticksPerBin } from "#components/chart/overlays/profile-bars.ts";
import { swingIndex, swingsOf } from "#components/chart/overlays/swing-marks.ts";
import { zonesOf } from "#components/chart/overlays/zone-boxes.ts";
import type { PriceRow, ProfileAnswer } from "#lib/wire/footprint.ts";
import type { InsightParts } from "#lib/wire/insight.ts";
import type { LevelsView } from "#lib/wire/insight-stream.ts";
import { createSessionLines, extendSessionLines } from "#lib/wire/session-lines.ts";
import type { BarTuple } from "#lib/wire/stream.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const MINUTE = 60_000;
const OPEN_MS = Date.parse("2026-11-16T23:00:00Z");

function rowAt(price: number, volume: number): PriceRow {
  return { price, buy: volume, sell: 0, unsigned: 0 };
}

test("a bar of the profile is at least two px high and holds whole ticks", () => {
  assert.deepEqual([4, 2, 0.7, 0.1].map(ticksPerBin), [1, 1, 3, 20]);
  assert.equal(ticksPerBin(0), 1);
});

test("bins lie on the grid of their own multiples, below zero too, and lose no contract", (t) => {
  const rows = [rowAt(-0.25, 3), rowAt(0, 4), rowAt(0.25, 5), rowAt(0.75, 6)];
  assert.deepEqual(binRows(rows, 2, 0.25), [
    { low: -0.5, volume: 3 },
    { low: 0, volume: 9 },
    { low: 0.5, volume: 6 },
  ]);
  const volumes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 80 });
  const property = fc.property(volumes, fc.integer({ min: 1, max: 9 }), (all, ticks) => {
    const bins = binRows(
      all.map((volume, index) => rowAt(4_800 + index / 4, volume)),
      ticks,
      0.25,
    );
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    assert.equal(sum(bins.map(({ volume }) => volume)), sum(all));
    assert.ok(bins.every(({ low }) => Number.isInteger(low / 0.25 / ticks)));
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("the caption says what the profile is made of, and how much of it is an estimate", () => {
  const profile = { span: "session", n: 183_134, estimatedShare: 0.124 } as ProfileAnswer; // safe: no more is read
  assert.equal(captionOf(profile), "SESSION 183,134 · 12 % estimated");
  assert.equal(captionOf({ ...profile, estimatedShare: 0.002 }), "SESSION 183,134 · <1 % estimated");
  assert.equal(captionOf({ ...profile, span: "rth", estimatedShare: 0 }), "RTH 183,134");
});

test("names are moved apart, kept inside, and the least important go where there is no room", (t) => {
  const wanted = [10, 12, 14].map((y) => ({ text: String(y), y }));
  assert.deepEqual(
    placeLabels(wanted, { gapPx: 10, height: 100 }).map(({ placeY }) => placeY),
    [10, 20, 30],
  );
  const atEdge = placeLabels(
    [95, 98].map((y) => ({ text: "", y })),
    { gapPx: 10, height: 100 },
  );
  assert.deepEqual(
    atEdge.map(({ placeY }) => placeY),
    [85, 95],
  );
  const crowded = placeLabels(
    [50, 10, 90].map((y) => ({ text: String(y), y })),
    { gapPx: 10, height: 25 },
  );
  assert.deepEqual(
    crowded.map(({ text }) => text),
    ["10"],
    "only what lies in sight",
  );
  const ys = fc.array(fc.integer({ min: -50, max: 350 }), { maxLength: 60 });
  checkTwice(
    fc.property(ys, (all) => {
      const placed = placeLabels(
        all.map((y) => ({ text: "", y })),
        { gapPx: 12, height: 300 },
      );
      assert.ok(placed.every(({ placeY }) => placeY >= 6 && placeY <= 294));
      for (let at = 1; at < placed.length; at += 1) assert.ok(placed[at].placeY - placed[at - 1].placeY >= 12);
    }),
    { print: (line) => t.diagnostic(line) },
  );
});

type Ict = Extract<InsightParts["ict"], { status: "ready" }>;

/** An insight of which only levels and ICT are read. */
function insightOf(ict: Partial<Ict> | null, forming: Partial<Ict> | null = null, levels: unknown[] = []): LevelsView {
  const partsOf = (own: Partial<Ict>) => ({
    levels: { last: 6_000, levels },
    ict: { status: "ready", gaps: [], orderBlocks: [], failedBlocks: [], swingHighs: [], swingLows: [], ...own },
  });
  const view = {
    instrument: "ES",
    interval: "5m",
    parts: ict === null ? null : partsOf(ict),
    provisional: forming === null ? null : partsOf(forming),
  };
  return view as unknown as LevelsView; // safe: nothing else is read here
}

function gapAt(bottom: number, state: Ict["gaps"][number]["state"], side: "bullish" | "bearish" = "bullish") {
  const place = { fromMs: OPEN_MS, bornMs: OPEN_MS, top: bottom + 1, bottom, invertedMs: null, sizeAtr: 1, fill: 0 };
  return { kind: "fairValueGap" as const, id: `fvg:${bottom}`, side, touched: false, state, ...place };
}

test("only zones that still stand are drawn, the nearest eight, by their own names", () => {
  const gaps = [
    gapAt(5_990, "open"),
    gapAt(6_010, "inverted", "bearish"),
    gapAt(5_999, "filled"),
    gapAt(5_998, "dead"),
  ];
  const zones = zonesOf(insightOf({ gaps }));
  assert.deepEqual(
    zones.map(({ label, isUp, isProvisional }) => [label, isUp, isProvisional]),
    [
      ["5m FVG up", true, false],
      ["5m iFVG down", false, false],
    ],
  );
  const many = Array.from({ length: 12 }, (_, index) => gapAt(5_900 + 5 * index, "open"));
  assert.deepEqual(
    zonesOf(insightOf({ gaps: many })).map(({ bottom }) => bottom),
    [5955, 5950, 5945, 5940, 5935, 5930, 5925, 5920],
  );
  assert.deepEqual(zonesOf(insightOf(null)), []);
});

test("what only the forming bar makes, or turns, is provisional", () => {
  const forming = { gaps: [gapAt(5_990, "open"), gapAt(5_995, "open"), gapAt(5_980, "inverted", "bearish")] };
  const zones = zonesOf(insightOf({ gaps: [gapAt(5_990, "open"), gapAt(5_980, "open")] }, forming));
  assert.deepEqual(
    zones.map(({ bottom, isProvisional }) => [bottom, isProvisional]),
    [
      [5_995, true],
      [5_990, false],
      [5_980, true],
    ],
  );
  const swing = { price: 6_001, atMs: OPEN_MS, confirmedMs: OPEN_MS + 4 * MINUTE };
  const swings = swingsOf(insightOf({ swingHighs: [swing] }, { swingHighs: [swing], swingLows: [swing] }));
  assert.deepEqual(
    swings.map(({ side, isProvisional }) => [side, isProvisional]),
    [
      ["high", false],
      ["low", true],
    ],
  );
});

test("a swing of five minutes stands at the minute that made its extreme", () => {
  const highs = [6_000, 6_004, 6_002, 6_001, 6_000, 6_003];
  const bars = highs.map(
    (high, index): BarTuple => [OPEN_MS + index * MINUTE, high, high, high - 1, high, 1, 0, 0, 1, high, 0, 1, 0, 0],
  );
  assert.equal(swingIndex(bars, { side: "high", price: 6_004, atMs: OPEN_MS }, 5 * MINUTE), 1);
  assert.equal(swingIndex(bars, { side: "low", price: 5_999, atMs: OPEN_MS }, 5 * MINUTE), 0);
  assert.equal(swingIndex(bars, { side: "high", price: 1, atMs: OPEN_MS + MINUTE / 2 }, 5 * MINUTE), 0);
  assert.equal(swingIndex(bars, { side: "high", price: 1, atMs: OPEN_MS - 9 * MINUTE }, 5 * MINUTE), -1);
});

test("levels at one price share a line and a name; the chosen one comes first", () => {
  const level = (id: string, label: string, price: number) => {
    const distanceTicks = (price - 6_000) * 4;
    return { id, label, price, distanceTicks, family: "day", kind: "priorDay.high" };
  };
  const levels = [level("a", "ONH", 6_001), level("b", "PDH full", 6_001), level("c", "POC dev", 5_990)];
  const marks = levelMarks(insightOf({}, null, levels), { isAll: false, chosen: "ES c" });
  assert.deepEqual(
    marks.map(({ text, isChosen }) => [text, isChosen]),
    [
      ["POC dev", true],
      ["ONH · 2 here", false],
    ],
  );
});

test("the title of CVD names its source, and what has no side", () => {
  const linesOf = (buy: number, sell: number, volume: number) => {
    const lines = createSessionLines();
    const bar: BarTuple = [OPEN_MS, 1, 1, 1, 1, volume, buy, sell, 1, 1, 0, 1, buy - sell, 1];
    extendSessionLines(lines, [bar], 0, { calendar: "equity", tickSize: 0.25 });
    return lines;
  };
  const anchor = "session" as const;
  assert.equal(cvdTitle({ lines: linesOf(60, 40, 100), source: "aggressor", anchor }), "CVD session · aggressor");
  const some = cvdTitle({ lines: linesOf(60, 30, 100), source: "tick", anchor: "RTH" });
  assert.equal(some, "CVD RTH · tick · 10 % without a side");
  const none = cvdTitle({ lines: linesOf(0, 0, 100), source: "estimate", anchor });
  assert.equal(none, "CVD session · no side of any trade is known");
  assert.equal(cvdTitle({ lines: createSessionLines(), source: null, anchor }), "CVD session · source not known yet");
});

test("texts of the CVD axis are of one width up to five digits, and longer ones whole", () => {
  assert.deepEqual(
    [-935, -1_000, 0, 12_345].map((value) => cvdAxisText(value).length),
    [7, 7, 7, 7],
  );
  assert.equal(cvdAxisText(-935).trim(), "-935");
  assert.equal(cvdAxisText(-123_456), "-123,456");
});
