/** Does a scanner row keep every tick of a price, and say why a cell is empty? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FocusInput, focusCardOf } from "#lib/advice/focus.ts";
import { type ScannerInput, scannerRowOf, sortScannerRows } from "#lib/advice/scanner.ts";
import { decimalsOf, formatPrice } from "#lib/format.ts";
import { INSTRUMENTS, instrumentOf } from "#lib/instrument.ts";

const AT = Date.parse("2026-11-20T15:00:00Z");
const READY: ScannerInput["pulse"] = {
  status: "ready",
  atMs: AT,
  n: 10,
  reasons: [],
  trend: "up",
  momentumTicks: 0.75,
  rangeTicks: 9,
  volumeRatio: 2.5,
  isVolumeSurge: true,
};

const ES: ScannerInput = {
  root: "ES",
  label: "ES Z6",
  tickSize: 0.25,
  atMs: AT,
  lastTicks: 24_050,
  settlementTicks: 23_963,
  vwapTicks: 24_041.3,
  pivots: { pp: 23_990.5, r1: 24_100, r2: 24_200, s1: 23_900, s2: 23_800 },
  atrTicks: 21.6,
  atrUsedShare: 0.46,
  volume: 412_300,
  relativeVolume: 1.18,
  pulse: READY,
  volatilityRank: 0.52,
  regime: { direction: "up", volatility: "normal" },
  wave: { bias: "bullish", ratio: 1.42 },
  quality: { long: 64, short: 21 },
  cvd: { contracts: 4_180, source: "aggressor" },
  confluence: { direction: "bullish", score: 2, isConflict: false },
  nearest: { label: "ONH", priceTicks: 24_068 },
  card: null,
};

test("the row of ES: change from settlement, distances in ticks", () => {
  const row = scannerRowOf(ES);
  assert.deepEqual([row.last, row.change, row.changeTicks], [6_012.5, 21.75, 87]);
  assert.ok(Math.abs((row.changePercent ?? 0) - 0.363) < 0.001);
  assert.ok(Math.abs((row.vwapAwayTicks ?? 0) - 8.7) < 1e-9);
  assert.deepEqual([row.pivot, row.pivotAwayTicks, row.s1, row.r2], [5_997.625, 59.5, 5_975, 6_050]);
  assert.deepEqual([row.minuteTrend, row.minuteMomentumTicks, row.isVolumeSurge], ["up", 0.75, true]);
  assert.deepEqual(row.nearest, { label: "ONH", awayTicks: 18 });
  assert.deepEqual(row.quality, { side: "long", score: 64 });
  assert.deepEqual([row.atrUsedPercent, row.volatilityRankPercent, row.missing], [46, 52, []]);
});

test("I-21 no price is cut to two decimals: copper, silver and the yen keep every tick", () => {
  const copper = scannerRowOf({
    ...ES,
    root: "HG",
    tickSize: 0.0005,
    lastTicks: 8_643,
    vwapTicks: 8_642.4,
    settlementTicks: 8_640,
  });
  assert.deepEqual([copper.last, copper.change, copper.vwap], [4.3215, 0.0015, 4.3212]);
  assert.equal(scannerRowOf({ ...ES, root: "SI", tickSize: 0.005, lastTicks: 6_283 }).last, 31.415);
  assert.equal(scannerRowOf({ ...ES, root: "6J", tickSize: 0.0000005, lastTicks: 12_967 }).last, 0.0064835);
});

test("I-21 for every instrument two neighbouring ticks stay two prices, in the row and on the screen", () => {
  for (const instrument of INSTRUMENTS) {
    const tickSize = instrument.tickSizes[instrument.tickSizes.length - 1].size;
    const prices = [8_643, 8_644].map(
      (lastTicks) => scannerRowOf({ ...ES, root: instrument.root, tickSize, lastTicks }).last,
    );
    assert.notEqual(prices[0], prices[1], instrument.root);
    const texts = prices.map((price) => formatPrice(price, instrument));
    assert.notEqual(texts[0], texts[1], instrument.root);
    if (instrument.priceFormat.kind === "decimal") {
      assert.equal(Number(texts[0]), prices[0], `${instrument.root}: ${decimalsOf(tickSize)} decimals`);
    }
  }
  assert.equal(formatPrice(4.3215, instrumentOf("HG") ?? INSTRUMENTS[0]), "4.3215");
});

test("a price below zero has a change, but no percent", () => {
  const row = scannerRowOf({
    ...ES,
    root: "CL",
    tickSize: 0.01,
    lastTicks: -3_763,
    settlementTicks: -100,
    vwapTicks: null,
  });
  assert.deepEqual([row.last, row.change, row.changePercent, row.vwapAwayTicks], [-37.63, -36.63, null, null]);
});

test("what is not known is null, and the row says why", () => {
  const pulse: ScannerInput["pulse"] = {
    status: "warming",
    have: 3,
    need: 10,
    atMs: AT,
    n: 3,
    reasons: ["3 of 10 minutes"],
  };
  const row = scannerRowOf({ ...ES, settlementTicks: null, pulse, quality: null, pivots: null });
  assert.deepEqual([row.change, row.minuteTrend, row.quality, row.pivot], [null, null, null, null]);
  assert.deepEqual(row.missing, [
    "no previous settlement in this file",
    "pivots need a completed trade date",
    "3 of 10 minutes",
    "quality is warming up",
  ]);
  assert.equal(scannerRowOf({ ...ES, quality: { long: 30, short: 30 } }).quality, null);
});

test("the idea is the focus card in a line", () => {
  const given: FocusInput = {
    atMs: AT,
    lastTicks: 24_050,
    voters: { regime: "up", legs: { bias: "bullish", ratio: 2 }, confluence: "bullish" },
    volatility: { atrTicks: 20, percentile: 0.5 },
    quality: ES.quality,
    levels: [],
    nextEvent: null,
    risk: { riskUsd: 500, tickValueUsd: 12.5, roundTurnFeesUsd: 2.8, slippageTicks: 2, contractsMax: 5 },
  };
  const ideaOf = (change: Partial<FocusInput>) =>
    scannerRowOf({ ...ES, card: focusCardOf({ ...given, ...change }) }).idea;
  assert.deepEqual(ideaOf({}), { side: "long", text: "long 6010.00 to 6013.25, stop 6004.00, 1 contract" });
  const poor = { ...given.risk, riskUsd: 100 };
  assert.match(ideaOf({ risk: poor })?.text ?? "", /stop 6004\.00, do not trade$/);
  assert.deepEqual(ideaOf({ volatility: null }), { side: "none", text: "no ATR yet" });
});

test("the widest move stands first, rows without a change last", () => {
  const row = (root: string, lastTicks: number, settlementTicks: number | null) =>
    scannerRowOf({ ...ES, root, lastTicks, settlementTicks });
  const rows = [row("ES", 101, 100), row("CL", 100, null), row("NQ", 97, 100), row("GC", 100, null)];
  assert.deepEqual(
    sortScannerRows(rows).map(({ root }) => root),
    ["NQ", "ES", "CL", "GC"],
  );
});
