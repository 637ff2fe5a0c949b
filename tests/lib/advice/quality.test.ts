/** Is quality a score of each side from its own evidence, and never a probability? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { type Quality, type QualityInput, qualityOf } from "#lib/advice/quality.ts";
import { volatilityFitOf } from "#lib/advice/volatility-fit.ts";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import {
  addClosedBar,
  type ClosedBar,
  closedBars,
  createAnalyses,
  qualityInputOf,
} from "#tests/support/analyses-run.ts";
import { folded } from "#tests/support/folded-bars.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { assertNoLookAhead } from "#tests/support/publishing.ts";
import { gappedWalk } from "#tests/support/shaped-bars.ts";

type Ready = Extract<Quality, { status: "ready" }>;

/** All that the scores depend on. */
type Evidence = {
  up: number;
  down: number;
  bias: "bullish" | "bearish" | "neutral";
  confidence: number;
  speed: number;
  direction: "up" | "down" | "flat";
  momentum: "accelerating" | "steady" | "decelerating" | "flat";
  dominance: number;
  leg: "up" | "down";
  percentile: number;
  candle: "bullish" | "bearish" | "none";
  volatility: number;
};

const NONE: Evidence = {
  ...{ up: 0.1, down: 0.1, bias: "neutral", confidence: 0, speed: 0, direction: "flat", momentum: "flat" },
  ...{ dominance: 0, leg: "up", percentile: 0.5, candle: "none", volatility: 0.5 },
};

const FULL_LONG: Evidence = {
  ...{ up: 1, down: 0, bias: "bullish", confidence: 1, speed: 3, direction: "up", momentum: "accelerating" },
  ...{ dominance: 0.5, leg: "up", percentile: 0.5, candle: "bullish", volatility: 0.5 },
};

function inputOf(over: Evidence): QualityInput {
  const reasons: string[] = [];
  const base = { atMs: 1000, n: 10, reasons, status: "ready" as const };
  const side = { medianAtr: 2, maxAtr: 5, n: 20 };
  const probabilities = { up: over.up, down: over.down, range: 1 - over.up - over.down };
  const direction = { label: "range", probabilities, confidence: 1, bars: 3, sinceMs: 0 } as const;
  const evidence = { efficiency: 0, adx: 20, spread: 0, score: 0 };
  const setup = { lean: "neutral", quality: 0, isPulledBack: false, isRsiInRoom: false, holdBars: 0, n: 60 } as const;
  const entry = { lean: "neutral", isTriggered: false, crossedAgo: 9, volumeRatio: 1, n: 60 } as const;
  return {
    volatility: volatilityAt(over.volatility),
    wave: {
      ...base,
      leg: { direction: over.leg, sizeAtr: 2, bars: 5 },
      legs: {
        ...{ status: "ready", up: side, down: side, ratio: 1, dominance: over.dominance, bias: "neutral" },
        ...{ currentPercentile: over.percentile, currentRatio: 1, strength: "weak" },
      },
      phase: "flat",
      ...{ direction: over.direction, speed: over.speed, relativeSpeed: over.speed, momentum: over.momentum },
    },
    regime: {
      ...base,
      direction: { ...direction, candidate: "range", barsUntilConfirmed: 0 },
      volatility: { label: "normal", percentile: 0.5, n: 20 },
      ...{
        method: "rules",
        evidence,
        hmm: { status: "none", why: "" },
        contest: { rules: 0, challenger: 0, n: 0, sessions: 0 },
      },
    },
    confluence: {
      ...base,
      ...{ direction: "neutral", score: 0, isConflict: false, isTradeable: false, quality: 0 },
      bias: { status: "ready", lean: over.bias, confidence: over.confidence, n: 60 },
      setup: { status: "ready", ...setup },
      entry: { status: "ready", ...entry, candle: over.candle },
    },
  };
}

function volatilityAt(percentile: number): Volatility {
  const clock = { level: "normal", usualTicks: 20, n: 20, stopFactor: 1, sizeFactor: 1 } as const;
  const warming = { status: "warming", have: 0, need: 1 } as const;
  return {
    ...{ atMs: 1000, n: 20, reasons: [], status: "ready", atrTicks: 20, sessionAtrTicks: 20 },
    ...{ clusters: warming, sameClock: { status: "ready", percentile, ...clock }, day: warming },
  };
}

function scoresOf(over: Evidence): [long: number, short: number] {
  const quality = qualityOf(inputOf(over));
  assert.ok(quality.status === "ready");
  return [quality.long.score, quality.short.score];
}

test("the worked scores: all for a long is 100 and 0, half of it in volatility that keeps half", () => {
  assert.deepEqual(scoresOf(FULL_LONG), [100, 0]);
  assert.deepEqual(scoresOf({ ...FULL_LONG, volatility: 0 }), [50, 0]);
  // Up 0.6 against 0.2 gives 10 of 25; speed 1 gives 10 of 20; a dominance of 0.15 gives 7.5 of 15.
  const [long, short] = scoresOf({ ...NONE, up: 0.6, down: 0.2, speed: 1, dominance: 0.15 });
  assert.ok(Math.abs(long - 27.5) < 1e-9 && short === 0);
});

test("I-7 without evidence both sides are 0, and a quiet market is no merit", () => {
  assert.deepEqual(scoresOf(NONE), [0, 0]);
  for (const volatility of [0, 0.1, 0.25, 0.5]) assert.deepEqual(scoresOf({ ...NONE, volatility }), [0, 0]);
  const quiet = scoresOf({ ...FULL_LONG, volatility: 0.05 })[0];
  assert.ok(quiet < scoresOf({ ...FULL_LONG, volatility: 0.3 })[0]);
});

const evidence = fc.record<Evidence>({
  up: fc.double({ min: 0, max: 0.5, noNaN: true }),
  down: fc.double({ min: 0, max: 0.5, noNaN: true }),
  bias: fc.constantFrom("bullish", "bearish", "neutral"),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  speed: fc.double({ min: -4, max: 4, noNaN: true }),
  direction: fc.constantFrom("up", "down", "flat"),
  momentum: fc.constantFrom("accelerating", "steady", "decelerating", "flat"),
  dominance: fc.double({ min: -1, max: 1, noNaN: true }),
  leg: fc.constantFrom("up", "down"),
  percentile: fc.double({ min: 0, max: 1, noNaN: true }),
  candle: fc.constantFrom("bullish", "bearish", "none"),
  volatility: fc.double({ min: 0, max: 1, noNaN: true }),
});

const FLIP = {
  bullish: "bearish",
  bearish: "bullish",
  neutral: "neutral",
  none: "none",
  up: "down",
  down: "up",
  flat: "flat",
} as const;

test("I-7 scores are direction-specific: mirrored evidence swaps the sides, whatever the context", (t) => {
  const mirrored = fc.property(evidence, (one) => {
    const { up, down, bias, direction, leg, candle } = one;
    const other = { ...one, up: down, down: up, bias: FLIP[bias], direction: FLIP[direction], leg: FLIP[leg] };
    const [long, short] = scoresOf(one);
    assert.deepEqual(scoresOf({ ...other, candle: FLIP[candle], speed: -one.speed, dominance: -one.dominance }), [
      short,
      long,
    ]);
    assert.ok(long >= 0 && long <= 100 && short >= 0 && short <= 100);
  });
  checkTwice(mirrored, { print: (line) => t.diagnostic(line), runs: 300 });
});

test("each factor gives its points to its own side alone", () => {
  const only: [Partial<Evidence>, number][] = [
    [{ up: 1, down: 0 }, 25],
    [{ bias: "bullish", confidence: 1 }, 20],
    [{ speed: 2 }, 20],
    [{ direction: "up", momentum: "accelerating" }, 10],
    [{ direction: "up", momentum: "steady" }, 5],
    [{ direction: "up", momentum: "decelerating" }, 0],
    [{ dominance: 0.3 }, 15],
    [{ dominance: 0.3, percentile: 0.9 }, 7.5],
    [{ dominance: 0.3, percentile: 0.9, leg: "down" }, 15],
    [{ candle: "bullish" }, 10],
  ];
  for (const [over, points] of only) {
    const [long, short] = scoresOf({ ...NONE, ...over });
    assert.ok(Math.abs(long - points) < 1e-9 && short === 0, `${JSON.stringify(over)}: ${long}, ${short}`);
  }
});

test("the fit of volatility: the worked shares", () => {
  const shares = [0, 0.1, 0.2, 0.5, 0.7, 0.85, 1].map((percentile) => volatilityFitOf(volatilityAt(percentile)).share);
  [0.5, 0.75, 1, 1, 1, 0.7, 0.4].forEach((share, at) => {
    assert.ok(Math.abs(shares[at] - share) < 1e-9, `${shares[at]} for ${share}`);
  });
  const unknown = volatilityFitOf({ atMs: 0, n: 0, reasons: [], status: "warming", have: 1, need: 14 });
  assert.deepEqual(unknown, { share: 1, reason: "not known yet at this clock time" });
});

test("a score is uncalibrated, has no probability in it, and says so first", () => {
  const quality = qualityOf(inputOf(FULL_LONG));
  assert.deepEqual([quality.calibration, quality.n], [{ status: "uncalibrated", reason: "no scoreboard yet" }, 0]);
  assert.equal(quality.reasons[0], "long 100, short 0 of 100, uncalibrated: no scoreboard yet");
  assert.equal(quality.reasons.length, 8);
  assert.ok(!/probab|chance|win rate/i.test(JSON.stringify(quality)));
});

test("I-30 a pure function: reading again gives the same, and its inputs stay as they were", () => {
  const input = inputOf(FULL_LONG);
  const taken = deserialize(serialize(input));
  assert.deepEqual(qualityOf(input), qualityOf(input));
  assert.deepEqual(input, taken);
});

function minutesOf(inputs: readonly ClosedBar[]): Quality[] {
  const analyses = createAnalyses();
  return inputs.map((input) => {
    addClosedBar(analyses, input);
    return qualityOf(qualityInputOf(analyses));
  });
}

test("on a walk it waits for its inputs, then scores; nothing published depends on later bars", () => {
  const inputs = closedBars(gappedWalk(3, 2_000, 1));
  const readings = minutesOf(inputs);
  const first = readings.findIndex((one) => one.status === "ready");
  assert.ok(first > 0 && readings[first - 1].status === "warming" && readings[first - 1].reasons.length > 0);
  const ready = readings.filter((one): one is Ready => one.status === "ready");
  assert.ok(ready.some((one) => one.long.score > 40) && ready.some((one) => one.short.score > 40));
  assert.ok(
    ready.every((one) => Math.min(one.long.score, one.short.score) < 50),
    "no market is good both ways",
  );
  assertNoLookAhead(minutesOf, inputs);
});

test("a 5-minute bar that quality reads from its first minute on is found as a look-ahead", () => {
  /** After each minute; `early`: 5-minute bars, as far as they will go, count from their first minute's end on. */
  const byMinute = (minutes: readonly AnalysisBar[], isEarly: boolean): Quality[] => {
    const closed = closedBars(minutes).filter(({ minutes: length }) => !isEarly || length !== 5);
    const early = isEarly ? folded(minutes, 5).map((bar) => ({ minutes: 5 as const, bar: earlier(bar) })) : [];
    const due = [...closed, ...early].sort((a, b) => a.bar.endMs - b.bar.endMs);
    const analyses = createAnalyses();
    let next = 0;
    return minutes.map(({ endMs }) => {
      for (; next < due.length && due[next].bar.endMs <= endMs; next += 1) addClosedBar(analyses, due[next]);
      return qualityOf(qualityInputOf(analyses));
    });
  };
  const earlier = (bar: AnalysisBar): AnalysisBar => ({ ...bar, endMs: bar.openMs + MS_PER_MINUTE });
  // So many that cuts fall within a bar of five minutes.
  const minutes = gappedWalk(3, 2_003, 1);
  assertNoLookAhead((part) => byMinute(part, false), minutes);
  assert.throws(() => assertNoLookAhead((part) => byMinute(part, true), minutes), /cut behind input/);
});
