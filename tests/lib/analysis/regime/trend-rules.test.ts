/** Are score and probabilities those of their formulas? */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addTrendRulesBar,
  createTrendRules,
  ruleProbabilitiesOf,
  trendEvidenceOf,
} from "#lib/analysis/regime/trend-rules.ts";
import { createRandom } from "#lib/prng.ts";
import { walkShapes } from "#tests/support/shaped-bars.ts";

test("the worked probabilities: a score of 0.38 is as much trend as range, 0 is range", () => {
  const rounded = (score: number): number[] => {
    const { up, range, down } = ruleProbabilitiesOf(score);
    return [up, range, down].map((one) => Number(one.toFixed(3)));
  };
  assert.deepEqual(rounded(0.38), [0.497, 0.497, 0.005]);
  assert.deepEqual(rounded(0), [0.085, 0.83, 0.085]);
  assert.deepEqual(rounded(-0.38), [0.005, 0.497, 0.497]);
});

test("the score weighs efficiency and spread, the spread by ADX; mirrored prices mirror it", () => {
  const shapes = walkShapes(createRandom(6), 60, { driftTicks: 2 });
  const [state, mirror] = [createTrendRules(), createTrendRules()];
  for (const { open, high, low, close } of shapes) {
    addTrendRulesBar(state, { open, high, low, close, volume: 1 });
    addTrendRulesBar(mirror, { open: -open, high: -low, low: -high, close: -close, volume: 1 });
  }
  const evidence = trendEvidenceOf(state);
  const closes = shapes.slice(-21).map((shape) => shape.close);
  const path = closes.slice(1).reduce((sum, close, at) => sum + Math.abs(close - closes[at]), 0);
  assert.ok(Math.abs(evidence.efficiency - (closes[20] - closes[0]) / path) < 1e-12);
  const { adx, plusDi, minusDi } = state.adx;
  assert.ok(adx < 40);
  const spread = (plusDi - minusDi) / (plusDi + minusDi);
  assert.ok(Math.abs(evidence.score - (evidence.efficiency / 2 + ((spread / 2) * adx) / 40)) < 1e-12);
  assert.ok(Math.abs(trendEvidenceOf(mirror).score + evidence.score) < 1e-12);
});

test("a market that stands still has no evidence, rather than none that is a number", () => {
  const state = createTrendRules();
  for (let bar = 0; bar < 40; bar += 1) addTrendRulesBar(state, { open: 5, high: 5, low: 5, close: 5, volume: 1 });
  assert.deepEqual(trendEvidenceOf(state), { efficiency: 0, adx: 0, spread: 0, score: 0 });
});
