/** Does the insight panel say what the analyses said: values, notes, tones, and why something is not known? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { divergenceText, flowLines, flowSource } from "#components/insight/flow-words.ts";
import { percentileText, percentText, readingsOf, timesText } from "#components/insight/insight-words.ts";
import { planWords } from "#components/insight/plan-words.ts";
import { qualityWords } from "#components/insight/quality-words.ts";
import { confirmedText, modelText, regimePieces, regimeShares } from "#components/insight/regime-words.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { SETUP_QUALITY_MIN } from "#lib/setup-quality.ts";
import type { InsightParts } from "#lib/wire/insight.ts";

const AT_MS = Date.parse("2026-11-17T14:10:00Z");
const FRAMES = { bias: "15m", setup: "5m", entry: "1m" } as const;
const CONTEXT = { instrument: instrumentOf("ES"), frames: FRAMES, interval: "5m" } as const;
const HEAD = { atMs: AT_MS, n: 20, reasons: ["because"] };
const WARMING = { status: "warming", have: 3, need: 14 } as const;

const VOLATILITY: InsightParts["volatility"] = {
  ...HEAD,
  status: "ready",
  atr: 8,
  sessionAtr: 8,
  clusters: {
    status: "ready",
    cluster: "medium",
    centroids: { low: 5, medium: 8, high: 12 },
    counts: { low: 1, medium: 2, high: 1 },
    n: 4,
  },
  sameClock: {
    status: "ready",
    percentile: 0.52,
    level: "normal",
    usual: 8,
    n: 20,
    stopFactor: 0.897,
    sizeFactor: 1.114,
  },
  day: { status: "ready", atr: 60, range: 27.5, usedShare: 0.46, remaining: 32.5, n: 20 },
};

const CONFLUENCE: InsightParts["confluence"] = {
  ...HEAD,
  status: "ready",
  direction: "bullish",
  score: 2,
  isConflict: false,
  isTradeable: false,
  quality: 0.7,
  bias: { status: "ready", lean: "bullish", confidence: 0.5, n: 9 },
  setup: { status: "ready", lean: "bullish", quality: 0.6, isPulledBack: true, isRsiInRoom: true, holdBars: 3, n: 9 },
  entry: {
    status: "ready",
    lean: "neutral",
    isTriggered: false,
    candle: "none",
    crossedAgo: 4,
    volumeRatio: 1,
    n: 9,
  },
};

/** Every part that the lines read, warming up; the others are not read. */
function partsWith(parts: Partial<InsightParts>): InsightParts {
  const warm = { ...HEAD, ...WARMING };
  const base = {
    volatility: warm,
    wave: warm,
    regime: warm,
    confluence: warm,
    relativeVolume: warm,
    ict: warm,
    smt: { ...HEAD, status: "none", needs: "NQ" },
    profiles: { session: warm, rth: warm, composite: warm },
  };
  return { ...base, ...parts } as InsightParts; // safe: readingsOf reads these alone
}

function lineOf(parts: Partial<InsightParts>, id: string): (string | null | undefined)[] {
  const line = readingsOf(partsWith(parts), CONTEXT).find((one) => one.id === id);
  return [line?.value, line?.note, line?.tone];
}

test("shares, factors and ranks are written for people; what is not known is a dash", () => {
  assert.deepEqual(
    [percentText(0.456), timesText(0.897), percentText(null), timesText(null)],
    ["46 %", "×0.90", "–", "–"],
  );
  const ranks = [0.01, 0.02, 0.03, 0.11, 0.12, 0.13, 0.21, 0.52, 1].map(percentileText);
  assert.deepEqual(
    ranks.map((text) => text.replace(" pct", "")),
    ["1st", "2nd", "3rd", "11th", "12th", "13th", "21st", "52nd", "100th"],
  );
});

test("volatility says its rank with n, its factors and cluster, and how much of the day is left", () => {
  const volatility = VOLATILITY;
  assert.deepEqual(lineOf({ volatility }, "volatility"), ["52nd pct", "same clock, n 20", "plain"]);
  assert.deepEqual(lineOf({ volatility }, "factors"), ["×0.90 · ×1.11", "medium cluster", "plain"]);
  assert.deepEqual(lineOf({ volatility }, "atr-used"), ["46 %", "32.50 pts left", "plain"]);
  const spent = { ...VOLATILITY, day: { ...VOLATILITY.day, usedShare: 0.8 } } as InsightParts["volatility"];
  assert.deepEqual(lineOf({ volatility: spent }, "atr-used")[2], "caution");
});

test("a reading that warms up says how far it is", () => {
  assert.deepEqual(lineOf({}, "volatility"), ["–", "3 of 14 bars", "plain"]);
  assert.deepEqual(lineOf({}, "rvol"), ["–", "3 of 14 sessions", "plain"]);
  assert.deepEqual(lineOf({}, "value-area"), ["–", "no volume yet", "plain"]);
  const wave = {
    ...HEAD,
    status: "ready",
    leg: { direction: "up", sizeAtr: 1, bars: 2 },
    legs: { status: "not-enough-legs", up: 3, down: 5, need: 8 },
    phase: "flat",
    direction: "flat",
    speed: 0,
    relativeSpeed: 0,
    momentum: "flat",
  } as const;
  const parts = { wave: { ...wave, reasons: [] } };
  assert.deepEqual(lineOf(parts, "wave"), ["not enough legs", "3 up, 5 down of 8", "plain"]);
});

test("SMT names its sibling and n, the newest live divergence, or the market that it needs", () => {
  assert.deepEqual(lineOf({}, "smt"), ["–", "needs NQ", "plain"]);
  const smt = (found: object) => ({ smt: { ...HEAD, ...found } }) as unknown as Partial<InsightParts>;
  assert.deepEqual(lineOf(smt({ status: "none", needs: null }), "smt"), [undefined, undefined, undefined]);
  const divergences = [
    { side: "bearish", state: "live" },
    { side: "bullish", state: "over" },
  ];
  const both = { status: "ready", sibling: "NQ" };
  assert.deepEqual(lineOf(smt({ ...both, divergences }), "smt"), ["bearish", "with NQ, n 20", "down"]);
  assert.deepEqual(lineOf(smt({ ...both, divergences: [] }), "smt"), ["none", "with NQ, n 20", "plain"]);
});

test("I-17 a tie of timeframes is neutral, and a conflict is named", () => {
  const entry = { ...CONFLUENCE.entry, lean: "bearish" };
  const tied = { ...CONFLUENCE, direction: "neutral", score: 0, isConflict: true, entry } as InsightParts["confluence"];
  assert.deepEqual(lineOf({ confluence: CONFLUENCE }, "confluence"), ["15m ▲ 5m ▲ 1m –", "2/3", "up"]);
  assert.deepEqual(lineOf({ confluence: tied }, "confluence"), ["15m ▲ 5m ▲ 1m ▼", "0/3 conflict", "caution"]);
});

const REGIME = {
  ...HEAD,
  status: "ready",
  direction: {
    label: "up",
    probabilities: { up: 0.61, range: 0.27, down: 0.12 },
    confidence: 0.61,
    bars: 12,
    sinceMs: AT_MS,
    candidate: "up",
    barsUntilConfirmed: 0,
  },
} as unknown as Extract<InsightParts["regime"], { status: "ready" }>; // safe: the words read `direction` alone

test("the regime says its shares, and how many bars it takes until another is confirmed", () => {
  assert.deepEqual(
    regimeShares(REGIME).map(({ text }) => text),
    ["up 61 %", "range 27 %", "down 12 %"],
  );
  assert.equal(confirmedText(REGIME), "confirmed, 12 bars");
  const turning = { ...REGIME, direction: { ...REGIME.direction, candidate: "range" as const, barsUntilConfirmed: 1 } };
  assert.equal(confirmedText(turning), "range if it holds 1 bar more");
});

test("the regime says whose probabilities these are, and what the HMM was fitted through", () => {
  assert.equal(modelText({ ...REGIME, method: "rules", hmm: { status: "none", why: "" } }), "by rules, no HMM");
  const fittedThroughMs = Date.parse("2026-11-16T22:00:00Z");
  const hmm = { status: "fitted", probabilities: { up: 1, down: 0, range: 0 }, fittedThroughMs, n: 3_072 } as const;
  const words = modelText({ ...REGIME, method: "hmm", hmm });
  assert.equal(words, "by hmm; HMM fitted through 11-16 16:00 CT, n 3,072");
});

test("the regime's history is that of the last 24 hours, the oldest run cut", () => {
  const hour = 3_600_000;
  const run = (fromHours: number, toHours: number, direction: "up" | "range") =>
    ({ fromMs: AT_MS - fromHours * hour, toMs: AT_MS - toHours * hour, direction, volatility: "normal" }) as const;
  const pieces = regimePieces([run(40, 30, "up"), run(29, 12, "up"), run(11, 1, "range")], AT_MS, hour);
  assert.deepEqual(
    pieces.map(({ direction, grow }) => [direction, grow / hour]),
    [
      ["up", 13],
      ["range", 11],
    ],
  );
});

const QUALITY: InsightParts["quality"] = {
  ...HEAD,
  status: "ready",
  calibration: { status: "uncalibrated", reason: "no scoreboard yet" },
  long: { score: 20.9, factors: [] },
  short: {
    score: 64.8,
    factors: [
      { name: "direction", weight: 25, share: 0.2, reason: "up 61 %" },
      { name: "speed", weight: 20, share: 0.9, reason: "1.4 × the usual speed" },
    ],
  },
  volatilityFit: { share: 1, reason: "normal" },
};

test("quality names the better side, never a probability, and what speaks for it comes first", () => {
  const words = qualityWords(QUALITY);
  assert.ok(words.status === "ready");
  assert.deepEqual(
    [words.side, words.score, words.other, words.isStrong, words.calibration],
    ["short", "64", "long 20", true, "uncalibrated"],
  );
  assert.deepEqual(
    words.factors.map(({ text, isFor }) => [text, isFor]),
    [
      ["speed 18 of 20: 1.4 × the usual speed", true],
      ["direction 5 of 25: up 61 %", false],
    ],
  );
  assert.doesNotMatch(JSON.stringify(words), /probab|chance/);
});

const FOCUS = {
  ...HEAD,
  why: ["regime says long"],
  whyNot: ["into PDH, 18 ticks ahead"],
  side: "long",
  bracket: {
    entryLow: 6010.25,
    entryHigh: 6011.5,
    stop: 6004.75,
    target1: 6017,
    target2: 6023.5,
    stopDistanceTicks: 27,
    stopDistanceAtr: 27 / 14,
    atr: 3.5,
    rewardRisk1: 1,
    rewardRisk2: 2.12,
  },
} as const;

test("a score is strong from the plan's own threshold on", () => {
  const isStrong = (score: number): boolean => {
    const words = qualityWords({ ...QUALITY, short: { ...QUALITY.short, score } });
    return words.status === "ready" && words.isStrong;
  };
  assert.deepEqual([isStrong(SETUP_QUALITY_MIN), isStrong(SETUP_QUALITY_MIN - 0.1)], [true, false]);
});

test("the plan is prices, size and money at risk; size 0 is do not trade", () => {
  const size = { contracts: 3, lossPerContractUsd: 31.5, lossUsd: 94.5, reason: "3 contracts" };
  const card = { ...FOCUS, why: [...FOCUS.why], whyNot: [...FOCUS.whyNot], reasons: [], size };
  const plan = planWords({ ...card, status: "trade" }, "MES", CONTEXT);
  assert.equal(plan.verdict, "long 3 MES");
  assert.deepEqual(
    plan.lines.map(({ id, value, note }) => [id, value, note]),
    [
      ["bias", "long", ""],
      ["entry", "6010.25 – 6011.50", ""],
      ["stop", "6004.75", "27 t · 1.9 ATR"],
      ["targets", "6017.00 · 6023.50", ""],
      ["size", "3 MES", "$94.50 at risk"],
      ["reward", "1.0 · 2.1", ""],
    ],
  );
  const stop = plan.lines.find(({ id }) => id === "stop");
  assert.deepEqual(stop?.reasons, ["27 ticks from the worse edge of the entry", "1.9 × ATR14 of 5m bars, 3.50 points"]);
  for (const { id, reasons } of plan.lines) assert.ok(reasons.every((one) => one !== "") && reasons.length > 0, id);
  const none = planWords({ ...card, status: "do not trade", size: { ...size, contracts: 0 } }, "MES", CONTEXT);
  assert.deepEqual([none.verdict, none.tone], ["do not trade", "plain"]);
  assert.deepEqual(none.lines.find(({ id }) => id === "size")?.value, "0");
});

test("to stand aside shows no prices and says why", () => {
  const plan = planWords(
    { ...HEAD, why: [], whyNot: ["fewer than two votes"], status: "stand aside", side: "none" },
    "ES",
    CONTEXT,
  );
  assert.deepEqual([plan.verdict, plan.lines, plan.whyNot], ["stand aside", [], ["fewer than two votes"]]);
});

test("CVD says who told the sides, and a divergence by its reason", () => {
  const cvd = { status: "ready", anchor: "session", anchorMs: 0, atMs: AT_MS, n: 90, cvd: -4180, delta: 12 } as const;
  const session = { ...cvd, unsigned: 0, source: "quote", accuracy: { value: 0.87, of: "trades" }, bias: "selling" };
  const divergences = {
    status: "ready",
    atMs: AT_MS,
    n: 4,
    found: [{ kind: "bearish", reason: "high 4 ticks beyond" }],
  };
  // Safe: the words read these alone.
  const rth = { ...WARMING, ...HEAD, reasons: ["no bar of RTH yet"] };
  const large = { status: "ready", count: 3, thresholdSize: 120 };
  const flow = { session, rth, large, divergences } as unknown as InsightParts["orderFlow"];
  assert.deepEqual(
    flowLines(flow).map(({ id, value, note, sign }) => [id, value, note, sign]),
    [
      ["cvd", "-4,180", "selling", "down"],
      ["cvd-rth", "–", "no bar of RTH yet", "plain"],
      ["large", "3", "above 120", "plain"],
      ["delta", "+12", "delta", "up"],
    ],
  );
  assert.deepEqual(flowSource(flow), { words: "by quote", accuracy: "right on 87 % of trades" });
  assert.equal(divergenceText(flow), "bearish divergence: high 4 ticks beyond");
  const early = { status: "warming", have: 1_000, need: 2_000 };
  const none = { status: "warming", reasons: ["no pair of swings of this session to compare yet"] };
  const waiting = { ...flow, large: early, divergences: none } as InsightParts["orderFlow"]; // safe: as above
  assert.deepEqual(flowLines(waiting)[2].note, "1,000 of 2,000 orders");
  assert.equal(divergenceText(waiting), "divergence: no pair of swings of this session to compare yet");
});
