/** Is the regime right where it is known, silent where there is none, and blind to what comes later? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addRegimeBar, createRegime, type RegimeState } from "#lib/analysis/regime/regime.ts";
import type { RegimeFit } from "#lib/analysis/regime/regime-fit.ts";
import { regimeRunsOf } from "#lib/analysis/regime/regime-history.ts";
import { applyRegimeFit, fitRegimeModel } from "#lib/analysis/regime/regime-model.ts";
import { type Regime, regimeOf } from "#lib/analysis/regime/regime-reading.ts";
import { addVolatilityBar, createVolatility, type VolatilityState, volatilityOf } from "#lib/analysis/volatility.ts";
import { createRandom } from "#lib/prng.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { type Planted, plantedRegimes } from "#tests/support/planted-regimes.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { barsOf, barsPerDay, gappedWalk, walkShapes } from "#tests/support/shaped-bars.ts";

type Both = { volatility: VolatilityState; regime: RegimeState };

const INTERVAL = { intervalMs: 5 * MS_PER_MINUTE };
const DAY = barsPerDay(5);

/** As the engine drives it: at each new trade date a fit, then the bar; `fits` false leaves the rules alone. */
const regimeBy = (fits: boolean): Driven<Both, AnalysisBar, Regime> => ({
  create: () => ({ volatility: createVolatility(INTERVAL), regime: createRegime(INTERVAL) }),
  add({ volatility, regime }, bar) {
    if (fits && bar.tradeDate !== regime.tradeDate) {
      const fit = fitRegimeModel(regime, bar.tradeDate);
      applyRegimeFit(regime, "refused" in fit ? null : fit);
    }
    addVolatilityBar(volatility, bar);
    addRegimeBar(regime, bar, volatilityOf(volatility));
  },
  read: ({ regime }) => regimeOf(regime),
});

type Ready = Extract<Regime, { status: "ready" }>;

const readingsOf = (bars: readonly AnalysisBar[], fits: boolean): Regime[] => published(regimeBy(fits), bars);

/** Share of bars, from 10 behind a switch, on which the label is the planted one; `method` those it is shown by. */
function rightShare({ truth, age }: Planted, readings: readonly Regime[], method: "rules" | "hmm"): [number, number] {
  let [right, n] = [0, 0];
  readings.forEach((reading, at) => {
    if (reading.status !== "ready" || reading.method !== method || age[at] < 10) return;
    n += 1;
    if (reading.direction.label === truth[at]) right += 1;
  });
  return [right / n, n];
}

/** Bars of the last 20 completed trade dates behind which an hour without a break came. */
function hoursAhead(bars: readonly AnalysisBar[]): number {
  const dates = [...new Set(bars.map((bar) => bar.tradeDate))].slice(-21, -1);
  return bars.filter((bar, at) => {
    const hour = bars.slice(at + 1, at + 13);
    return dates.includes(bar.tradeDate) && hour.length === 12 && !hour.some((one) => one.isAfterBreak);
  }).length;
}

function trendShare(readings: readonly Regime[]): number {
  const labels = readings.filter((one): one is Ready => one.status === "ready").map((one) => one.direction.label);
  return labels.filter((label) => label === "up" || label === "down").length / labels.length;
}

for (const seed of testSeeds("regime")) {
  test(`planted truth: drifts of 0.6 deviations are named on 80 % of bars by the rules, seed ${seed}`, (t) => {
    const planted = plantedRegimes(seed, 60 * DAY, 0.6);
    const [share, n] = rightShare(planted, readingsOf(planted.bars, false), "rules");
    t.diagnostic(`right on ${(100 * share).toFixed(1)} % of ${n} bars`);
    assert.ok(n > 10_000 && share >= 0.8);
  });

  test(`planted truth: the HMM proves better, is shown, and is right on 80 %, seed ${seed}`, (t) => {
    const planted = plantedRegimes(seed, 60 * DAY, 0.6);
    const readings = readingsOf(planted.bars, true);
    const [share, n] = rightShare(planted, readings, "hmm");
    t.diagnostic(`right on ${(100 * share).toFixed(1)} % of ${n} bars`);
    assert.ok(n > 3_000 && share >= 0.8);
    const last = readings[readings.length - 1];
    assert.ok(last.status === "ready");
    // The last hour of a session has no next one, and none reaches over the break.
    assert.deepEqual([last.contest.sessions, last.contest.n], [20, hoursAhead(planted.bars)]);
    // Five dates before the first fit, ten to score: not a bar earlier.
    assert.ok(readings.slice(0, 15 * DAY).every((one) => one.status !== "ready" || one.method === "rules"));
  });

  test(`a random walk is no trend on 85 % of bars, by either method, seed ${seed}`, (t) => {
    const bars = barsOf(walkShapes(createRandom(seed + 1), 100 * DAY));
    for (const fits of [false, true]) {
      const share = trendShare(readingsOf(fits ? bars.slice(0, 50 * DAY) : bars, fits));
      t.diagnostic(`${fits ? "with fits" : "rules"}: trend on ${(100 * share).toFixed(1)} %`);
      assert.ok(share <= 0.15);
    }
  });
}

test("probabilities sum to 1 on both roads, and confidence is the highest of them", () => {
  const { bars } = plantedRegimes(8, 25 * DAY, 0.6);
  for (const reading of readingsOf(bars, true)) {
    if (reading.status !== "ready") continue;
    const { probabilities, confidence } = reading.direction;
    assert.ok(Math.abs(probabilities.up + probabilities.down + probabilities.range - 1) < 1e-12);
    assert.equal(confidence, Math.max(probabilities.up, probabilities.down, probabilities.range));
  }
});

test("I-8 states are named by drift: the quietest stretch is no trend, the wildest no range", () => {
  // Quiet without drift and wild with drift in turn, 100 bars each; ATR alone would call the quiet ones trending.
  const random = createRandom(77);
  const shapes = [];
  let price = 20_000;
  for (let stretch = 0; stretch < 70; stretch += 1) {
    const isWild = stretch % 2 === 1;
    const drift = isWild ? (stretch % 4 === 1 ? 20 : -20) : 0;
    shapes.push(...walkShapes(random, 100, { driftTicks: drift, sdTicks: isWild ? 24 : 6, start: price }));
    price = shapes[shapes.length - 1].close;
  }
  const readings = readingsOf(barsOf(shapes), true);
  const labelsOf = (isWild: boolean): string[] =>
    readings.flatMap((one, at) => {
      const isSettled = at % 100 >= 20 && Math.floor(at / 100) % 2 === Number(isWild);
      return one.status === "ready" && isSettled ? [one.direction.label] : [];
    });
  const shareOf = (labels: string[], wanted: string[]): number =>
    labels.filter((label) => wanted.includes(label)).length / labels.length;
  assert.ok(shareOf(labelsOf(true), ["up", "down"]) > 0.8);
  assert.ok(shareOf(labelsOf(false), ["range", "unknown"]) > 0.75);
});

test("I-9 a new fit, or none, resets neither the label nor the bars it has held, nor the filter", () => {
  const bars = barsOf(walkShapes(createRandom(5), 12 * DAY, { driftTicks: 10, sdTicks: 12 }));
  const driven = regimeBy(false);
  const state = driven.create();
  let fits = 0;
  for (const bar of bars) {
    if (bar.tradeDate === state.regime.tradeDate) {
      driven.add(state, bar);
      continue;
    }
    const before = JSON.stringify([state.regime.direction, state.regime.history]);
    const fit = fitRegimeModel(state.regime, bar.tradeDate);
    // A lasting drift up has no drift down to fit: these parameters stand for it.
    const parameters = {
      means: [-0.4, 0, 0.4],
      deviation: 0.7,
      transitions: [
        [0.98, 0.01, 0.01],
        [0.01, 0.98, 0.01],
        [0.01, 0.01, 0.98],
      ],
    };
    const planted: RegimeFit = {
      parameters,
      fittedThroughMs: state.regime.atMs,
      former: [0, 1, 2],
      n: 300,
      logLikelihood: -1,
    };
    const { shares } = state.regime;
    assert.deepEqual(applyRegimeFit(state.regime, "refused" in fit ? planted : fit), { applied: true });
    assert.deepEqual(state.regime.shares, shares);
    if (fits % 3 === 2) applyRegimeFit(state.regime, null);
    assert.equal(JSON.stringify([state.regime.direction, state.regime.history]), before);
    fits += 1;
    driven.add(state, bar);
  }
  const reading = regimeOf(state.regime);
  assert.ok(reading.status === "ready");
  assert.equal(fits, 12);
  assert.equal(reading.direction.label, "up");
  assert.ok(reading.direction.bars > 3 * DAY, `held for ${reading.direction.bars} bars`);
});

test("a fit is refused before five dates, for bars it has seen, and is blind to the running date", () => {
  const { bars } = plantedRegimes(4, 8 * DAY, 0.6);
  const driven = regimeBy(false);
  const early = driven.create();
  for (const bar of bars.slice(0, 3 * DAY)) driven.add(early, bar);
  assert.deepEqual(fitRegimeModel(early.regime, bars[3 * DAY].tradeDate), {
    refused: "3 of 5 completed trade dates seen",
  });
  const [atRoll, later] = [driven.create(), driven.create()];
  for (const bar of bars.slice(0, 6 * DAY)) driven.add(atRoll, bar);
  for (const bar of bars.slice(0, 6 * DAY + 100)) driven.add(later, bar);
  const fit = fitRegimeModel(atRoll.regime, bars[6 * DAY].tradeDate);
  assert.ok(!("refused" in fit));
  assert.deepEqual(fitRegimeModel(later.regime, bars[6 * DAY].tradeDate), fit);
  assert.equal(fit.fittedThroughMs, bars[6 * DAY - 1].endMs);
  const answer = applyRegimeFit(early.regime, fit);
  assert.ok("refused" in answer);
  assert.match(answer.refused, /^fitted through \d+, but the newest bar ended at \d+$/);
  assert.equal(early.regime.fit, null);
});

test("bars without a fit leave no half hours behind for a fit that comes late", () => {
  const { bars } = plantedRegimes(4, 8 * DAY, 0.6);
  const driven = regimeBy(true);
  const state = driven.create();
  for (const bar of bars.slice(0, 6 * DAY + 100)) driven.add(state, bar);
  assert.equal(state.regime.contest.since, 100);
  const { fit } = state.regime;
  applyRegimeFit(state.regime, null);
  for (const bar of bars.slice(6 * DAY + 100, 6 * DAY + 105)) driven.add(state, bar);
  applyRegimeFit(state.regime, fit);
  for (const bar of bars.slice(6 * DAY + 105, 6 * DAY + 112)) driven.add(state, bar);
  assert.deepEqual([state.regime.contest.since, state.regime.contest.count], [7, 100 - 12]);
});

test("the volatility axis is what the clock percentile says, unknown without one", () => {
  const readings = readingsOf(gappedWalk(3, 8 * DAY), false);
  const early = readings[3 * DAY + 50];
  assert.ok(early.status === "ready");
  assert.deepEqual(early.volatility, { label: "unknown", percentile: null, n: 3 });
  const seen = new Set<string>();
  for (const reading of readings.slice(6 * DAY)) {
    assert.ok(reading.status === "ready");
    const { label, percentile } = reading.volatility;
    assert.ok(percentile !== null);
    assert.equal(label, percentile < 0.3 ? "low" : percentile >= 0.7 ? "high" : "normal");
    seen.add(label);
  }
  assert.equal(seen.size, 3);
});

test("the history draws the same labels, as runs, and keeps 512 bars", () => {
  const { bars } = plantedRegimes(6, 4 * DAY, 0.6);
  const driven = regimeBy(false);
  const state = driven.create();
  const labels = bars.map((bar) => {
    driven.add(state, bar);
    return { openMs: bar.openMs, direction: state.regime.direction.label };
  });
  const runs = regimeRunsOf(state.regime.history);
  const kept = labels.slice(-512);
  assert.equal(runs[0].fromMs, kept[0].openMs);
  assert.equal(runs[runs.length - 1].toMs, kept[511].openMs);
  for (const { openMs, direction } of kept) {
    const run = runs.find((one) => openMs >= one.fromMs && openMs <= one.toMs);
    assert.equal(run?.direction, direction);
  }
  assert.ok(runs.length > 3 && runs.every((run, at) => at === 0 || run.direction !== runs[at - 1].direction));
});

test("reasons say both axes, the evidence, what is to be confirmed, and the contest", () => {
  const { bars } = plantedRegimes(42, 30 * DAY, 0.6);
  const texts = readingsOf(bars, true).map((reading) => reading.reasons.join("; "));
  assert.equal(texts[0], "1 of 28 bars seen");
  assert.ok(
    texts.some((text) => /^up for \d+ bars: up \d+ %, down \d+ %, range \d+ %;.*ADX \d+, efficiency/.test(text)),
  );
  assert.ok(texts.some((text) => /range is confirmed in [12] bars if it stays so/.test(text)));
  assert.ok(texts.some((text) => /volatility (low|normal|high): \d+ % of \d+ sessions/.test(text)));
  assert.match(texts[5 * 276 - 1], /no HMM: not fitted/);
  assert.ok(texts.some((text) => /HMM not shown: not scored yet/.test(text)));
  assert.match(texts[texts.length - 1], /HMM shown: log score -0\.\d+ against -\d\.\d+ of the rules over 20 sessions/);
});

test("nothing published depends on later bars; smoothing, and a fit on later bars, are found", () => {
  const { bars } = plantedRegimes(9, 9 * DAY, 0.6);
  assertNoLookAhead((inputs) => readingsOf(inputs, true), bars);
  const fittedOnAll = (inputs: readonly AnalysisBar[]): Regime[] => {
    const driven = regimeBy(false);
    const whole = driven.create();
    for (const bar of inputs) driven.add(whole, bar);
    const fit = fitRegimeModel(whole.regime, Number.POSITIVE_INFINITY);
    const state = driven.create();
    return inputs.map((bar) => {
      if (!("refused" in fit)) applyRegimeFit(state.regime, { ...fit, fittedThroughMs: 0 });
      driven.add(state, bar);
      return driven.read(state);
    });
  };
  assert.throws(() => assertNoLookAhead(fittedOnAll, bars), /cut behind input/);
  const peeking = (inputs: readonly AnalysisBar[]): Regime[] => {
    const own = readingsOf(inputs, false);
    return inputs.map((_, at) => own[Math.min(at + 1, own.length - 1)]);
  };
  assert.throws(() => assertNoLookAhead(peeking, bars), /cut behind input/);
});

test("a restored state goes on as if nothing had been, and is below 30 kB", () => {
  const driven = regimeBy(true);
  assertRestores(driven, plantedRegimes(2, 8 * DAY, 0.6).bars);
  assert.ok(snapshotBytes(driven.create().regime) < 30_000);
});
