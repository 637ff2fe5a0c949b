/** Is each market phase reached by the bars that mean it? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addMarketPhaseBar, createMarketPhase, marketPhaseOf, PHASE_BARS } from "#lib/analysis/market-phase.ts";

type Close = number;

/** The phase behind bars of these closes, each from a tick below to a tick above. */
function phaseOf(closes: readonly Close[]): string {
  const state = createMarketPhase();
  for (const close of closes) {
    addMarketPhaseBar(state, { open: close, high: close + 1, low: close - 1, close, volume: 1 });
  }
  assert.ok(closes.length >= PHASE_BARS);
  return marketPhaseOf(state);
}

/** 50 bars that rise a tick each, then the given ones. */
const risen = (...then: number[]): number[] => [...Array.from({ length: 50 }, (_, at) => at), ...then];
const mirrored = (closes: readonly number[]): number[] => closes.map((close) => -close);

/** 60 bars that rise ever more slowly to 100, and such that rise ever faster to it. */
const waning = Array.from({ length: 60 }, (_, at) => 100 - 0.03 * (60 - at) * (60 - at));
const growing = Array.from({ length: 60 }, (_, at) => 0.03 * at * at);

test("I-4 a close beyond the ten bars before it is a breakout: both branches are reached", () => {
  // The highest of the ten highs is 100.97; momentum wanes, so that only the breakout makes it an uptrend.
  assert.equal(phaseOf([...waning, 101]), "uptrend");
  assert.equal(phaseOf(mirrored([...waning, 101])), "downtrend");
  assert.equal(phaseOf([...waning, 100.9]), "distribution", "a near miss");
  assert.equal(phaseOf(mirrored([...waning, 100.9])), "accumulation", "a near miss");
});

test("the edge is that of ten bars, no more and no less", () => {
  // A bar that reached to 104: eleven before the newest it is forgotten, ten before it is the edge.
  assert.equal(phaseOf([...waning.with(49, 103), 101]), "uptrend");
  assert.equal(phaseOf([...waning.with(50, 103), 101]), "distribution");
});

test("momentum that wanes at the upper edge is distribution, at the lower accumulation", () => {
  // The 75th percentile of the ten highs is 100.7.
  assert.equal(phaseOf([...waning, 100.75]), "distribution");
  assert.equal(phaseOf(mirrored([...waning, 100.75])), "accumulation");
  assert.equal(phaseOf([...waning, 100.6]), "uptrend", "a near miss: not at the edge");
  assert.equal(phaseOf(mirrored([...waning, 100.6])), "downtrend");
  assert.equal(phaseOf([...growing, 104.5]), "uptrend", "a near miss: at the edge, but momentum grows");
  assert.equal(phaseOf(mirrored([...growing, 104.5])), "downtrend");
});

test("inside the edges the mean of 20 decides", () => {
  assert.equal(phaseOf(risen(44)), "uptrend");
  assert.equal(phaseOf(mirrored(risen(44))), "downtrend");
  assert.equal(phaseOf(risen(35)), "distribution");
  assert.equal(phaseOf(mirrored(risen(35))), "accumulation");
});

test("a market that stands still has no phase", () => {
  assert.equal(phaseOf(Array(60).fill(100)), "flat");
});
