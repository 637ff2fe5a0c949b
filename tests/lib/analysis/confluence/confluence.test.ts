/** Do three timeframes agree, tie or conflict, and is the higher one a real one? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addConfluenceBar,
  type Confluence,
  type ConfluenceState,
  confluenceFramesOf,
  confluenceOf,
  createConfluence,
  type Layer,
} from "#lib/analysis/confluence/confluence.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { folded } from "#tests/support/folded-bars.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { gappedWalk } from "#tests/support/shaped-bars.ts";

type Closed = { layer: Layer; bar: AnalysisBar };

const confluence: Driven<ConfluenceState, Closed, Confluence> = {
  create: createConfluence,
  add: (state, { layer, bar }) => addConfluenceBar(state, layer, bar),
  read: confluenceOf,
};

/** What closes in 15m, 5m and 1m by the end of the last minute bar, in order of the ends, shorter first. */
function closes(minuteBars: readonly AnalysisBar[]): Closed[] {
  const last = minuteBars[minuteBars.length - 1]?.endMs ?? 0;
  const layers: [Layer, number][] = [
    ["entry", 1],
    ["setup", 5],
    ["bias", 15],
  ];
  const all = layers.flatMap(([layer, minutes]) => folded(minuteBars, minutes).map((bar) => ({ layer, bar })));
  return all.filter(({ bar }) => bar.endMs <= last).sort((a, b) => a.bar.endMs - b.bar.endMs);
}

/** What stands at the end of each minute, as the engine publishes it: when all that closed there was taken. */
function atMinutes(minuteBars: readonly AnalysisBar[], inputs: readonly Closed[] = closes(minuteBars)): Confluence[] {
  const state = confluence.create();
  let next = 0;
  return minuteBars.map(({ endMs }) => {
    for (; next < inputs.length && inputs[next].bar.endMs <= endMs; next += 1) confluence.add(state, inputs[next]);
    return confluence.read(state);
  });
}

type Ready = Extract<Confluence, { status: "ready" }>;
const readyOf = (readings: readonly Confluence[]): Ready[] =>
  readings.filter((one): one is Ready => one.status === "ready");

/** A state in which each layer leans as told: the averages are set, all else is that of a walk. */
function leaning(bias: number, setup: number, entry: number): ConfluenceState {
  const state = createConfluence();
  for (const input of closes(gappedWalk(5, 900, 1))) confluence.add(state, input);
  const spread = (sign: number): [number, number, number] => [1000 + 20 * sign, 1000, 1000 - 20 * sign];
  [state.bias.fast.value, state.bias.middle.value, state.bias.slow.value] = spread(bias);
  [state.setup.fast.value, , state.setup.slow.value] = spread(setup);
  state.entry.side = entry;
  state.entry.rsi.value = 50;
  state.bias.closeTicks = 1000;
  return state;
}

function readLeaning(bias: number, setup: number, entry: number): Ready {
  const reading = confluenceOf(leaning(bias, setup, entry));
  assert.ok(reading.status === "ready");
  return reading;
}

test("I-17 a tie is neutral, with a conflict flag", () => {
  for (const [bias, setup, entry] of [
    [1, -1, 0],
    [-1, 1, 0],
    [0, 1, -1],
    [1, 0, -1],
  ]) {
    const { direction, score, isConflict, quality, isTradeable, reasons } = readLeaning(bias, setup, entry);
    assert.deepEqual([direction, score, isConflict, quality, isTradeable], ["neutral", 0, true, 0, false]);
    assert.equal(reasons[0], "neutral, in conflict");
  }
});

test("two against one has a direction and a conflict; two and none has no conflict", () => {
  const against = readLeaning(1, 1, -1);
  assert.deepEqual([against.direction, against.score, against.isConflict], ["bullish", 2, true]);
  const alone = readLeaning(-1, -1, 0);
  assert.deepEqual([alone.direction, alone.score, alone.isConflict], ["bearish", 2, false]);
  const one = readLeaning(0, 0, 1);
  assert.deepEqual([one.direction, one.score, one.isConflict], ["bullish", 1, false]);
  const none = readLeaning(0, 0, 0);
  assert.deepEqual([none.direction, none.score, none.isConflict], ["neutral", 0, false]);
});

test("tradeable needs all three and a trigger; the quality weighs what agrees", () => {
  const state = leaning(1, 1, 1);
  [state.entry.sideBars, state.entry.volume, state.entry.usualVolume.value] = [1, 200, 100];
  const full = confluenceOf(state);
  assert.ok(full.status === "ready");
  assert.deepEqual([full.score, full.isTradeable, full.entry.isTriggered], [3, true, true]);
  const expected = 0.4 * full.bias.confidence + 0.35 * full.setup.quality + 0.25;
  assert.ok(Math.abs(full.quality - expected) < 1e-12 && full.reasons[0] === "3 of 3 bullish, tradeable");
  state.entry.volume = 90;
  const quiet = confluenceOf(state);
  assert.ok(quiet.status === "ready");
  assert.deepEqual([quiet.score, quiet.isTradeable], [3, false]);
  assert.ok(Math.abs(quiet.quality - (expected - 0.25)) < 1e-12);
});

test("I-6 the bias is that of a real higher timeframe: only 15-minute bars move it, when they close", () => {
  const bars = gappedWalk(3, 1_000, 1);
  const readings = atMinutes(bars);
  readings.forEach((reading, at) => {
    const former = readings[at - 1];
    if (reading.status !== "ready" || former?.status !== "ready") return;
    const isQuarter = bars[at].endMs % (15 * MS_PER_MINUTE) === 0;
    assert.equal(reading.bias.n, former.bias.n + Number(isQuarter), `minute ${at}`);
    if (!isQuarter) assert.deepEqual(reading.bias, former.bias);
  });
  // The same minute bars taken for the higher timeframe would lean otherwise on many of them.
  const same = atMinutes(
    bars,
    closes(bars).flatMap((one) =>
      one.layer === "entry" ? [one, { ...one, layer: "bias" as const }] : one.layer === "setup" ? [one] : [],
    ),
  );
  const differing = readings.filter((reading, at) => {
    const other = same[at];
    return reading.status === "ready" && other.status === "ready" && reading.bias.lean !== other.bias.lean;
  });
  assert.ok(differing.length > 30, `${differing.length}`);
});

test("bars that end together may come in any order", () => {
  const bars = gappedWalk(11, 900, 1);
  const longerFirst = closes(bars).sort((a, b) => a.bar.endMs - b.bar.endMs || a.bar.openMs - b.bar.openMs);
  assert.notDeepEqual(longerFirst, closes(bars));
  assert.deepEqual(atMinutes(bars, longerFirst), atMinutes(bars));
});

test("metals take the longer frames", () => {
  assert.deepEqual(confluenceFramesOf("metals"), { bias: "1h", setup: "15m", entry: "5m" });
  assert.deepEqual(confluenceFramesOf("equity"), { bias: "15m", setup: "5m", entry: "1m" });
});

test("what is missing is said by layer", () => {
  const readings = atMinutes(gappedWalk(2, 750, 1));
  const { status, reasons } = readings[90];
  assert.deepEqual([status, reasons], ["warming", ["bias: 6 of 50 bars seen", "setup: 18 of 20 bars seen"]]);
  assert.equal(readyOf(readings).length, 1);
});

test("nothing published depends on later bars; a higher timeframe that is read before it closes is found", () => {
  const bars = gappedWalk(7, 1_300, 1);
  assertNoLookAhead((inputs) => atMinutes(inputs), bars);
  assert.ok(readyOf(atMinutes(bars)).length > 500);
  const unclosed = (inputs: readonly AnalysisBar[]): Confluence[] => {
    const early = folded(inputs, 15).map(
      (bar): Closed => ({ layer: "bias", bar: { ...bar, endMs: bar.openMs + MS_PER_MINUTE } }),
    );
    const others = closes(inputs).filter(({ layer }) => layer !== "bias");
    return atMinutes(
      inputs,
      [...others, ...early].sort((a, b) => a.bar.endMs - b.bar.endMs),
    );
  };
  assert.throws(() => assertNoLookAhead(unclosed, bars), /cut behind input/);
});

test("a restored state goes on as if nothing had been, and is below 5 kB", () => {
  const inputs = closes(gappedWalk(6, 1_300, 1));
  assertRestores(confluence, inputs);
  assert.equal(published(confluence, inputs).length, inputs.length);
  assert.ok(snapshotBytes(confluence.create()) < 5_000);
});
