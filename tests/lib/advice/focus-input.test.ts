/** Do the analyses of real bars reach the focus card, and does a market upside down give the card upside down? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FocusCard, focusCardOf } from "#lib/advice/focus.ts";
import { readingsForFocus } from "#lib/advice/focus-input.ts";
import { qualityOf } from "#lib/advice/quality.ts";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addConfluenceBar, confluenceOf, createConfluence } from "#lib/analysis/confluence/confluence.ts";
import { addRegimeBar, createRegime } from "#lib/analysis/regime/regime.ts";
import { regimeOf } from "#lib/analysis/regime/regime-reading.ts";
import { addVolatilityBar, createVolatility, volatilityOf } from "#lib/analysis/volatility.ts";
import { addWaveBar, createWave, waveOf } from "#lib/analysis/wave.ts";
import { createRandom } from "#lib/prng.ts";
import { type BarShape, barsOf, walkShapes } from "#tests/support/shaped-bars.ts";

const FIVE = 300_000;
const RISK = { riskUsd: 2_000, tickValueUsd: 1.25, roundTurnFeesUsd: 1.24, slippageTicks: 2, contractsMax: 50 };

/** The card behind each bar; all three timeframes read the same bars. */
function cardsOf(bars: readonly AnalysisBar[]): FocusCard[] {
  const volatility = createVolatility({ intervalMs: FIVE });
  const [wave, regime, confluence] = [createWave(), createRegime({ intervalMs: FIVE }), createConfluence()];
  return bars.map((bar) => {
    addVolatilityBar(volatility, bar);
    addWaveBar(wave, bar);
    addRegimeBar(regime, bar, volatilityOf(volatility));
    for (const layer of ["bias", "setup", "entry"] as const) addConfluenceBar(confluence, layer, bar);
    const readings = {
      volatility: volatilityOf(volatility),
      wave: waveOf(wave),
      regime: regimeOf(regime),
      confluence: confluenceOf(confluence),
    };
    const read = readingsForFocus({ ...readings, quality: qualityOf(readings) });
    return focusCardOf({
      atMs: bar.endMs,
      lastTicks: bar.closeTicks,
      levels: [],
      nextEvent: null,
      risk: RISK,
      ...read,
    });
  });
}

function upsideDown(bar: AnalysisBar): AnalysisBar {
  const turned = (priceTicks: number): number => 40_000 - priceTicks;
  return {
    ...bar,
    openTicks: turned(bar.openTicks),
    highTicks: turned(bar.lowTicks),
    lowTicks: turned(bar.highTicks),
    closeTicks: turned(bar.closeTicks),
  };
}

/** Up for 80 bars, down for 80, and so on. */
const SHAPES: BarShape[] = [];
for (const [leg, driftTicks] of [1.5, -1.5, 2, -2, 1.5, -1.5].entries()) {
  const start = SHAPES.at(-1)?.close ?? 20_000;
  SHAPES.push(...walkShapes(createRandom(90 + leg), 80, { driftTicks, sdTicks: 8, start }));
}
const BARS = barsOf(SHAPES);

test("while the analyses warm up it stands aside and says so", () => {
  const [first] = cardsOf(BARS.slice(0, 1));
  assert.equal(first.status, "stand aside");
  assert.deepEqual([first.n, first.whyNot[0]], [0, "no ATR yet"]);
});

test("a market upside down gives every card upside down", (t) => {
  const cards = cardsOf(BARS);
  const turned = cardsOf(BARS.map(upsideDown));
  const plans = { long: 0, short: 0 };
  for (const [index, card] of cards.entries()) {
    const other = turned[index];
    assert.equal(other.status, card.status, `bar ${index}: ${card.reasons.join("; ")}`);
    if (card.status === "stand aside" || other.status === "stand aside") continue;
    plans[card.side] += 1;
    assert.notEqual(other.side, card.side);
    assert.equal(other.bracket.stopTicks, 40_000 - card.bracket.stopTicks);
    assert.equal(other.bracket.target2Ticks, 40_000 - card.bracket.target2Ticks);
    assert.deepEqual(other.size, card.size);
  }
  t.diagnostic(`${plans.long} long and ${plans.short} short plans in ${cards.length} bars`);
  assert.ok(plans.long > 5 && plans.short > 5);
});
