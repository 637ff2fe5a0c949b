/** Is a focus card the same long and short, sized by risk, and honest about what speaks against it? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bracketOf } from "#lib/advice/bracket.ts";
import { type FocusCard, type FocusInput, focusCardOf } from "#lib/advice/focus.ts";
import { tradeBiasOf, type Voters } from "#lib/advice/trade-bias.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const MINUTE = 60_000;
const AT = Date.parse("2026-11-20T15:00:00Z");

const LONG: FocusInput = {
  atMs: AT,
  lastTicks: 1_000,
  voters: { regime: "up", legs: { bias: "bullish", ratio: 2 }, confluence: "neutral" },
  volatility: { atrTicks: 20, percentile: 0.5 },
  quality: { long: 64, short: 21 },
  levels: [],
  nextEvent: null,
  risk: { riskUsd: 500, tickValueUsd: 1.25, roundTurnFeesUsd: 1.24, slippageTicks: 2, contractsMax: 10 },
};

const MIRROR = { up: "down", down: "up", bullish: "bearish", bearish: "bullish" } as const;
type Mirrored = keyof typeof MIRROR;
const mirror = <Word extends string | null>(word: Word): Word =>
  // The mirror of a word is a word of the same list.
  (word !== null && word in MIRROR ? MIRROR[word as unknown as Mirrored] : word) as Word;

/** The same market upside down: prices negated, up for down. */
function mirrored(input: FocusInput): FocusInput {
  const { voters, quality } = input;
  const legs = voters.legs === null ? null : { bias: mirror(voters.legs.bias), ratio: 1 / voters.legs.ratio };
  return {
    ...input,
    lastTicks: -input.lastTicks,
    voters: { regime: mirror(voters.regime), legs, confluence: mirror(voters.confluence) },
    quality: quality === null ? null : { long: quality.short, short: quality.long },
    levels: input.levels.map((level) => ({ ...level, priceTicks: -level.priceTicks })),
  };
}

function planned(input: FocusInput): Extract<FocusCard, { status: "trade" | "do not trade" }> {
  const card = focusCardOf(input);
  assert.ok(card.status !== "stand aside", card.reasons.join("; "));
  return card;
}

test("worked by hand: long at 1,000 with ATR 20 and legs 2:1", () => {
  const { side, status, bracket, size, n } = planned(LONG);
  assert.deepEqual([side, status, n], ["long", "trade", 3]);
  assert.deepEqual(
    [bracket.entryLowTicks, bracket.entryHighTicks, bracket.stopTicks, bracket.target1Ticks, bracket.target2Ticks],
    [990, 1_003, 966, 1_036, 1_066],
  );
  // From the worse edge: 1,003 − 966 = 37 ticks; 37 × 1.25 + 1.24 + 2.50 = 49.99; 500 ÷ 49.99 = 10.002.
  assert.deepEqual([bracket.stopDistanceTicks, size.contracts], [37, 10]);
  assert.deepEqual([bracket.stopDistanceAtr, bracket.atrTicks], [1.85, 20]);
  assert.ok(Math.abs(bracket.rewardRisk1 - 33 / 37) < 1e-12);
  // Weaker legs: a deeper zone.
  const deeper = bracketOf("long", { lastTicks: 1_000, atrTicks: 20, legRatio: 1.49 });
  assert.deepEqual([deeper.entryLowTicks, deeper.entryHighTicks], [985, 1_004]);
});

const voters = fc.record<Voters>({
  regime: fc.constantFrom("up", "down", "range", "unknown", null),
  legs: fc.option(
    fc.record({
      bias: fc.constantFrom("bullish" as const, "bearish" as const, "neutral" as const),
      ratio: fc.constantFrom(0.25, 0.5, 1, 2, 4),
    }),
  ),
  confluence: fc.constantFrom("bullish", "bearish", "neutral", null),
});
const percent = fc.integer({ min: 0, max: 100 });
const anyInput = fc.record<FocusInput>({
  atMs: fc.constant(AT),
  lastTicks: fc.integer({ min: -40_000, max: 40_000 }),
  voters,
  volatility: fc.option(
    fc.record({
      atrTicks: fc.double({ min: 0.5, max: 300, noNaN: true }),
      percentile: fc.constantFrom(null, 0.1, 0.88, 0.9),
    }),
  ),
  quality: fc.option(fc.record({ long: percent, short: percent })),
  levels: fc.array(
    fc.record({
      label: fc.constantFrom("PDH", "VWAP", "ONL"),
      priceTicks: fc.integer({ min: -40_000, max: 40_000 }),
      isDeveloping: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
  nextEvent: fc.constant(null),
  risk: fc.constant(LONG.risk),
});

test("mirrored inputs give the mirrored card, to the tick", (t) => {
  const property = fc.property(anyInput, (input) => {
    const [card, other] = [focusCardOf(input), focusCardOf(mirrored(input))];
    assert.equal(other.status, card.status);
    assert.equal(other.side, card.side === "none" ? "none" : card.side === "long" ? "short" : "long");
    assert.equal(other.reasons.length, card.reasons.length);
    if (card.status === "stand aside" || other.status === "stand aside") return;
    const [a, b] = [card.bracket, other.bracket];
    assert.deepEqual(
      [a.entryLowTicks, a.entryHighTicks, a.stopTicks, a.target1Ticks, a.target2Ticks].map((ticks) => 0 - ticks),
      [b.entryHighTicks, b.entryLowTicks, b.stopTicks, b.target1Ticks, b.target2Ticks].map((ticks) => 0 + ticks),
    );
    assert.deepEqual(other.size, card.size);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("every price of a plan is a whole tick, in order, the loss within the risk", (t) => {
  const property = fc.property(anyInput, (input) => {
    const card = focusCardOf(input);
    if (card.status === "stand aside") return;
    const { bracket, size } = card;
    const sign = card.side === "long" ? 1 : -1;
    const [near, far] =
      sign > 0 ? [bracket.entryHighTicks, bracket.entryLowTicks] : [bracket.entryLowTicks, bracket.entryHighTicks];
    const order = [bracket.stopTicks, far, near, bracket.target1Ticks, bracket.target2Ticks];
    for (const ticks of order) assert.ok(Number.isInteger(ticks), `${ticks}`);
    for (let i = 1; i < order.length; i += 1) assert.ok(sign * (order[i] - order[i - 1]) >= 0, order.join(" "));
    assert.ok(sign * (far - bracket.stopTicks) > 0);
    assert.ok(size.lossUsd <= input.risk.riskUsd + 1e-6);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

test("I-22 a contract above the risk is 0: the plan stands, but do not trade", () => {
  const { status, size, whyNot } = planned({ ...LONG, risk: { ...LONG.risk, riskUsd: 49.98 } });
  assert.deepEqual([status, size.contracts], ["do not trade", 0]);
  assert.match(whyNot.join("; "), /costs \$49\.99, risk is \$49\.98: do not trade/);
});

test("twice the ATR is twice the stop and half the size: the risk stays", () => {
  const wide = planned({
    ...LONG,
    volatility: { atrTicks: 40, percentile: 0.8 },
    risk: { ...LONG.risk, riskUsd: 1_000, contractsMax: 99 },
  });
  const usual = planned({ ...LONG, risk: { ...LONG.risk, riskUsd: 1_000, contractsMax: 99 } });
  assert.deepEqual([usual.bracket.stopDistanceTicks, wide.bracket.stopDistanceTicks], [37, 73]);
  assert.deepEqual([usual.size.contracts, wide.size.contracts], [20, 10]);
});

test("a side needs two votes and none against it", () => {
  const sideOf = (
    regime: Voters["regime"],
    bias: "bullish" | "bearish" | "neutral" | null,
    confluence: Voters["confluence"],
  ) => tradeBiasOf({ regime, legs: bias === null ? null : { bias, ratio: 2 }, confluence }).side;
  assert.equal(sideOf("up", "bullish", "neutral"), "long");
  assert.equal(sideOf("range", "bearish", "bearish"), "short");
  assert.equal(sideOf("up", "bullish", "bearish"), "none");
  assert.equal(sideOf("up", "neutral", "neutral"), "none");
  assert.equal(sideOf("up", null, null), "none");
  assert.deepEqual(tradeBiasOf(LONG.voters).why, ["regime says long", "wave says long"]);
  assert.deepEqual(tradeBiasOf(LONG.voters).whyNot, ["confluence is neutral"]);
});

test("it stands aside for low quality, unknown quality, wild volatility, no ATR, and says which", () => {
  const aside = (change: Partial<FocusInput>): string => {
    const card = focusCardOf({ ...LONG, ...change });
    assert.equal(card.status, "stand aside");
    return card.whyNot[0];
  };
  assert.equal(focusCardOf({ ...LONG, quality: { long: 55, short: 0 } }).status, "trade");
  assert.equal(aside({ quality: { long: 54.9, short: 90 } }), "long quality 54 is below 55");
  assert.equal(aside({ quality: null }), "signal quality is not known yet");
  assert.equal(focusCardOf({ ...LONG, volatility: { atrTicks: 20, percentile: 0.88 } }).status, "trade");
  assert.match(aside({ volatility: { atrTicks: 20, percentile: 0.89 } }), /volatility rank 89 of 100/);
  assert.equal(aside({ volatility: null }), "no ATR yet");
});

test("levels in the way and near events speak against it", () => {
  const level = (label: string, priceTicks: number, isDeveloping = false) => ({ label, priceTicks, isDeveloping });
  const levels = [
    level("PDH", 1_030),
    level("ONH", 1_012),
    level("R1", 1_036),
    level("ONL", 990),
    level("NYH", 1_005, true),
  ];
  const event = { name: "CPI", atMs: AT + 17.2 * MINUTE, impact: "high" as const, roots: ["ES"] };
  const { whyNot } = planned({ ...LONG, levels, nextEvent: event });
  assert.deepEqual(whyNot, [
    "confluence is neutral",
    "CPI in 18 min",
    "into ONH, 12 ticks ahead",
    "into PDH, 30 ticks ahead",
  ]);
  assert.equal(planned({ ...LONG, nextEvent: { ...event, atMs: AT + 61 * MINUTE } }).whyNot.length, 1);
});
