/** Is each fit of the regime a fact, made at the roll on completed dates alone, the same ones however they came? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { Fact, RegimeFact } from "#lib/outputs/fact.ts";
import { type EngineRun, engineRun, minuteBar } from "#tests/support/engine-run.ts";
import { plantedRegimes } from "#tests/support/planted-regimes.ts";
import { barsPerDay } from "#tests/support/shaped-bars.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
const FIVE = 300_000;
const DAY = barsPerDay(5);
/** Seven trade dates of five-minute bars and one bar of the eighth. */
const BARS = plantedRegimes(4, 7 * DAY + 1, 0.6).bars;

type Told = { run: EngineRun; fits: RegimeFact[] };

function begin(bars: readonly AnalysisBar[]): Told {
  return { run: engineRun([ES], { startMs: bars[0].openMs - 60_000 }), fits: [] };
}

function concluded({ run, fits }: Told): void {
  const event = { ...UNSTAMPED, seq: run.engine.state.seq, nowMs: run.engine.state.nowMs };
  run.engine.conclude(event, run.outputs, 0, (fact: Fact) => {
    if (fact.type === "RegimeFitted") fits.push(fact);
  });
  run.said();
}

/** The bars one by one, as the vendor's, each as it ends. */
function live(bars: readonly AnalysisBar[], told = begin(bars)): Told {
  for (const bar of bars) {
    const { openMs, openTicks, highTicks, lowTicks, closeTicks, volume } = bar;
    const shape = { openTicks, highTicks, lowTicks, volume, intervalMs: FIVE, nowMs: bar.endMs };
    told.run.send(minuteBar(openMs, closeTicks, shape));
    concluded(told);
  }
  return told;
}

test("every roll tells its fit, or why there is none; nothing but a roll tells one", () => {
  const { run, fits } = live(BARS);
  const dates = [...new Set(BARS.map(({ tradeDate }) => tradeDate))];
  assert.deepEqual(
    fits.map(({ tradeDate }) => tradeDate),
    dates.slice(1),
  );
  for (const { fit, refused } of fits.slice(0, 4)) {
    assert.equal(fit, null);
    assert.match(refused ?? "", /^[1-4] of 5 completed trade dates seen$/);
  }
  const newest = fits.at(-1);
  assert.ok(newest?.fit, newest?.refused ?? "");
  assert.deepEqual([newest.refused, newest.barInterval, newest.shown, newest.root], [null, "5m", "rules", "ES"]);
  // One move a bar once there is an ATR of 14 bars; the eighth date's own bar is none of them.
  assert.equal(newest.fit.n, 7 * DAY - 13);
  assert.equal(newest.fit.fittedThroughMs, BARS[7 * DAY - 1].endMs);
  const regime = run.engine.state.analyses[0]?.published?.regime;
  assert.ok(regime?.status === "ready" && regime.hmm.status === "fitted");
  assert.deepEqual([regime.hmm.fittedThroughMs, regime.hmm.n], [newest.fit.fittedThroughMs, newest.fit.n]);
});

test("an engine that lives through the same bars again tells the same facts", () => {
  assert.deepEqual(live(BARS).fits, live(BARS).fits);
});

test("an analysis that was built anew tells once the model it goes by, that of the live one", () => {
  const told = live(BARS);
  const before = told.fits.length;
  const newest = told.fits.at(-1);
  const { run } = told;
  run.send({ ...UNSTAMPED, nowMs: run.engine.state.nowMs, type: "AnalysisRebuilt", contracts: [0] });
  for (let slice = 0; slice < 50; slice += 1) {
    const nowMs = run.engine.state.nowMs + 10;
    run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
    concluded(told);
  }
  assert.equal(run.engine.state.analyses[0]?.status, "ready");
  const again = told.fits.slice(before);
  assert.deepEqual(
    again.map(({ tradeDate, fit, shown }) => ({ tradeDate, fit, shown })),
    [{ tradeDate: newest?.tradeDate, fit: newest?.fit, shown: newest?.shown }],
  );
});
